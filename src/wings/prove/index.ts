/** The only door of the wing that proves the suite: every fault and every variant of the embedded target against it. */
export { pairsWithin, problemsOf } from './matrix.js';
export { renderMatrix } from './page.js';
export { prove } from './proof.js';
export { subjectsOf } from './subject.js';
export { renderTable } from './terminal.js';

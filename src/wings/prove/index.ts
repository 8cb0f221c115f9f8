/** The only door of the wing that proves the suite: every fault and every variant of the embedded target against it. */
export type { Crossing } from './matrix.js';
export { crossingsOf, pairsWithin, problemsOf } from './matrix.js';
export { renderMatrix } from './page.js';
export { prove } from './proof.js';
export { demandedOver, subjectsOf } from './subject.js';
export { renderTable } from './terminal.js';

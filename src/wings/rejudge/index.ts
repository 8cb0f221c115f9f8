/** The only door of the wing that judges a finished run once more, from its evidence. */
export { readBundle, type Bundle } from './bundle.js';
export { rejudge, type Rejudged } from './judge-again.js';
export { renderRejudged } from './terminal.js';

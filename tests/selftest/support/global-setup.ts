import { openShared } from './made-once.js';

/** @returns the global tear-down */
export default openShared;

import { systemClock } from './patience.js';

export { longestWaitMs, mostTries, waitMs, type ThrottlingAnswer } from './patience.js';

/** Ends after the given time. */
export const pause = (ms: number): Promise<void> => systemClock.pause(ms);

import { interruptions, stopSignals } from '../engine/verdict/outcome.js';
import type { RunEnding } from '../hosts/ending.js';

/** How often a signal has to come until nothing is waited for any longer: once for the run, once for its clean-up. */
const patienceForSignals = 2;

/**
 * Ends a run in good order when a signal comes: the first one ends its calls, the second one its clean-up, one more the process.
 * @returns what takes the handlers away again
 */
export function endOnSignals(ending: RunEnding): () => void {
  let seen = 0;
  const handlers = stopSignals.map((signal) => {
    const handle = (): void => {
      seen += 1;
      if (seen > patienceForSignals) process.exit(interruptions[signal]);
      ending.interrupt(signal);
    };
    process.on(signal, handle);
    return [signal, handle] as const;
  });
  return () => {
    for (const [signal, handle] of handlers) process.off(signal, handle);
  };
}

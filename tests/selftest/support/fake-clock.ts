import { StoppedError } from '../../../src/engine/errors.js';
import type { Clock } from '../../../src/engine/patience.js';

/** A clock on which no time goes by but what is waited for. */
export interface FakeClock {
  readonly clock: Clock;
  /** The waits that were asked for, in milliseconds. */
  readonly waits: readonly number[];
  readonly advance: (ms: number) => void;
  readonly stop: (why: string) => void;
}

export function startFakeClock(): FakeClock {
  const controller = new AbortController();
  const { signal } = controller;
  const waits: number[] = [];
  let nowMs = 1000;
  const pause = (ms: number): Promise<void> => {
    if (signal.aborted) return Promise.reject(new StoppedError(signal.reason));
    waits.push(ms);
    nowMs += ms;
    return Promise.resolve();
  };
  return {
    clock: { nowMs: () => nowMs, pause, signal },
    waits,
    advance: (ms) => {
      nowMs += ms;
    },
    stop: (why) => {
      controller.abort(new Error(why));
    },
  };
}

import { StoppedError } from '../../../src/engine/errors.js';
import type { Clock } from '../../../src/engine/patience.js';

/** A clock on which no time goes by but what is waited for. */
export interface FakeClock {
  readonly clock: Clock;
  /** The waits that were asked for, in milliseconds. */
  readonly waits: readonly number[];
  readonly advance: (ms: number) => void;
  readonly stop: (why: string) => void;
  /** From now on another signal is in force, and is aborted when so much time has gone by. */
  readonly goOnFor: (ms: number) => void;
}

/** What a fake clock says when its time is over. */
export const fakeTimeOver = 'the time was used up';

/** @param boundMs when it stops by itself, in milliseconds from now; left out: never */
export function startFakeClock(boundMs = Number.POSITIVE_INFINITY): FakeClock {
  let controller = new AbortController();
  const waits: number[] = [];
  let nowMs = 1000;
  let endMs = nowMs + boundMs;
  const pause = (ms: number): Promise<void> => {
    if (controller.signal.aborted) return Promise.reject(new StoppedError(controller.signal.reason));
    waits.push(Math.min(ms, endMs - nowMs));
    nowMs = Math.min(nowMs + ms, endMs);
    if (nowMs < endMs) return Promise.resolve();
    controller.abort(new Error(fakeTimeOver));
    return Promise.reject(new StoppedError(controller.signal.reason));
  };
  return {
    clock: {
      nowMs: () => nowMs,
      pause,
      get signal() {
        return controller.signal;
      },
    },
    waits,
    advance: (ms) => {
      nowMs += ms;
    },
    stop: (why) => {
      controller.abort(new Error(why));
    },
    goOnFor: (ms) => {
      controller = new AbortController();
      endMs = nowMs + ms;
    },
  };
}

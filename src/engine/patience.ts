import { setMaxListeners } from 'node:events';
import { StoppedError } from './errors.js';

/** The time of a run, and the end of it. */
export interface Clock {
  /** Milliseconds since some moment; never runs backwards. */
  nowMs(): number;
  /**
   * Ends after the given time.
   * @throws StoppedError as soon as the signal aborts
   */
  pause(ms: number): Promise<void>;
  /** Aborts when nothing is to be waited for any longer. */
  readonly signal: AbortSignal;
}

/** The clock of a run that can be stopped, and has to clean up all the same. */
export class RunClock implements Clock {
  #signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** The one in force: that of the run, then that of its clean-up. */
  get signal(): AbortSignal {
    return this.#signal;
  }

  nowMs(): number {
    return performance.now();
  }

  pause(ms: number): Promise<void> {
    const signal = this.#signal;
    if (signal.aborted) return Promise.reject(new StoppedError(signal.reason));
    return new Promise((resolve, reject) => {
      watch(ms, signal, (ending) => {
        // Not before all else that was due by then: on a machine that is busy a target in this process may be owed its turn, too.
        if (ending === 'over') setImmediate(resolve);
        else reject(new StoppedError(signal.reason));
      });
    });
  }

  /** From now on another signal is in force. What was begun under the one before still ends with that. */
  cleanUpWithin(signal: AbortSignal): void {
    this.#signal = signal;
  }
}

/** The bound on the time of a command that has to clean up all the same. */
export interface TimeBound {
  /** Is stopped when the time is over. */
  readonly clock: Clock;
  /** From now on what is done is a clean-up, for which there is a little more time. */
  readonly beginCleanUp: () => void;
}

/** For whoever goes on when a pause is cut short by the end of the run. @throws any other error */
export function unlessStopped(error: unknown): void {
  if (!(error instanceof StoppedError)) throw error;
}

/** The clock of whoever is never stopped. */
export const systemClock: Clock = new RunClock(new AbortController().signal);

/** Whoever is never stopped. */
export const boundless: TimeBound = { clock: systemClock, beginCleanUp: () => undefined };

/**
 * Calls back once: when the time is over, or as soon as the signal aborts.
 * @param signal not aborted yet
 * @returns what ends the watch before that
 */
export function watch(ms: number, signal: AbortSignal, end: (ending: 'over' | 'stopped') => void): () => void {
  const unwatch = (): void => {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  };
  const stop = (): void => {
    unwatch();
    end('stopped');
  };
  const timer = setTimeout(() => {
    unwatch();
    end('over');
  }, ms);
  // Of a run everything that waits listens to one signal; the platform takes more than ten for a leak.
  setMaxListeners(0, signal);
  signal.addEventListener('abort', stop);
  return unwatch;
}

/** How something is tried until it has settled. */
export interface Polling<T> {
  readonly settled: (value: T) => boolean;
  /** How long to go on, in milliseconds; without any, one attempt is made. */
  readonly patienceMs: number;
  /** First wait, in milliseconds; default 100. */
  readonly firstMs?: number;
  /** What each wait is longer by than the one before; default 1.6. */
  readonly factor?: number;
  /** Longest wait, in milliseconds; default 15 seconds. */
  readonly longestMs?: number;
  readonly clock: Clock;
}

/**
 * Tries again, ever slower, until a value has settled or patience is over.
 * @returns the last value, settled or not
 * @throws StoppedError when the clock is stopped between two attempts, and whatever an attempt throws
 */
export async function poll<T>(attempt: () => Promise<T>, polling: Polling<T>): Promise<T> {
  const { settled, patienceMs, firstMs = 100, factor = 1.6, longestMs = 15_000, clock } = polling;
  const beginMs = clock.nowMs();
  for (let ms = firstMs; ; ms = Math.min(ms * factor, longestMs)) {
    const value = await attempt();
    const leftMs = patienceMs - (clock.nowMs() - beginMs);
    // A patience that is no number is none.
    if (settled(value) || !(leftMs > 0)) return value;
    await clock.pause(Math.min(ms, leftMs));
  }
}

/** Longest single wait that a throttling target may ask for, in milliseconds: beyond it a run would stand still. */
export const longestWaitMs = 60_000;

/** How often one call is sent at most. */
export const mostTries = 4;

/** How a call is sent again. */
export interface Retrying<T> {
  /**
   * How long to wait before the call is sent again, in milliseconds; null when the answer stands.
   * @param tries how often it was sent so far
   */
  readonly waitMs: (value: T, tries: number) => number | null;
  /** How often it is sent at most; default `mostTries`. */
  readonly mostTries?: number;
  readonly clock: Clock;
}

/**
 * Sends a call again as long as its answer asks for that, within bounds: not too often, and after no wait that is longer
 * than `longestWaitMs`.
 * @returns the last answer
 * @throws StoppedError when the clock is stopped between two of them, and whatever `send` throws
 */
export async function retry<T>(send: () => Promise<T>, retrying: Retrying<T>): Promise<T> {
  const { waitMs: waitFor, mostTries: most = mostTries, clock } = retrying;
  for (let tries = 1; ; tries += 1) {
    const value = await send();
    const ms = waitFor(value, tries);
    if (ms === null || ms > longestWaitMs || tries >= most) return value;
    await clock.pause(ms);
  }
}

/** First wait when the target does not say how long, in milliseconds; it doubles with each try. */
const firstBackOffMs = 500;

/** An answer as far as throttling is concerned. */
export interface ThrottlingAnswer {
  readonly status: number;
  /** Value of Retry-After, when the answer has one. */
  readonly retryAfter: string | undefined;
}

/**
 * How long a throttled call has to wait before it is sent again (RFC 9110 section 10.2.3; Graph sends Retry-After mostly,
 * not always).
 * @param tries how often the call was sent so far
 * @param now milliseconds since 1970: what a date is held against
 * @returns milliseconds: what Retry-After says in seconds or as a date, else exponential back-off with jitter
 */
export function waitMs({ retryAfter }: ThrottlingAnswer, tries: number, now = Date.now()): number {
  const asked = askedMs(retryAfter, now);
  if (asked !== null) return asked;
  const base = firstBackOffMs * 2 ** (tries - 1);
  return Math.round(base * (1 + Math.random() / 2));
}

function askedMs(retryAfter: string | undefined, now: number): number | null {
  const text = retryAfter?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = /[A-Za-z]/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

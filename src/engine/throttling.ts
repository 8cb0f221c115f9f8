/** Longest single wait that a throttling target may ask for, in milliseconds: beyond it a run would stand still. */
export const longestWaitMs = 60_000;

/** How often one call is sent at most. */
export const mostTries = 4;

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

/** Ends after the given time. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

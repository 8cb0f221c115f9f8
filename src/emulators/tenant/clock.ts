/** The tenant's clock: it runs with the machine's, and can be moved forward. Tokens are judged by the machine's alone. */
export class TenantClock {
  readonly #now: () => number;
  #aheadMs = 0;

  /** @param now the machine's clock, in milliseconds since 1970 */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#now() + this.#aheadMs;
  }

  /** Moves the clock forward. */
  advance(ms: number): void {
    this.#aheadMs += ms;
  }
}

/** A moment as the service writes it: ISO 8601 in UTC with three digits of a second. */
export const isoTime = (ms: number): string => new Date(ms).toISOString();

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

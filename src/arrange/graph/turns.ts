import { PrerequisiteError, StoppedError } from '../../engine/errors.js';
import type { Clock } from '../../engine/patience.js';

/** How many calls may be sent, and how fast. */
export interface Pace {
  readonly callsPerSecond: number;
  /** Most calls; `allowMore` raises it. */
  readonly mostCalls: number;
}

/** Gives each call of a tenant its turn: no faster and no more than allowed. */
export class Turns {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #most: number;
  #given = 0;
  #nextAtMs = 0;

  constructor({ callsPerSecond, mostCalls }: Pace, clock: Clock) {
    this.#clock = clock;
    this.#intervalMs = 1000 / callsPerSecond;
    this.#most = mostCalls;
  }

  /** Grants further calls, beside those that were sent. */
  allowMore(calls: number): void {
    this.#most = this.#given + calls;
  }

  /** Counts a call that somebody else sends. */
  count(): void {
    this.#given += 1;
  }

  /**
   * Waits until the next call may be sent, and counts it.
   * @throws PrerequisiteError when no further one may
   * @throws StoppedError once the clock is stopped
   */
  async next(): Promise<void> {
    if (this.#given >= this.#most) {
      throw new PrerequisiteError(`the run has sent all ${this.#most} calls that it may: raise requests.mostCalls`);
    }
    const { signal } = this.#clock;
    if (signal.aborted) throw new StoppedError(signal.reason);
    this.count();
    const nowMs = this.#clock.nowMs();
    const atMs = Math.max(nowMs, this.#nextAtMs);
    this.#nextAtMs = atMs + this.#intervalMs;
    if (atMs > nowMs) await this.#clock.pause(atMs - nowMs);
  }
}

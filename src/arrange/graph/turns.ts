import { PrerequisiteError, StoppedError } from '../../engine/errors.js';
import type { Clock } from '../../engine/patience.js';

/** How many calls may be sent, and how fast. */
export interface Pace {
  readonly callsPerSecond: number;
  /** Most calls; `allowMore` raises it. */
  readonly mostCalls: number;
}

/** All calls that may be sent are sent: nothing further can be done in the tenant. */
export class SpentError extends PrerequisiteError {
  override readonly name = 'SpentError';
}

/** Gives each call of a tenant its turn: no faster and no more than allowed. */
export class Turns {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  #most: number;
  /** What to say once no further call may be sent. */
  #spent: string;
  #given = 0;
  #nextAtMs = 0;

  constructor({ callsPerSecond, mostCalls }: Pace, clock: Clock) {
    this.#clock = clock;
    this.#intervalMs = 1000 / callsPerSecond;
    this.#most = mostCalls;
    this.#spent = `the run has sent all ${mostCalls} calls that it may: raise requests.mostCalls`;
  }

  /** Grants a clean-up further calls, beside those that were sent. */
  allowMore(calls: number): void {
    this.#most = this.#given + calls;
    this.#spent = `the clean-up has sent all ${calls} calls that it may send at once: go on with recover`;
  }

  /** Counts a call that somebody else sends at once: those after it wait for as long as it takes. */
  count(): void {
    this.#given += 1;
    this.#take();
  }

  /** @returns when the next call may be sent, by the clock; the one after it has to wait from then on */
  #take(): number {
    const atMs = Math.max(this.#clock.nowMs(), this.#nextAtMs);
    this.#nextAtMs = atMs + this.#intervalMs;
    return atMs;
  }

  /**
   * Waits until the next call may be sent, and counts it.
   * @throws SpentError when no further one may
   * @throws StoppedError once the clock is stopped
   */
  async next(): Promise<void> {
    if (this.#given >= this.#most) throw new SpentError(this.#spent);
    const { signal } = this.#clock;
    if (signal.aborted) throw new StoppedError(signal.reason);
    this.#given += 1;
    const nowMs = this.#clock.nowMs();
    const atMs = this.#take();
    if (atMs > nowMs) await this.#clock.pause(atMs - nowMs);
  }
}

/** Failures in a row after which a target counts as gone. */
const failuresToOpen = 3;

/**
 * Ends a run against a target that is gone: after three failures in a row nothing more is sent, and every case left is
 * inconclusive with the reason.
 */
export class CircuitBreaker {
  #failures = 0;
  #reason: string | null = null;

  /** Why nothing more is sent; null while the target counts as there. */
  get reason(): string | null {
    return this.#reason;
  }

  /** Whether one more failure ends the run. */
  get isLast(): boolean {
    return this.#failures === failuresToOpen - 1;
  }

  /** The target or its arranging side did not do its part. */
  failed(reason: string): void {
    this.#failures += 1;
    if (this.#failures >= failuresToOpen) {
      this.#reason ??= `gave up after ${failuresToOpen} failures in a row, the last one: ${reason}`;
    }
  }

  succeeded(): void {
    this.#failures = 0;
  }
}

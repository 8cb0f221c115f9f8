import { PrerequisiteError } from '../engine/errors.js';
import { RunClock, type TimeBound } from '../engine/patience.js';
import { isSignal, type Ending, type StopSignal } from '../engine/verdict/outcome.js';

/**
 * How long a run that was ended may clean up, in milliseconds: whoever ends processes in a pipeline waits ten seconds before it
 * kills them, and the report is still to be written. A live tenant is cleaned up until nothing is left.
 */
const cleanUpAllowanceMs = 5000;

/**
 * The end of a run: at the bound on its time, or when somebody asks for it. The run then stops calling, and cleans up within an
 * allowance of its own; who asks a second time gives that up, too. Whoever asks has the last word on how the run ended, also when
 * it had reached its bound before.
 */
export class RunEnding {
  readonly #calling = new AbortController();
  readonly #cleaning = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #ending: Ending = 'complete';

  /** @param boundMs the bound of the whole run, in milliseconds */
  constructor(boundMs: number) {
    this.#timer = setTimeout(() => {
      this.reachBound();
    }, boundMs);
  }

  /** Aborts when nothing more may be called. */
  get calling(): AbortSignal {
    return this.#calling.signal;
  }

  /** How the run ended as far as it is known: `complete` as long as nothing ended it. */
  get ending(): Ending {
    return this.#ending;
  }

  /** Why what was not carried out was not, for the reader of a report. */
  get unfinished(): string {
    return this.#ending === 'bound'
      ? 'it was not carried out before the run reached its total time bound'
      : 'it was not carried out before the run ended';
  }

  /** Ends the run as the bound on its time does. */
  reachBound(): void {
    this.#stop('bound', 'the run reached its total time bound');
  }

  /** Ends the run; a second time, its clean-up. */
  interrupt(signal: StopSignal): void {
    if (isSignal(this.#ending)) this.#cleaning.abort(new PrerequisiteError(`the clean-up was ended by ${signal}`));
    else this.#stop(signal, `the run was ended by ${signal}`);
  }

  /**
   * The clean-up begins: nothing else may end the run any more.
   * @param patient true for a live tenant, which is cleaned up until nothing is left or somebody ends that
   * @returns aborts when the clean-up may take no longer
   */
  beginCleanUp(patient: boolean): AbortSignal {
    clearTimeout(this.#timer);
    if (patient) return this.#cleaning.signal;
    return AbortSignal.any([this.#cleaning.signal, AbortSignal.timeout(cleanUpAllowanceMs)]);
  }

  /** Lets go of a run that did not begin: nothing waits for its bound. */
  dismiss(): void {
    clearTimeout(this.#timer);
  }

  #stop(ending: Exclude<Ending, 'complete'>, why: string): void {
    clearTimeout(this.#timer);
    if (isSignal(this.#ending)) return;
    this.#ending = ending;
    this.#calling.abort(new PrerequisiteError(why));
  }
}

/**
 * How much longer than its bound a command may clean up, in milliseconds: with what it takes to begin and to end, it is over five
 * seconds after its bound.
 */
const commandAllowanceMs = 3000;

/** The bound on the time of a command other than a run, which is the same one. */
export class CommandBound implements TimeBound {
  readonly clock: RunClock;
  readonly #cleaning = new AbortController();
  readonly #timers: readonly NodeJS.Timeout[];

  /**
   * @param boundMs the bound of a whole run, in milliseconds
   * @param advice what to do when it was reached
   */
  constructor(boundMs: number, advice: string) {
    const calling = new AbortController();
    this.clock = new RunClock(calling.signal);
    const after = (ms: number, controller: AbortController): NodeJS.Timeout =>
      setTimeout(() => {
        const words = `the time was used up (${boundMs / 1000} s, by totalMs): ${advice}`;
        controller.abort(new PrerequisiteError(words));
      }, ms);
    this.#timers = [after(boundMs, calling), after(boundMs + commandAllowanceMs, this.#cleaning)];
  }

  beginCleanUp(): void {
    this.clock.cleanUpWithin(this.#cleaning.signal);
  }

  /** Lets go of a command that is over: nothing waits for its bound. */
  dismiss(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

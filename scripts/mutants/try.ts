import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Copy } from './copy.js';
import type { Picked } from './pick.js';
import { relatedSpecs } from './related.js';
import type { Site } from './sites.js';
import { carryOut, type Bench, type Ended, type Trial } from './trial.js';

/** What became of a mutant. One that took too long is killed, and told apart. */
export interface Tried {
  readonly room: string;
  readonly site: Site;
  readonly state: 'killed' | 'timed out' | 'survived';
  /** What killed it; null for a survivor. */
  readonly by: string | null;
  readonly seconds: number;
}

/** Where verdicts are made: a mistake here has to show in the proof of the suite, when no test sees it. */
const givesVerdicts = /^src\/(?:cancel|engine\/(?:judge|verdict))\//;

/** What a trial may take besides three times what it took without a mistake, in seconds: to start, and to make what is shared. */
const allowance = 120;

/** Longest that the trials without a mistake may take, in seconds. */
const mostForControl = 3600;

/** Something fails that no mistake has to do with. */
export class ControlFailure extends Error {
  override readonly name = 'ControlFailure';
}

/** Mutants, tried one after the other in a copy of the checkout. */
export class Trials {
  readonly #copy: Copy;
  readonly #bench: Bench;
  readonly #hasQuick: boolean;
  readonly #took = new Map<string, number>();
  #matrix: string | null = null;

  constructor(copy: Copy, workers: number) {
    this.#copy = copy;
    this.#bench = { ...copy, workers };
    const config = path.join(copy.root, 'tests', 'selftest', 'playwright.config.ts');
    this.#hasQuick = existsSync(config) && /\bname: 'quick'/.test(readFileSync(config, 'utf8'));
  }

  /**
   * Makes the mistake, and looks what notices it first.
   * @throws ControlFailure when a trial fails without the mistake, too: it would kill any mutant
   */
  async of(picked: Picked): Promise<Tried> {
    let seconds = 0;
    for (const trial of this.#trialsOf(picked)) {
      await this.#control(trial);
      const ended = await this.#withMistake(picked.site, trial);
      seconds += ended.seconds;
      if (ended.isLate)
        return { ...picked, state: 'timed out', by: `not done after ${Math.round(seconds)} s`, seconds };
      const changed = trial === 'prove' && ended.matrix !== this.#matrix ? 'prove: another matrix' : null;
      const by = ended.wrong ?? changed;
      if (by !== null) return { ...picked, state: 'killed', by, seconds };
    }
    return { ...picked, state: 'survived', by: null, seconds };
  }

  async #withMistake(site: Site, trial: Trial): Promise<Ended> {
    const undo = this.#copy.make(site);
    try {
      return await this.#carryOut(trial, this.#boundOf(trial));
    } finally {
      undo();
    }
  }

  /** Who cleans up on a machine, or a lack of memory, ends processes, too: no test has failed by that. */
  async #carryOut(trial: Trial, boundSeconds: number): Promise<Ended> {
    const ended = await carryOut(this.#bench, trial, boundSeconds * 1000);
    if (!ended.isLate && ended.endedBy !== null)
      throw new ControlFailure(`somebody ended the tests by ${ended.endedBy}`);
    return ended;
  }

  /** Carries out once without a mistake what was not yet; most mutants never reach the trials that take long. */
  async #control(trial: Trial): Promise<void> {
    const left = hasSpecs(trial) ? { specs: trial.specs.filter((spec) => !this.#took.has(spec)) } : trial;
    if (hasSpecs(left) ? left.specs.length === 0 : this.#took.has(keyOf(left))) return;
    const ended = await this.#carryOut(left, mostForControl);
    const wrong = ended.isLate ? `not done within ${mostForControl} s` : ended.wrong;
    if (wrong !== null) throw new ControlFailure(wrong);
    this.#note(left, ended);
  }

  /** The related tests first, since most mutants go no further. */
  #trialsOf({ site }: Picked): readonly Trial[] {
    return [
      ...relatedSpecs(this.#copy.root, site.file).map((specs) => ({ specs })),
      ...(this.#hasQuick ? [{ project: 'quick' }] : []),
      ...(givesVerdicts.test(site.file) ? (['prove'] as const) : []),
    ];
  }

  #note(trial: Trial, { seconds, tests, matrix }: Ended): void {
    if (trial === 'prove') this.#matrix = matrix;
    if (!hasSpecs(trial)) {
      this.#took.set(keyOf(trial), seconds);
      return;
    }
    for (const spec of trial.specs) this.#took.set(spec, 0);
    for (const test of tests) this.#took.set(test.spec, (this.#took.get(test.spec) ?? 0) + test.seconds);
  }

  #boundOf(trial: Trial): number {
    const parts = hasSpecs(trial) ? trial.specs : [keyOf(trial)];
    return allowance + 3 * parts.reduce((sum, part) => sum + (this.#took.get(part) ?? 0), 0);
  }
}

const hasSpecs = (trial: Trial): trial is Extract<Trial, { readonly specs: unknown }> =>
  typeof trial === 'object' && 'specs' in trial;

const keyOf = (trial: Trial): string => JSON.stringify(trial);

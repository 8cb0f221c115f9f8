import type { Copy } from './copy.js';
import type { Picked } from './pick.js';
import { isLoaded, readReach, type TestPlace } from './reach.js';
import { asksForRuns, relatedSpecs } from './related.js';
import { carryOut, reachFile, type Bench, type Ended, type Tests, type Trial } from './trial.js';

/** What became of a mutant. One that took too long is killed, and told apart. */
export interface Tried extends Picked {
  readonly state: 'killed' | 'timed out' | 'survived';
  /** What killed it; null for a survivor. */
  readonly by: string | null;
  readonly seconds: number;
}

/** Where verdicts are made: a mistake here has to show in the proof of the suite, when no test sees it. */
const givesVerdicts = /^src\/(?:cancel|engine\/(?:judge|verdict))\//;

/** What a trial may take besides three times what it took without a mistake, in seconds: to start, and to make what is shared. */
const allowance = 120;

/** Longest that a trial without a mistake may take, in seconds. */
const mostForControl = 3600;

/** What the tests that are tried first take together, in seconds: most mutants go no further. */
const cheap = 6;

const quick: readonly string[] = ['quick'];

/** Something fails that no mistake has to do with. */
export class ControlFailure extends Error {
  override readonly name = 'ControlFailure';
}

/**
 * Mutants, tried one after the other in a copy of the checkout: by the quick tests that reach them, as was seen when these were carried
 * out without a mistake. What survives goes through all tests at once.
 */
export class Trials {
  readonly #copy: Copy;
  readonly #bench: Bench;
  readonly #picked: readonly Picked[];
  /** What each test took without a mistake, in seconds; by the place of the test. */
  readonly #took = new Map<TestPlace, number>();
  #reach: ReturnType<typeof readReach> = new Map();
  #matrix: string | null = null;

  constructor(copy: Copy, workers: number, picked: readonly Picked[]) {
    this.#copy = copy;
    this.#bench = { ...copy, workers };
    this.#picked = picked;
  }

  /**
   * Carries quick tests out without a mistake, and notes which of them reach what was picked.
   * @param scope those of the rooms alone are enough for a single line
   * @throws ControlFailure when one fails: it would kill any mutant
   */
  async begin(scope: 'all' | 'rooms'): Promise<void> {
    const related = this.#picked.flatMap(({ site }) => relatedSpecs(this.#copy.root, site.file).flat());
    const tests = scope === 'all' ? [] : [...new Set(related)];
    const all: Tests = { tests, projects: quick, all: true };
    const ended = await this.#withMarks(all);
    const failing = ended.wrong === null && !ended.isLate ? null : failingIn(all, ended);
    // What fails by marks alone, because it reads sources, kills nothing by itself; it has its turn at the end.
    if (failing) await this.#control(failing);
    for (const { spec, line, seconds } of ended.tests) {
      const place = `${spec}:${line}`;
      if (failing?.tests.includes(place) !== true) this.#took.set(place, (this.#took.get(place) ?? 0) + seconds);
    }
    this.#reach = readReach(reachFile(this.#copy.temporary), this.#copy.root);
  }

  async #withMarks(tests: Tests): Promise<Ended> {
    const undo = this.#copy.mark(this.#picked.map(({ site }, place) => ({ site, place })));
    try {
      return await this.#carryOut(tests, mostForControl);
    } finally {
      undo();
    }
  }

  /** Makes the mistake, and looks which of the tests that reach it notices it first. */
  async of(picked: Picked): Promise<Tried> {
    const tests = this.#cheapOf(this.#testsFor(picked));
    if (tests.length === 0) return { ...picked, state: 'survived', by: null, seconds: 0 };
    const ended = await this.#withMistakes([picked], { tests, projects: quick });
    return { ...picked, ...this.#stateAfter(ended), seconds: ended.seconds };
  }

  /**
   * What survived, through all quick tests that reach it, those of its room that are not quick, and the suite's own proof: all mistakes
   * at once, and each by itself through what has failed by that.
   */
  async together(survivors: readonly Picked[]): Promise<readonly Tried[]> {
    const killed: Tried[] = [];
    for (const group of apart(survivors)) {
      for (const trial of this.#lastTrials(group)) {
        const rest = group.filter(({ site }) => !killed.some((one) => one.site === site));
        killed.push(...(await this.#singly(rest, trial)));
      }
    }
    return killed;
  }

  #lastTrials(group: readonly Picked[]): readonly Trial[] {
    const known = new Set([...this.#took.keys()].map(specOf));
    const ofRooms = group.flatMap(({ site }) => relatedSpecs(this.#copy.root, site.file).flat());
    const slow = [...new Set(ofRooms)].filter((spec) => !known.has(spec) && !spec.endsWith('.daily.spec.ts'));
    return [
      { tests: [...new Set(group.flatMap((one) => this.#testsFor(one)))], projects: quick, all: true },
      { tests: slow, projects: ['whole'], all: true },
      'prove',
    ];
  }

  /** @returns those of a group that a trial kills */
  async #singly(group: readonly Picked[], trial: Trial): Promise<readonly Tried[]> {
    const meant = trial === 'prove' ? group.filter(mayTurnVerdicts) : group;
    if (meant.length === 0 || (trial !== 'prove' && trial.tests.length === 0)) return [];
    if (trial === 'prove') this.#matrix = (await this.#control(trial)).matrix;
    const all = await this.#withMistakes(meant, trial, mostForControl);
    if (this.#stateAfter(all).by === null) return [];
    const single = trial === 'prove' || all.isLate ? trial : failingIn(trial, all);
    // What fails whatever the mistake, as it does on a machine without a browser, tells nothing.
    if (single !== 'prove') await this.#control(single);
    const killed: Tried[] = [];
    for (const one of meant) {
      const own = single === 'prove' ? single : this.#reaching(one, single);
      if (own !== 'prove' && own.tests.length === 0) continue;
      const ended = await this.#withMistakes([one], own, mostForControl);
      const after = this.#stateAfter(ended);
      if (after.by !== null) killed.push({ ...one, ...after, seconds: ended.seconds });
    }
    return killed;
  }

  /** Of tests those that reach a mutant; of those that are not quick it is not known. */
  #reaching(picked: Picked, { tests, projects }: Tests): Tests {
    const reaching = new Set(this.#testsFor(picked));
    return { tests: tests.filter((test) => !this.#took.has(test) || reaching.has(test)), projects };
  }

  #stateAfter({ wrong, isLate, seconds, matrix }: Ended): Pick<Tried, 'state' | 'by'> {
    if (isLate) return { state: 'timed out', by: `not done after ${Math.round(seconds)} s` };
    const by = wrong ?? (matrix !== null && matrix !== this.#matrix ? 'prove: another matrix' : null);
    return { state: by === null ? 'survived' : 'killed', by };
  }

  async #withMistakes(picked: readonly Picked[], trial: Trial, bound = this.#boundOf(trial)): Promise<Ended> {
    const undo = this.#copy.make(picked.map(({ site }) => site));
    try {
      return await this.#carryOut(trial, bound);
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

  async #control(trial: Trial): Promise<Ended> {
    const ended = await this.#carryOut(trial, mostForControl);
    const wrong = ended.isLate ? `not done within ${mostForControl} s` : ended.wrong;
    if (wrong !== null) throw new ControlFailure(wrong);
    return ended;
  }

  /**
   * The tests that reach a mutant, the likeliest and cheapest first. Those of its room, where it is carried out while a module is
   * loaded.
   */
  #testsFor(picked: Picked): readonly TestPlace[] {
    const { root } = this.#copy;
    const [near = [], others = []] = relatedSpecs(root, picked.site.file);
    const related = [...near, ...others];
    const reaching = this.#reach.get(this.#picked.indexOf(picked));
    const isOfRoom = reaching === undefined && isLoaded(root, picked.site);
    const known = [...this.#took.keys()].filter((test) =>
      isOfRoom ? related.includes(specOf(test)) : reaching?.has(test) === true,
    );
    const rank = (test: TestPlace): number =>
      (near.includes(specOf(test)) ? 0 : 2) + (asksForRuns(root, specOf(test)) ? 1 : 0);
    const took = (test: TestPlace): number => this.#took.get(test) ?? 0;
    return known.sort((a, b) => rank(a) - rank(b) || took(a) - took(b));
  }

  /** As many of the first as are cheap together, and one in any case; runs are made for no test if others can do without. */
  #cheapOf(tests: readonly TestPlace[]): readonly TestPlace[] {
    const { root } = this.#copy;
    const [first = ''] = tests;
    const mayAsk = asksForRuns(root, specOf(first));
    const alike = tests.filter((test) => mayAsk || !asksForRuns(root, specOf(test)));
    let sum = 0;
    return alike.filter((test, index) => (sum += this.#took.get(test) ?? 0) <= cheap || index === 0);
  }

  #boundOf(trial: Trial): number {
    const tests = trial === 'prove' ? [] : trial.tests;
    return allowance + 3 * tests.reduce((sum, test) => sum + (this.#took.get(test) ?? 0), 0);
  }
}

const specOf = (test: TestPlace): string => test.replace(/:\d+$/, '');

const mayTurnVerdicts = ({ site }: Picked): boolean => givesVerdicts.test(site.file);

/** What failed; all, where nothing could even be loaded. */
function failingIn({ tests: all, projects }: Tests, { tests }: Ended): Tests {
  const failing = tests.flatMap(({ spec, line, failure }) =>
    failure === null || spec === '' ? [] : [`${spec}:${line}`],
  );
  return { tests: failing.length > 0 ? [...new Set(failing)] : all, projects };
}

/** Groups of mutants of which none stands within another of its group. */
function apart(picked: readonly Picked[]): readonly (readonly Picked[])[] {
  const groups: Picked[][] = [];
  for (const one of picked) {
    const free = groups.find((group) => !group.some((other) => isOverlapping(one, other)));
    if (free) free.push(one);
    else groups.push([one]);
  }
  return groups;
}

const isOverlapping = ({ site: a }: Picked, { site: b }: Picked): boolean =>
  a.file === b.file && a.start < b.end && b.start < a.end;

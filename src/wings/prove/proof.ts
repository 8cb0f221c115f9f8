import { partsOfCheckId } from '../../engine/case.js';
import { availableParallelism } from 'node:os';
import {
  suiteStamp,
  type CrossingResult,
  type FaultResult,
  type KillMatrix,
  type PairResult,
} from '../../engine/contract/kill-matrix.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Fault, Variant } from '../../emulators/endpoint/alterations.js';
import {
  judgeCrossing,
  judgeFault,
  judgePair,
  judgeVariant,
  likelyCases,
  whollyDemanded,
  type Crossing,
  type Pair,
} from './matrix.js';
import type { Subject, SubjectResult } from './subject.js';
import { openThreads, type Threads } from './threads.js';

/** What to prove. */
export interface ProofSettings {
  readonly contract: Contract;
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
  /** The cases that could see a fault, by its id; of a fault that is not in it: all. */
  readonly cases?: ReadonlyMap<string, readonly string[]>;
  /** Pairs of faults to judge as well; left out: none. */
  readonly pairs?: readonly Pair[];
  /** Faults over variants to judge as well, each of which is among the faults and variants; left out: none. */
  readonly across?: readonly Crossing[];
  /** True when faults or variants were left out. */
  readonly partial: boolean;
  /** Number of threads; default: the cores. */
  readonly threads?: number;
  /** Called after each subject, with its id. */
  readonly onDone?: (id: string) => void;
}

/**
 * Runs every fault and every variant of the embedded target against the suite.
 * @returns the kill matrix
 * @throws Error when the target without any fault is not conformant: then nothing can be proved
 */
export async function prove(settings: ProofSettings): Promise<KillMatrix> {
  const { contract, faults, variants, threads = availableParallelism() } = settings;
  const subjects = 2 + faults.length + variants.length;
  const open = openThreads(Math.min(threads, subjects), contract.edition.id);
  try {
    return await proveOn(open, settings);
  } finally {
    await open.close();
  }
}

async function proveOn(threads: Threads, settings: ProofSettings): Promise<KillMatrix> {
  const { contract, faults, variants, pairs, across, onDone } = settings;
  const subjects: readonly Subject[] = [
    { kind: 'unaltered', ids: [], areas: null, withoutCells: true },
    { kind: 'unaltered', ids: [], areas: null },
    ...faults.map(({ id }): Subject => ({ kind: 'fault', ids: [id], areas: null, ...seenBy(id, settings) })),
    ...variants.map(({ id }): Subject => ({ kind: 'variant', ids: [id], areas: null })),
  ];
  const [first = unjudged, second = unjudged, ...results] = await threads.judge(subjects, onDone);
  const [unaltered, inAllCells] = [assertConformant(first), assertConformant(second)];
  const faultResults = faults.map((fault, index) => judgeFault(fault, results[index] ?? unjudged, unaltered));
  const ofVariants = results.slice(faults.length);
  const resultOf = new Map(variants.map(({ id }, index) => [id, ofVariants[index] ?? unjudged]));
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version: contract.version },
    edition: contract.edition.id,
    stamp: suiteStamp(),
    made: new Date().toISOString().slice(0, 'YYYY-MM-DD'.length),
    partial: settings.partial,
    faults: faultResults,
    variants: variants.map((variant) => judgeVariant(variant, resultOf.get(variant.id) ?? unjudged, inAllCells)),
    ...(pairs === undefined ? {} : { pairs: await judgePairs(pairs, faultResults, { ...settings, threads }) }),
    ...(across === undefined
      ? {}
      : {
          across: await judgeAcross(
            across,
            { faults: faultResults, variants: resultOf, unaltered: inAllCells },
            { ...settings, threads },
          ),
        }),
  };
}

/** A derived fault is looked for by the cells that could see it, a named one by all that is no cell, or those of its column. */
const seenBy = (id: string, { cases }: ProofSettings): Pick<Subject, 'cases' | 'withoutCells'> => {
  const own = cases?.get(id);
  return own === undefined ? { withoutCells: true } : { cases: own };
};

/** @throws Error when the target without any fault is not conformant: then nothing can be proved */
function assertConformant(unaltered: SubjectResult): Exclude<SubjectResult, { readonly cannotStart: string }> {
  if ('cannotStart' in unaltered) throw new Error(`the embedded target cannot start: ${unaltered.cannotStart}`);
  if (unaltered.outcome === 'conformant') return unaltered;
  throw new Error(`the embedded target is ${unaltered.outcome} without any fault, so nothing can be proved`);
}

/** What judges subjects, and by what. */
type Judging = Pick<ProofSettings, 'contract' | 'onDone'> & { readonly threads: Threads };

/**
 * Judges pairs of faults: first by the cases that caught the two one by one, which is cheap, and what none of these
 * catches by all cases of the area.
 */
async function judgePairs(
  pairs: readonly Pair[],
  faultResults: readonly FaultResult[],
  judging: Judging,
): Promise<readonly PairResult[]> {
  const likelyOf = likelyIn(faultResults, judging.contract);
  const results = await inStages(pairs, judging, {
    stagesOf: (pair) => inFewer(wholeOf(pair), likelyOf),
    isCaught: (pair, result) => judgePair(pair, result).state === 'killed',
  });
  return pairs.map((pair, index) => judgePair(pair, results[index] ?? unjudged));
}

/**
 * Judges faults over variants: first by the cases that caught the fault alone, then by all that is no cell, as a fault alone
 * is, and what none of these catches by the whole suite, which the variant alone was judged by as well.
 */
async function judgeAcross(
  across: readonly Crossing[],
  alone: {
    readonly faults: readonly FaultResult[];
    readonly variants: ReadonlyMap<string, SubjectResult>;
    readonly unaltered: Parameters<typeof whollyDemanded>[2];
  },
  judging: Judging,
): Promise<readonly CrossingResult[]> {
  const likelyOf = likelyIn(alone.faults, judging.contract);
  const withoutFault = ({ variant }: Crossing): SubjectResult => alone.variants.get(variant.id) ?? unjudged;
  const judge = (crossing: Crossing, result: SubjectResult): CrossingResult =>
    judgeCrossing(crossing, result, withoutFault(crossing));
  const results = await inStages(across, judging, {
    stagesOf: ({ fault, variant }) => {
      const whole: Subject = { kind: 'fault', ids: [fault.id], over: variant.id, areas: null };
      return [...inFewer({ ...whole, withoutCells: true }, likelyOf), whole];
    },
    isCaught: (crossing, result) => judge(crossing, result).state === 'killed',
  });
  return across.map((crossing, index): CrossingResult => {
    const result = results[index] ?? unjudged;
    const judged = judge(crossing, result);
    if (judged.state !== 'survived') return judged;
    const demanded = whollyDemanded(crossing, withoutFault(crossing), alone.unaltered);
    // Told, and not left out: it was not seen, whoever is right about that.
    return demanded.fault.breaks.length === 0 ? { ...judged, state: 'not-demanded' } : judge(demanded, result);
  });
}

/** How to judge things by few cases first. */
interface Stages<Item> {
  /** The subjects of a thing, each with more cases than the one before it. */
  readonly stagesOf: (item: Item) => readonly Subject[];
  readonly isCaught: (item: Item, result: SubjectResult) => boolean;
}

/**
 * Judges each thing by its first subject, and by the next one as long as it is not caught: more cases can only catch more.
 * @returns the last result of each
 */
async function inStages<Item>(
  items: readonly Item[],
  { threads, onDone }: Judging,
  { stagesOf, isCaught }: Stages<Item>,
): Promise<readonly SubjectResult[]> {
  const results: SubjectResult[] = [];
  let left = items.map((item, index) => ({ item, index, stages: stagesOf(item) }));
  for (let stage = 0; left.length > 0; stage += 1) {
    const subjects = left.flatMap(({ stages }) => stages[stage] ?? []);
    const seen = await threads.judge(subjects, stage === 0 ? onDone : undefined);
    left.forEach(({ index }, at) => (results[index] = seen[at] ?? unjudged));
    left = left.filter(
      ({ item, index, stages }) => stage + 1 < stages.length && !isCaught(item, results[index] ?? unjudged),
    );
  }
  return results;
}

/** The cases that are likely to catch faults by what caught them alone; null where all count. */
const likelyIn = (faultResults: readonly FaultResult[], contract: Contract) => {
  const alone = new Map(faultResults.map((result) => [result.id, result]));
  const caseOf = caseOfCheckIn(contract);
  return (ids: readonly string[]) =>
    likelyCases(
      ids.flatMap((id) => alone.get(id) ?? []),
      caseOf,
    );
};

/** A subject with the likely cases alone, where there are such, and as it is. */
function inFewer(subject: Subject, likelyOf: ReturnType<typeof likelyIn>): readonly Subject[] {
  const cases = likelyOf(subject.ids);
  return cases === null ? [subject] : [{ ...subject, cases }, subject];
}

/** A pair with all cases of its area. */
const wholeOf = ({ faults, area }: Pair): Subject => ({
  kind: 'pair',
  ids: faults.map(({ id }) => id),
  areas: [area],
});

/** Stands for a result that is not there; there is one for each subject. */
const unjudged = { cannotStart: 'it was not judged' } as const;

/** The case of a check; undefined for one on the run as a whole. */
const caseOfCheckIn =
  ({ endpoint }: Contract) =>
  (check: string): string | undefined => {
    const { caseId } = partsOfCheckId(check);
    return caseId === endpoint.wholeRun.case.id ? undefined : caseId;
  };

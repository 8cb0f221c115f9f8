import { partsOfCheckId } from '../../engine/case.js';
import { availableParallelism } from 'node:os';
import { suiteStamp, type FaultResult, type KillMatrix, type PairResult } from '../../engine/contract/kill-matrix.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Fault, Variant } from '../../emulators/endpoint/alterations.js';
import { judgeFault, judgePair, judgeVariant, likelyCases, type Pair } from './matrix.js';
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
  const { contract, faults, variants, pairs, onDone } = settings;
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
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version: contract.version },
    edition: contract.edition.id,
    stamp: suiteStamp(),
    made: new Date().toISOString().slice(0, 'YYYY-MM-DD'.length),
    partial: settings.partial,
    faults: faultResults,
    variants: variants.map((variant, index) => judgeVariant(variant, ofVariants[index] ?? unjudged, inAllCells)),
    ...(pairs === undefined ? {} : { pairs: await judgePairs(pairs, faultResults, { ...settings, threads }) }),
  };
}

/** A derived fault is looked for by the cells that could see it, a named one by all that is no cell. */
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

/**
 * Judges pairs of faults: first by the cases that caught the two one by one, which is cheap, and what none of these
 * catches by all cases of the area. More cases can only catch more.
 */
async function judgePairs(
  pairs: readonly Pair[],
  faultResults: readonly FaultResult[],
  { threads, contract, onDone }: Pick<ProofSettings, 'contract' | 'onDone'> & { readonly threads: Threads },
): Promise<readonly PairResult[]> {
  const alone = new Map(faultResults.map((result) => [result.id, result]));
  const likely = pairs.map((pair): Subject => {
    const subject = wholeOf(pair);
    const cases = likelyCases(
      subject.ids.flatMap((id) => alone.get(id) ?? []),
      caseOfCheckIn(contract),
    );
    return cases === null ? subject : { ...subject, cases };
  });
  const first = await threads.judge(likely, onDone);
  const judged = pairs.map((pair, index) => judgePair(pair, first[index] ?? unjudged));
  const isLeft = (index: number): boolean => likely[index]?.cases !== undefined && judged[index]?.state !== 'killed';
  const left = pairs.filter((_, index) => isLeft(index));
  const second = (await threads.judge(left.map(wholeOf))).values();
  return pairs.map((pair, index) => {
    const known = judged[index];
    return known && !isLeft(index) ? known : judgePair(pair, second.next().value ?? unjudged);
  });
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

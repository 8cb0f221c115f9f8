import { partsOfCheckId } from '../../engine/case.js';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { suiteStamp, type FaultResult, type KillMatrix, type PairResult } from '../../engine/contract/kill-matrix.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Fault, Variant } from '../../emulators/endpoint/alterations.js';
import { judgeFault, judgePair, judgeVariant, likelyCases, type Pair } from './matrix.js';
import type { Subject, SubjectResult } from './subject.js';
import type { FromThread } from './worker.js';

/** What to prove. */
export interface ProofSettings {
  readonly contract: Contract;
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
  /** Pairs of faults to judge as well; left out: none. */
  readonly pairs?: readonly Pair[];
  /** True when faults or variants were left out. */
  readonly partial: boolean;
  /** Number of threads; default: the cores. */
  readonly threads?: number;
  /** Called after each subject, with its id. */
  readonly onDone?: (id: string) => void;
}

/** Subjects that a thread judges at the same time: some wait, for a time-out or for an effect that comes late. */
const lanes = 2;

/**
 * Runs every fault and every variant of the embedded target against the suite.
 * @returns the kill matrix
 * @throws Error when the target without any fault is not conformant: then nothing can be proved
 */
export async function prove(settings: ProofSettings): Promise<KillMatrix> {
  const { contract, faults, variants, pairs } = settings;
  const unalteredSubject: Subject = { kind: 'unaltered', ids: [], areas: null };
  const faultSubjects = faults.map(({ id }): Subject => ({ kind: 'fault', ids: [id], areas: null }));
  const variantSubjects = variants.map(({ id }): Subject => ({ kind: 'variant', ids: [id], areas: null }));
  const resultOf = await judgeAll([unalteredSubject, ...faultSubjects, ...variantSubjects], settings);
  const unaltered = resultOf(unalteredSubject);
  if ('cannotStart' in unaltered) throw new Error(`the embedded target cannot start: ${unaltered.cannotStart}`);
  if (unaltered.outcome !== 'conformant') {
    throw new Error(`the embedded target is ${unaltered.outcome} without any fault, so nothing can be proved`);
  }
  const faultResults = faults.map((fault, index) => judgeFault(fault, resultOf(faultSubjects[index]), unaltered));
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version: contract.version },
    edition: contract.edition.id,
    stamp: suiteStamp(),
    partial: settings.partial,
    faults: faultResults,
    variants: variants.map((variant, index) => judgeVariant(variant, resultOf(variantSubjects[index]))),
    ...(pairs === undefined ? {} : { pairs: await judgePairs(pairs, faultResults, settings) }),
  };
}

/**
 * Judges pairs of faults: first by the cases that caught the two one by one, which is cheap, and what none of these
 * catches by all cases of the area. More cases can only catch more.
 */
async function judgePairs(
  pairs: readonly Pair[],
  faultResults: readonly FaultResult[],
  settings: ProofSettings,
): Promise<readonly PairResult[]> {
  const alone = new Map(faultResults.map((result) => [result.id, result]));
  const whole = pairs.map(({ faults, area }): Subject => {
    return { kind: 'pair', ids: faults.map(({ id }) => id), areas: [area] };
  });
  const likely = whole.map((subject): Subject => {
    const results = subject.ids.flatMap((id) => alone.get(id) ?? []);
    const cases = likelyCases(results, caseOfCheckIn(settings.contract));
    return cases === null ? subject : { ...subject, cases };
  });
  const first = await judgeAll(likely, settings);
  const judged = pairs.map((pair, index) => judgePair(pair, first(likely[index])));
  const left = likely.flatMap(({ cases }, index) =>
    cases !== undefined && judged[index]?.state !== 'killed' ? (whole[index] ?? []) : [],
  );
  if (left.length === 0) return judged;
  const second = await judgeAll(left, { ...settings, onDone: () => undefined });
  return pairs.map((pair, index) => {
    const subject = whole[index];
    const known = judged[index];
    return known && !(subject && left.includes(subject)) ? known : judgePair(pair, second(subject));
  });
}

/** The case of a check; undefined for one on the run as a whole. */
const caseOfCheckIn =
  ({ endpoint }: Contract) =>
  (check: string): string | undefined => {
    const { caseId } = partsOfCheckId(check);
    return caseId === endpoint.wholeRun.case.id ? undefined : caseId;
  };

/** A subject in words, no two alike. */
const nameOf = ({ kind, ids }: Subject): string => [kind, ...ids].join(' ');

/** Hands the subjects out to the threads, each the next one as soon as it is done with one. */
async function judgeAll(
  subjects: readonly Subject[],
  { contract, threads = availableParallelism(), onDone }: ProofSettings,
): Promise<(subject: Subject | undefined) => SubjectResult> {
  const results = new Map<string, SubjectResult>();
  const waiting = subjects.values();
  const entry = path.join(import.meta.dirname, `worker${path.extname(import.meta.filename)}`);

  const work = async (): Promise<void> => {
    const thread = new Worker(entry, { workerData: { edition: contract.edition.id } });
    await new Promise<void>((resolve, reject) => {
      let open = 0;
      const handOut = (): void => {
        const { value, done } = waiting.next();
        if (done !== true) {
          open += 1;
          thread.postMessage(value);
        } else if (open === 0) resolve();
      };
      thread.on('error', reject).on('exit', () => {
        reject(new Error('a thread of the proof ended by itself'));
      });
      thread.on('message', ({ subject, result }: FromThread) => {
        open -= 1;
        results.set(nameOf(subject), result);
        onDone?.(nameOf(subject));
        handOut();
      });
      for (let lane = 0; lane < lanes; lane += 1) handOut();
    });
    await thread.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(threads, subjects.length) }, work));
  return (subject) =>
    (subject && results.get(nameOf(subject))) ?? { cannotStart: 'its thread ended before it was judged' };
}

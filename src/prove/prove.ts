import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { suiteStamp, type KillMatrix } from '../contract/kill-matrix.js';
import type { Contract } from '../contract/types.js';
import type { Fault, Variant } from '../reference/alterations.js';
import { judgeFault, judgeVariant } from './matrix.js';
import type { Subject, SubjectResult } from './subject.js';
import type { FromThread } from './worker.js';

/** What to prove. */
export interface ProofSettings {
  readonly contract: Contract;
  readonly faults: readonly Fault[];
  readonly variants: readonly Variant[];
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
  const { contract, faults, variants } = settings;
  const subjects: readonly Subject[] = [
    { kind: 'reference', id: '' },
    ...faults.map(({ id }) => ({ kind: 'fault', id }) as const),
    ...variants.map(({ id }) => ({ kind: 'variant', id }) as const),
  ];
  const results = await judgeAll(subjects, settings);
  const resultOf = (kind: Subject['kind'], id: string): SubjectResult =>
    results.get(keyOf({ kind, id })) ?? { cannotStart: 'its thread ended before it' };
  const reference = resultOf('reference', '');
  if ('cannotStart' in reference) throw new Error(`the embedded target cannot start: ${reference.cannotStart}`);
  if (reference.outcome !== 'conformant') {
    throw new Error(`the embedded target is ${reference.outcome} without any fault, so nothing can be proved`);
  }
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version: contract.version },
    edition: contract.edition.id,
    stamp: suiteStamp(),
    partial: settings.partial,
    faults: faults.map((fault) => judgeFault(fault, resultOf('fault', fault.id), reference)),
    variants: variants.map((variant) => judgeVariant(variant, resultOf('variant', variant.id))),
  };
}

const keyOf = ({ kind, id }: Subject): string => `${kind} ${id}`;

/** Hands the subjects out to the threads, each the next one as soon as it is done with one. */
async function judgeAll(
  subjects: readonly Subject[],
  { contract, threads = availableParallelism(), onDone }: ProofSettings,
): Promise<ReadonlyMap<string, SubjectResult>> {
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
        results.set(keyOf(subject), result);
        onDone?.(subject.id === '' ? 'reference' : subject.id);
        handOut();
      });
      for (let lane = 0; lane < lanes; lane += 1) handOut();
    });
    await thread.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(threads, subjects.length) }, work));
  return results;
}

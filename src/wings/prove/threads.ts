import path from 'node:path';
import { Tinypool } from 'tinypool';
import type { Subject, SubjectResult } from './subject.js';
import type { Task } from './thread.js';

/** Subjects that a thread judges at the same time: some wait, for a time-out or for an effect that comes late. */
const lanes = 2;

/** A subject in words, no two alike. */
const nameOf = ({ kind, ids, over }: Subject): string =>
  [kind, ...ids, ...(over === undefined ? [] : ['over', over])].join(' ');

/** Threads that judge subjects, until they are closed. */
export interface Threads {
  /**
   * Judges subjects, as many at a time as there are threads and lanes.
   * @param onDone called after each, with its name
   * @returns the results in the order of the subjects
   * @throws Error when a thread ends by itself, or by an error
   */
  readonly judge: (subjects: readonly Subject[], onDone?: (name: string) => void) => Promise<readonly SubjectResult[]>;
  readonly close: () => Promise<void>;
}

/** The module that a thread runs. */
const threadFile = path.join(import.meta.dirname, `thread${path.extname(import.meta.filename)}`);

/**
 * Starts the threads.
 * @param editionId edition by which they judge
 */
export function openThreads(count: number, editionId: string, filename = threadFile): Threads {
  const pool = new Tinypool({
    filename,
    minThreads: count,
    maxThreads: count,
    concurrentTasksPerWorker: lanes,
    // A thread that waits for its next task must not be blocked: what it serves may still have to close.
    useAtomics: false,
  });
  // The pool hears of errors in a thread alone, and would wait for ever for one that ended without. What a thread throws when it has
  // answered belongs to no subject.
  const ended = new Promise<never>((_, reject) => {
    pool.on('error', reject);
    for (const thread of pool.threads) {
      // One that ends by an error tells the error first.
      thread.on('error', reject);
      thread.on('exit', () => {
        reject(new Error('a thread of the proof ended by itself'));
      });
    }
  });
  ended.catch(() => undefined);
  const judgeOne = async (subject: Subject): Promise<SubjectResult> =>
    (await pool.run({ subject, editionId } satisfies Task)) as SubjectResult;
  return {
    judge: (subjects, onDone) => {
      const results = subjects.map(async (subject) => {
        const result = await judgeOne(subject);
        onDone?.(nameOf(subject));
        return result;
      });
      return Promise.race([Promise.all(results), ended]);
    },
    // Not by the pool: while it waits for the end of its threads, an error in one of them ends the process.
    close: async () => {
      await Promise.allSettled(pool.threads.map((thread) => thread.terminate()));
    },
  };
}

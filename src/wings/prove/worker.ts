import { parentPort, workerData } from 'node:worker_threads';
import { judgeSubject, type Subject, type SubjectResult } from './subject.js';

/** What a thread says: it wants a subject, or what one came to. */
export interface FromThread {
  readonly subject: Subject;
  readonly result: SubjectResult;
}

// A thread of `prove`: judges the subjects that it is given, one message each.
const { edition } = workerData as { readonly edition: string };

parentPort?.on('message', (subject: Subject) => {
  void judgeSubject(subject, edition).then((result) => {
    parentPort?.postMessage({ subject, result } satisfies FromThread);
  });
});

import { judgeSubject, type Subject, type SubjectResult } from './subject.js';

/** What a thread of `prove` is asked to do. */
export interface Task {
  readonly subject: Subject;
  readonly editionId: string;
}

/** What each thread of `prove` does with a task. */
export default ({ subject, editionId }: Task): Promise<SubjectResult> => judgeSubject(subject, editionId);

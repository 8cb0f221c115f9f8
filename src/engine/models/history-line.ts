// Made from schemas/suite/history-line.schema.json by: npm run types. Change the schema, and the words in it, not this file.

import type { PastRun } from './report.js';

/**
 * One line of the file of `run --history`: a run of a target. Lines of several targets may stand in one file.
 */
export interface HistoryLine {
  /**
   * Version of this schema.
   */
  readonly schemaVersion: 1;
  /**
   * Name of the target, as in its target file.
   */
  readonly target: string;
  /**
   * The run.
   */
  readonly run: PastRun;
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import { shownPath } from '../engine/files.js';
import type { HistoryLine } from '../engine/models/history-line.js';
import { appendRun, assertAppendable, historyFor, readHistory } from '../report/history/file.js';
import type { Report } from '../report/model.js';
import { isReportFile, ReportWriteError } from '../report/write.js';

/** A history that a run was asked to go on with. */
export interface History {
  /** Absolute path of its file. */
  readonly file: string;
  /** As they stood there when the run was asked for. */
  readonly lines: readonly HistoryLine[];
}

/** @throws ConfigurationError when the file is there and no history */
export function openHistory(file: string): History {
  const absolute = path.resolve(file);
  return { file: absolute, lines: readHistory(absolute) };
}

/**
 * Holds before the first call that the run can be added later.
 * @param out folder of its reports
 * @throws ConfigurationError when it cannot
 */
export async function assertKeepable({ file }: History, out: string): Promise<void> {
  if (isReportFile(file, out)) {
    throw new ConfigurationError(
      `--history ${shownPath(file)}: a run writes a report of this name there; give the history another name or folder`,
    );
  }
  await assertAppendable(file);
}

/** The report with the runs before it. @param folder of the report */
export const withHistory = (report: Report, { file, lines }: History, folder: string): Report => ({
  ...report,
  history: historyFor(lines, { file, target: report.target.name, folder }),
});

/**
 * Adds a run to its history, unless its report was removed.
 * @throws ReportWriteError when that cannot be written
 */
export async function keepInHistory(report: Report, { file }: History, folder: string): Promise<void> {
  const written = ['report.json', 'index.html'].map((name) => path.join(folder, name));
  if (!written.every((one) => existsSync(one))) return;
  try {
    await appendRun(file, report, folder);
  } catch (cause) {
    throw new ReportWriteError(file, cause, written);
  }
}

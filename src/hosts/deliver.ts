import path from 'node:path';
import { shownPath } from '../engine/files.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Report } from '../report/model.js';
import { renderTerminal } from '../report/terminal.js';
import { renderSummary } from '../report/summary.js';
import { appendFor, ReportWriteError, writeReports } from '../report/write.js';
import { exitCodes } from '../engine/verdict/outcome.js';
import type { Io } from './io.js';
import { removeLeaks } from './leaks.js';

interface Written {
  readonly files: readonly string[];
  /** Why the rest could not be written. */
  readonly failure?: ReportWriteError;
}

/** Where the files of a report go. */
export interface Delivery {
  /** Absolute path of the folder of the reports. */
  readonly directory: string;
  readonly secrets: SecretRegistry;
  readonly io: Io;
  /** The options of the run, as words, for the command that repeats a part of it. */
  readonly runOptions?: readonly string[];
  /** True: the summary shows each failure in full. */
  readonly verbose?: boolean;
}

/**
 * Writes all files of a report, searches them for secrets and prints the summary.
 * @returns the exit code
 * @throws ReportWriteError when a file cannot be written, ConfigurationError where that is the one of GITHUB_STEP_SUMMARY
 */
export async function deliver(report: Report, delivery: Delivery): Promise<number> {
  const { directory } = delivery;
  const { files, failure } = await write(report, directory);
  // What was written before a failure stays, so it is searched like all the rest.
  if (holdSecrets(files, delivery)) return exitCodes['suite-fault'];
  if (failure) throw failure;
  printSummary(report, delivery);
  const stepSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (stepSummary !== undefined) appendFor('GITHUB_STEP_SUMMARY', stepSummary, renderSummary(report));
  return report.run.exitCode;
}

/**
 * Searches files for secrets, removes those with one and says so. Then nothing else may leave the process: neither a
 * summary that may hold the secret, nor an outcome that no longer counts.
 */
function holdSecrets(files: readonly string[], { secrets, io: { stderr } }: Delivery): boolean {
  const leaks = removeLeaks(files, secrets);
  if (leaks.length > 0) stderr.write(`${leaks.join('\n')}\n`);
  return leaks.length > 0;
}

async function write(report: Report, directory: string): Promise<Written> {
  try {
    return await writeReports(report, directory);
  } catch (error) {
    if (error instanceof ReportWriteError) return { files: error.written, failure: error };
    throw error;
  }
}

function printSummary(report: Report, { directory, runOptions = [], verbose = false, io: { stdout } }: Delivery): void {
  const { colour, columns: width } = stdout;
  const reportPath = shownPath(path.join(directory, 'index.html'));
  const known = width === undefined ? {} : { width };
  stdout.write(renderTerminal(report, { colour, reportPath, runOptions, verbose, ...known }));
}

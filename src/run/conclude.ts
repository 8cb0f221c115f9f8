import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isatty } from 'node:tty';
import picocolors from 'picocolors';
import { rulesOf } from '../checks/judge/judge.js';
import { ConfigurationError } from '../contract/errors.js';
import { knownToCatch } from '../contract/kill-matrix.js';
import type { CaseRecord } from '../evidence/records.js';
import { SecretRegistry } from '../evidence/secrets.js';
import type { Report } from '../report/model.js';
import { renderTerminal } from '../report/terminal.js';
import { visible } from '../report/visible.js';
import { appendStepSummary, ReportWriteError, writeFiles, writeReports } from '../report/write.js';
import { judgeRun } from '../verdict/judge-run.js';
import { exitCodes, usageExitCode } from '../verdict/outcome.js';
import { assembleReport } from './assemble.js';
import { removeLeaks } from './leaks.js';
import { readAccount, readMisconfiguration, readOptions, readParts, readState } from './options.js';
import { allRecords } from './records-attachment.js';
import { providerName, registerSecrets, type SessionState } from './session.js';

/** What the test runner's side knows at the end of a run. */
export interface EndedRun {
  readonly records: readonly CaseRecord[];
  readonly suiteFaults: readonly string[];
  /** Why cases have no record, when some have none. */
  readonly unfinished: string;
  readonly interrupted: boolean;
  readonly durationMs: number;
}

/**
 * Judges a run that has ended, writes the reports, searches them for secrets and prints the summary.
 * @returns the exit code
 * @throws an error with a message for the reader when a report cannot be written
 */
export async function concludeRun(run: EndedRun): Promise<number> {
  const state = readState();
  if (!state) return concludeUnprepared(run);
  const directory = path.resolve(readOptions().out);
  const secrets = new SecretRegistry();
  registerSecrets(secrets, state);
  const report = judged(run, state, secrets);
  const { files, failure } = await write(report, directory);
  // What was written before a failure stays, so it is searched like all the rest.
  const leaks = removeLeaks(files, secrets);
  if (leaks.length > 0) {
    // Nothing else leaves the process: neither a summary that may hold the secret, nor an outcome that no longer counts.
    process.stderr.write(`${leaks.join('\n')}\n`);
    return exitCodes['suite-fault'];
  }
  if (failure) throw failure;
  const stepSummary = process.env['GITHUB_STEP_SUMMARY'];
  if (stepSummary !== undefined) await appendStepSummary(report, stepSummary);
  printSummary(report, path.join(directory, 'index.html'));
  return report.run.exitCode;
}

interface Written {
  readonly files: readonly string[];
  /** Why the rest could not be written. */
  readonly failure?: ReportWriteError | ConfigurationError;
}

async function write(report: Report, directory: string): Promise<Written> {
  const written: string[] = [];
  try {
    written.push(...(await writeReports(report, directory)).files);
    written.push(...(await writeView(report, directory)));
    return { files: written };
  } catch (error) {
    if (error instanceof ReportWriteError) return { files: [...written, ...error.written], failure: error };
    // A page that went away during the run.
    if (error instanceof ConfigurationError) return { files: written, failure: error };
    throw error;
  }
}

/** The pages of the documentation with the verdicts of the run, where some were given. */
async function writeView(report: Report, directory: string): Promise<readonly string[]> {
  const { view } = readOptions();
  if (!view) return [];
  const { renderView } = await import('../doc/html/write.js');
  return (await writeFiles({ 'doc.html': await renderView(report, view) }, directory)).files;
}

/** The run ended before there was anything to judge. */
function concludeUnprepared({ interrupted, suiteFaults }: EndedRun): number {
  if (interrupted && suiteFaults.length === 0) {
    process.stderr.write('Interrupted before the first case: nothing was judged, no report was written.\n');
    return exitCodes.interrupted;
  }
  const misconfiguration = readMisconfiguration();
  if (misconfiguration !== null) {
    process.stderr.write(`${visible(misconfiguration)}\n`);
    return usageExitCode;
  }
  const reason = suiteFaults[0] ?? 'the run ended before it was prepared';
  process.stderr.write(`The suite itself is at fault: ${visible(reason)}\n`);
  return exitCodes['suite-fault'];
}

function judged(run: EndedRun, state: SessionState, secrets: SecretRegistry): Report {
  const { plan, contract, target, waivers = [] } = readParts();
  const known = knownToCatch(contract.edition.id);
  const evidence = {
    plan,
    records: allRecords([...run.records, ...state.controls]),
    contract,
    rules: rulesOf(contract, target.readings, providerName(target)),
    provider: providerName(target),
    suiteFaults: [...run.suiteFaults, ...(known.problem === null ? [] : [known.problem])].map((fault) =>
      secrets.redact(fault),
    ),
    interrupted: run.interrupted,
    unfinished: run.unfinished,
    waiving: { waivers, startedAt: state.startedAt },
  };
  const { runId, startedAt, baseUrl } = state;
  const { claimHints } = state;
  const account = readAccount();
  const { durationMs } = run;
  const circumstances = { runId, startedAt, durationMs, target, baseUrl, claimHints, account };
  return assembleReport(evidence, judgeRun(evidence), { ...circumstances, knownToCatch: known.byCheck });
}

function printSummary(report: Report, file: string): void {
  const relative = path.relative(process.cwd(), file);
  const reportPath = relative.startsWith('..') ? file : relative;
  const colour = picocolors.isColorSupported && isatty(process.stdout.fd);
  const width = process.stdout.columns;
  // Written at once and in order: the test runner ends the process without waiting for a stream to drain.
  writeFileSync(1, renderTerminal(report, { colour, reportPath, ...(width > 0 ? { width } : {}) }));
}

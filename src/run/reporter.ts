import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { FullResult, Reporter, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import picocolors from 'picocolors';
import { rulesOf } from '../checks/judge/judge.js';
import type { CaseRecord } from '../evidence/records.js';
import { SecretRegistry } from '../evidence/secrets.js';
import { renderTerminal } from '../report/terminal.js';
import { writeReports } from '../report/write.js';
import { visible } from '../report/visible.js';
import { exitCodes } from '../verdict/outcome.js';
import { judgeRun, type RunEvidence } from '../verdict/judge-run.js';
import { removeLeaks } from './leaks.js';
import { assembleReport } from './assemble.js';
import { allRecords } from './records-attachment.js';
import { readOptions, readParts, readState, withdrawState } from './options.js';
import { Progress } from './progress.js';
import { recordsAttachment } from './records-attachment.js';
import { registerSecrets, type SessionState } from './session.js';

/**
 * Collects the records of all tests, judges them, writes the reports and prints the summary.
 * The test runner swallows what a reporter throws, so every error ends as a fault of the suite here.
 */
export default class ConformanceReporter implements Reporter {
  readonly #begin = performance.now();
  readonly #progress = new Progress(process.stderr);
  readonly #records: CaseRecord[] = [];
  readonly #suiteFaults: string[] = [];
  #unfinished = 'it was not carried out before the run ended';

  printsToStdio(): boolean {
    return true;
  }

  onBegin(): void {
    this.#progress.begin(readParts().plan.counts.cases);
  }

  onStepEnd(test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.category === 'test.step') this.#progress.advance(`${test.title}: ${step.title}`);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    const attachment = result.attachments.find(({ name }) => name === recordsAttachment);
    if (attachment?.body) this.#records.push(...(JSON.parse(attachment.body.toString('utf8')) as CaseRecord[]));
    else if (result.status === 'failed') this.#suiteFaults.push(`${test.title}: ${inOneLine(result.errors[0])}`);
    else if (result.status === 'timedOut') this.#unfinished = 'it did not finish within the time bound of its test';
  }

  onError(error: TestError): void {
    this.#suiteFaults.push(inOneLine(error));
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] }> {
    this.#progress.end();
    const exitCode = await this.#conclude(result.status).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${visible(message)}\n`);
      return exitCodes['suite-fault'];
    });
    withdrawState();
    decideExitCode(exitCode);
    return { status: exitCode === 0 ? 'passed' : result.status === 'interrupted' ? 'interrupted' : 'failed' };
  }

  /** Judges, writes, prints. Returns the exit code. */
  async #conclude(status: FullResult['status']): Promise<number> {
    const state = readState();
    if (!state) {
      const reason = this.#suiteFaults[0] ?? 'the run ended before it was prepared';
      process.stderr.write(`The suite itself is at fault: ${visible(reason)}\n`);
      return exitCodes['suite-fault'];
    }
    if (status === 'timedout') this.#unfinished = 'the run reached its total time bound before it';
    const options = readOptions();
    const directory = path.resolve(options.out);
    const secrets = new SecretRegistry();
    registerSecrets(secrets, state);
    const report = this.#assemble(state, { secrets, interrupted: status === 'interrupted' });
    const { files } = await writeReports(report, directory, process.env['GITHUB_STEP_SUMMARY']);
    const leaks = removeLeaks(files, secrets);
    for (const leak of leaks) process.stderr.write(`${leak}\n`);
    const reportPath = path.relative(process.cwd(), path.join(directory, 'index.html')) || 'index.html';
    const width = process.stdout.columns;
    const colour = picocolors.isColorSupported && process.stdout.isTTY;
    writeFileSync(1, renderTerminal(report, { colour, reportPath, ...(width > 0 ? { width } : {}) }));
    return leaks.length > 0 ? exitCodes['suite-fault'] : report.run.exitCode;
  }

  #assemble(state: SessionState, { secrets, interrupted }: { secrets: SecretRegistry; interrupted: boolean }) {
    const { plan, contract, target } = readParts();
    const evidence: RunEvidence = {
      plan,
      records: allRecords([...this.#records, ...state.controls]),
      contract,
      rules: rulesOf(contract, target.readings),
      provider: 'control',
      suiteFaults: this.#suiteFaults.map((fault) => secrets.redact(fault)),
      interrupted,
      unfinished: this.#unfinished,
    };
    return assembleReport(evidence, judgeRun(evidence), {
      runId: state.runId,
      startedAt: state.startedAt,
      durationMs: Math.round(performance.now() - this.#begin),
      target,
      baseUrl: state.baseUrl,
    });
  }
}

const inOneLine = (error: TestError | undefined): string =>
  stripVTControlCharacters(error?.message ?? error?.value ?? 'failed without a message').split('\n')[0] ?? '';

/** The test runner ends its process with 0 or 1; the last word is the gate's. */
function decideExitCode(exitCode: number): void {
  process.on('exit', () => {
    process.exitCode = exitCode;
  });
}

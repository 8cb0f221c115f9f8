import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Reporter,
  TestCase,
  TestError,
  TestResult,
  TestStep,
} from '@playwright/test/reporter';
import type { CaseRecord } from '../evidence/records.js';
import { visible } from '../report/visible.js';
import { exitCodes } from '../verdict/outcome.js';
import { readParts, withdrawState } from './options.js';
import { Progress } from './progress.js';
import { recordsAttachment } from './records-attachment.js';
import type { ShardNumber } from './shard.js';

/** Judging and rendering are loaded while the workers start, when this process has nothing else to do. */
const loadConclusion = () => import('./conclude.js');

/**
 * The test runner's side of a run: shows progress, collects the records of all tests and hands them on at the end.
 * The runner swallows what a reporter throws, so every error ends as a fault of the suite here.
 */
export default class ConformanceReporter implements Reporter {
  readonly #begin = performance.now();
  readonly #progress = new Progress(process.stderr);
  readonly #records: CaseRecord[] = [];
  readonly #suiteFaults: string[] = [];
  #shard: ShardNumber | null = null;
  #unfinished = 'it was not carried out before the run ended';
  #conclusion: ReturnType<typeof loadConclusion> | undefined;

  printsToStdio(): boolean {
    return true;
  }

  onBegin({ shard }: FullConfig): void {
    this.#shard = shard && { index: shard.current, count: shard.total };
    this.#progress.begin(readParts().plan.counts.cases);
    this.#conclusion = loadConclusion();
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
    if (result.status === 'timedout') this.#unfinished = 'the run reached its total time bound before it';
    const exitCode = await this.#conclude(result.status === 'interrupted').catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${visible(message)}\n`);
      return exitCodes['suite-fault'];
    });
    withdrawState();
    decideExitCode(exitCode);
    return { status: exitCode === 0 ? 'passed' : result.status === 'interrupted' ? 'interrupted' : 'failed' };
  }

  async #conclude(interrupted: boolean): Promise<number> {
    const { concludeRun } = await (this.#conclusion ?? loadConclusion());
    const durationMs = Math.round(performance.now() - this.#begin);
    const [records, suiteFaults] = [this.#records, this.#suiteFaults];
    return concludeRun({ records, suiteFaults, unfinished: this.#unfinished, interrupted, durationMs }, this.#shard);
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

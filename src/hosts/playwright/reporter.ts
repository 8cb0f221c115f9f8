import path from 'node:path';
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
import type { CaseRecord } from '../../engine/evidence/records.js';
import { SecretRegistry } from '../../engine/evidence/secrets.js';
import { visible } from '../../report/visible.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import { placeBlob, shardsIn, type Blob } from '../shards/blob.js';
import { readOptions, readParts, withdrawState } from '../options.js';
import { Progress } from '../progress.js';
import { recordsAttachment } from '../../engine/evidence/known.js';
import type { ShardNumber } from '../shards/shard.js';

/** Judging and rendering are loaded while the workers start, when this process has nothing else to do. */
const loadConclusion = () => import('../conclude.js');

/**
 * The test runner's side of a run: shows progress, collects the records of all tests and hands them on at the end.
 * The runner swallows what a reporter throws, so every error ends as a fault of the suite here.
 */
export default class ConformanceReporter implements Reporter {
  readonly #begin = performance.now();
  readonly #progress = new Progress(process.stderr);
  readonly #records: CaseRecord[] = [];
  readonly #suiteFaults: string[] = [];
  readonly #secrets = new SecretRegistry();
  #shard: ShardNumber | null = null;
  #blob: Blob | null = null;
  /** Shards of a run that is over; there are some when Playwright merges blob reports. */
  #brought: ReturnType<typeof shardsIn> = [];
  #exitCode: number = exitCodes['suite-fault'];
  #unfinished = 'it was not carried out before the run ended';
  #conclusion: ReturnType<typeof loadConclusion> | undefined;

  printsToStdio(): boolean {
    return true;
  }

  onBegin(config: FullConfig): void {
    this.#brought = shardsIn(config.metadata);
    if (this.#brought.length > 0) return;
    this.#shard = config.shard && { index: config.shard.current, count: config.shard.total };
    this.#blob = placeBlob(config);
    this.#progress.begin(readParts().plan.counts.cases);
    this.#conclusion = loadConclusion();
  }

  onStepEnd(test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.category === 'test.step' && this.#brought.length === 0)
      this.#progress.advance(`${test.title}: ${step.title}`);
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
    this.#exitCode = await this.#conclude(result.status === 'interrupted').catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${visible(message)}\n`);
      return exitCodes['suite-fault'];
    });
    withdrawState();
    this.#decideExitCode();
    return { status: this.#exitCode === 0 ? 'passed' : result.status === 'interrupted' ? 'interrupted' : 'failed' };
  }

  /** Playwright has written its blob report by now, out of what every reporter was told: it is searched like all the rest. */
  async onExit(): Promise<void> {
    if (!this.#blob) return;
    const { faultOfBlob } = await import('../shards/blob-file.js');
    const fault = faultOfBlob(this.#blob, this.#secrets);
    if (fault === null) return;
    process.stderr.write(`${visible(fault)}\n`);
    this.#exitCode = exitCodes['suite-fault'];
  }

  async #conclude(interrupted: boolean): Promise<number> {
    if (this.#brought.length > 0) {
      const { concludeBrought } = await import('../shards/conclude-merged.js');
      return concludeBrought(this.#brought, path.resolve(readOptions().out));
    }
    const { concludeRun } = await (this.#conclusion ?? loadConclusion());
    const durationMs = Math.round(performance.now() - this.#begin);
    const [records, suiteFaults] = [this.#records, this.#suiteFaults];
    const ended = { records, suiteFaults, unfinished: this.#unfinished, interrupted, durationMs };
    return concludeRun(ended, { shard: this.#shard, blob: this.#blob, secrets: this.#secrets });
  }

  /** The test runner ends its process with 0 or 1; the last word is the gate's. */
  #decideExitCode(): void {
    process.on('exit', () => {
      process.exitCode = this.#exitCode;
    });
  }
}

const inOneLine = (error: TestError | undefined): string =>
  stripVTControlCharacters(error?.message ?? error?.value ?? 'failed without a message').split('\n')[0] ?? '';

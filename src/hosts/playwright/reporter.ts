import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import { ConfigurationError } from '../../engine/errors.js';
import { SecretRegistry } from '../../engine/evidence/secrets.js';
import { exitCodes, usageExitCode, worstOf } from '../../engine/verdict/outcome.js';
import { visible } from '../../report/visible.js';
import { counted } from '../../report/words.js';
import { deliver } from '../deliver.js';
import { processIo } from '../io.js';
import { foldersFor } from '../folders.js';
import { byRun, caseOf, inRanges, isCutShort, reportOfGathered, toldBy } from './gathered.js';
import type { Told } from './told.js';

/** Options of the reporter, as a Playwright configuration gives them. */
export interface ReporterOptions {
  /** Folder of the reports, from the folder of the configuration; default `reports`. */
  readonly out?: string;
}

/**
 * Writes the conformance report beside any other reporter, also where Playwright merges the blob reports of a divided run. The
 * exit code of the run becomes the gate's, unless other tests of the project failed.
 * The runner swallows what a reporter throws, so every error ends as a fault of the suite here.
 */
export default class ConformanceReporter implements Reporter {
  readonly #options: ReporterOptions;
  readonly #told: Told[] = [];
  readonly #suiteFaults: string[] = [];
  #misconfiguration: string | null = null;
  #folder = process.cwd();
  #suite: Suite | undefined;
  #unfinished = 'it was not carried out before the run ended';
  #othersFailed = false;
  #skipped = 0;

  constructor(options: ReporterOptions = {}) {
    this.#options = options;
  }

  printsToStdio(): boolean {
    return false;
  }

  onBegin(config: FullConfig, suite: Suite): void {
    this.#folder = config.configFile === undefined ? process.cwd() : path.dirname(config.configFile);
    this.#suite = suite;
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    // The first answer counts: a second try would hide that the first one differed.
    if (result.retry > 0) return;
    if (result.status === 'skipped' && caseOf(test) !== null) this.#skipped += 1;
    const told = this.#toldBy(result);
    if (told === 'strange') return;
    if (told) this.#told.push(told);
    else if (caseOf(test) === null && !isCutShort(test, result))
      this.#othersFailed ||= result.status !== test.expectedStatus;
    else if (result.status === 'timedOut') this.#unfinished = 'it did not finish within the time bound of its test';
    else if (result.status === 'failed') this.#note(result.errors[0], `${test.title}: `);
  }

  /** What a file holds that no test told is the fault of nobody here. */
  #toldBy(result: TestResult): Told | 'strange' | null {
    try {
      return toldBy(result);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      this.#misconfiguration ??= error.message;
      return 'strange';
    }
  }

  onError(error: TestError): void {
    this.#note(error, '');
  }

  async onEnd(result: FullResult): Promise<{ status: FullResult['status'] } | undefined> {
    const exitCode = await this.#conclude(result).catch((error: unknown) => {
      processIo.stderr.write(`${visible(error instanceof Error ? error.message : String(error))}\n`);
      return error instanceof ConfigurationError ? usageExitCode : exitCodes['suite-fault'];
    });
    if (exitCode === null) return undefined;
    // The test runner ends its process with 0 or 1; the last word is the gate's, but for tests that are none of its.
    process.on('exit', () => {
      if (!this.#othersFailed) process.exitCode = exitCode;
    });
    const failed = result.status === 'interrupted' ? 'interrupted' : 'failed';
    return { status: exitCode === 0 && !this.#othersFailed ? 'passed' : failed };
  }

  #note(error: TestError | undefined, where: string): void {
    const text = inOneLine(error);
    const said = text.includes(twoRunners) ? ownRunner : /^ConfigurationError: (.*)$/.exec(text)?.[1];
    if (said === undefined) this.#suiteFaults.push(where + text);
    else this.#misconfiguration ??= said;
  }

  /** @returns the exit code; null where no test of the suite was to run, so that there is nothing to say */
  async #conclude(result: FullResult): Promise<number | null> {
    if (this.#misconfiguration !== null) throw new ConfigurationError(this.#misconfiguration);
    const runs = byRun(this.#told);
    if (runs.length === 0) return this.#concludeUntold(result.status);
    const exits: number[] = [];
    const folders = foldersFor(runs.map(([{ target }]) => target.name));
    for (const [at, told] of runs.entries()) {
      const within = runs.length > 1 ? (folders[at] ?? '') : '';
      exits.push(await this.#report(told, { ...result, within }));
    }
    if (this.#skipped > 0)
      processIo.stdout.write(
        `${counted(this.#skipped, 'test')} skipped: what could not be told, or does not apply, is never shown as passed; the report says why.\n`,
      );
    return worstOf(exits);
  }

  /** Writes the report of one target. @returns its exit code */
  async #report(
    told: readonly [Told, ...Told[]],
    { status, duration, within }: Pick<FullResult, 'status' | 'duration'> & { readonly within: string },
  ): Promise<number> {
    if (!this.#suite) throw new Error('the runner ended a run that it did not begin');
    const { report, missing, total } = reportOfGathered({
      told,
      suite: this.#suite,
      suiteFaults: this.#suiteFaults,
      unfinished: status === 'timedout' ? 'the run reached its total time bound before it' : this.#unfinished,
      status,
      durationMs: Math.round(duration),
    });
    if (missing.length > 0) {
      const they = missing.length > 1 ? 'they' : 'it';
      processIo.stderr.write(
        `Missing: shard ${inRanges(missing)} of ${total}. What ${they} would have told counts as not told.\n`,
      );
    }
    const directory = path.resolve(this.#folder, this.#options.out ?? 'reports', within);
    // What a test told was searched for secrets where they are known.
    return deliver(report, { directory, secrets: new SecretRegistry(), io: processIo });
  }

  #concludeUntold(status: FullResult['status']): number | null {
    const [fault] = this.#suiteFaults;
    if (fault !== undefined) throw new Error(`The suite itself is at fault: ${fault}`);
    const isAsked = this.#suite?.allTests().some((test) => caseOf(test) !== null) === true;
    // Tests that were merely listed have no results, and nothing is amiss.
    if (!isAsked || status === 'passed') return null;
    processIo.stderr.write('The run ended before the first case: nothing was judged, no report was written.\n');
    return status === 'interrupted' ? exitCodes.interrupted : exitCodes.incomplete;
  }
}

/** What the runner says where a linked package finds a runner of its own. */
const twoRunners = 'Requiring @playwright/test second time';
const ownRunner =
  'the suite is linked into this project and brings a Playwright of its own, which has one already: install a copy in place of the link, npm install --install-links (docs/installing.md)';

const inOneLine = (error: TestError | undefined): string =>
  stripVTControlCharacters(error?.message ?? error?.value ?? 'failed without a message').split('\n')[0] ?? '';

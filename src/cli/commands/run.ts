import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { acquireLock } from '../../arrange/graph/lock.js';
import { ConfigurationError } from '../../contract/errors.js';
import { packageRoot } from '../../contract/files.js';
import { readWaivers } from '../../contract/waivers.js';
import { planRun } from '../../plan/plan.js';
import { assertApproved } from '../../run/approval.js';
import { alterationOf } from '../../run/embedded.js';
import { journalName } from '../../run/live.js';
import { readControlKey } from '../../run/prepare.js';
import { optionsEnvironment, type RunOptions } from '../../run/options.js';
import { assertEncrypted, resolveTarget, type Target } from '../../target/target.js';
import { ownershipOption } from './doc.js';
import {
  areaOption,
  editionOption,
  insecureOption,
  readFlags,
  readingOption,
  readWhole,
  targetOption,
  type ContractFlags,
} from '../options.js';

interface RunFlags extends ContractFlags {
  readonly out: string;
  readonly workers?: string;
  readonly insecure?: boolean;
  readonly waivers?: string;
  readonly approve?: string;
  readonly doc?: readonly string[];
  readonly ownership?: readonly string[];
}

const mostWorkers = 64;

/** `run`: the suite against a target; reports, summary, exit code. */
export function runCommand(): Command {
  return new Command('run')
    .description('run the suite against a target, write the reports and set the exit code')
    .addOption(targetOption())
    .addOption(editionOption())
    .addOption(readingOption())
    .addOption(areaOption())
    .option('--workers <n>', 'parallel workers (default: half the cores)')
    .addOption(insecureOption())
    .option('--waivers <file>', 'failures that somebody answers for; the file that waive drafts')
    .option('--approve <hash>', 'the hash that plan shows; asked for where a live tenant is changed')
    .option('--doc <files...>', 'pages of the documentation, shown in doc.html with the verdicts of the run')
    .addOption(ownershipOption())
    .option('--out <dir>', 'folder of the reports', 'reports')
    .action(run);
}

async function run(flags: RunFlags): Promise<void> {
  const options: RunOptions = {
    ...readFlags(flags),
    out: path.resolve(flags.out),
    ...(flags.waivers === undefined ? {} : { waivers: path.resolve(flags.waivers) }),
    ...(flags.insecure === true ? { insecure: true } : {}),
    ...(flags.doc === undefined ? {} : { view: await checkedView(flags.doc, flags.ownership ?? []) }),
  };
  const workers =
    flags.workers === undefined ? [] : ['--workers', String(readWhole('--workers', flags.workers, [1, mostWorkers]))];
  // Everything that a user can get wrong is looked at here, before a test runner is started for it.
  const { target, contract } = resolveTarget(options);
  if (flags.insecure !== true) assertEncrypted(target);
  if (target.embedded) alterationOf(target.embedded);
  readControlKey(target);
  if (options.waivers !== undefined) readWaivers(options.waivers);
  const plan = planRun(contract, target, options.areas ?? null);
  if (plan.cases.size === 0) {
    throw new ConfigurationError(`--area ${flags.area ?? ''}: nothing to run for the edition ${target.edition}`);
  }
  assertApproved(target, plan, flags.approve);
  // Requests that are shared are passed from case to case, so nothing runs beside anything there.
  startRunner({ ...options, ...lockedTenant(target) }, target.expensive ? ['--workers', '1'] : workers);
}

/** Locks a live tenant for this run as long as this process lives. */
function lockedTenant({ requests }: Target): Pick<RunOptions, 'journal'> {
  if (requests.provider !== 'graph') return {};
  const journal = path.join(requests.state, journalName(new Date(), randomUUID()));
  const release = acquireLock(requests.state, requests.tenant, journal);
  process.once('exit', release);
  return { journal };
}

/** Pages that cannot be shown are refused before the run, and not after it. */
async function checkedView(
  files: readonly string[],
  ownership: readonly string[],
): Promise<RunOptions['view'] & object> {
  const { assertViewable } = await import('../../doc/html/write.js');
  const view = {
    files: files.map((file) => path.resolve(file)),
    ownership: ownership.map((file) => path.resolve(file)),
  };
  await assertViewable(view);
  return view;
}

/**
 * Runs the suite on Playwright's runner, in this process: what the runner's own command does, with our exit code. The
 * runner ends the process by itself when it is done, so this never returns.
 */
function startRunner(options: RunOptions, extra: readonly string[]): void {
  const config = path.join(packageRoot, 'dist', 'playwright.config.js');
  Object.assign(process.env, optionsEnvironment(options));
  // The built suite is JavaScript: without its TypeScript loader the runner starts faster.
  process.env['PW_DISABLE_TS_ESM'] = '1';
  process.argv.splice(2, Number.POSITIVE_INFINITY, 'test', '--config', config, ...extra);
  createRequire(import.meta.url)('@playwright/test/cli');
}

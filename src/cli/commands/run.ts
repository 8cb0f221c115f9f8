import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { acquireLock } from '../../arrange/graph/lock.js';
import { ConfigurationError } from '../../engine/errors.js';
import { packageRoot } from '../../engine/files.js';
import { readWaivers } from '../../engine/contract/waivers.js';
import { planRun } from '../../engine/plan/plan.js';
import { assertApproved } from '../../arrange/graph/approval.js';
import { alterationOf } from '../../emulators/endpoint/named.js';
import { journalName } from '../../arrange/graph/open.js';
import { readControlKey } from '../../hosts/prepare.js';
import { optionsEnvironment, readParts, type RunOptions } from '../../hosts/options.js';
import type { SessionParts } from '../../engine/perform/session.js';
import { assertEncrypted, resolveTarget, type Target } from '../../target/target.js';
import { ownershipOption } from './doc.js';
import {
  areaOption,
  editionOption,
  insecureOption,
  readFlags,
  readingOption,
  readShare,
  readWhole,
  targetsOption,
  type ContractFlags,
} from '../options.js';

interface RunFlags extends Omit<ContractFlags, 'target'> {
  readonly target?: readonly string[];
  readonly out: string;
  readonly workers?: string;
  readonly shard?: string;
  readonly blob?: string;
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
    .addOption(targetsOption())
    .addOption(editionOption())
    .addOption(readingOption())
    .addOption(areaOption())
    .option('--workers <n>', 'parallel workers (default: half the cores)')
    .option('--shard <i/n>', 'carry out the i-th of n shares of the plan, and leave what was seen for merge')
    .option('--blob <dir>', "leave the shard in a blob report of Playwright's in this folder")
    .addOption(insecureOption())
    .option('--waivers <file>', 'failures that somebody answers for; the file that waive drafts')
    .option('--approve <hash>', 'the hash that plan shows; asked for where a live tenant is changed')
    .option('--doc <files...>', 'pages of the documentation, shown in doc.html with the verdicts of the run')
    .addOption(ownershipOption())
    .option('--out <dir>', 'folder of the reports', 'reports')
    .action(run);
}

async function run({ target: named = [], ...flags }: RunFlags): Promise<void> {
  if (flags.blob !== undefined && flags.shard === undefined) {
    throw new ConfigurationError(
      `--blob ${flags.blob}: a blob report is left by a shard; give --shard too, 1/1 for a whole run`,
    );
  }
  if (named.length > 1) return runEach(named, flags);
  const [only] = named;
  const options: RunOptions = {
    ...readFlags({ ...flags, ...(only === undefined ? {} : { target: only }) }),
    out: path.resolve(flags.out),
    ...(flags.waivers === undefined ? {} : { waivers: path.resolve(flags.waivers) }),
    ...(flags.insecure === true ? { insecure: true } : {}),
    ...(flags.blob === undefined ? {} : { blob: path.resolve(flags.blob) }),
    ...(flags.doc === undefined ? {} : { view: await checkedView(flags.doc, flags.ownership ?? []) }),
  };
  const workers = readWorkers(flags);
  Object.assign(process.env, optionsEnvironment(options));
  const { target, plan } = readParts();
  assertRunnable({ target, plan }, flags);
  const shard = flags.shard === undefined ? [] : ['--shard', readShard(flags.shard, { plan, target })];
  Object.assign(process.env, optionsEnvironment({ ...options, ...lockedTenant(target) }));
  // Requests that are shared are passed from case to case, so nothing runs beside anything there.
  startRunner([...(target.expensive ? ['--workers', '1'] : workers), ...shard]);
}

/** Several targets: each in a process of its own, once all of them are known to be right. */
async function runEach(named: readonly string[], flags: Omit<RunFlags, 'target'>): Promise<void> {
  if (flags.shard !== undefined) {
    throw new ConfigurationError(
      `--shard ${flags.shard}: several targets cannot be divided together; divide one at a time`,
    );
  }
  readWorkers(flags);
  if (flags.waivers !== undefined) readWaivers(flags.waivers);
  const targets = named.map((one) => {
    const choice = readFlags({ ...flags, target: one });
    const { target, contract } = resolveTarget(choice);
    assertRunnable({ target, plan: planRun(contract, target, choice.areas ?? null) }, flags);
    if (target.requests.provider === 'graph') {
      throw new ConfigurationError(`--target ${one}: a live tenant is run by itself; leave the other targets out`);
    }
    return { named: one, name: target.name };
  });
  const given = (['edition', 'area', 'workers', 'waivers'] as const).flatMap((name) => {
    const value = flags[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const readings = flags.reading === undefined ? [] : ['--reading', ...flags.reading];
  const args = [...given, ...readings, ...(flags.insecure === true ? ['--insecure'] : [])];
  const { runSeveral } = await import('../several-targets.js');
  process.exitCode = await runSeveral(targets, args, path.resolve(flags.out));
}

const readWorkers = ({ workers }: Pick<RunFlags, 'workers'>): readonly string[] =>
  workers === undefined ? [] : ['--workers', String(readWhole('--workers', workers, [1, mostWorkers]))];

/** Everything that a user can get wrong about a target is looked at here, before a test runner is started for it. */
function assertRunnable({ target, plan }: Pick<SessionParts, 'plan' | 'target'>, flags: RunFlags): void {
  if (flags.insecure !== true) assertEncrypted(target);
  if (target.embedded) alterationOf(target.embedded);
  readControlKey(target);
  if (plan.cases.size === 0) {
    throw new ConfigurationError(`--area ${flags.area ?? ''}: nothing to run for the edition ${target.edition}`);
  }
  assertApproved(target, plan, flags.approve);
}

function readShard(text: string, { plan, target }: Pick<SessionParts, 'plan' | 'target'>): string {
  const { index, count } = readShare('--shard', text);
  if (target.expensive) {
    throw new ConfigurationError(
      `--shard ${text}: ${target.name} shares its requests among all cases, which shards would take from each other; run it whole`,
    );
  }
  if (count > plan.groups.length) {
    throw new ConfigurationError(
      `--shard ${text}: the plan has ${plan.groups.length} groups of cases, so ${plan.groups.length} shards are the most`,
    );
  }
  return `${index}/${count}`;
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
  const { assertViewable } = await import('../../wings/doc/index.js');
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
function startRunner(extra: readonly string[]): void {
  const config = path.join(packageRoot, 'dist', 'playwright.config.js');
  // The built suite is JavaScript: without its TypeScript loader the runner starts faster.
  process.env['PW_DISABLE_TS_ESM'] = '1';
  process.argv.splice(2, Number.POSITIVE_INFINITY, 'test', '--config', config, ...extra);
  createRequire(import.meta.url)('@playwright/test/cli');
}

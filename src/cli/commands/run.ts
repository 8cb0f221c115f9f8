import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { ConfigurationError } from '../../contract/errors.js';
import { packageRoot } from '../../contract/files.js';
import { alterationOf } from '../../run/embedded.js';
import { readControlKey } from '../../run/prepare.js';
import { optionsEnvironment, readParts, type RunOptions } from '../../run/options.js';
import type { SessionParts } from '../../run/session.js';
import { assertEncrypted } from '../../target/target.js';
import {
  areaOption,
  editionOption,
  insecureOption,
  readFlags,
  readingOption,
  readShare,
  readWhole,
  targetOption,
  type ContractFlags,
} from '../options.js';

interface RunFlags extends ContractFlags {
  readonly out: string;
  readonly workers?: string;
  readonly shard?: string;
  readonly insecure?: boolean;
  readonly waivers?: string;
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
    .option('--shard <i/n>', 'carry out the i-th of n shares of the plan, and leave what was seen for merge')
    .addOption(insecureOption())
    .option('--waivers <file>', 'failures that somebody answers for; the file that waive drafts')
    .option('--out <dir>', 'folder of the reports', 'reports')
    .action(run);
}

function run(flags: RunFlags): void {
  const options: RunOptions = {
    ...readFlags(flags),
    out: path.resolve(flags.out),
    ...(flags.waivers === undefined ? {} : { waivers: path.resolve(flags.waivers) }),
    ...(flags.insecure === true ? { insecure: true } : {}),
  };
  const workers =
    flags.workers === undefined ? [] : ['--workers', String(readWhole('--workers', flags.workers, [1, mostWorkers]))];
  // Everything that a user can get wrong is looked at here, before a test runner is started for it.
  Object.assign(process.env, optionsEnvironment(options));
  const { target, plan } = readParts();
  if (flags.insecure !== true) assertEncrypted(target);
  if (target.embedded) alterationOf(target.embedded);
  readControlKey(target);
  if (plan.cases.size === 0) {
    throw new ConfigurationError(`--area ${flags.area ?? ''}: nothing to run for the edition ${target.edition}`);
  }
  const shard = flags.shard === undefined ? [] : ['--shard', readShard(flags.shard, { plan, target })];
  // Requests that are shared are passed from case to case, so nothing runs beside anything there.
  startRunner([...(target.expensive ? ['--workers', '1'] : workers), ...shard]);
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

import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';
import { ConfigurationError } from '../../contract/errors.js';
import { planRun } from '../../plan/plan.js';
import { alterationOf } from '../../run/embedded.js';
import { optionsEnvironment, type RunOptions } from '../../run/options.js';
import type { RunEnded } from '../../run/reporter.js';
import { resolveTarget } from '../../target/target.js';
import { areaOption, editionOption, readFlags, readingOption, readWhole, targetOption, type ContractFlags } from '../options.js';

interface RunFlags extends ContractFlags {
  readonly out: string;
  readonly workers?: string;
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
    .option('--out <dir>', 'folder of the reports', 'reports')
    .action(async (flags: RunFlags) => {
      process.exitCode = await run(flags);
    });
}

async function run(flags: RunFlags): Promise<number> {
  const options: RunOptions = { ...readFlags(flags), out: path.resolve(flags.out) };
  const workers = flags.workers === undefined ? [] : ['--workers', String(readWhole('--workers', flags.workers, [1, mostWorkers]))];
  // Everything that a user can get wrong is looked at here, before a test runner is started for it.
  const { target, contract } = resolveTarget(options);
  if (target.embedded) alterationOf(target.embedded);
  if (planRun(contract, target, options.areas ?? null).cases.size === 0) {
    throw new ConfigurationError(`--area ${flags.area ?? ''}: nothing to run for the edition ${target.edition}`);
  }
  return startRunner(options, workers);
}

/** Runs the suite on Playwright's runner in a process of its own; its reporter tells the exit code. */
function startRunner(options: RunOptions, extra: readonly string[]): Promise<number> {
  const config = path.join(import.meta.dirname, '..', '..', '..', 'playwright.config.js');
  const runner = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const child = spawn(process.execPath, [runner, 'test', '--config', config, ...extra], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    // The built suite is JavaScript: without its TypeScript loader the runner starts faster.
    env: { ...process.env, ...optionsEnvironment(options), PW_DISABLE_TS_ESM: '1' },
  });
  // An interrupt reaches the runner as well; it ends the run in order, and this process waits for its word.
  const waitForRunner = (): undefined => undefined;
  process.on('SIGINT', waitForRunner);
  return new Promise((resolve, reject) => {
    let ended: RunEnded | undefined;
    child.on('message', (message) => {
      ended = message as RunEnded;
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', waitForRunner);
      if (ended) resolve(ended.exitCode);
      else reject(new Error(`the test runner ended without a word (${signal ?? `exit code ${code ?? 'unknown'}`})`));
    });
  });
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../src/engine/files.js';
import { environmentOf, type CliOptions } from './cli.js';

interface RunnerExit {
  readonly exitCode: number | null;
  readonly printed: string;
}

const { resolve } = createRequire(import.meta.url);
const runner = resolve('@playwright/test/cli');
const config = path.join(packageRoot, 'dist', 'playwright.config.js');

/** The built suite's own reporter: what the test runner makes of the name that the package gives it. */
export const ownReporter = resolve('cancel-conformance/reporter');

/** Runs a command of the test runner's own. */
async function runRunner(
  args: readonly string[],
  { cwd, environment = {} }: Pick<CliOptions, 'cwd' | 'environment'>,
): Promise<RunnerExit> {
  const child = spawn(process.execPath, [runner, ...args], {
    cwd,
    env: environmentOf(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, printed: stdout + stderr };
}

/** Runs the built suite against a target, in the folder of its file, by the test runner's own command. */
export const runByRunner = (target: string, ...args: readonly string[]): Promise<RunnerExit> =>
  runRunner(['test', '--config', config, ...args], {
    cwd: path.dirname(target),
    environment: { CANCEL_TARGET: target },
  });

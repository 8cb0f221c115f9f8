import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../../src/engine/package.js';
import { environmentOf, type CliOptions } from './cli.js';
import { madeOnce } from './made-once.js';

/** How a command of the test runner's own ended. */
export interface RunnerExit {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const runner = createRequire(import.meta.url).resolve('@playwright/test/cli');

/** The suite's own reporter, as a Playwright project names it. */
export const ownReporter = 'cancel-conformance/reporter';

/** Runs a command of the test runner's own, as `npx playwright` does. */
export async function runRunner(
  args: readonly string[],
  { cwd, environment = {} }: Pick<CliOptions, 'cwd' | 'environment'>,
): Promise<RunnerExit> {
  const child = spawn(process.execPath, [runner, ...args], {
    cwd,
    env: environmentOf(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, stdout, stderr };
}

/** What the package holds that its code needs, and `src` by absence: it is how the code knows that it is no checkout. */
const packed = ['package.json', 'dist', 'specs', 'schemas', 'proof', 'targets'];

/**
 * What `npm install` leaves for a project with the package and the runner: the package itself as a copy, since what lies below
 * a folder of that name is never compiled by the runner, and all else by links.
 */
async function installOnce(folder: string): Promise<string> {
  const [modules, installed] = [path.join(folder, 'node_modules'), path.join(packageRoot, 'node_modules')];
  const own = path.join(modules, 'cancel-conformance');
  for (const name of packed) await cp(path.join(packageRoot, name), path.join(own, name), { recursive: true });
  for (const name of await readdir(installed)) {
    if (!name.startsWith('.') || name === '.bin')
      await symlink(path.join(installed, name), path.join(modules, name), 'dir');
  }
  return modules;
}

/** Makes a folder a Playwright project of somebody's own, with the package and the runner installed. */
export async function installInto(folder: string): Promise<void> {
  await symlink(await madeOnce('installed modules', installOnce), path.join(folder, 'node_modules'), 'dir');
}

/** The project of the documents' example, in a folder of its own. */
export async function copyExample(folder: string): Promise<void> {
  await cp(path.join(packageRoot, 'docs', 'examples', 'playwright'), folder, { recursive: true });
  await installInto(folder);
}

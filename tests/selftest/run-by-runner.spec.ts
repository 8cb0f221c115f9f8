import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { packageRoot } from '../../src/contract/files.js';
import { environmentOf, expect, test, writeTarget } from './cli.js';

interface RunnerExit {
  readonly exitCode: number | null;
  readonly printed: string;
}

const runner = createRequire(import.meta.url).resolve('@playwright/test/cli');
const config = path.join(packageRoot, 'dist', 'playwright.config.js');

/** Runs the built suite by the test runner's own command. */
async function runByRunner(target: string, ...args: readonly string[]): Promise<RunnerExit> {
  const child = spawn(process.execPath, [runner, 'test', '--config', config, ...args], {
    cwd: path.dirname(target),
    env: environmentOf({ CANCEL_TARGET: target }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, printed: stdout + stderr };
}

for (const [fault, row] of [
  // Seen in one answer, and seen only in all answers of the run together.
  ['personal-account-accepted', 'CANCEL-PERM-005'],
  ['mixed-success-status', 'CANCEL-RESP-002'],
] as const) {
  test(`is red by the runner's own command for ${fault}`, async ({ folder }) => {
    const { exitCode, printed } = await runByRunner(writeTarget(folder, { embedded: { fault } }));
    expect(exitCode).toBe(1);
    expect(printed).toContain(row);
  });
}

test('is green by the runner where the target conforms, with another reporter beside ours', async ({ folder }) => {
  const reporters = `line,${path.join(packageRoot, 'dist', 'src', 'run', 'reporter.js')}`;
  const { exitCode, printed } = await runByRunner(writeTarget(folder, { embedded: {} }), `--reporter=${reporters}`);
  expect(exitCode, printed).toBe(0);
});

test('starts no run whose reporter was replaced, since nobody would judge the whole of it', async ({ folder }) => {
  const { exitCode, printed } = await runByRunner(writeTarget(folder, { embedded: {} }), '--reporter=line');
  expect(printed).toContain("--reporter: the suite's own reporter is missing");
  expect(exitCode).toBe(1);
});

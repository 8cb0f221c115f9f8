import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exitCodesPage, renderExitCodes } from '../../../scripts/exit-codes-page.js';
import { commandNames } from '../../../src/cli/declarations.js';
import { exitCodeMeanings, exitCodesByCommand, type CommandName } from '../../../src/cli/exit-codes.js';
import { interruptions, worstFirst } from '../../../src/engine/verdict/outcome.js';
import { packageRoot } from '../../../src/engine/package.js';
import { exitCodes, usageExitCode } from '../../../src/engine/verdict/outcome.js';
import { cliMain, environmentOf, expect, runCli, spawnCli, startServe, test } from '../support/cli.js';

// That no command ends with a code beyond its own is looked at wherever the tests run one: see tests/selftest/support/cli.ts.

const inOneLine = (text: string): string => text.replace(/\s+/g, ' ');
const listed = (name: CommandName): readonly number[] => exitCodesByCommand[name].map(({ code }) => code);

test('the page of the docs is made from the table as it is', () => {
  const page = readFileSync(path.join(packageRoot, exitCodesPage), 'utf8');
  expect(page, 'npm run pages makes it anew').toBe(renderExitCodes());
});

test('the table speaks of the commands that the help lists, in their order, and of no other', async ({ folder }) => {
  const { stdout } = await runCli(['--help'], { cwd: folder });
  const commands = /^Commands:\n(.*?)\n\n/ms.exec(stdout)?.[1] ?? '';
  const names = [...commands.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name ?? '').filter((name) => name !== 'help');
  expect(names).toEqual(Object.keys(exitCodesByCommand));
  expect(names).toEqual(commandNames);
  for (const { code, when } of exitCodeMeanings) expect(inOneLine(stdout)).toContain(` ${code} ${when}`);
});

test('every command may end for a wrong use and for a fault of the suite, and with no code without a meaning', () => {
  const meant = exitCodeMeanings.map(({ code }) => code);
  expect(meant).toEqual(
    [...new Set([...Object.values(exitCodes), ...Object.values(interruptions), usageExitCode])].sort((a, b) => a - b),
  );
  expect([...worstFirst].sort((a, b) => a - b)).toEqual(meant);
  for (const name of commandNames) {
    expect(meant, name).toEqual(expect.arrayContaining([...listed(name)]));
    expect(listed(name), name).toEqual(expect.arrayContaining([0, usageExitCode, exitCodes['suite-fault']]));
    expect(listed(name), `${name}: in order`).toEqual([...listed(name)].sort((a, b) => a - b));
  }
});

for (const name of commandNames) {
  test(`${name} shows its exit codes in its help, and ends with ${usageExitCode} for an option that it has not`, async ({
    folder,
  }) => {
    const { exitCode, stdout } = await runCli([name, '--help'], { cwd: folder });
    expect(exitCode).toBe(0);
    const [before = '', codes = '', ...more] = stdout.split('\nExit codes:\n');
    expect(more).toEqual([]);
    expect(before).not.toMatch(/ends with/i);
    const shown = exitCodesByCommand[name].map(({ code, when }) => `${code} ${when}`).join(' ');
    expect(inOneLine(codes).trim()).toBe(shown);

    const refused = await runCli([name, ...(needed[name] ?? []), '--no-such-option'], { cwd: folder });
    expect(refused.stderr).toMatch(/^error: unknown option '--no-such-option'/);
    expect(refused.exitCode).toBe(usageExitCode);
  });

  // What main throws ends the process with this code, whatever the command: see surroundings.spec.ts.
  test(`${name} throws what breaks in it, which is a fault of the suite`, async ({ folder }) => {
    const args = [name, ...(needed[name] ?? []), ...(wrong[name] ?? [])];
    const broken = (): never => {
      throw new Error('made up');
    };
    await expect(runCli(args, { cwd: folder, reader: broken })).rejects.toThrow(/^made up$/);
  });
}

/** What a command cannot be called without. */
const needed: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  night: ['none'],
  accept: ['--owner', 'x', '--reason', 'y'],
  annotate: ['--for', 'github'],
  compare: ['a', 'b'],
  doc: ['page.md'],
  history: ['history.jsonl'],
  recover: ['journal.jsonl'],
};

/** What is said to be wrong at once, for commands that would go on for long. */
const wrong: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  run: ['--target', 'nowhere.yaml'],
  serve: ['--port', '65536'],
  prove: ['--fault', 'none'],
};

/**
 * Commands in a folder that holds a file called `file`, and the code of each; RUN stands for a finished run that is conformant. What
 * plan and run end with is seen below, and processes of doctor and prove that end well where these are looked at.
 */
const calls: readonly (readonly [code: number, ...args: readonly string[]])[] = [
  [3, 'doctor', '--target', 'http://127.0.0.1:9'],
  [0, 'init', '--dir', 'new'],
  [2, 'init', '--dir', 'file'],
  [0, 'judge', 'RUN'],
  [1, 'judge', 'RUN', '--reading', 'C-1=200'],
  [0, 'waive', 'RUN/report.json'],
  [2, 'waive', 'file'],
  [0, 'compare', 'RUN', 'RUN'],
  [2, 'compare', 'RUN'],
  [2, 'compare', 'RUN', 'RUN', '--out', 'file'],
  [2, 'history', 'file'],
  [2, 'night', 'file'],
  [2, 'accept', '--owner', 'x', '--reason', 'y'],
  [0, 'annotate', 'RUN', '--for', 'azure'],
  [2, 'annotate', 'file', '--for', 'azure'],
  [2, 'doc', 'file'],
  [0, 'report', 'RUN', '--out', 'again'],
  [2, 'report', 'RUN', '--doc', 'file'],
  [2, 'serve', '--port', '65536'],
  [2, 'prepare'],
  [2, 'recover', 'file'],
];

for (const [code, ...args] of calls) {
  test(`${args.join(' ')} ends with ${code}`, async ({ folder, embeddedRun }) => {
    writeFileSync(path.join(folder, 'file'), 'neither a folder nor a report');
    const given = args.map((arg) => arg.replace('RUN', embeddedRun.out));
    expect((await spawnCli(given, { cwd: folder })).exitCode).toBe(code);
  });
}

test('serve ends with 0 when it is stopped', async ({ folder }) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const { child, exit } = await startServe([], { cwd: folder });
    child.kill(signal);
    expect((await exit).exitCode, signal).toBe(0);
  }
});

for (const [code, ...args] of [
  [0, 'plan'],
  [2, 'plan', '--area', 'NONE'],
  [3, 'run', '--area', 'PERM'],
] as const) {
  test(`${args.join(' ')} ends with ${code} though nobody reads what it prints`, async ({ folder }) => {
    const child = spawn(process.execPath, [cliMain, ...args], { cwd: folder, env: environmentOf({}) });
    child.stdout.destroy();
    child.stderr.destroy();
    expect(await once(child, 'exit')).toEqual([code, null]);
  });
}

import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Comparison } from '../../../src/wings/compare/model.js';
import { expect, failedRows, readReport, runCli, test } from '../support/cli.js';

/** A target file of its own name. */
function write(folder: string, name: string, embedded: object): string {
  const file = path.join(folder, `${name}.yaml`);
  writeFileSync(file, JSON.stringify({ name, embedded }));
  return file;
}

test('runs against each target and compares them; the worst exit code counts', async ({ folder }) => {
  const targets = [
    write(folder, 'Right one', {}),
    write(folder, 'broken', { fault: 'personal-account-accepted' }),
  ].flatMap((file) => ['--target', file]);
  const { exitCode, stdout } = await runCli(['run', ...targets, '--area', 'PERM'], { cwd: folder });
  // Nonconformant weighs more than incomplete, which a filtered run is.
  expect(exitCode, stdout).toBe(1);
  const reports = path.join(folder, 'reports');
  expect(readdirSync(reports).sort()).toEqual([
    'broken',
    'comparison.html',
    'comparison.json',
    'comparison.md',
    'right-one',
  ]);
  expect(readReport(path.join(reports, 'right-one')).run.exitCode).toBe(3);
  expect(failedRows(readReport(path.join(reports, 'broken')))).toEqual(['CANCEL-PERM-005']);
  const comparison = JSON.parse(readFileSync(path.join(reports, 'comparison.json'), 'utf8')) as Comparison;
  expect(comparison.runs.map(({ target }) => target.name)).toEqual(['Right one', 'broken']);
  expect(comparison.same).toBe(false);
});

test('keeps apart targets of one name', async ({ folder }) => {
  const file = write(folder, 'same', {});
  const args = ['run', '--target', file, '--target', file, '--area', 'RESP'];
  const { exitCode, stdout } = await runCli(args, { cwd: folder });
  expect(exitCode, stdout).toBe(3);
  expect(readdirSync(path.join(folder, 'reports'))).toEqual(expect.arrayContaining(['same', 'same-2']));
});

test('starts nothing when one of the targets is wrong', async ({ folder }) => {
  const file = write(folder, 'right', {});
  for (const [args, message] of [
    [['--target', file, '--target', 'nowhere.yaml'], 'nowhere.yaml: no such target file'],
  ] as const) {
    const { exitCode, stderr } = await runCli(['run', ...args], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(readdirSync(folder)).toEqual(['right.yaml']);
  }
});

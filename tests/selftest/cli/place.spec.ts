import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../../../src/report/model.js';
import { expect, runCli, test } from '../support/cli.js';

const reportIn = (folder: string): Report =>
  JSON.parse(readFileSync(path.join(folder, 'reports', 'again', 'report.json'), 'utf8')) as Report;

test('--sarif-at says where findings are shown, and without it that is the target file', async ({ folder }) => {
  mkdirSync(path.join(folder, 'deploy'));
  writeFileSync(path.join(folder, 'deploy', 'gateway.bicep'), 'x\n');
  writeFileSync(path.join(folder, 'my.yaml'), '# mine\nname: mine\nembedded: {}\n');
  const run = ['run', '--target', 'my.yaml', '--only', 'CANCEL-PERM-008'];
  expect((await runCli(run, { cwd: folder })).exitCode).toBe(3);
  expect(reportIn(folder).target.at).toEqual({ file: 'my.yaml', line: 2 });
  expect((await runCli([...run, '--sarif-at', 'deploy/gateway.bicep:12'], { cwd: folder })).exitCode).toBe(3);
  expect(reportIn(folder).target.at).toEqual({ file: 'deploy/gateway.bicep', line: 12 });
});

for (const [value, why] of [
  ['none.yaml', 'there is no such file'],
  ['.', 'there is no such file'],
  ['file:0', 'lines count from 1'],
  ['/etc/hostname', 'it does not lie below this folder'],
] as const) {
  test(`--sarif-at ${value} is refused in words, before anything is sent`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'file'), 'x');
    const { exitCode, stderr } = await runCli(['run', '--sarif-at', value], { cwd: folder });
    expect([exitCode, stderr]).toEqual([
      2,
      `--sarif-at ${value}: ${why}; give a file below this folder, or FILE:LINE\n`,
    ]);
  });
}

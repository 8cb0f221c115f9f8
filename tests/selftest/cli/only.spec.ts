import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { optionsOf } from '../../../src/report/again.js';
import { expect, runCli, test, writeTarget } from '../support/cli.js';

const single = 'perm-refused-owner-then-stranger';

for (const [what, only, cases] of [
  ['a case', single, [single]],
  ['a check', `${single}/unchanged-by-strangers`, [single]],
  ['two, separated by a comma', `${single}, body-refuses-malformed-json`, [single, 'body-refuses-malformed-json']],
] as const) {
  test(`--only carries out ${what} and its control, and claims nothing`, async ({ run }) => {
    const { report, exitCode, stdout } = await run(['--only', only]);
    expect(report.run.only).toEqual(cases);
    const ran = report.cases.map(({ id }) => id);
    expect(ran).toEqual(expect.arrayContaining([...cases]));
    expect(ran.length).toBeLessThan(6);
    expect(report.run).toMatchObject({ partial: true, outcome: 'incomplete' });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('Nothing that was chosen failed; such a run makes no claim about embedded.');
    expect(stdout).toContain(`Only ${cases.length} chosen case`);
  });
}

test('--only with a requirement carries out every case that tells it, and finds what breaks it', async ({
  run,
  folder,
}) => {
  const target = writeTarget(folder, { embedded: { fault: 'role-cached-by-request' } });
  const options = ['--target', target, '--reading', 'C-1=204'];
  const { report, exitCode, stdout } = await run([...options, '--only', 'cancel-perm-003']);
  expect(exitCode).toBe(1);
  const told = report.requirements.find(({ id }) => id === 'CANCEL-PERM-003');
  expect(told?.verdict).toBe('failed');
  expect(report.run.only).toContain('perm-malformed-administrator-then-other-user');
  expect(stdout).toContain(
    `Again     cancel-conformance run --target ${target} --reading 'C-1=204' --only CANCEL-PERM-003\n`,
  );
  // The files name the same options: what was chosen for a run is chosen for its part.
  expect(optionsOf(report)).toEqual(options);
});

test('--only leaves the report of the whole run as it is', async ({ folder }) => {
  mkdirSync(path.join(folder, 'reports'));
  const whole = path.join(folder, 'reports', 'report.json');
  writeFileSync(whole, 'of the whole run');
  const { stdout } = await runCli(['run', '--only', single], { cwd: folder });
  expect(readFileSync(whole, 'utf8')).toBe('of the whole run');
  const again = path.join('reports', 'again', 'index.html');
  expect(existsSync(path.join(folder, again))).toBe(true);
  expect(stdout).toContain(again);
});

for (const [args, says] of [
  [
    ['--only', 'CANCEL-PERM-03'],
    '--only CANCEL-PERM-03: no requirement, case or check of this run; did you mean CANCEL-PERM-003;',
  ],
  [['--only', `${single}x/cancels`], `; did you mean ${single};`],
  [
    ['--only', `${single}/unchanged-by-stranger`],
    `no requirement, case or check of this run; did you mean ${single}/unchanged-by-strangers;`,
  ],
  [['--only', ','], '--only: name at least one requirement, case or check'],
  [['--only', single, '--area', 'PERM'], "option '--only <ids>' cannot be used with option '--area <areas>'"],
] as const) {
  test(`refuses ${args.join(' ')} before anything is sent`, async ({ folder }) => {
    const { exitCode, stdout, stderr } = await runCli(['run', ...args], { cwd: folder });
    expect(stderr).toContain(says);
    expect([exitCode, stdout]).toEqual([2, '']);
  });
}

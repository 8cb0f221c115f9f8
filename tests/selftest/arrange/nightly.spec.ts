import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { expect, test, type LiveTenant } from '../support/live-tenant.js';
import { command, runScript, type EndedStep } from '../support/pipelines.js';

const script = readFileSync(path.join(packageRoot, 'ci', 'nightly.sh'), 'utf8');

/** Few cases: what is tested here is the night around them. */
const options = '--area BODY';

const night = (
  { tokens }: LiveTenant,
  folder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<EndedStep> =>
  runScript(script, {
    cwd: folder,
    environment: { ...tokens, CONFORMANCE: command, OPTIONS: options, APPROVED: 'emulated', PREPARE: '0', ...settings },
  });

/** The nights that are kept, the earliest first. */
const nightsIn = (folder: string): readonly string[] =>
  readdirSync(path.join(folder, 'nights'))
    .filter((name) => /^\d{4}-/.test(name))
    .sort();

const quick = ['--delays', '50'];

test('the first night has nothing to compare with, the second one is the same, and a service that moved is told', async ({
  serveTenant,
  folder,
}) => {
  test.slow();
  const tenant = await serveTenant(quick);
  tenant.target(folder);
  const first = await night(tenant, folder, { PREPARE: '1' });
  expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('the first night: ') });
  expect(first.stdout).toContain('Prepared 1 for');

  const second = await night(tenant, folder);
  expect(second).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^as on \d+ \w+ 20\d\d: (\d+) of \1 checks told$/m),
  });
  expect(nightsIn(folder)).toHaveLength(2);

  const moved = await serveTenant([...quick, '--fault', 'success-without-request-id']);
  moved.target(folder);
  // What was prepared stands in the other tenant.
  const third = await night(moved, folder, { STATE: 'none' });
  expect(third).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/^\d+ new: /m) });
  const [last = ''] = nightsIn(folder).slice(-1);
  expect(readFileSync(path.join(folder, 'nights', last, 'comparison.md'), 'utf8')).toContain('request-id');
  expect(readFileSync(path.join(folder, 'nights', 'nights.md'), 'utf8')).toContain(`| ${last} | moved |`);
  const history = readFileSync(path.join(folder, 'nights', 'history.html'), 'utf8');
  for (const name of nightsIn(folder)) expect(history).toContain(`href="${name}/index.html"`);
});

test('a night ends at once where the plan is not the approved one', async ({ serveTenant, folder }) => {
  const tenant = await serveTenant(quick);
  tenant.target(folder);
  const ended = await night(tenant, folder, { APPROVED: '0123456789ab' });
  expect(ended.exitCode).toBe(2);
  expect(nightsIn(folder)).toEqual([]);
  expect(await tenant.own()).toEqual([]);
});

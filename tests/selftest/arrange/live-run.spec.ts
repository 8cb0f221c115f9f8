import { runCli } from '../support/cli.js';
import { createdInNight } from '../support/live-night.js';
import { approved, expect, test } from '../support/live-tenant.js';

test('a run on a live tenant tells what the embedded run tells, and leaves nothing', async ({
  serveTenant,
  run,
  embeddedRun,
  folder,
}) => {
  // Accepted lasts long enough to be met; all else is as quick as a tenant can be. The long night is a daily one.
  const args = ['--others', '20', '--delays', 'accepting=400,delivering=50,notifying=50'];
  expect(await createdInNight({ serveTenant, run, embeddedRun, folder }, args)).toBeLessThanOrEqual(14);
});

test('plan states how many requests a run creates, and sends nothing', async ({ serveTenant, folder }) => {
  const tenant = await serveTenant();
  const { exitCode, stdout } = await runCli(['plan', '--target', tenant.target(folder)], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Requests created in the tenant .*: 14 at most/);
  expect(await tenant.accesses()).toEqual([]);
});

test('a requestor who holds SubjectAccess alone reads through filterByCurrentUser', async ({
  serveTenant,
  run,
  folder,
}) => {
  test.slow();
  const tenant = await serveTenant(['--edition', 'beta-2026-06', '--delays', '100']);
  const file = tenant.target(folder, { readAs: 'owner' });
  const { report } = await run(
    [...approved, '--target', file, '--edition', 'beta-2026-06', '--area', 'PERM'],
    tenant.tokens,
  );
  const verdicts = Object.fromEntries(report.requirements.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toMatchObject({ 'CANCEL-PERM-009': 'passed', 'CANCEL-PERM-010': 'passed' });
  const reads = (await tenant.accesses()).filter(({ method }) => method === 'GET');
  expect(reads.filter(({ target }) => target.includes("filterByCurrentUser(on='target')"))).not.toEqual([]);
  expect(reads.filter(({ target }) => /\/accessPackageAssignmentRequests\/[0-9a-f-]{36}(\?|$)/.test(target))).toEqual(
    [],
  );
  expect(await tenant.own()).toEqual([]);
});

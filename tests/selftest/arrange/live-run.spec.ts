import { statSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../support/cli.js';
import { expect, filesBelow, filesWith, journalsIn, test } from '../support/live-tenant.js';

/** Rows that need a status into which a live tenant cannot be brought. */
const notOnDemand = ['STATE-006', 'STATE-008', 'STATE-010', 'STATE-011', 'STATE-012'].map((row) => `CANCEL-${row}`);

const dayMs = 24 * 3_600_000;

test('a run on a live tenant with everything in its way tells what the embedded run tells, and leaves nothing', async ({
  serveTenant,
  run,
  embeddedRun,
  folder,
}) => {
  // Most of it is waiting for a tenant that throttles.
  test.setTimeout(600_000);
  // Accepted lasts long enough to be met by a caller who is throttled now and then.
  const tenant = await serveTenant(['--nuisances', 'all', '--others', '1000', '--delays', 'accepting=2000']);
  const file = tenant.target(folder);
  const foreignBefore = await tenant.foreign();
  const prepared = await runCli(['prepare', '--target', file], { cwd: folder, environment: tenant.tokens });
  expect(prepared).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Prepared 1 for beta-2021-05') });
  await tenant.advance(dayMs + 3_600_000);
  const before = (await tenant.accesses()).length;

  const { exitCode, report, stdout, stderr, out } = await run(['--target', file], tenant.tokens);

  const rows = new Map(report.requirements.map((row) => [row.id, row]));
  const embedded = embeddedRun.report.requirements.filter(({ verdict }) => verdict !== 'not-applicable');
  const differing = embedded.filter(({ id, verdict }) => rows.get(id)?.verdict !== verdict);
  // Observations are spared: they decide nothing.
  // A race that was lost is no verdict either; live-bounds has what becomes of it.
  const isLost = ({ id }: { readonly id: string }): boolean =>
    rows.get(id)?.reason?.includes('race for accepted was lost') === true;
  const untold = differing.filter((row) => row.level !== 'MAY' && !isLost(row));
  const reasons = untold.map(({ id }) => `${id}: ${rows.get(id)?.reason ?? ''}`).join('\n');
  expect(
    untold.map(({ id }) => id),
    reasons,
  ).toEqual(notOnDemand);
  for (const { id } of differing.filter(({ level }) => level === 'MAY')) {
    expect(rows.get(id)).toMatchObject({ verdict: 'not-applicable', reason: expect.stringContaining('spared') });
  }
  expect(report.totals.must).toMatchObject({ failed: 0 });
  expect(exitCode, stdout + stderr).toBe(3);

  const accesses = (await tenant.accesses()).slice(before);
  const creates = accesses.filter(
    ({ method, target, status }) =>
      method === 'POST' && target.endsWith('/accessPackageAssignmentRequests') && status < 300,
  );
  expect(creates.length).toBeLessThanOrEqual(14);
  expect(report.target.configuration['left in the tenant']).toBe('nothing');
  expect(await tenant.own()).toEqual([]);
  expect((await tenant.accesses()).flatMap(({ touched }) => touched.filter(({ foreign }) => foreign))).toEqual([]);
  expect(await tenant.foreign()).toEqual(foreignBefore);
  expect(foreignBefore.filter(({ kind }) => kind === 'accessPackageAssignmentRequests')).toHaveLength(1000);

  const secrets = Object.values(tenant.tokens).flatMap((token) => token.split('.').slice(1));
  expect(filesBelow(folder)).not.toEqual([]);
  expect(filesWith(folder, secrets)).toEqual([]);
  for (const text of [stdout, stderr]) for (const secret of secrets) expect(text).not.toContain(secret);
  for (const journal of journalsIn(path.join(folder, '.cancel-conformance'))) {
    expect(statSync(journal).mode & 0o077).toBe(0);
  }
  const judged = await runCli(['judge', out], { cwd: folder });
  expect(judged, judged.stdout + judged.stderr).toMatchObject({ exitCode: 0 });
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
  const tenant = await serveTenant(['--edition', 'beta-2026-06']);
  const file = tenant.target(folder, { readAs: 'owner' });
  const { report } = await run(['--target', file, '--edition', 'beta-2026-06', '--area', 'PERM'], tenant.tokens);
  const verdicts = Object.fromEntries(report.requirements.map(({ id, verdict }) => [id, verdict]));
  expect(verdicts).toMatchObject({ 'CANCEL-PERM-009': 'passed', 'CANCEL-PERM-010': 'passed' });
  const reads = (await tenant.accesses()).filter(({ method }) => method === 'GET');
  expect(reads.filter(({ target }) => target.includes("filterByCurrentUser(on='target')"))).not.toEqual([]);
  expect(reads.filter(({ target }) => /\/accessPackageAssignmentRequests\/[0-9a-f-]{36}(\?|$)/.test(target))).toEqual(
    [],
  );
  expect(await tenant.own()).toEqual([]);
});

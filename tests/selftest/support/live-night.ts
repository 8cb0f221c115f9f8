import { statSync } from 'node:fs';
import path from 'node:path';
import { runCli, type FinishedRun } from './cli.js';
import { approved, expect, filesBelow, filesWith, journalsIn, type LiveTenant } from './live-tenant.js';

interface Scene {
  readonly serveTenant: (args?: readonly string[]) => Promise<LiveTenant>;
  readonly run: (args?: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<FinishedRun>;
  readonly embeddedRun: FinishedRun;
  readonly folder: string;
}

/** Rows that need a status into which a live tenant cannot be brought. */
const notOnDemand = ['STATE-006', 'STATE-008', 'STATE-010', 'STATE-011', 'STATE-012'].map((row) => `CANCEL-${row}`);

const dayMs = 24 * 3_600_000;

/**
 * A whole run on a tenant tells what the embedded run tells, creates no more than it may, touches nothing foreign, leaves nothing
 * and holds no secret.
 * @param args how the tenant is served
 * @returns how many requests it created
 */
export async function createdInNight(
  { serveTenant, run, embeddedRun, folder }: Scene,
  args: readonly string[],
): Promise<number> {
  const others = Number(args[args.indexOf('--others') + 1]);
  const tenant = await serveTenant(args);
  const file = tenant.target(folder);
  const foreignBefore = await tenant.foreign();
  const prepared = await runCli(['prepare', ...approved, '--target', file], {
    cwd: folder,
    environment: tenant.tokens,
  });
  expect(prepared).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('Prepared 1 for beta-2021-05') });
  await tenant.advance(dayMs + 3_600_000);
  const before = (await tenant.accesses()).length;

  const { exitCode, report, stdout, stderr, out } = await run([...approved, '--target', file], tenant.tokens);

  const rows = new Map(report.requirements.map((row) => [row.id, row]));
  const embedded = embeddedRun.report.requirements.filter(({ verdict }) => verdict !== 'not-applicable');
  const differing = embedded.filter(({ id, verdict }) => rows.get(id)?.verdict !== verdict);
  // Observations are spared: they decide nothing.
  // A race that was lost is no verdict either; live-bounds has what becomes of it.
  const isLost = ({ id }: { readonly id: string }): boolean =>
    rows.get(id)?.reason?.includes('race for accepted was lost') === true;
  // What would use up a request of its own is spared, and nobody of another tenant is let in.
  const isLeftOut = ({ id }: { readonly id: string }): boolean => rows.get(id)?.verdict === 'not-applicable';
  const untold = differing.filter((row) => row.level !== 'MAY' && !isLost(row) && !isLeftOut(row));
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
  expect(report.target.configuration['left in the tenant']).toBe('nothing');
  expect(await tenant.own()).toEqual([]);
  expect((await tenant.accesses()).flatMap(({ touched }) => touched.filter(({ foreign }) => foreign))).toEqual([]);
  expect(await tenant.foreign()).toEqual(foreignBefore);
  expect(foreignBefore.filter(({ kind }) => kind === 'accessPackageAssignmentRequests')).toHaveLength(others);

  const secrets = Object.values(tenant.tokens).flatMap((token) => token.split('.').slice(1));
  expect(filesBelow(folder)).not.toEqual([]);
  expect(filesWith(folder, secrets)).toEqual([]);
  for (const text of [stdout, stderr]) for (const secret of secrets) expect(text).not.toContain(secret);
  for (const journal of journalsIn(path.join(folder, '.cancel-conformance'))) {
    expect(statSync(journal).mode & 0o077).toBe(0);
  }
  const judged = await runCli(['judge', out], { cwd: folder });
  expect(judged, judged.stdout + judged.stderr).toMatchObject({ exitCode: 0 });
  return creates.length;
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run as runByProgram } from '../../../src/index.js';
import { runCli, writeTarget } from '../support/cli.js';
import { openGate } from '../support/live-gate.js';
import { approved, expect, journalsIn, test } from '../support/live-tenant.js';

/** Few cases: what bounds a run bounds it in any area. */
const small = ['--area', 'RESP'];
const quick = ['--delays', '100'];

/** A target file for the real service; nothing is ever sent there. */
const faraway = (folder: string, requests: object = {}): string =>
  writeTarget(folder, {
    baseUrl: 'https://graph.microsoft.com/beta',
    identities: { administrator: { token: { env: 'CANCEL_TOKEN_ADMINISTRATOR' } } },
    requests: { provider: 'graph', tenant: '00000000-0000-4000-8000-0000000000a1', ...requests },
  });

test.describe('a live tenant is not touched', () => {
  for (const [what, prepare] of Object.entries({
    'by tokens of another tenant': (folder: string) => ({
      requests: { tenant: '00000000-0000-4000-8000-0000000000a1' },
      says: /the token of administrator is of the tenant 5f0e1d3a.*but only 00000000.*\(requests\.tenant\)/s,
      settings: {},
      folder,
    }),
    'without a licence': (folder: string) => ({
      requests: {},
      says: /accessPackageCatalogs\S* answered 403/,
      settings: { licensed: false },
      folder,
    }),
  })) {
    test(what, async ({ serveTenant, run, folder }) => {
      const tenant = await serveTenant(quick);
      const { requests, says, settings } = prepare(folder);
      await tenant.settings(settings);
      const { exitCode, report, stdout } = await run(
        [...approved, '--target', tenant.target(folder, requests), ...small],
        tenant.tokens,
      );
      expect(exitCode, stdout).toBe(3);
      expect(report.totals.must).toMatchObject({ passed: 0, failed: 0 });
      expect(report.run.explanation.replaceAll(': answered', ' answered')).toMatch(says);
      expect(await tenant.own()).toEqual([]);
      expect((await tenant.accesses()).filter(({ method }) => method !== 'GET')).toEqual([]);
    });
  }

  test('away from this machine without the hash of the plan', async ({ folder }) => {
    const file = faraway(folder);
    const { stdout } = await runCli(['plan', '--json', '--target', file], { cwd: folder });
    const { hash } = JSON.parse(stdout) as { hash: string };
    const unapproved = await runCli(['run', '--target', file], { cwd: folder });
    expect(unapproved).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`--approve ${hash}`) });
    // What is approved is a tenant, counts and objects: none of them may change behind it.
    for (const change of [
      { tenant: '00000000-0000-4000-8000-0000000000a2' },
      { mostCreated: 15 },
      { standing: [{ package: '00000000-0000-4000-8000-0000000000a3' }] },
      { cases: 'all' },
    ]) {
      const other = await runCli(['run', '--target', faraway(folder, change), '--approve', hash], { cwd: folder });
      expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('differ from what was approved') });
    }
  });

  test('by a program, or beside another target', async ({ folder }) => {
    const file = faraway(folder);
    await expect(runByProgram({ target: file })).rejects.toThrow(/tested by cancel-conformance run/);
    const { exitCode, stderr } = await runCli(['run', '--target', file, '--target', file], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/approve|by itself/);
  });
});

test('a run creates no more requests and sends no more calls than it may', async ({ serveTenant, run, folder }) => {
  const tenant = await serveTenant(quick);
  for (const [bound, says] of [
    [{ mostCreated: 2 }, /has created all 2 requests that it may/],
    [{ mostCalls: 15 }, /has sent all 15 calls that it may/],
  ] as const) {
    const { exitCode, report } = await run(
      [...approved, '--target', tenant.target(folder, bound), ...small],
      tenant.tokens,
    );
    expect(exitCode).toBe(3);
    const reasons = report.checks.flatMap(({ verdict, reason }) => (verdict === 'inconclusive' ? [reason ?? ''] : []));
    expect(reasons).toContainEqual(expect.stringMatching(says));
    expect(await tenant.own()).toEqual([]);
  }
});

test('looking at what was prepared is among the calls that a run may send', async ({ serveTenant, run, folder }) => {
  const tenant = await serveTenant(quick);
  const using = { cwd: folder, environment: tenant.tokens };
  const prepared = await runCli(['prepare', ...approved, '--count', '3', '--target', tenant.target(folder)], using);
  expect(prepared.exitCode, prepared.stderr).toBe(0);
  await tenant.advance(25 * 3_600_000);
  const before = (await tenant.accesses()).length;
  const { report } = await run(
    [...approved, '--target', tenant.target(folder, { mostCalls: 4 }), ...small],
    tenant.tokens,
  );
  expect(report.run.explanation).toContain('has sent all 4 calls that it may');
  // One looks for other runs, one at each that was prepared: nothing is left to make anything with.
  const methods = (await tenant.accesses()).slice(before).map(({ method }) => method);
  expect(methods.filter((method) => method === 'POST')).toEqual([]);
});

test('a race for accepted that is lost leaves its row open, and is no failure', async ({
  serveTenant,
  run,
  folder,
}) => {
  const tenant = await serveTenant(['--delays', 'accepting=0,delivering=100']);
  const { report } = await run([...approved, '--target', tenant.target(folder), '--area', 'STATE'], tenant.tokens);
  const row = report.requirements.find(({ id }) => id === 'CANCEL-STATE-001');
  expect(row).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('race for accepted was lost') });
  expect(report.totals.must).toMatchObject({ failed: 0 });
  // What was raced for serves others, so there is enough for all of them.
  const open = report.requirements.filter(({ area, verdict }) => area === 'STATE' && verdict === 'inconclusive');
  expect(open.map(({ id }) => id)).toEqual(
    ['001', '004', '006', '008', '010', '011', '012'].map((number) => `CANCEL-STATE-${number}`),
  );
  expect(Number(report.target.configuration['requests created'])).toBeLessThanOrEqual(14);
});

test('packages that stand ready are used, and neither changed nor deleted', async ({ serveTenant, run, folder }) => {
  const tenant = await serveTenant(quick);
  const setUp = `${tenant.served.baseUrl}/identityGovernance/entitlementManagement`;
  const make = async (collection: string, body: object): Promise<string> => {
    const answer = await fetch(`${setUp}/${collection}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${tenant.tokens['CANCEL_TOKEN_ADMINISTRATOR'] ?? ''}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { id: string }).id;
  };
  const catalogId = await make('accessPackageCatalogs', {
    displayName: 'ours',
    description: 'ours',
    isExternallyVisible: false,
  });
  const standing = await make('accessPackages', { catalogId, displayName: 'stands ready', description: 'no access' });
  const before = await tenant.own();
  const file = tenant.target(folder, { standing: [{ package: standing }] });
  const { report } = await run([...approved, '--target', file, ...small], tenant.tokens);
  expect(report.totals.must).toMatchObject({ failed: 0 });
  expect(report.totals.checks.passed).toBeGreaterThanOrEqual(15);
  expect(await tenant.own()).toEqual(before);
  const [journal = ''] = journalsIn(path.join(folder, '.cancel-conformance'));
  expect(readFileSync(journal, 'utf8')).not.toContain(`"id":"${standing}"`);
});

test('a tenant that takes one open request of a user for a package gets a package for each', async ({
  serveTenant,
  run,
  folder,
}) => {
  const tenant = await serveTenant(quick);
  const taken = new Set<string>();
  const gate = await openGate(tenant.served.origin, ({ path: at, body }) => {
    if (!at.endsWith('/accessPackageAssignmentRequests')) return 'pass';
    const { accessPackageAssignment: wanted } = JSON.parse(body) as {
      accessPackageAssignment: { targetId?: string; accessPackageId?: string };
    };
    const key = `${wanted.targetId ?? ''} ${wanted.accessPackageId ?? ''}`;
    const again = wanted.targetId !== undefined && taken.has(key);
    taken.add(key);
    return again ? { status: 409, code: 'DuplicateKey' } : 'pass';
  });
  const { report } = await run(
    [...approved, '--target', tenant.target(folder, {}, gate.origin), ...small],
    tenant.tokens,
  );
  await gate.close();
  expect(report.totals.must).toMatchObject({ failed: 0 });
  expect(report.totals.checks.passed).toBeGreaterThanOrEqual(15);
  expect(new Set([...taken].map((key) => key.split(' ')[1])).size).toBeGreaterThan(1);
  expect(await tenant.own()).toEqual([]);
});

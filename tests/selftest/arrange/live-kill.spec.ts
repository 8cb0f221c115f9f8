import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli, spawnCli, startCli, type CliExit } from '../support/cli.js';
import { dailySeed } from '../support/daily-seed.js';
import { killAndRecover, moments, small, tenantOptions } from '../support/killed-runs.js';
import { openGate } from '../support/live-gate.js';
import { approved, expect, tenantId, test } from '../support/live-tenant.js';

// Each kind of call, before or after it by turns: each at both is daily.
for (const { what, at } of moments.filter((_, number) => (number + Math.floor(number / 2) + dailySeed) % 2 === 0)) {
  test(`a run killed ${what} leaves nothing once it is recovered`, async ({ serveTenant, folder }) => {
    const tenant = await serveTenant(tenantOptions);
    expect(await killAndRecover({ tenant, folder, at })).not.toBeNull();
  });
}

test('a run killed before it began its journal has a lock that recover takes away, and no other path does', async ({
  serveTenant,
  folder,
}) => {
  const tenant = await serveTenant(tenantOptions);
  const file = tenant.target(folder);
  const using = { cwd: folder, environment: tenant.tokens };
  const { child, exit } = startCli(['--version'], using);
  await exit;
  const state = path.join(folder, '.cancel-conformance');
  const journal = path.join(state, 'run-1.jsonl');
  mkdirSync(state);
  const holder = { pid: child.pid, since: '2026-01-01T00:00:00.000Z', journal };
  writeFileSync(path.join(state, `lock-${tenantId}.json`), JSON.stringify(holder));
  const args = ['run', ...approved, '--target', file, ...small];
  expect(await runCli(args, using)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(`recover ${journal}`),
  });
  const mistyped = await runCli(['recover', `${journal}x`, '--target', file], using);
  expect(mistyped).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no such journal') });
  expect(await runCli(args, using)).toMatchObject({ exitCode: 2 });
  const recovered = await runCli(['recover', journal, '--target', file], using);
  expect(recovered).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('nothing was begun') });
  expect(await runCli(args, using)).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('Proven') });
  expect(await tenant.own()).toEqual([]);
});

test('a prepare that is killed is recovered by the state folder', async ({ serveTenant, folder }) => {
  const tenant = await serveTenant(tenantOptions);
  let over = false;
  const gate = await openGate(tenant.served.origin, ({ path: at }) => {
    if (over || !at.endsWith('/accessPackageAssignmentRequests')) return 'pass';
    over = true;
    child.kill('SIGKILL');
    return 'unanswered';
  });
  const file = tenant.target(folder, { patienceMs: 500 }, gate.origin);
  const using = { cwd: folder, environment: tenant.tokens };
  const { child, exit } = startCli(['prepare', ...approved, '--target', file], using);
  await exit;
  expect(await tenant.own()).not.toEqual([]);
  const recovered = await runCli(['recover', path.join(folder, '.cancel-conformance'), '--target', file], using);
  expect(recovered.exitCode, recovered.stdout + recovered.stderr).toBe(0);
  const many = await runCli(['prepare', ...approved, '--target', file, '--count', '15'], using);
  expect(many).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('requests.mostCreated') });
  await gate.close();
  expect(await tenant.own()).toEqual([]);
});

test('two runs on one tenant: the second refuses, and the first comes to its end', async ({ serveTenant, folder }) => {
  const tenant = await serveTenant(tenantOptions);
  const file = tenant.target(folder);
  const using = { cwd: folder, environment: tenant.tokens };
  const elsewhere = tenant.target(path.join(folder, 'elsewhere'));
  let second: Promise<CliExit> | undefined;
  let stranger: Promise<CliExit> | undefined;
  const gate = await openGate(tenant.served.origin, async ({ path: at }) => {
    if (at.endsWith('/cancel') && second === undefined) {
      second = runCli(['run', ...approved, '--target', tenant.target(folder, {}, gate.origin)], using);
      stranger = runCli(
        ['run', ...approved, '--out', path.join(folder, 'other'), '--target', elsewhere, ...small],
        using,
      );
      // The first run is held until both have met it, however fast it is.
      await Promise.all([second, stranger]);
    }
    return 'pass' as const;
  });
  const first = await spawnCli(
    ['run', ...approved, '--target', tenant.target(folder, {}, gate.origin), ...small],
    using,
  );
  expect(file).not.toBe(elsewhere);
  expect(await second).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('another run is at work') });
  // Of a run with another state folder, as on another machine, the tenant itself tells.
  expect(await stranger).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('another run is at work') });
  expect(first.stdout).toContain('Proven');
  await gate.close();
  expect(await tenant.own()).toEqual([]);
});

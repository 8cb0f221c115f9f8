import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli, spawnCli, startCli, type CliExit } from '../support/cli.js';
import { openGate, type Mutation } from '../support/live-gate.js';
import { approved, expect, tenantId, test, type LiveTenant } from '../support/live-tenant.js';

/** Few cases that take every kind of call which changes something, but denials and removals. */
const small = ['--area', 'EFFECT'];

interface Killing {
  readonly tenant: LiveTenant;
  readonly folder: string;
  /** Which call the run is killed at, before or after it reaches the tenant; null for none. */
  readonly at: (mutation: Mutation) => 'before' | 'after' | null;
}

interface Killed {
  /** What the run was killed at; null when it came to its end. */
  readonly at: Mutation | null;
  /** A target file for the way that the run took, on which all pass now. */
  readonly file: string;
  readonly close: () => Promise<void>;
}

/** Starts a run and kills it, with all its processes, at a call. What its processes still send is lost. */
async function runAndKill({ tenant, folder, at }: Killing): Promise<Killed> {
  let killedAt: Mutation | null = null;
  let over = false;
  const gate = await openGate(tenant.served.origin, (mutation) => {
    if (over) return 'pass';
    if (killedAt !== null) return 'lost';
    const when = at(mutation);
    if (when === null) return 'pass';
    killedAt = mutation;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    return when === 'before' ? 'lost' : 'unanswered';
  });
  const file = tenant.target(folder, { patienceMs: 500 }, gate.origin);
  const { child, exit } = startCli(
    ['run', ...approved, '--out', path.join(folder, 'report'), '--target', file, ...small],
    {
      cwd: folder,
      environment: tenant.tokens,
      ownGroup: true,
    },
  );
  await exit;
  over = true;
  return { at: killedAt, file, close: gate.close };
}

/** Kinds of calls that change something; each is named by what tells it from the others. */
const kinds: Readonly<Record<string, (mutation: Mutation) => boolean>> = {
  'makes the catalog': ({ method, path: at }) => method === 'POST' && at.endsWith('/accessPackageCatalogs'),
  'makes the package': ({ method, path: at }) => method === 'POST' && at.endsWith('/accessPackages'),
  'makes a policy': ({ method, path: at }) => method === 'POST' && at.endsWith('/accessPackageAssignmentPolicies'),
  'makes a request': ({ method, path: at }) => method === 'POST' && at.endsWith('/accessPackageAssignmentRequests'),
  'cancels a request': ({ method, path: at }) => method === 'POST' && at.endsWith('/cancel'),
  'deletes a request': ({ method, path: at }) =>
    method === 'DELETE' && at.includes('/accessPackageAssignmentRequests/'),
  'deletes a policy': ({ method, path: at }) => method === 'DELETE' && at.includes('/accessPackageAssignmentPolicies/'),
  'deletes the package': ({ method, path: at }) => method === 'DELETE' && at.includes('/accessPackages/'),
  'deletes the catalog': ({ method, path: at }) => method === 'DELETE' && at.includes('/accessPackageCatalogs/'),
};

/** Kills a run at a call, and holds what is left against what a recovery makes of it. */
async function killAndRecover({ tenant, folder, at }: Killing): Promise<Mutation | null> {
  const killed = await runAndKill({ tenant, folder, at });
  const using = { cwd: folder, environment: tenant.tokens };
  if (killed.at !== null) {
    // Nobody begins on top of what is left.
    const next = await runCli(['run', ...approved, '--target', killed.file], using);
    expect(next).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/was killed.* recover /s) });
    const state = path.join(folder, '.cancel-conformance');
    const recovered = await runCli(['recover', state, '--target', killed.file], using);
    expect(recovered.exitCode, recovered.stdout + recovered.stderr).toBe(0);
  }
  await killed.close();
  expect(await tenant.own()).toEqual([]);
  expect((await tenant.accesses()).flatMap(({ touched }) => touched.filter(({ foreign }) => foreign))).toEqual([]);
  return killed.at;
}

const tenantOptions = ['--others', '20', '--delays', '20'];

const killedWhere =
  (when: 'before' | 'after', matches: (mutation: Mutation) => boolean): Killing['at'] =>
  (mutation) =>
    matches(mutation) ? when : null;

for (const [what, matches] of Object.entries(kinds)) {
  for (const when of ['before', 'after'] as const) {
    test(`a run killed ${when} it ${what} leaves nothing once it is recovered`, async ({ serveTenant, folder }) => {
      const tenant = await serveTenant(tenantOptions);
      expect(await killAndRecover({ tenant, folder, at: killedWhere(when, matches) })).not.toBeNull();
    });
  }
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

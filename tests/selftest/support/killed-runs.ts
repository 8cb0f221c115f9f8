import path from 'node:path';
import { runCli, startCli } from './cli.js';
import { openGate, type Mutation } from './live-gate.js';
import { approved, expect, type LiveTenant } from './live-tenant.js';

/** Few cases that take every kind of call which changes something, but denials and removals. */
export const small = ['--area', 'EFFECT'];

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
export async function killAndRecover({ tenant, folder, at }: Killing): Promise<Mutation | null> {
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

/** How the tenant is served. */
export const tenantOptions = ['--others', '20', '--delays', '20'];

const killedWhere =
  (when: 'before' | 'after', matches: (mutation: Mutation) => boolean): Killing['at'] =>
  (mutation) =>
    matches(mutation) ? when : null;

/** A moment at which a run is killed. */
interface Moment {
  readonly what: string;
  readonly at: Killing['at'];
}

/** Before and after each kind of call. */
export const moments: readonly Moment[] = Object.entries(kinds).flatMap(([what, matches]) =>
  (['before', 'after'] as const).map((when) => ({ what: `${when} it ${what}`, at: killedWhere(when, matches) })),
);

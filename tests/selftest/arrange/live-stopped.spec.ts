import path from 'node:path';
import { cleanUp } from '../../../src/arrange/graph/clean-up.js';
import { Journal, readJournal } from '../../../src/arrange/graph/journal.js';
import { openLive, tenantOf, type LiveParts } from '../../../src/arrange/graph/open.js';
import type { GraphProvider } from '../../../src/arrange/graph/provider.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { StoppedError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { plainReach } from '../../../src/engine/exchange/reach.js';
import { RunClock } from '../../../src/engine/patience.js';
import { liveTenantOf } from '../../../src/target/live-tenant.js';
import type { Target } from '../../../src/target/target.js';
import { startFakeClock } from '../support/fake-clock.js';
import { openGate, type Gate, type Mutation } from '../support/live-gate.js';
import { expect, test as base, type TenantClient } from '../support/tenant-client.js';

const people = ['administrator', 'requestor', 'otherUser'] as const;

/** A run at work in a tenant. */
interface Running {
  readonly tenant: TenantClient;
  readonly provider: GraphProvider;
  readonly clock: RunClock;
  /** Ends the run. */
  readonly stop: (why: string) => void;
  readonly journal: string;
  readonly gate: Gate;
  /** Cleans up as `recover` does, with all the time that it takes, which goes by at once. */
  readonly recover: () => Promise<readonly unknown[]>;
}

type Open = (onMutation?: (mutation: Mutation, stop: (why: string) => void) => void) => Promise<Running>;

/** Objects of the tenant that were made by callers. */
async function ownIn(tenant: TenantClient): Promise<readonly unknown[]> {
  const { objects } = (await tenant.control('GET /objects')).body as {
    readonly objects: readonly { readonly foreign: boolean }[];
  };
  return objects.filter(({ foreign }) => !foreign);
}

const delays = { accepting: 0, delivering: 0, notifying: 0, appearing: 0, admitting: 0 };

const test = base.extend<{ open: Open }>({
  open: async ({ start, folder }, use) => {
    const gates: Gate[] = [];
    await use(async (onMutation) => {
      const tenant = await start({ now: Date.now, delays });
      const ending = new AbortController();
      const stop = (why: string): void => {
        ending.abort(new Error(why));
      };
      const gate = await openGate(tenant.running.originUrl, (mutation) => {
        onMutation?.(mutation, stop);
        return 'pass';
      });
      gates.push(gate);
      const clock = new RunClock(ending.signal);
      const target = { name: 'made up', timeoutMs: 10_000, collection: 'accessPackageAssignmentRequests' } as Target;
      const tokens = await Promise.all(
        people.map(async (name) => [name, { token: await tenant.tokenOf(name), userId: await tenant.idOf(name) }]),
      );
      const parts: LiveParts = {
        target,
        contract: loadContract(),
        baseUrl: `${gate.origin}/beta`,
        reach: plainReach,
        credentials: Object.fromEntries(tokens) as LiveParts['credentials'],
        secrets: new SecretRegistry(),
        clock,
      };
      const { tenantId } = tenant.running;
      const live = liveTenantOf(
        { provider: 'graph', tenant: tenantId, callsPerSecond: 1000, patienceMs: 5000 },
        folder,
      );
      const journal = path.join(folder, 'run-1.jsonl');
      const provider = await openLive(parts, live, journal);
      const recover = (): Promise<readonly unknown[]> =>
        cleanUp(tenantOf({ ...parts, clock: startFakeClock().clock }, live, Journal.reopen(journal)), 'administrator');
      return { tenant, provider, clock, stop, journal, gate, recover };
    });
    await Promise.all(gates.map((gate) => gate.close()));
  },
});

const allowance = 'the allowance for cleaning up is over';

/** What the journal says is standing, and what the provider says is left: the same objects. */
function expectAllNamed({ provider, journal }: Running): void {
  const { standing, unanswered } = readJournal(journal);
  const named = provider.leftovers.map(({ kind, id }) => `${kind} ${id}`);
  expect([...named].sort()).toEqual(
    [
      ...standing.map(({ kind, id }) => `${kind} ${id}`),
      ...unanswered.map(({ object }) => `${object.kind} unknown`),
    ].sort(),
  );
}

test('a clean-up that is stopped before it began sends nothing, and names all that is left', async ({ open }) => {
  const running = await open();
  const { provider, clock, tenant, gate, recover } = running;
  await provider.create('pendingApproval', 'requestor');
  await provider.create('delivered', 'otherUser');
  const sent = gate.mutations.length;
  clock.cleanUpWithin(AbortSignal.abort(new Error(allowance)));
  await provider.close();
  expect(gate.mutations).toHaveLength(sent);
  expect(provider.leftovers.length).toBeGreaterThanOrEqual(6);
  expect(new Set(provider.leftovers.map(({ why }) => why))).toEqual(new Set([allowance]));
  expectAllNamed(running);
  expect(await recover()).toEqual([]);
  expect(await ownIn(tenant)).toEqual([]);
});

for (const [what, isAt] of [
  ['a cancel', ({ path: at }) => at.endsWith('/cancel')],
  ['the request that removes an assignment', ({ body }) => body.includes('AdminRemove')],
  ['the first delete', ({ method }) => method === 'DELETE'],
  ['the delete of a policy', ({ method, path: at }) => method === 'DELETE' && at.includes('AssignmentPolicies/')],
] as const satisfies readonly (readonly [string, (mutation: Mutation) => boolean])[]) {
  test(`a clean-up that is stopped at ${what} names all that is left`, async ({ open }) => {
    const cleaning = new AbortController();
    const running = await open((mutation) => {
      if (isAt(mutation)) cleaning.abort(new Error(allowance));
    });
    const { provider, clock, tenant, recover } = running;
    await provider.create('pendingApproval', 'requestor');
    await provider.create('delivered', 'otherUser');
    clock.cleanUpWithin(cleaning.signal);
    await provider.close();
    expect(cleaning.signal.aborted).toBe(true);
    expect(provider.leftovers.length).toBeGreaterThan(0);
    expect(provider.leftovers.map(({ why }) => why)).toContain(allowance);
    expectAllNamed(running);
    await recover();
    expect(await ownIn(tenant)).toEqual([]);
  });
}

for (const [what, isAt] of [
  ['its catalog', ({ path: at }) => at.endsWith('/accessPackageCatalogs')],
  ['a policy', ({ path: at }) => at.endsWith('/accessPackageAssignmentPolicies')],
  ['a request', ({ path: at }) => at.endsWith('/accessPackageAssignmentRequests')],
] as const satisfies readonly (readonly [string, (mutation: Mutation) => boolean])[]) {
  test(`a run that is stopped while it makes ${what} finds it again, and leaves nothing`, async ({ open }) => {
    const running = await open((mutation, stop) => {
      if (mutation.method === 'POST' && isAt(mutation)) stop('interrupted by SIGINT');
    });
    const { provider, clock, tenant, journal } = running;
    await expect(provider.create('pendingApproval', 'requestor')).rejects.toThrow(
      new StoppedError(new Error('interrupted by SIGINT')),
    );
    expect(readJournal(journal).unanswered).toHaveLength(1);
    clock.cleanUpWithin(new AbortController().signal);
    await provider.close();
    expect(provider.leftovers).toEqual([]);
    expect(readJournal(journal)).toMatchObject({ standing: [], unanswered: [] });
    expect(await ownIn(tenant)).toEqual([]);
  });
}

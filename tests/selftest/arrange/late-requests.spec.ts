import { expect, test } from '@playwright/test';
import { GraphProvider, type GraphSettings } from '../../../src/arrange/graph/provider.js';
import { PrerequisiteError } from '../../../src/engine/errors.js';
import type { StateReading } from '../../../src/engine/perform/provider.js';

/** A provider whose requests read as `statuses` has them, in turn of their making; each takes its place in `made`. */
function providerMaking(mostCreated: number): {
  readonly provider: GraphProvider;
  readonly made: string[];
  readonly statuses: Map<string, string>;
  readonly waits: number[];
  readonly denials: (() => Promise<void>)[];
} {
  const made: string[] = [];
  const statuses = new Map<string, string>();
  const waits: number[] = [];
  const denials: (() => Promise<void>)[] = [];
  const tenant = {
    settings: {
      readAs: 'administrator',
      arrangeAs: 'administrator',
      patienceMs: 300,
      calls: { journal: { sawMade: () => true, head: { tag: 'a run' } } },
    },
    makeRequest: () => {
      const id = `made ${made.length + 1}`;
      made.push(id);
      return Promise.resolve(id);
    },
    waitFor: ({ id }: { readonly id: string }, _settled: unknown, patienceMs = 300) => {
      waits.push(patienceMs);
      return Promise.resolve<StateReading>({ found: true, status: statuses.get(id) ?? 'Delivering', resource: {} });
    },
    deny: () => denials.shift()?.() ?? Promise.resolve(),
  };
  const lanes = { next: () => Promise.resolve({ packageId: 'p', policyId: 'any' }) };
  const users = new Map([['requestor', 'a user']]);
  const provider = new GraphProvider({
    tenant,
    lanes,
    users,
    mostCreated,
    approver: 'administrator',
  } as unknown as GraphSettings);
  return { provider, made, statuses, waits, denials };
}

test('a request that is late is kept for who wants the like next, is waited for twice, and uses nothing up', async () => {
  const { provider, made, statuses, waits } = providerMaking(4);
  const late = (waitedMs: number): RegExp =>
    new RegExp(`^the request made 1 did not come to delivered within ${waitedMs} ms; it reads Delivering$`);
  const create = (): Promise<string> => provider.create('delivered', 'requestor');
  for (const waitedMs of [300, 600, 600, 600]) await expect(create()).rejects.toThrow(late(waitedMs));
  expect([made, provider.created]).toEqual([['made 1'], 2]);
  expect(waits).toEqual([300, 300, 0, 0]);
  statuses.set('made 1', 'Delivered');
  expect(await create()).toBe('made 1');
  // Who has it has it alone.
  await expect(create()).rejects.toThrow(/made 2 did not come to delivered within 300 ms/);
});

test('no more requests of a kind are made where two went elsewhere, and other kinds are made all the same', async () => {
  const { provider, made, statuses } = providerMaking(14);
  for (const id of ['made 1', 'made 2']) statuses.set(id, 'DeliveryFailed');
  const create = (): Promise<string> => provider.create('delivered', 'requestor');
  for (const id of ['made 1', 'made 2'])
    await expect(create()).rejects.toThrow(`${id} did not come to delivered within 300 ms; it reads DeliveryFailed`);
  await expect(create()).rejects.toThrow(
    /made 2 did not come to delivered .* DeliveryFailed, as 2 did in this run: no more are made/,
  );
  statuses.set('made 3', 'PendingNotBefore');
  expect(await provider.create('pendingNotBefore', 'requestor')).toBe('made 3');
  expect([made.length, provider.created]).toEqual([3, 5]);
});

test('a request that could not be denied waits for approval still: the next one that is to be denied is this one', async () => {
  const { provider, made, statuses, denials } = providerMaking(14);
  statuses.set('made 1', 'PendingApproval');
  denials.push(() => Promise.reject(new PrerequisiteError('nobody may deny')));
  await expect(provider.create('denied', 'requestor')).rejects.toThrow('nobody may deny');
  denials.push(() => {
    statuses.set('made 1', 'Denied');
    return Promise.resolve();
  });
  expect(await provider.create('denied', 'requestor')).toBe('made 1');
  expect(made).toEqual(['made 1']);
});

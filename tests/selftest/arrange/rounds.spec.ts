import { expect, test } from '@playwright/test';
import { GraphProvider, type GraphSettings } from '../../../src/arrange/graph/provider.js';
import { Rounds } from '../../../src/arrange/graph/rounds.js';
import type { Tenant } from '../../../src/arrange/graph/tenant.js';
import { Turns } from '../../../src/arrange/graph/turns.js';
import { PooledProvider } from '../../../src/arrange/pool.js';
import { UnreachableError } from '../../../src/engine/errors.js';
import type { Provider, StateReading, Wanted } from '../../../src/engine/perform/provider.js';

const reading = (status: string): StateReading => ({ found: true, status, resource: { status } });

/** A tenant that notes what it is asked. @param listed the ids that its lists show; null: it refuses to list */
function tenantShowing(listed: readonly string[] | null): { readonly tenant: Tenant; readonly asked: string[] } {
  const asked: string[] = [];
  const tenant = {
    readRequest: (id: string) => {
      asked.push(id);
      return Promise.resolve(reading(`${id} by itself`));
    },
    readRequestsFor: (packageId: string, ids: readonly string[]) => {
      asked.push(`list ${packageId}`);
      if (listed === null) return Promise.reject(new UnreachableError('400 where 200 is due'));
      return Promise.resolve(
        new Map(ids.filter((id) => listed.includes(id)).map((id) => [id, reading(`${id} listed`)])),
      );
    },
  };
  return { tenant: tenant as unknown as Tenant, asked };
}

const statusesOf = (readings: readonly StateReading[]): readonly (string | null)[] =>
  readings.map(({ status }) => status);

test('what is read at one moment is read by one listing of its package, and what that does not show by its id', async () => {
  const { tenant, asked } = tenantShowing(['a', 'b']);
  const rounds = new Rounds(tenant);
  const read = (id: string, packageId: string | null = 'p'): Promise<StateReading> =>
    rounds.read({ id, owner: undefined, packageId });
  const readings = await Promise.all([read('a'), read('b'), read('c'), read('d', 'q'), read('e', null)]);
  expect(statusesOf(readings)).toEqual(['a listed', 'b listed', 'c by itself', 'd by itself', 'e by itself']);
  expect([...asked].sort()).toEqual(['c', 'd', 'e', 'list p']);
  expect(statusesOf([await read('a')])).toEqual(['a by itself']);
});

test('a tenant that refuses to list is asked for each by its id, and for no list again', async () => {
  const { tenant, asked } = tenantShowing(null);
  const rounds = new Rounds(tenant);
  for (let round = 0; round < 2; round += 1) {
    const both = await Promise.all(['a', 'b'].map((id) => rounds.read({ id, owner: undefined, packageId: 'p' })));
    expect(statusesOf(both)).toEqual(['a by itself', 'b by itself']);
  }
  expect(asked.filter((call) => call === 'list p')).toHaveLength(1);
});

/**
 * A pool over requests whose statuses may be changed, and what it asks for.
 * @param isSlow true: a creation ends when the test says so
 * @param shownWith what a reading shows by the way
 */
function pooled(
  isSlow = false,
  shownWith?: Provider['shownWith'],
): {
  readonly pool: PooledProvider;
  readonly statuses: Map<string, string>;
  readonly asked: string[];
  readonly removed: string[];
  readonly clock: { ms: number };
  /** Of each creation: ends it; with a reason, as a failure. */
  readonly ends: ((reason?: string) => void)[];
} {
  const statuses = new Map<string, string>();
  const asked: string[] = [];
  const removed: string[] = [];
  const clock = { ms: 0 };
  const ends: ((reason?: string) => void)[] = [];
  const source: Partial<Provider> = {
    create: () => {
      const id = `made ${statuses.size + 1}`;
      statuses.set(id, 'new');
      if (!isSlow) return Promise.resolve(id);
      return new Promise((resolve, reject) => {
        ends.push((reason) => {
          if (reason === undefined) resolve(id);
          else reject(new UnreachableError(reason));
        });
      });
    },
    read: (id) => {
      asked.push(id);
      return Promise.resolve(reading(statuses.get(id) ?? ''));
    },
    intend: () => Promise.resolve(),
    remove: (id) => {
      removed.push(id);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
    ...(shownWith && { shownWith }),
  };
  const affordable = (wanted: readonly Wanted[]): readonly Wanted[] => wanted.filter(({ status }) => status === 'new');
  const pool = new PooledProvider(source as Provider, { nowMs: () => clock.ms }, affordable);
  return { pool, statuses, asked, removed, clock, ends };
}

test('a request that is lent again was read just then, and is lent only where it reads as it did when it was new', async () => {
  const { pool, statuses, asked, clock } = pooled();
  const first = await pool.create('new', 'requestor');
  expect((await pool.read(first)).status).toBe('new');
  expect(asked).toEqual([first]);
  await pool.release(first);
  clock.ms += 1001;
  expect(await pool.create('new', 'requestor')).toBe(first);
  expect((await pool.read(first)).status).toBe('new');
  expect(asked).toEqual([first, first]);
  await pool.release(first);
  clock.ms += 1001;
  statuses.set(first, 'touched late');
  expect(await pool.create('new', 'requestor')).not.toBe(first);
});

test('what was read behind the last call is not read again a moment later, and is read again behind another call and later on', async () => {
  const { pool, statuses, asked, clock } = pooled();
  const id = await pool.create('new', 'requestor');
  const lendAgain = async (): Promise<string> => {
    await pool.release(id);
    return pool.create('new', 'requestor');
  };
  const readFresh = async (): Promise<number> => {
    await pool.read(id);
    const before = asked.length;
    await pool.read(id);
    return asked.length - before;
  };
  expect(await readFresh()).toBe(1);
  await pool.intend(id, 'a call');
  expect(await readFresh()).toBe(1);
  let before = asked.length;
  clock.ms += 1000;
  expect(await lendAgain()).toBe(id);
  expect((await pool.read(id)).status).toBe('new');
  expect(asked).toHaveLength(before);

  clock.ms += 1;
  expect(await lendAgain()).toBe(id);
  expect(asked).toHaveLength(before + 1);

  await readFresh();
  before = asked.length;
  await pool.intend('another', 'a call');
  expect(await lendAgain()).toBe(id);
  expect(asked).toHaveLength(before + 1);

  statuses.set(id, 'touched');
  await pool.read(id);
  await pool.read(id);
  expect(await lendAgain()).not.toBe(id);
});

test('what is wanted in any case is made while others are at work: one of a kind at a time, and no more than that', async () => {
  const { pool, statuses } = pooled();
  const made = async (): Promise<number> => {
    await new Promise(setImmediate);
    return statuses.size;
  };
  await pool.create('new', 'requestor');
  pool.foresee([
    { status: 'new', requestor: 'requestor', count: 3 },
    { status: 'old', requestor: 'requestor', count: 9 },
  ]);
  // One was there already, and what cannot be afforded is not made.
  expect(await made()).toBe(2);
  expect(await pool.create('new', 'requestor')).toBe('made 2');
  expect(await made()).toBe(3);
  expect(await pool.create('new', 'requestor')).toBe('made 3');
  expect(await made()).toBe(3);
  expect(await pool.create('new', 'requestor')).toBe('made 4');
  expect(await made()).toBe(4);
});

test('whoever wants what is being made waits for it, and is told only of what they tried themselves', async () => {
  const { pool, ends } = pooled(true);
  pool.foresee([{ status: 'new', requestor: 'requestor', count: 3 }]);
  const first = pool.create('new', 'requestor');
  ends[0]?.();
  expect(await first).toBe('made 1');
  const second = pool.create('new', 'requestor');
  ends[1]?.('nobody is there');
  while (ends.length < 3) await new Promise(setImmediate);
  ends[2]?.('nobody is there any more');
  await expect(second).rejects.toThrow('nobody is there any more');
  // It is not made ahead again behind one that could not be made.
  expect(ends).toHaveLength(3);
});

test('what is being made when the run ends is removed, too', async () => {
  const { pool, ends, removed } = pooled(true);
  pool.foresee([{ status: 'new', requestor: 'requestor', count: 1 }]);
  const closed = pool.close();
  ends[0]?.();
  await closed;
  expect(removed).toEqual(['made 1']);
});

test('a call that somebody else sends at once takes its turn from those after it', async () => {
  let nowMs = 0;
  const waits: number[] = [];
  const pause = (ms: number): Promise<void> => {
    waits.push(ms);
    nowMs += ms;
    return Promise.resolve();
  };
  const clock = { nowMs: () => nowMs, pause, signal: new AbortController().signal };
  const turns = new Turns({ callsPerSecond: 10, mostCalls: 6 }, clock);
  await turns.next();
  expect(waits).toEqual([]);
  for (let call = 0; call < 4; call += 1) turns.count();
  expect(nowMs).toBe(0);
  await turns.next();
  expect(waits).toEqual([500]);
  await expect(turns.next()).rejects.toThrow('the run has sent all 6 calls that it may');
});

test('what can be made whenever it is wanted is made ahead where the run may make all that it needs, and else nothing is', () => {
  const providerFor = (mostCreated: number): GraphProvider =>
    new GraphProvider({ mostCreated, users: new Map([['requestor', 'a user']]) } as unknown as GraphSettings);
  const wanted = [
    { status: 'accepted', requestor: 'requestor', count: 1 },
    { status: 'pendingApproval', requestor: 'requestor', count: 2 },
    { status: 'delivered', requestor: 'requestor', count: 1 },
    { status: 'expired', requestor: 'requestor', count: 1 },
    { status: 'denied', requestor: 'nobody', count: 1 },
  ];
  // Accepted is a race, and what is delivered is removed by a request of its own.
  expect(
    providerFor(5)
      .affordable(wanted)
      .map(({ status }) => status),
  ).toEqual(['pendingApproval', 'delivered']);
  expect(providerFor(4).affordable(wanted)).toEqual([]);
});

test('a reading that was asked for before a call, and came behind it, tells nothing of what the call did', async () => {
  const readings: ((status: string) => void)[] = [];
  const source: Partial<Provider> = {
    create: () => Promise.resolve('made'),
    read: () =>
      new Promise((resolve) => {
        readings.push((status) => {
          resolve(reading(status));
        });
      }),
    intend: () => Promise.resolve(),
  };
  const pool = new PooledProvider(source as Provider, { nowMs: () => 0 });
  const made = pool.create('new', 'requestor');
  await new Promise(setImmediate);
  await pool.intend('another', 'a call');
  readings[0]?.('new');
  await pool.release(await made);
  const again = pool.create('new', 'requestor');
  await new Promise(setImmediate);
  expect(readings).toHaveLength(2);
  readings[1]?.('new');
  expect(await again).toBe('made');
});

test('what waits to be lent is read by the way where a list shows it: it need not be read again, and is not lent where it was touched', async () => {
  const { pool, statuses, asked, clock } = pooled(false, () => ['made 1', 'made 2', 'made 3']);
  const [first, second] = [await pool.create('new', 'requestor'), await pool.create('new', 'requestor')];
  for (const id of [first, second]) await pool.read(id);
  await pool.release(second);
  await pool.intend(first, 'a call');
  const before = asked.length;
  expect((await pool.read(first)).status).toBe('new');
  expect(asked.slice(before)).toEqual([first, second]);
  clock.ms += 1000;
  expect(await pool.create('new', 'requestor')).toBe(second);
  expect(asked).toHaveLength(before + 2);

  // What is lent is read by whoever has it, and nobody else.
  await pool.read(second);
  expect(asked.at(-1)).toBe(second);
  await pool.read(second);
  expect(asked).toHaveLength(before + 3);
  await pool.release(second);
  await pool.intend(first, 'a call');
  statuses.set(second, 'touched');
  await pool.read(first);
  expect(await pool.create('new', 'requestor')).not.toBe(second);
});

test('of requests of the run the list of their package shows the others, as long as the tenant lists, and never to their owners', async () => {
  const made = ['a', 'b', 'c', 'd'];
  const providerOn = (readAs: string, listed: readonly string[] | null): GraphProvider => {
    const { tenant } = tenantShowing(listed);
    const journal = { sawMade: () => true, head: { tag: 'a run' } };
    let count = 0;
    Object.assign(tenant, {
      settings: { readAs, calls: { journal }, patienceMs: 0 },
      makeRequest: () => Promise.resolve(made[count++]),
      waitFor: () => Promise.resolve(reading('pendingApproval')),
    });
    const lanes = { next: () => Promise.resolve({ packageId: count < 3 ? 'p' : 'q', policyId: 'any' }) };
    const users = new Map([['requestor', 'a user']]);
    return new GraphProvider({ tenant, lanes, users, mostCreated: 9 } as unknown as GraphSettings);
  };
  const createAll = async (provider: GraphProvider): Promise<void> => {
    for (const id of made) expect(await provider.create('pendingApproval', 'requestor')).toBe(id);
  };
  const listing = providerOn('administrator', made);
  await createAll(listing);
  expect(listing.shownWith('a')).toEqual(['b', 'c']);
  expect(listing.shownWith('d')).toEqual([]);
  expect(listing.shownWith('of somebody else')).toEqual([]);
  const refusing = providerOn('administrator', null);
  await createAll(refusing);
  await Promise.all([refusing.read('a'), refusing.read('b')]);
  expect(refusing.shownWith('a')).toEqual([]);
  const ofOwners = providerOn('owner', made);
  await createAll(ofOwners);
  expect(ofOwners.shownWith('a')).toEqual([]);
});

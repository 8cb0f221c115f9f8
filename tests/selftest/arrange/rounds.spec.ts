import { expect, test } from '@playwright/test';
import { Rounds } from '../../../src/arrange/graph/rounds.js';
import type { Tenant } from '../../../src/arrange/graph/tenant.js';
import { PooledProvider } from '../../../src/arrange/pool.js';
import { UnreachableError } from '../../../src/engine/errors.js';
import type { Provider, StateReading } from '../../../src/engine/perform/provider.js';

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

test('a request that is lent again was read just then, and is lent only where it reads as it did when it was new', async () => {
  const statuses = new Map<string, string>();
  const asked: string[] = [];
  const source: Partial<Provider> = {
    create: () => {
      const id = `made ${statuses.size + 1}`;
      statuses.set(id, 'new');
      return Promise.resolve(id);
    },
    read: (id) => {
      asked.push(id);
      return Promise.resolve(reading(statuses.get(id) ?? ''));
    },
    remove: () => Promise.resolve(),
  };
  const pool = new PooledProvider(source as Provider);
  const first = await pool.create('new', 'requestor');
  expect((await pool.read(first)).status).toBe('new');
  expect(asked).toEqual([first]);
  await pool.release(first);
  expect(await pool.create('new', 'requestor')).toBe(first);
  expect((await pool.read(first)).status).toBe('new');
  expect(asked).toEqual([first, first]);
  await pool.release(first);
  statuses.set(first, 'touched late');
  expect(await pool.create('new', 'requestor')).not.toBe(first);
});

import path from 'node:path';
import { expect } from '@playwright/test';
import { ControlProvider } from '../../../src/arrange/control.js';
import { TenantCalls } from '../../../src/arrange/graph/calls.js';
import { Journal } from '../../../src/arrange/graph/journal.js';
import { Tenant } from '../../../src/arrange/graph/tenant.js';
import { Turns } from '../../../src/arrange/graph/turns.js';
import { PrerequisiteError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { deep, many, test, within, type Respond } from '../support/attacks.js';
import { startFakeClock } from '../support/fake-clock.js';

/** What a tenant answers to a call that lists; some of it for every page. */
const lists: Readonly<Record<string, Respond>> = {
  null: () => 'null',
  'a list without its members': () => [],
  'no list': () => ({ value: {} }),
  'a list of null': () => ({ value: [null] }),
  'a list of numbers': () => ({ value: [1, 2] }),
  'a list of lists': () => ({ value: [[]] }),
  'two million numbers': () => `{"value":${many('1', 2_000_000)}}`,
  'two million of null': () => `{"value":${many('0', 2_000_000)}}`,
  'a million empty objects': () => `{"value":${many('{}', 1_000_000)}}`,
  'what is nested 3,000 deep': () => `{"value":[{"a":${deep(3000)}}]}`,
  'more than 4 MiB': () => `{"value":[{"a":"${'x'.repeat(5 * 1024 * 1024)}"}]}`,
  'a next link to itself': (url, origin) => ({ value: [], '@odata.nextLink': origin + url }),
  'next links in a circle': (url, origin) => ({
    value: [],
    '@odata.nextLink': `${origin}/beta/service/x?${url.endsWith('1') ? '2' : '1'}`,
  }),
  'next links without end': (url, origin) => ({
    value: [],
    '@odata.nextLink': `${origin}/beta/service/x?${'1'.repeat((url.split('?')[1] ?? '').length + 1)}`,
  }),
};

/** Where a list may say that it goes on; none is followed, so none gets the token. */
const nextLinks: readonly ((origin: string) => string)[] = [
  () => 'https://evil.example/beta/service/x',
  () => '//evil.example/beta/service/x',
  (origin) => origin.replace('127.0.0.1', 'localhost') + '/beta/service/x',
  (origin) => origin.replace('http:', 'https:') + '/beta/service/x',
  (origin) => `${origin}@evil.example/beta/service/x`,
  (origin) => `${origin}.evil.example/beta/service/x`,
  (origin) => origin.replace('http://', 'http://user:secret-word@') + '/beta/service/x',
  (origin) => `${origin}/beta/serviceEvil/x`,
  (origin) => `${origin}/beta/service/../users/victim`,
  (origin) => `${origin}/beta/service/%2e%2e/users/victim`,
  (origin) => `${origin}/beta/service/..%2fusers/victim`,
  (origin) => `${origin}/beta/service/..%5cusers/victim`,
  (origin) => `${origin}/beta/service\\..\\..\\users`,
  (origin) => `${origin}/beta/users?x=/beta/service/`,
  (origin) => `${origin}/?${'x'.repeat(30_000)}`,
  () => 'file:///etc/passwd',
  () => 'javascript:alert(1)',
  () => '/beta/users/victim',
  () => '../users/victim',
  () => 'http://[::1',
];

const token = 'made-up-token-of-the-self-tests.1';

/** A tenant as a run has it, at an origin. */
function tenantAt(origin: string, folder: string): { readonly tenant: Tenant; readonly calls: TenantCalls } {
  const journal = Journal.begin(path.join(folder, `run-${performance.now()}.jsonl`), {
    ...{ journal: 'cancel-conformance-journal/1', tag: 'cancel-conformance run 1', tenant: 'x', baseUrl: origin },
    ...{ collection: 'requests', edition: 'beta-2021-05', target: 'made up', startedAt: '2026-01-01T00:00:00.000Z' },
  });
  const { clock } = startFakeClock();
  const turns = new Turns({ callsPerSecond: 100_000, mostCalls: 2000 }, clock);
  const calls = new TenantCalls({
    ...{ url: `${origin}/beta/service`, tokenOf: () => token, timeoutMs: 2000, turns },
    ...{ secrets: new SecretRegistry(), journal, clock },
  });
  const tenant = new Tenant({
    ...{
      calls,
      collection: 'requests',
      statusMembers: ['status'],
      arrangeAs: 'administrator',
      readAs: 'administrator',
    },
    ...{ standing: [], patienceMs: 100 },
  });
  return { tenant, calls };
}

for (const [what, respond] of Object.entries(lists)) {
  test(`a tenant that answers a list with ${what} is trouble of the tenant`, async ({ answering, folder }) => {
    const { origin } = await answering(respond);
    const { calls } = tenantAt(origin, folder);
    await within(() => expect(calls.list('administrator', '/x', () => true)).rejects.toThrow(PrerequisiteError));
    calls.close();
  });
}

test('a list that goes on elsewhere is not followed, wherever that is', async ({ answering, folder }) => {
  for (const link of nextLinks) {
    const { origin, seen } = await answering((_url, at) => ({ value: [], '@odata.nextLink': link(at) }));
    const { calls } = tenantAt(origin, folder);
    const refused = calls.list('administrator', '/x', () => true).catch((error: unknown) => error);
    const error = await within(() => refused);
    expect(error, link(origin).slice(0, 100)).toBeInstanceOf(PrerequisiteError);
    expect(String(error)).toMatch(/a list goes on at/);
    expect(String(error)).not.toMatch(/secret-word|x{1000}/);
    expect(seen).toEqual(['/beta/service/x']);
    calls.close();
  }
});

const segments: readonly unknown[] = [
  '..',
  '.',
  '../users/victim',
  'a/b',
  'a?b',
  'a#b',
  'a\r\nb',
  '',
  'x'.repeat(30_000),
  7,
  null,
  { id: 'x' },
  ['x'],
];

test('an id or a step that a tenant sends leads to no other place', async ({ answering, folder }) => {
  for (const id of segments) {
    const { origin, seen } = await answering(() => ({
      id,
      status: 'PendingApproval',
      value: [{ id, justification: 'j', displayName: 'j' }],
    }));
    const { tenant, calls } = tenantAt(origin, folder);
    const shown = JSON.stringify(id).slice(0, 30);
    await within(() =>
      expect(tenant.makeCatalog('cancel-conformance run 1'), shown).rejects.toThrow(PrerequisiteError),
    );
    expect(
      await tenant.findNamed('catalog', 'j').catch((error: unknown) => error instanceof PrerequisiteError || error),
      shown,
    ).toBe(typeof id === 'string' ? true : null);
    await within(() => expect(tenant.deny('a-request', 'administrator'), shown).rejects.toThrow(PrerequisiteError));
    for (const url of seen) expect(url).toMatch(/^\/beta\/service\/accessPackage/);
    calls.close();
  }
});

const resources: Readonly<Record<string, Respond>> = {
  null: () => 'null',
  'a list': () => [],
  'a number': () => 7,
  'no JSON': () => '<html>',
  'a status that is a number': () => ({ status: 7 }),
  'a status of 30 KB': () => ({ status: 'x'.repeat(30_000) }),
  'a resource of 1 MB': () => ({ status: 'Delivered', more: 'x'.repeat(1_000_000) }),
  'a resource nested 3,000 deep': () => `{"status":"Delivered","a":${deep(3000)}}`,
};

for (const [what, respond] of Object.entries(resources)) {
  test(`a tenant that shows ${what} for a request is trouble of the tenant`, async ({ answering, folder }) => {
    const { origin } = await answering(respond);
    const { tenant, calls } = tenantAt(origin, folder);
    await within(() => expect(tenant.readRequest('a-request', undefined)).rejects.toThrow(PrerequisiteError));
    calls.close();
  });
}

test('a refusal whose words are no words is told all the same', ({ folder }) => {
  for (const error of [
    null,
    7,
    'x',
    [],
    {},
    { code: {}, message: [] },
    { code: { toString: null } },
    { message: 'x'.repeat(100_000) },
  ]) {
    const { calls } = tenantAt('http://127.0.0.1:1', folder);
    const said = calls.unexpected('GET /x', { status: 400, body: { error } }, '200').message;
    expect(said).toContain('answered 400');
    expect(said.length).toBeLessThan(1000);
    calls.close();
  }
});

const userIds: readonly unknown[] = [
  'x'.repeat(30_000),
  'x'.repeat(129),
  '',
  ' ',
  'a b',
  'a\nb',
  '\u0000',
  '\ud800',
  '\u202e',
  7,
  {},
  [],
];

test('a user id that is none makes no credential', async () => {
  for (const userId of userIds) {
    const channel = { call: () => Promise.resolve({ status: 200, body: { token, userId } }), close: () => undefined };
    const provider = new ControlProvider({
      url: 'http://127.0.0.1:1',
      key: null,
      timeoutMs: 1,
      secrets: new SecretRegistry(),
      channel,
    });
    await expect(provider.credential('administrator'), JSON.stringify(userId).slice(0, 30)).rejects.toThrow(
      PrerequisiteError,
    );
  }
});

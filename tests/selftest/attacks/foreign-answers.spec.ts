import path from 'node:path';
import { expect } from '@playwright/test';
import { ControlProvider } from '../../../src/arrange/control.js';
import { TenantCalls } from '../../../src/arrange/graph/calls.js';
import { Journal } from '../../../src/arrange/graph/journal.js';
import { Tenant } from '../../../src/arrange/graph/tenant.js';
import { platformCredential } from '../../../src/arrange/identity/platform.js';
import { PrerequisiteError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { PlatformGrant } from '../../../src/target/token-source.js';
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
  const calls = new TenantCalls({
    ...{
      url: `${origin}/beta/service`,
      tokenOf: () => token,
      timeoutMs: 2000,
      callsPerSecond: 100_000,
      mostCalls: 2000,
    },
    ...{ secrets: new SecretRegistry(), journal, clock: startFakeClock().clock },
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

const metadataOf = (origin: string): object => ({
  ...{
    token_endpoint: `${origin}/t/oauth2/v2.0/token`,
    issuer: `${origin}/t/v2.0`,
    authorization_endpoint: `${origin}/t/a`,
  },
  ...{ device_authorization_endpoint: `${origin}/t/oauth2/v2.0/devicecode`, jwks_uri: `${origin}/t/keys` },
});

const platforms: Readonly<Record<string, Respond>> = {
  ...Object.fromEntries(
    [{}, [], null, 7, 'text', '{"a":', JSON.parse(deep(60)) as unknown].map((body) => [
      `${JSON.stringify(body).slice(0, 20)} to everything`,
      () => body ?? 'null',
    ]),
  ),
  'more than it may': () => `{"a":${many('1', 30_000)}}`,
  ...Object.fromEntries(
    [
      null,
      7,
      {},
      [],
      '::',
      '',
      'file:///etc/passwd',
      'https://evil.example/token',
      'http://evil.example/token',
      'http://127.0.0.1@evil.example/token',
    ].flatMap((place) =>
      ['token_endpoint', 'issuer'].map((member): [string, Respond] => [
        `${JSON.stringify(place)} as its ${member}`,
        (url, origin) =>
          url.includes('.well-known') ? { ...metadataOf(origin.replace('http:', 'https:')), [member]: place } : {},
      ]),
    ),
  ),
  ...Object.fromEntries(
    [
      {},
      { access_token: 7 },
      { access_token: '' },
      { access_token: {} },
      { access_token: 'x'.repeat(20_000) },
      { access_token: 'word' },
      { access_token: 'a b\nc' },
      { access_token: token, expires_in: 'x' },
      { access_token: token, expires_in: 1e308 },
      { access_token: token, expires_in: {} },
      { access_token: token, id_token: 'x' },
      { error: {} },
      { error: 'x'.repeat(20_000) },
      ...['scope', 'token_type', 'error_description', 'client_info', 'refresh_token', 'id_token'].flatMap((member) =>
        [5, [], {}, null].map((value) => ({ access_token: token, [member]: value })),
      ),
      { access_token: token, client_info: 'bnVsbA' },
      { access_token: token, client_info: '%%' },
      { access_token: token, refresh_in: -1 },
    ].map((body): [string, Respond] => [
      `the token ${JSON.stringify(body).slice(0, 50)}`,
      (url, origin) =>
        url.includes('.well-known')
          ? metadataOf(origin.replace('http:', 'https:'))
          : { token_type: 'Bearer', expires_in: 3600, ...body },
    ]),
  ),
};

const grant: PlatformGrant = { kind: 'clientCredentials', proof: { secret: { env: 'CANCEL_ATTACK_SECRET' } } };

for (const [what, respond] of Object.entries(platforms)) {
  test(`an identity platform that answers ${what} is trouble of the platform`, async ({ answering }) => {
    const { origin } = await answering(respond);
    process.env['CANCEL_ATTACK_SECRET'] = 'kV8~self-test-secret.Q2';
    const asked = platformCredential(
      {
        authority: origin,
        tenant: 't',
        clientId: '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10',
        scopes: ['https://graph.example/.default'],
        grant,
        where: 'target.yaml:1',
      },
      { persona: 'application', timeoutMs: 2000, neededMs: 0, secrets: new SecretRegistry(), prompt: null },
    );
    const error = await within(() => asked.catch((caught: unknown) => caught));
    // A platform that calls itself by another name is told to the user as what it may be: the wrong authority.
    const isTold =
      error instanceof PrerequisiteError || (error instanceof Error && error.message.includes('says that it is'));
    expect(isTold, String(error)).toBe(true);
    expect(String(error)).not.toContain('self-test-secret');
    expect(String(error).length).toBeLessThan(1000);
  });
}

const code = {
  device_code: 'x'.repeat(40),
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://x.example/d',
  expires_in: 3,
};

for (const [what, body] of [
  ...[1e9, 0, -1, 'abc', '', null, {}, []].map(
    (interval) => [`an interval of ${JSON.stringify(interval)}`, { ...code, interval }] as const,
  ),
  ...Object.keys(code).flatMap((member) =>
    [undefined, null, {}].map((value) => [`${member} ${JSON.stringify(value)}`, { ...code, [member]: value }] as const),
  ),
] as const) {
  test(`a device code with ${what} is trouble of the platform, and nobody is asked to enter it`, async ({
    answering,
    folder,
  }) => {
    let calls = 0;
    const { origin } = await answering((url, at) => {
      if (url.includes('.well-known')) return metadataOf(at.replace('http:', 'https:'));
      calls += 1;
      return url.includes('/devicecode') ? body : { error: 'authorization_pending' };
    });
    const prompted: unknown[] = [];
    const asked = platformCredential(
      {
        authority: origin,
        tenant: 't',
        clientId: '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10',
        scopes: ['https://graph.example/.default'],
        grant: { kind: 'deviceCode', cache: path.join(folder, 'cache.json') },
        where: 'target.yaml:1',
      },
      {
        ...{ persona: 'requestor', timeoutMs: 2000, neededMs: 0, secrets: new SecretRegistry() },
        prompt: (shown) => prompted.push(shown),
      },
    );
    const error = await within(() => asked.catch((caught: unknown) => caught));
    expect(error, String(error)).toBeInstanceOf(PrerequisiteError);
    expect(String(error)).toMatch(/what the platform answers as \w+ is none/);
    expect([calls, prompted]).toEqual([1, []]);
  });
}

import { once } from 'node:events';
import { truncateSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TestResult } from '@playwright/test/reporter';
import { ControlProvider } from '../../../src/arrange/control.js';
import { TenantCalls } from '../../../src/arrange/graph/calls.js';
import { Journal } from '../../../src/arrange/graph/journal.js';
import { Tenant } from '../../../src/arrange/graph/tenant.js';
import { platformCredential } from '../../../src/arrange/identity/platform.js';
import { PrerequisiteError } from '../../../src/engine/errors.js';
import { bounds, excessOf, excessOfYaml } from '../../../src/engine/bounds.js';
import { readJson } from '../../../src/engine/data-file.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { reportOfGathered, toldBy } from '../../../src/hosts/playwright/gathered.js';
import { toldAttachment, type Told } from '../../../src/hosts/playwright/told.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { PlatformGrant } from '../../../src/target/token-source.js';
import { startFakeClock } from '../support/fake-clock.js';
import { test as base, runJudge, writeEdited, type Edited } from '../support/bundles.js';
import { expect, runCli } from '../support/cli.js';

type Respond = (url: string, origin: string) => unknown;

/** Longest that one attack may take, in milliseconds; most take a hundredth of it. */
const boundMs = 5000;

const test = base.extend<{
  answering: (respond: Respond) => Promise<{ readonly origin: string; readonly seen: string[] }>;
}>({
  answering: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (respond) => {
      const seen: string[] = [];
      const server = createServer((incoming, response) => {
        seen.push(incoming.url ?? '');
        const body = respond(incoming.url ?? '', origin());
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
      servers.push(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return { origin: origin(), seen };
    });
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  },
});

/** Does something, and holds it against the clock. */
async function within<Value>(work: () => Promise<Value>): Promise<Value> {
  const begin = performance.now();
  try {
    return await work();
  } finally {
    expect(performance.now() - begin).toBeLessThan(boundMs);
  }
}

const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const many = (value: string, count: number): string => `[${`${value},`.repeat(count - 1)}${value}]`;

const hostileJson: Readonly<Record<string, string>> = {
  'nested 3,000 deep in lists': deep(3000),
  'nested 3,000 deep in objects': `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
  'nested a million deep': '['.repeat(1_000_000),
  'two million of null': many('null', 2_000_001),
  'two million lists': many('[]', 1_000_001),
  'half a million wrong checks': `{"schemaVersion":1,"suite":{"name":"cancel-conformance"},"checks":${many('{}', 500_000)}}`,
  'a hundred thousand keys': `{${Array.from({ length: 100_000 }, (_, at) => `"${at}":1`).join()}}`,
  'a number without end': '1e999',
  'a string without end': `"${'x'.repeat(1_000_000)}`,
  'backslashes without end': `"${'\\'.repeat(1_000_001)}`,
  zeros: '\0'.repeat(1000),
  null: 'null',
  'a list': '[]',
  '__proto__ for everything': '{"__proto__":{"schemaVersion":1},"schemaVersion":1,"suite":{"__proto__":null}}',
  'a version that is a list': `{"schemaVersion":${many('1', 10_000)}}`,
};

const readers: readonly (readonly [string, ...string[]])[] = [
  ['judge'],
  ['report'],
  ['waive'],
  ['annotate', '--for', 'github'],
  ['compare'],
];

for (const [what, text] of Object.entries(hostileJson)) {
  test(`a report.json that is ${what} is bad input to whoever reads it`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'report.json'), text);
    for (const [command, ...flags] of readers) {
      const files = command === 'compare' ? ['report.json', 'report.json'] : ['report.json'];
      const { exitCode, stderr } = await within(() => runCli([command, ...files, ...flags], { cwd: folder }));
      expect(exitCode, `${command}: ${stderr.slice(0, 300)}`).toBe(2);
      expect(stderr.length).toBeLessThan(5000);
    }
  });
}

test('a report.json of 3 GB is refused for its size, before it is read', async ({ folder }) => {
  const file = path.join(folder, 'report.json');
  writeFileSync(file, '{');
  truncateSync(file, 3 * 1024 ** 3);
  for (const [command, ...flags] of readers) {
    const files = command === 'compare' ? ['report.json', 'report.json'] : ['report.json'];
    const begin = performance.now();
    const { exitCode, stderr } = await runCli([command, ...files, ...flags], { cwd: folder });
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toMatch(/report\.json: larger than 64 MiB/);
    expect(performance.now() - begin).toBeLessThan(1000);
  }
});

test('the line of a mistake in 10 MB is named within a second', ({ folder }) => {
  const file = path.join(folder, 'data.json');
  const rows = Array.from({ length: 100_000 }, (_, at) => `{"id": ${at}, "text": "${'\\"[{,'.repeat(18)}"}`);
  writeFileSync(file, `{"rows": [\n${rows.join(',\n')}\n], "last": true}`);
  const data = readJson(file);
  const begin = performance.now();
  expect(data.lineOf(['rows', 99_999, 'text'])).toBe(100_001);
  expect(data.lineOf(['last'])).toBe(100_002);
  expect(data.locate(['rows', 50_000, 'none'])).toBe(`${file}:50002: rows[50000].none`);
  expect(performance.now() - begin).toBeLessThan(1000);
});

const hostileYaml: Readonly<Record<string, string>> = {
  'nested 3,000 deep': deep(3000),
  'nested 100,000 deep': '['.repeat(100_000),
  'nested 3,000 deep by its entries': `${'- '.repeat(3000)}a`,
  'nested deep by its indents': Array.from({ length: 1400 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
  'a million of null': many('null', 200_000),
  'a list without end': '- a\n'.repeat(100_000),
  'more than anybody writes': `# ${'x'.repeat(1024 * 1024)}`,
  'aliases that multiply': [
    'a: &a [1,1,1,1,1,1,1,1,1]',
    ...'bcdefghi'.split('').map(
      (name, at) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdefgh'.charAt(at)}`)
          .join()}]`,
    ),
  ].join('\n'),
  'an alias of itself': 'a: &a [*a]',
  'twenty thousand wrong entries': `waivers: ${many('1', 19_000)}`,
  'ten thousand empty entries': `waivers: ${many('{}', 6000)}`,
  zeros: '\0'.repeat(1000),
};

for (const [what, text] of Object.entries(hostileYaml)) {
  test(`a file written by hand that is ${what} is bad input to whoever reads it`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'file.yaml'), text);
    const target = {
      name: 'x',
      baseUrl: 'http://127.0.0.1:1/beta',
      requests: { provider: 'inventory', file: 'file.yaml' },
      identities: { administrator: { token: { env: 'CANCEL_TOKEN' } } },
    };
    writeFileSync(path.join(folder, 'target.yaml'), JSON.stringify(target));
    for (const args of [
      ['doctor', '--target', 'file.yaml'],
      ['run', '--waivers', 'file.yaml'],
      ['plan', '--target', 'target.yaml'],
    ]) {
      const { exitCode, stderr } = await within(() => runCli(args, { cwd: folder }));
      expect(exitCode, `${args.join(' ')}: ${stderr.slice(0, 300)}`).toBe(2);
      expect(stderr.length).toBeLessThan(5000);
    }
  });
}

const claims: Readonly<Record<string, (files: Edited) => void>> = {
  'a thousand million cases': ({ report }) => void (report.totals.cases = 1e9),
  'a thousand million checks that passed': ({ report }) => void (report.totals.checks.passed = 1e9),
  'a time without end': ({ report }) => void (report.run.durationMs = Number.MAX_VALUE),
  'the exchange number 1,000,000,000': ({ evidence }) =>
    void (evidence[0] && (evidence[0].id = `${evidence[0].id.split('.')[0] ?? ''}.1000000000`)),
  'an exchange without a number': ({ evidence }) => void (evidence[0] && (evidence[0].id = 'x')),
  'an exchange of __proto__': ({ evidence }) => void (evidence[0] && (evidence[0].id = '__proto__.1')),
  'a case named __proto__': ({ report }) => void (report.cases[0] && (report.cases[0].id = '__proto__')),
  'a check named constructor': ({ report }) =>
    void (report.checks[0] && (report.checks[0].id = 'constructor/toString')),
  'a resource nested 80 deep': ({ report }) => {
    const look = report.cases.flatMap(({ looks }) => looks)[0];
    if (look) look.resource = { a: JSON.parse(deep(80)) as unknown };
  },
  'a resource nested 3,000 deep': ({ report }) => {
    const look = report.cases.flatMap(({ looks }) => looks)[0];
    if (look) look.resource = { a: JSON.parse(deep(3000)) as unknown };
  },
  'fifty thousand faults of the suite': ({ report }) =>
    void report.suiteFaults.push(...Array<string>(50_000).fill('x')),
  'a thousand times the same exchange': ({ evidence }) =>
    void (evidence[0] && evidence.push(...Array<(typeof evidence)[number]>(1000).fill(evidence[0]))),
  'nothing of all that it says': ({ report, evidence }) => {
    Object.assign(report, { checks: [], cases: [], exchanges: [], requirements: [], reproducers: [] });
    evidence.length = 0;
  },
  'an edition that is a member of every object': ({ report }) => void (report.target.edition = 'constructor'),
  'areas that nobody knows': ({ report }) => void Object.assign(report.run, { areas: ['__proto__'] }),
  'a choice of cases that nobody knows': ({ report }) =>
    void Object.assign(report.run, { only: ['__proto__', 'x'.repeat(10_000)] }),
  'an address that is none': ({ report }) => void Object.assign(report.target, { baseUrl: 'http://[::1' }),
};

for (const [what, edit] of Object.entries(claims)) {
  test(`a report that claims ${what} is judged or refused, and no fault of the suite`, async ({
    partialRun,
    folder,
  }) => {
    const place = writeEdited(partialRun.out, folder, edit);
    const { exitCode, stdout, stderr } = await within(() => runJudge(place));
    expect([0, 1, 2, 3], stdout + stderr).toContain(exitCode);
    expect((stdout + stderr).length).toBeLessThan(50_000);
  });
}

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

test('a refusal whose words are no words is told all the same', async ({ folder }) => {
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
      error instanceof PrerequisiteError || (error instanceof Error && /says that it is/.test(error.message));
    expect(isTold, String(error)).toBe(true);
    expect(String(error)).not.toContain('self-test-secret');
    expect(String(error).length).toBeLessThan(1000);
  });
}

const { target, contract } = resolveTarget({});
const honest: Told = JSON.parse(
  JSON.stringify({
    ...{
      runKey: 'a',
      suiteVersion: contract.version,
      planHash: planRun(contract, target).hash,
      target,
      areas: null,
      waivers: [],
    },
    ...{
      shard: null,
      runId: 'a-run',
      startedAt: '2026-11-29T12:00:00.000Z',
      baseUrl: 'http://127.0.0.1:1/beta',
      claimHints: {},
    },
    ...{ remarks: null, records: [] },
  }),
) as Told;

const record = {
  caseId: 'x',
  blocked: null,
  exchanges: [],
  looks: [],
  startedAt: '2026-11-29T12:00:00.000Z',
  durationMs: 1,
};

const strangeTold: Readonly<Record<string, unknown>> = {
  null: null,
  'a list': [],
  nothing: {},
  'a thousand million shards': { ...honest, shard: { current: 1, total: 1e9 } },
  'the shard 0': { ...honest, shard: { current: 0, total: 2 } },
  'half a shard': { ...honest, shard: { current: 1, total: 1.5 } },
  'no records': { ...honest, records: null },
  'records of null': { ...honest, records: [null] },
  'a million records': { ...honest, records: Array.from({ length: 50_000 }, () => record) },
  'an exchange that is none': { ...honest, records: [{ ...record, exchanges: [{}] }] },
  'a look that is none': { ...honest, records: [{ ...record, looks: [7] }] },
  'no target': { ...honest, target: null },
  'a target without readings': { ...honest, target: { ...honest.target, readings: null } },
  'an address that is none': { ...honest, baseUrl: 'x' },
  'a member more': { ...honest, __proto: 1 },
  'what is nested 3,000 deep': { ...honest, remarks: JSON.parse(`{"a":${deep(3000)}}`) as unknown },
  'waivers that are none': { ...honest, waivers: [{}] },
};

const attached = (body: Buffer): Pick<TestResult, 'attachments'> => ({
  attachments: [{ name: toldAttachment, contentType: 'application/json', body }],
});

for (const [what, told] of Object.entries(strangeTold)) {
  test(`a blob report in which a test told ${what} is bad input`, () => {
    const begin = performance.now();
    expect(() => toldBy(attached(Buffer.from(JSON.stringify(told))))).toThrow(
      expect.objectContaining({ name: 'ConfigurationError' }),
    );
    expect(performance.now() - begin).toBeLessThan(boundMs);
  });
}

test('a blob report in which a test told no JSON, or too much of it, is bad input', () => {
  for (const text of ['', '{', '\0', many('1', 1_000_000), deep(3000)])
    expect(() => toldBy(attached(Buffer.from(text)))).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
});

test('what a test told of cases and choices that nobody knows is told as what is missing', () => {
  for (const change of [
    {},
    { records: [record] },
    { records: [{ ...record, caseId: '__proto__' }] },
    { shard: { current: 999, total: 1000 } },
  ]) {
    const told = toldBy(attached(Buffer.from(JSON.stringify({ ...honest, ...change }))));
    if (told === null) throw new Error('nothing was told');
    const { report } = reportOfGathered({
      ...{
        told: [told],
        suite: { allTests: () => [] } as never,
        suiteFaults: [],
        unfinished: 'it was not carried out',
      },
      ...{ status: 'passed', durationMs: 1 },
    });
    expect(report.run.outcome).toBe('incomplete');
  }
  const other = toldBy(
    attached(Buffer.from(JSON.stringify({ ...honest, target: { ...honest.target, edition: 'constructor' } }))),
  );
  expect(() =>
    reportOfGathered({
      ...{ told: [other ?? honest], suite: { allTests: () => [] } as never, suiteFaults: [], unfinished: '' },
      ...{ status: 'passed', durationMs: 1 },
    }),
  ).toThrow(expect.objectContaining({ name: 'ConfigurationError' }));
});

test('what a text would become is told before it is made, at each bound and not below it', () => {
  const within2 = { values: 5, levels: 2 };
  expect(excessOf('[1,2,3]', within2)).toBeNull();
  expect(excessOf('[1,2,3,4,5]', within2)).toBe('has more than 5 values');
  expect(excessOf('[[1]]', within2)).toBeNull();
  expect(excessOf('[[[', within2)).toBe('is nested deeper than 2 levels');
  expect(excessOf('["[[[[,,,,,\\"[[[", "\\\\"]', within2)).toBeNull();
  expect(excessOf('["\\\\", [[1]]]', within2)).toBe('is nested deeper than 2 levels');
  expect(excessOfYaml('a\n'.repeat(5), { marks: 5, levels: 2 })).toBeNull();
  expect(excessOfYaml('a\n'.repeat(6), { marks: 5, levels: 2 })).toMatch(/has more than 5 lines/);
  for (const yaml of ['[[[', '- - - - a', '     a: 1', '? ? ? a'])
    expect(excessOfYaml(yaml, { marks: 9, levels: 2 })).toBe('is nested deeper than 2 levels');
  expect(excessOfYaml('[[1]]\n- - a\n  a: 1', { marks: 9, levels: 2 })).toBeNull();
  // Whatever is one of them has a size that somebody could mean.
  for (const group of Object.values(bounds)) for (const bound of Object.values(group)) expect(bound).toBeGreaterThan(0);
});

import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { acquireLock } from '../../../src/arrange/graph/lock.js';
import { tenantOf, type LiveParts } from '../../../src/arrange/graph/open.js';
import { Journal } from '../../../src/arrange/graph/journal.js';
import { PreparedRequests, readBatches } from '../../../src/arrange/graph/prepared.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { plainReach } from '../../../src/engine/exchange/reach.js';
import { systemClock } from '../../../src/engine/patience.js';
import { liveTenantOf } from '../../../src/target/live-tenant.js';
import type { Target } from '../../../src/target/target.js';
import { collections, intent, longAgo, made, objectsIn, tag, test } from '../support/attacked-tenant.js';
import { tenantId } from '../support/live-tenant.js';
import { expect, type Members } from '../support/tenant-client.js';

const heads: Readonly<Record<string, Members>> = {
  'a tag of nobody': { tag: 'Department 1' },
  'no tag': { tag: '' },
  'a tag that is only begun': { tag: 'cancel-conformance run ' },
  'a tag with a line end': { tag: `${tag}\nDepartment 1` },
  'a tag that is a list': { tag: [tag] },
  'another tenant': { tenant: '00000000-0000-4000-8000-0000000000a1' },
  'no tenant': { tenant: undefined },
  'another origin': { baseUrl: 'https://evil.example/beta' },
  'another origin, behind the right one as credentials': { baseUrl: 'http://127.0.0.1@evil.example/beta' },
  'another path': { baseUrl: 'http://127.0.0.1/v1.0/users' },
  'another target': { target: 'production' },
  'a collection that leads elsewhere': { collection: '../../../users' },
  'a collection with a query': { collection: 'users?$filter=' },
  'an edition that is a path': { edition: '../../etc/passwd' },
  'another version': { journal: 'cancel-conformance-journal/2' },
  'a member more': { sendTokensTo: 'https://evil.example' },
};

test('a journal whose head is forged is refused, and no token is sent', async ({
  scene: { head, recover, foreign },
}) => {
  const victim = foreign.find(({ kind }) => kind === collections['catalog']);
  const lines = [intent({ kind: 'catalog', name: tag }), made(victim?.id)];
  for (const [what, change] of Object.entries(heads)) {
    const { exitCode, said } = await recover([{ ...head, ...change }, ...lines]);
    expect(exitCode, `${what}: ${said}`).toBe(2);
    expect(said, what).toMatch(/not a journal of this suite|was written for the|:1: |second head/);
  }
  for (const first of ['null', '[]', '7', '"cancel-conformance-journal/1"', '', '{', '[['.repeat(3000)])
    expect(await recover([first, ...lines]), first.slice(0, 20)).toMatchObject({ exitCode: 2 });
  expect(await recover([head, head, ...lines])).toMatchObject({ exitCode: 2, said: expect.stringContaining(':2: ') });
});

const ids: readonly unknown[] = [
  ...[
    '../../users/victim',
    '..',
    '.',
    '%2e%2e',
    '%2e%2e%2fusers%2fvictim',
    '..%2fusers',
    'a/b',
    'a\\b',
    'a?x=1',
    'a#b',
    '',
  ],
  ...[
    'a b',
    'a\nb',
    'a\r\nHost: evil',
    'a\u0000',
    '\u202e',
    'é',
    "a'b",
    '$batch;',
    'x'.repeat(129),
    'x'.repeat(100_000),
  ],
  ...[7, null, true, ['a'], { id: 'a' }],
];

const mistakes: Readonly<Record<string, readonly (string | object)[]>> = {
  ...Object.fromEntries(
    ['user', 'group', 'Catalog', '__proto__', 'constructor', '', 7, null].map((kind) => [
      `the kind ${String(kind)}`,
      [intent({ kind }), made('a-request')],
    ]),
  ),
  ...Object.fromEntries(
    ['Department 1', 'Project 1', '', `x ${tag}`, `${tag}x`, `${tag}\n#1`, `${tag} \u001b[2J`, 7].map((name) => [
      `the name ${String(name)}`,
      [intent({ kind: 'catalog', name })],
    ]),
  ),
  ...Object.fromEntries(
    [0, -1, 1.5, '1', 1e9, null].map((seq) => [`the number ${String(seq)}`, [{ ...intent({}), seq }]]),
  ),
  'a persona that is a path': [intent({ createdAs: '../x' })],
  'an owner with a line end': [intent({ owner: 'requestor\nx' })],
  'a moment that is none': [intent({ createdAt: 'tomorrow' })],
  'a verb that is a command': [{ ...intent({}), intend: 'DELETE /users' }],
  'a member more': [{ ...intent({}), path: '/users/victim' }],
  'an outcome that says nothing': [{ seq: 1, at: longAgo }],
  'no JSON in the middle': [intent({}), '{"seq":1,"at"', made('a-request')],
  'a list in the middle': [intent({}), '[]', made('a-request')],
  'a line that is nested deep': [`${'['.repeat(3000)}${']'.repeat(3000)}`, made('a-request')],
  'a line of a thousand values': [JSON.stringify(Array.from({ length: 1000 }, () => 1)), made('a-request')],
  'more lines than any run writes': ['{}\n'.repeat(100_001)],
};

test('a journal with a line that no run writes is refused at that line', async ({ scene: { head, recover } }) => {
  for (const id of ids) {
    const { exitCode, said } = await recover([head, intent({}), made(id)]);
    expect(exitCode, `${String(id).slice(0, 40)}: ${said}`).toBe(2);
    expect(said).toContain(':3: ');
  }
  for (const [what, lines] of Object.entries(mistakes)) {
    const { exitCode, said } = await recover([head, ...lines]);
    expect(exitCode, `${what}: ${said}`).toBe(2);
    expect(said, what).toMatch(/:[23]: |has more than/);
  }
});

test('what a journal says and the tenant does not is left alone, of every kind and in every status', async ({
  scene: { head, recover, foreign },
}) => {
  const statuses = new Set(foreign.map(({ kind, status }) => `${kind} ${status ?? ''}`));
  expect(statuses.size).toBeGreaterThan(10);
  for (const which of statuses) {
    const victim = foreign.find(({ kind, status }) => `${kind} ${status ?? ''}` === which);
    const [kind] = Object.entries(collections).find(([, collection]) => collection === victim?.kind) ?? [];
    if (victim === undefined || kind === undefined) continue;
    const name = kind === 'catalog' ? tag : `${tag} #1`;
    const { exitCode, said } = await recover([head, intent({ kind, name }), made(victim.id)]);
    expect(exitCode, `${which}: ${said}`).toBe(3);
    expect(said, which).toMatch(
      /left alone, for the \w+ \S+ is none that the run of this journal made: its (?:justification|displayName) there is not/,
    );
  }
});

test('an id that stands for something of another kind, or for nothing, harms nothing', async ({
  scene: { head, recover, foreign },
}) => {
  const victims = Object.values(collections).map((collection) => foreign.find(({ kind }) => kind === collection));
  for (const kind of Object.keys(collections)) {
    for (const victim of [...victims, { id: 'none-of-any', kind: '' }]) {
      if (victim === undefined || victim.kind === collections[kind]) continue;
      const name = kind === 'catalog' ? tag : `${tag} #1`;
      const { exitCode, said } = await recover([head, intent({ kind, name }), made(victim.id)]);
      expect([0, 3], said).toContain(exitCode);
    }
  }
});

test('what bears the mark and stands in something foreign is left alone', async ({
  scene: { client, head, recover, foreign },
}) => {
  const idOf = (kind: string): string => foreign.find((one) => one.kind === collections[kind])?.id ?? '';
  const make = async (kind: string, body: Members): Promise<string> =>
    String((await client.done('administrator', `POST ${collections[kind] ?? ''}`, { body }))['id']);
  const stranger = await make('package', {
    catalogId: idOf('catalog'),
    displayName: `${tag} package 1`,
    description: '',
  });
  const one = await recover([head, intent({ kind: 'package', name: `${tag} package 1` }), made(stranger)]);
  expect(one).toMatchObject({ exitCode: 3, said: expect.stringContaining('its catalog is another') });
  // The catalog is claimed, too: it does not bear the mark, and so what stands in it is not deleted on its word.
  const both = await recover([
    ...[head, intent({ kind: 'catalog', name: tag }), made(idOf('catalog'))],
    ...[intent({ kind: 'package', name: `${tag} package 2` }, 2), made(idOf('package'), 2)],
  ]);
  expect(both).toMatchObject({ exitCode: 3, said: expect.stringMatching(/0 objects deleted, 2 left/) });
});

test('what is the run’s own goes, what is not stays, in one journal', async ({
  scene: { client, head, recover, foreign },
}) => {
  const { id } = await client.done('administrator', 'POST accessPackageCatalogs', { body: { displayName: tag } });
  const victims = foreign.slice(0, 30);
  const { exitCode, said } = await recover([
    ...[head, intent({ kind: 'catalog', name: tag, createdAs: 'administrator' }), made(id)],
    ...victims.flatMap((victim, at) => [intent({ kind: 'catalog', name: tag }, at + 2), made(victim.id, at + 2)]),
  ]);
  expect(exitCode, said).toBe(3);
  expect(await objectsIn(client, false)).toEqual([]);
});

test('a moment in the future, and more objects than calls, keep nobody waiting', async ({
  scene: { head, recover, foreign },
}) => {
  const createdAt = '9999-01-01T00:00:00.000Z';
  const future = await recover([head, intent({ kind: 'catalog', name: tag, createdAt }), made('none-of-any')]);
  expect(future).toMatchObject({ exitCode: 3, said: expect.stringContaining('it cannot be read yet') });
  const many = foreign.filter(({ kind }) => kind === collections['request']);
  const lines = many.flatMap((victim, at) => [intent({}, at + 1), made(victim.id, at + 1)]);
  expect(await recover([head, ...lines.slice(0, 200)])).toMatchObject({ exitCode: 3 });
  const unread = Array.from({ length: 120 }, (_, at) => [intent({ createdAt }, at + 1), made(`none-${at}`, at + 1)]);
  expect(await recover([head, ...unread.flat()])).toMatchObject({
    exitCode: 3,
    said: expect.stringMatching(
      /0 objects deleted, 120 left\n(?: {2}left: .*\n){100} {2}and 20 more, which the journal names; the last of them: GET .* answered 400/,
    ),
  });
});

test('only the last line may be cut, and what is written behind it stands on a line of its own', async ({
  scene: { head, recover, state },
}) => {
  const cut = await recover([head, intent({ kind: 'catalog', name: tag }), made('none-of-any'), '{"seq":2,"at":"2026']);
  expect(cut, cut.said).toMatchObject({
    exitCode: 0,
    said: expect.stringContaining(': 0 objects deleted, 1 not there any more, 0 left\n'),
  });
  for (const line of readFileSync(path.join(state, 'run-1.jsonl'), 'utf8').trim().split('\n')) JSON.parse(line);
});

test('a run uses no request that somebody else prepared', async ({ scene: { client, head, foreign, state } }) => {
  const escalated = foreign.filter(({ status }) => status === 'pendingApprovalEscalated').slice(0, 5);
  expect(escalated.length).toBeGreaterThan(2);
  const edition = loadContract().edition.id;
  const prepared = { ...head, tag: tag.replace('run', 'prepared') };
  const lines = escalated.flatMap(({ id }, at) => [
    intent({ name: `${prepared.tag} #${at}`, readyAt: longAgo, edition }, at + 1),
    made(id, at + 1),
  ]);
  const file = path.join(state, 'prepared-1.jsonl');
  writeFileSync(file, [prepared, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
  const baseUrl = String(head['baseUrl']);
  const spoken = { tenant: tenantId, baseUrl, target: 'target-under-test' };
  const [batch] = readBatches(state, spoken);
  expect(batch?.requests).toHaveLength(escalated.length);
  // Of another target nothing is taken at all.
  for (const change of [{ tenant: 'x' }, { baseUrl: 'https://evil.example' }, { target: 'x' }])
    expect(readBatches(state, { ...spoken, ...change })).toEqual([]);
  const target = {
    name: 'target-under-test',
    timeoutMs: 5000,
    collection: 'accessPackageAssignmentRequests',
  } as Target;
  const parts: LiveParts = {
    ...{
      target,
      contract: loadContract(),
      baseUrl,
      reach: plainReach,
      secrets: new SecretRegistry(),
      clock: systemClock,
    },
    credentials: { administrator: { token: await client.tokenOf('administrator'), userId: null } },
  };
  const live = liveTenantOf({ provider: 'graph', tenant: tenantId, callsPerSecond: 1000, patienceMs: 100 }, state);
  const requests = new PreparedRequests([
    { tenant: tenantOf(parts, live, Journal.reopen(file)), requests: batch?.requests ?? [] },
  ]);
  await requests.look();
  expect(requests.ready).toBe(0);
  await expect(requests.take('requestor')).rejects.toThrow(/no prepared request/);
  await requests.close('administrator');
});

test('folders and files of the state are narrowed to their owner, and that is said', async ({
  scene: { head, recover, state },
}) => {
  chmodSync(state, 0o755);
  const older = path.join(state, 'run-old.jsonl');
  writeFileSync(older, `${JSON.stringify(head)}\n`);
  chmodSync(older, 0o664);
  const { exitCode, said } = await recover([head]);
  expect(exitCode, said).toBe(0);
  expect(said).toMatch(/others could use it \(mode 755\)[^]*run-old\.jsonl: others could use it \(mode 664\)/);
  expect([state, older].map((place) => (statSync(place).mode & 0o777).toString(8))).toEqual(['700', '600']);
  const made = path.join(state, 'new');
  acquireLock(made, 'a-tenant', path.join(made, 'run-1.jsonl'));
  expect(
    [made, path.join(made, 'lock-a-tenant.json')].map((place) => (statSync(place).mode & 0o777).toString(8)),
  ).toEqual(['700', '600']);
});

test('a journal that is a link is not followed', async ({ scene: { head, recover, state } }) => {
  const elsewhere = path.join(state, '..', 'elsewhere');
  writeFileSync(elsewhere, `${JSON.stringify(head)}\n`);
  symlinkSync(elsewhere, path.join(state, 'run-link.jsonl'));
  expect(await recover([head])).toMatchObject({ exitCode: 2, said: expect.stringContaining('a symbolic link') });
});

import { expect, test } from '@playwright/test';
import { casesById } from '../../../src/cancel/cases/index.js';
import { clientColumns } from '../../../src/cancel/cases/columns.js';
import { clients } from '../../../src/cancel/forms/clients.js';
import { clientFaults } from '../../../src/emulators/endpoint/faults/clients.js';
import type { Probe } from '../../../src/engine/case.js';
import type { HeaderPair } from '../../../src/engine/evidence/records.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { compose } from '../../../src/engine/perform/compose.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';

const { target, contract } = resolveTarget({});
const token = 'an-opaque-token-without-segments';

/** What goes out for a probe of the administrator's, on a request of the persona's. */
function headersOf(probe: Omit<Probe, 'persona'>, owner = 'requestor'): readonly HeaderPair[] {
  const credentials = {
    administrator: { token, userId: 'id-of-administrator' },
    requestor: { token, userId: 'id-of-requestor' },
    otherUser: { token, userId: null },
  };
  const session = { target, contract, secrets: new SecretRegistry(), baseUrl: 'http://127.0.0.1/beta', credentials };
  const ids = { subject: '1', sibling: '2', stranger: '3' };
  return compose({ persona: 'administrator', ...probe }, { session, ids, owner, resource: null }).headers;
}

const named = (headers: readonly HeaderPair[], name: string): readonly string[] =>
  headers.flatMap(([known, value]) => (known === name ? [value] : []));

test('each header of a client is sent once, in the place of the one of the suite, and what it leaves out is not', () => {
  for (const [client, form] of Object.entries(clients)) {
    const headers = headersOf({ client });
    const call = named(headers, 'client-request-id')[0]?.replace('call-', '') ?? '';
    for (const [name, value] of form({ owner: 'id-of-requestor', call }))
      expect(named(headers, name), `${client}: ${name}`).toEqual(value === null ? [] : [value]);
    expect(named(headers, 'authorization')).toHaveLength(1);
    expect(named(headers, 'content-type')).toEqual(['application/json']);
  }
  expect(headersOf({ client: 'bare' }).map(([name]) => name)).toEqual(['authorization', 'content-type']);
});

test('a gateway names whose request it is by id, and by name where the id is not known', () => {
  for (const [owner, value] of [
    ['requestor', 'id-of-requestor'],
    ['administrator', 'id-of-administrator'],
    ['otherUser', 'otherUser'],
    ['subjectUser', 'subjectUser'],
  ] as const)
    expect(named(headersOf({ client: 'of-a-gateway' }, owner), 'x-ms-client-principal-id')).toEqual([value]);
});

test('no call has the id of another one', () => {
  const ids = Array.from({ length: 3 }, () => named(headersOf({ client: 'of-a-gateway' }), 'client-request-id')[0]);
  expect(new Set(ids).size).toBe(3);
  for (const id of ids) expect(id).toMatch(/^call-[0-9a-f]{8}-/);
});

test('nothing that a client says makes another call of it, or is a credential', () => {
  const said = Object.values(clients).flatMap((form) => form({ owner: 'x', call: 'y' }).map(([name]) => name));
  const meant =
    /^(?:authorization|content-.*|transfer-encoding|host|connection|if-.*|x-http-method.*|x-method.*|x-original.*|x-rewrite.*)$/;
  expect(said.filter((name) => meant.test(name))).toEqual([]);
  expect(said.filter((name) => name !== name.toLowerCase())).toEqual([]);
});

/** Cells of a client, and what they rest on. */
const cellsOf = (client: string): readonly string[] =>
  [...casesById.values()]
    .filter(({ cell }) => cell?.dimension === 'headers' && cell.value === client)
    .map(({ id }) => id);

test('each client is tried with every gate', () => {
  for (const { value } of clientColumns) expect(cellsOf(value).length, value).toBeGreaterThan(25);
});

/** Verdicts of the cells of each client, each once. */
async function verdictsWith(variant?: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const all = Object.keys(clients).flatMap(cellsOf);
  const report = await runOn(embeddedWith(variant === undefined ? {} : { variant }), { cases: all });
  expect(report.checks.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
  expect(report.suiteFaults).toEqual([]);
  return Object.fromEntries(
    Object.keys(clients).map((client) => {
      const own = new Set(cellsOf(client));
      const verdicts = report.checks.flatMap(({ caseId, verdict }) => (own.has(caseId) ? [verdict] : []));
      return [client, [...new Set(verdicts)].toSorted()];
    }),
  );
}

const told = { 'of-a-browser': ['passed'], 'of-a-gateway': ['passed'], bare: ['passed'] };

for (const [variant, differing] of [
  [undefined, {}],
  ['foreign-origins-refused', { 'of-a-browser': ['not-applicable'] }],
  ['pages-not-acceptable', { 'of-a-browser': ['not-applicable'] }],
  ['program-must-say-its-name', { bare: ['not-applicable'] }],
  ['client-request-id-must-be-a-guid', { 'of-a-gateway': ['not-applicable'] }],
  ['people-sent-to-sign-in', {}],
  ['errors-as-pages-where-asked-for', {}],
  ['success-200-unless-little-is-asked', {}],
] as const) {
  test(`what ${variant ?? 'the target'} serves is told, and what it does not serve does not apply`, async () => {
    expect(await verdictsWith(variant)).toEqual({ ...told, ...differing });
  });
}

test('a fault that only cells of a column can see names one that has cells', () => {
  const columns = clientFaults.flatMap(({ column }) => column ?? []);
  expect(columns.length).toBeGreaterThan(0);
  for (const { dimension, value } of columns) {
    expect(dimension).toBe('headers');
    expect(cellsOf(value).length, value).toBeGreaterThan(0);
  }
});

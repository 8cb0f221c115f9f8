import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OpenAPIV3_1 } from 'openapi-types';
import { casesById } from '../../../src/cancel/cases/index.js';
import { flawsOfOwnMessages } from '../../../src/cancel/own-messages.js';
import type { CaseRecord, Exchange } from '../../../src/engine/evidence/records.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import { expect, test } from '../support/cli.js';
import {
  caseOf,
  contract,
  madeUpExchange,
  madeUpRecord,
  requestIdOf,
  rules,
  textBody,
} from '../support/made-up-evidence.js';

const entry = caseOf('perm-refuses-otherUser');
const id = requestIdOf(entry.id, 'subject');
const collection = '/beta/identityGovernance/entitlementManagement/accessPackageAssignmentRequests';
const proper: Exchange['request'] = {
  method: 'POST',
  url: `http://target.test${collection}/${id}/cancel`,
  requestTarget: `${collection}/${id}/cancel`,
  headers: [
    ['authorization', 'Bearer ‹token:otherUser›'],
    ['client-request-id', '0f0c9e3d-61f5-4c39-9a47-0b2f3c1d4e5f'],
    ['content-type', 'application/json'],
  ],
  body: textBody(JSON.stringify({ id, requestStatus: 'cancelled' })),
};

function flawsOf(request: Exchange['request'], client?: string): readonly string[] {
  const [probe] = entry.when;
  const as = client === undefined ? entry : { ...entry, when: [{ ...probe, client }] as const };
  const record: CaseRecord = {
    ...madeUpRecord(entry, {}),
    exchanges: [madeUpExchange(entry.id, { status: 403 }, { request })],
  };
  return flawsOfOwnMessages({ case: as, record, rules });
}

const without = (name: string): Exchange['request'] => ({
  ...proper,
  headers: proper.headers.filter(([known]) => known !== name),
});

test('has nothing against a message as it is to be', () => {
  expect(flawsOf(proper)).toEqual([]);
  // Below a base URL that holds the same words, as its user wrote it.
  for (const base of [
    '/beta/identityGovernance/entitlementManagement',
    '/identityGovernance/entitlementManagement/x',
  ]) {
    expect(flawsOf({ ...proper, requestTarget: `${base}${proper.requestTarget.slice('/beta'.length)}` })).toEqual([]);
  }
  // Of a body that evidence does not keep whole nothing is known.
  expect(flawsOf({ ...proper, body: { ...textBody('{'), truncated: true } })).toEqual([]);
});

for (const [what, request, says] of [
  ['another method', { ...proper, method: 'PUT' }, /its method is PUT/],
  ['the address of another request', { ...proper, requestTarget: `${collection}/x/cancel` }, /is not the cancel of/],
  ['another action', { ...proper, requestTarget: `${collection}/${id}/resume` }, /is not the cancel of/],
  ['another service', { ...proper, requestTarget: `/beta/x/${id}/cancel` }, /is not the cancel of/],
  ['no token', without('authorization'), /its header authorization/],
  ['no client-request-id', without('client-request-id'), /its header client-request-id/],
  ['no media type', without('content-type'), /its header content-type/],
  ['no body', { ...proper, body: null }, /it has no body/],
  ['a body that is no JSON', { ...proper, body: textBody('{') }, /is not JSON/],
  ['a body without status', { ...proper, body: textBody(JSON.stringify({ id })) }, /does not match the schema/],
  [
    'a body for another request',
    { ...proper, body: textBody('{"id":"x","requestStatus":"cancelled"}') },
    /names another request/,
  ],
  ['a body that is no text', { ...proper, body: { ...textBody('e30='), encoding: 'base64' } }, /its body is not text/],
] as const) {
  test(`takes ${what} for a fault of the suite`, () => {
    expect(flawsOf(request)).toEqual([expect.stringMatching(says)]);
  });
}

const withRequestId = (value: string): Exchange['request'] => ({
  ...proper,
  headers: [...without('client-request-id').headers, ['client-request-id', value]],
});

test('a client-request-id is what the client of the probe is to send, and nothing else', () => {
  const wrong = [expect.stringMatching(/its header client-request-id is not right/)];
  expect(flawsOf(withRequestId('call-1'))).toEqual(wrong);
  expect(flawsOf(withRequestId('call-0f0c9e3d-61f5-4c39-9a47-0b2f3c1d4e5f'), 'of-a-gateway')).toEqual([]);
  expect(flawsOf(withRequestId('call-0f0c9e3d-61f5-4c39-9a47-0b2f3c1d4e5f'))).toEqual(wrong);
  for (const one of ['call-', 'call-1']) expect(flawsOf(withRequestId(one), 'of-a-gateway')).toEqual(wrong);
  expect(flawsOf(proper, 'of-a-gateway')).toEqual(wrong);
  expect(flawsOf(without('client-request-id'), 'of-a-gateway')).toEqual(wrong);
  expect(flawsOf(without('client-request-id'), 'bare')).toEqual([]);
  expect(flawsOf(proper, 'bare')).toEqual([expect.stringMatching(/it has a client-request-id/)]);
  expect(flawsOf(proper, 'of-a-browser')).toEqual([]);
  expect(flawsOf(without('client-request-id'), 'of-a-browser')).toEqual(wrong);
});

/** Forms of a probe that break its message on purpose. */
const isDeclaredProper = (caseId: string): boolean =>
  (casesById.get(caseId)?.when ?? []).every(
    ({ credential, method, address, contentType, body = 'required' }) =>
      credential === undefined &&
      method === undefined &&
      address === undefined &&
      contentType === undefined &&
      ['required', 'full-representation', 'extra-members'].includes(body),
  );

test('sends what the OpenAPI fragment describes wherever it means to', ({ embeddedRun }) => {
  const [template = '', item] = Object.entries(contract.openapi.paths ?? {}).find(([, { post } = {}]) => post) ?? [];
  const action = (item as OpenAPIV3_1.PathItemObject).post;
  expect(action?.operationId).toBe('cancelAccessPackageAssignmentRequest');
  expect(Object.keys((action?.requestBody as OpenAPIV3_1.RequestBodyObject).content)).toEqual(['application/json']);
  const address = new RegExp(`^/beta${template.replace(/\{[^}]+\}/, '[^/?]+')}$`);
  const matchesBody = schemaValidator('wire/cancel-body');
  const evidence = readFileSync(path.join(embeddedRun.out, 'evidence.jsonl'), 'utf8');
  const sent = evidence
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Exchange)
    .filter((exchange) => exchange.role === 'probe' && isDeclaredProper(exchange.id.replace(/\.\d+$/, '')));
  // Nearly half of all messages are meant to be well-formed.
  expect(sent.length).toBeGreaterThan(30);
  for (const { id: name, request } of sent) {
    expect(request.method, name).toBe('POST');
    expect(request.requestTarget, name).toMatch(address);
    const named = request.headers.map(([header, value]) => [header.toLowerCase(), value] as const);
    expect(new Map(named).get('content-type'), name).toBe('application/json');
    expect(matchesBody(JSON.parse(request.body?.text ?? '')), name).toBe(true);
  }
});

import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import type { Case, Place } from '../../../src/engine/case.js';
import { suiteFaultsOf } from '../../../src/engine/judge/judge-case.js';
import { flawsOfOwnMessages } from '../../../src/cancel/own-messages.js';
import { undeclaredDifferences } from '../../../src/engine/judge/mutation.js';
import type { CaseRecord, Exchange, HeaderPair } from '../../../src/engine/evidence/records.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import {
  caseOf,
  contract,
  madeUpExchange,
  madeUpRecord,
  requestIdOf,
  rules,
  target,
  textBody,
  type MadeUpAnswer,
} from '../support/made-up-evidence.js';
import { planRun } from '../../../src/engine/plan/plan.js';

const refusal = caseOf('perm-refuses-otherUser');
const control = caseOf(refusal.control?.caseId ?? '');

/** A GUID for each text. */
const guidOf = (text: string): string =>
  createHash('sha256')
    .update(text)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** A cancel as it is sent for the subject of a case; every case has a subject and a client-request-id of its own. */
function sentFor(entry: Case, persona: string): Exchange['request'] {
  const id = requestIdOf(entry.id, 'subject');
  const requestTarget = `/beta/requests/${id}/cancel`;
  const headers: readonly HeaderPair[] = [
    ['client-request-id', guidOf(entry.id)],
    ['authorization', `Bearer ‹token:${persona}›`],
    ['content-type', 'application/json'],
    ['content-length', String(id.length)],
  ];
  const body = textBody(`{"id":"${id}"}`);
  return { method: 'POST', url: `http://target.test${requestTarget}`, requestTarget, headers, body };
}

function recordOf(entry: Case, request: Exchange['request'], answer: MadeUpAnswer = { status: 403 }): CaseRecord {
  return { ...madeUpRecord(entry, {}), exchanges: [madeUpExchange(entry.id, answer, { request })] };
}

const controlRecord = recordOf(control, sentFor(control, 'requestor'), { status: 204 });
const proper = sentFor(refusal, 'otherUser');
const differencesOf = (request: Exchange['request'], answer?: MadeUpAnswer): readonly string[] =>
  undeclaredDifferences(refusal, recordOf(refusal, request, answer), controlRecord);

test('a probe that differs in the declared place alone is proper', () => {
  expect(differencesOf(proper)).toEqual([]);
});

const roles = ['subject', 'sibling', 'stranger'];
const foreignId = requestIdOf(refusal.id, 'sibling');
const without = (name: string): readonly HeaderPair[] => proper.headers.filter(([candidate]) => candidate !== name);

for (const [what, change, place] of [
  ['one more header', { headers: [...proper.headers, ['prefer', 'x']] }, 'header:prefer'],
  ['no client-request-id', { headers: without('client-request-id') }, 'header:client-request-id'],
  [
    'a client-request-id that is no GUID',
    { headers: [...without('client-request-id'), ['client-request-id', `call-${guidOf('x')}`]] },
    'header:client-request-id',
  ],
  ['one header less', { headers: without('content-type') }, 'header:content-type'],
  ['another header value', { headers: [...without('content-type'), ['content-type', 'a/b']] }, 'header:content-type'],
  ['another method', { method: 'PUT' }, 'method'],
  ['another body', { body: textBody('{"id":"something else"}') }, 'body'],
  ['no body', { body: null }, 'body'],
  ['the id of another request in the body', { body: textBody(`{"id":"${foreignId}"}`) }, 'body'],
  ['another path', { requestTarget: `${proper.requestTarget}/` }, 'path'],
  ['the path of another request', { requestTarget: `/beta/requests/${foreignId}/cancel` }, 'path'],
  ['a query', { requestTarget: `${proper.requestTarget}?x=1` }, 'query'],
] as const satisfies readonly (readonly [string, Partial<Exchange['request']>, string])[]) {
  test(`${what} is named as ${place}`, () => {
    expect(differencesOf({ ...proper, ...change })).toEqual([
      `${refusal.id}: probe 1 differs from ${control.id} in ${place}, which is not declared`,
    ]);
  });
}

test('several undeclared differences are all named', () => {
  expect(differencesOf({ ...proper, method: 'PUT', body: null })).toHaveLength(2);
});

test('a declared place that does not differ is named', () => {
  const [message, ...others] = differencesOf(sentFor(refusal, 'requestor'));
  expect(message).toBe(
    `${refusal.id}: no probe differs from ${control.id} in header:authorization, though it is declared`,
  );
  expect(others).toEqual([]);
});

test('a declared place in which only a probe without an answer differs is not missed', () => {
  const [first] = refusal.when;
  const two: Case = { ...refusal, when: [first, first] };
  const answered = recordOf(refusal, sentFor(refusal, 'requestor'));
  const unanswered = recordOf(refusal, proper, 'connection-refused').exchanges;
  const record = { ...answered, exchanges: [...answered.exchanges, ...unanswered] };
  expect(undeclaredDifferences(two, record, controlRecord)).toEqual([]);
  expect(undeclaredDifferences(two, answered, controlRecord)).toEqual([]);
  expect(undeclaredDifferences(refusal, answered, controlRecord)).toHaveLength(1);
});

test('names and framing that differ by nature are no difference', () => {
  const headers = proper.headers.map(([name, value]) => [name.toUpperCase(), value] as const);
  const framed = headers.map(([name, value]) => [name, name === 'CONTENT-LENGTH' ? '7' : value] as const);
  expect(differencesOf({ ...proper, headers: framed })).toEqual([]);
});

test('ids of any shape are compared by the part they play', () => {
  const numbered = (record: CaseRecord, ids: readonly [string, string, string]): CaseRecord => {
    const [subject, ...others] = ids;
    const looks = record.looks.map((look) => ({
      ...look,
      requestId: [subject, ...others][roles.indexOf(look.role)] ?? '',
    }));
    const request = {
      ...proper,
      requestTarget: `/v1.0/7/requests/${subject}/cancel`,
      body: textBody(`{"id":"${subject}"}`),
    };
    const agent: HeaderPair = ['user-agent', 'cancel-conformance/0.1.0'];
    const exchanges = record.exchanges.map((exchange) => {
      const headers = [agent, ...exchange.request.headers];
      return { ...exchange, request: { ...request, headers } };
    });
    return { ...record, looks, exchanges };
  };
  const ownControl = numbered(controlRecord, ['r.7', 'r.77', 'r.8']);
  const record = numbered(recordOf(refusal, proper), ['1', '10', '100']);
  expect(undeclaredDifferences(refusal, record, ownControl)).toEqual([]);
});

test('a probe without an answer proves nothing either way', () => {
  expect(differencesOf({ ...proper, method: 'PUT' }, 'connection-refused')).toEqual([]);
});

test('a case that was blocked, or whose control did not run, is no fault of the suite', () => {
  const broken = recordOf(refusal, { ...proper, method: 'PUT' });
  const facts = { case: refusal, record: broken, rules };
  const flaws = flawsOfOwnMessages(facts);
  const all = suiteFaultsOf(facts, controlRecord);
  expect(all.filter((fault) => !flaws.includes(fault))).toHaveLength(1);
  expect(suiteFaultsOf({ ...facts, record: { ...broken, blocked: 'no token' } }, controlRecord)).toEqual([]);
  expect(suiteFaultsOf(facts, undefined)).toEqual(flaws);
});

test('every probe of a real run differs from its control where its case says, and a wrong declaration shows', async () => {
  const plan = planRun(contract, target);
  const report = await runInProcess({ target, contract, plan });
  expect(report.suiteFaults).toEqual([]);
  const records = new Map(
    report.cases.map(({ id, looks }): [string, CaseRecord] => {
      const exchanges = report.exchanges.filter((exchange) => exchange.id.startsWith(`${id}.`));
      return [id, { caseId: id, blocked: null, exchanges, looks, startedAt: '', durationMs: 0 }];
    }),
  );
  const undetected = [...plan.cases.values()].filter((entry) => {
    const record = records.get(entry.id);
    const ownControl = entry.control && records.get(entry.control.caseId);
    const isSent = record?.exchanges.some(({ role }) => role === 'probe') === true;
    if (!isSent || !ownControl || entry.control.mutates.length === 0) return false;
    const undeclared: readonly Place[] = [];
    const wrong = { ...entry, control: { ...entry.control, mutates: undeclared } };
    return undeclaredDifferences(wrong, record, ownControl).length === 0;
  });
  expect(undetected.map(({ id }) => id)).toEqual([]);
});

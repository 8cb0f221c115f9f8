import { expect, test } from '@playwright/test';
import type { JudgedCheck } from '../../../src/engine/judge/facts.js';
import type { Finding } from '../../../src/engine/evidence/verdicts.js';
import { fingerprintOf } from '../../../src/engine/verdict/fingerprint.js';
import { embeddedWith, runOn, type Part } from '../support/engine-runs.js';
import { caseOf, contract, madeUpRecord } from '../support/made-up-evidence.js';

/** Faults whose findings hold what differs from run to run: times, ids, counts, sizes, quotes of an answer. */
const telling = [
  'always-500',
  'always-empty-200',
  'cancelled-ends-denied',
  'client-request-id-replaced',
  'content-after-no-content',
  'creation-time-overwritten',
  'deep-nesting-hangs',
  'mixed-success-status',
  'no-content-with-content-length',
  'request-looked-up-before-authentication',
  'request-returned-on-success',
  'requestor-erased',
  'simultaneous-cancel-crashes',
  'source-path-in-message',
  'stack-trace-in-message',
  'success-without-effect',
  'token-in-message',
];

/** Each fault shows in one of them, but for the one that shows in all successes together. */
const cases = [
  'state-cancels-pendingApproval-administrator',
  'state-cancels-pendingApproval-requestor',
  'state-refuses-delivered-administrator',
  'state-two-cancels-at-once-administrator',
  'perm-refuses-otherUser',
  'auth-anonymous-known-and-unknown-id',
  'resp-wire-pendingApproval-administrator',
  'robust-deep-nesting',
];

/** Fingerprint of every failed check of a run of its own. */
async function fingerprintsWith(fault: string): Promise<Readonly<Record<string, string>>> {
  const part: Part = fault === 'mixed-success-status' ? { areas: ['RESP'] } : { cases };
  const { checks } = await runOn(embeddedWith({ fault, timeoutMs: 2000 }), part);
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  expect(checks.filter((check) => check.fingerprint !== undefined)).toEqual(failed);
  return Object.fromEntries(failed.map(({ id, fingerprint = '' }) => [id, fingerprint]));
}

for (const fault of telling) {
  test(`two runs with the fault ${fault} fail with the same fingerprints`, async () => {
    const [one = {}, two] = await Promise.all([1, 2].map(() => fingerprintsWith(fault)));
    expect(Object.keys(one)).not.toEqual([]);
    expect(two).toEqual(one);
  });
}

const caseId = 'perm-refuses-otherUser';
const entry = caseOf(caseId);

const checkOf = (rest: Partial<JudgedCheck>): JudgedCheck => ({
  id: `${caseId}/answers-accepted-status`,
  caseId,
  requirementIds: ['CANCEL-PERM-003'],
  verb: 'answers-accepted-status',
  verdict: 'failed',
  reason: null,
  findings: [],
  ...rest,
});

const { endpoint } = contract;
const record = madeUpRecord(entry, { answers: [{ status: 500 }] });

function printOf(actual: string, rest: Partial<Finding> = {}, check: Partial<JudgedCheck> = {}): string {
  const finding = { message: 'message', expected: 'expected', actual, exchangeId: `${caseId}.1`, ...rest };
  return fingerprintOf(checkOf({ findings: [finding], ...check }), { endpoint, entry, record });
}

for (const [what, one, two] of [
  ['times of waiting', 'status accepted 3 ms after the answer', 'status accepted 4012 ms after the answer'],
  ['GUIDs', '400 0b9f5e3c-0000-4000-8000-000000000001', '400 AA9f5e3c-1234-4000-8000-0000000000ff'],
  ['instants', '"2026-01-01T00:00:00Z"', '"2026-11-24T02:19:43.622Z"'],
  ['dates of HTTP', 'Tue, 15 Nov 1994 08:12:31 GMT', 'Wed, 04 Dec 2026 10:00:00 GMT'],
  ['ports', 'http://127.0.0.1:42593/beta', 'http://127.0.0.1:8080/beta'],
  ['sizes', '99 bytes', '512 bytes'],
  ['lengths', 'Content-Length: 99', 'Content-Length: 512'],
  ['counts', '200 in 17, 204 in 15', '200 in 104, 204 in 1'],
  ['trace ids', '500 req-8f3a2b1c9d', '500 req-77aa01bb2c'],
  ['ids of the request', `it reads subject-of-${caseId}`, 'it reads ‹subject›'],
] as const) {
  test(`a fingerprint does not look at ${what}`, () => {
    expect(printOf(one)).toBe(printOf(two));
  });
}

for (const [what, one, two] of [
  ['status codes', '500', '200'],
  ['status codes in a count', '200 in 17, 204 in 15', '200 in 17, 202 in 15'],
  ['error codes', '400 AADSTS50013', '400 AADSTS70011'],
  ['statuses', 'it reads cancelled', 'it reads denied'],
] as const) {
  test(`a fingerprint tells ${what} apart`, () => {
    expect(printOf(one)).not.toBe(printOf(two));
  });
}

test('a fingerprint rests on the check and the call, and not on how the suite words the finding', () => {
  expect(printOf('500')).toMatch(/^[0-9a-f]{16}$/);
  expect(printOf('500', { message: 'in other words', expected: 'a 4xx' })).toBe(printOf('500'));
  expect(printOf('500', {}, { id: `${caseId}/subject-unchanged` })).not.toBe(printOf('500'));
  expect(printOf('500', { exchangeId: `${caseId}.2` })).not.toBe(printOf('500'));
});

test('the fingerprint of a leak does not look at what leaks', () => {
  const leak = (text: string): string => printOf(text, {}, { verb: 'leaks-no-stack-trace' });
  expect(leak('at handle (/srv/app.js:1:2)')).toBe(leak('at other (/build/8/app.js:99:1)'));
});

test('the fingerprint of a target that numbers its requests keeps to the status code', () => {
  const numbered = (requestId: string): string => {
    const looks = record.looks.map((look) => ({ ...look, requestId }));
    const findings = [{ message: '', expected: '', actual: '500', exchangeId: null }];
    return fingerprintOf(checkOf({ findings }), { endpoint, entry, record: { ...record, looks } });
  };
  expect(numbered('500')).toBe(numbered('17'));
});

test('the order of calls made at once does not enter a fingerprint, nor how many fail alike', () => {
  const simultaneous = { ...entry, simultaneously: true } as const;
  const print = (...ids: readonly string[]): string => {
    const findings = ids.map((exchangeId) => ({ message: '', expected: '', actual: '500', exchangeId }));
    return fingerprintOf(checkOf({ findings }), { endpoint, entry: simultaneous, record });
  };
  expect(print('a.1')).toBe(print('a.2', 'a.3'));
});

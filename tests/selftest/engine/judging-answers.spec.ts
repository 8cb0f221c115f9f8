import { expect, test } from '@playwright/test';
import type { Verb } from '../../../src/cancel/words.js';
import { judged, judgedVerb, type MadeUpAnswer } from '../support/made-up-evidence.js';

const errorBody = (message: string): string => JSON.stringify({ error: { code: 'Broken', message, innerError: {} } });

const base64 = (text: string): MadeUpAnswer => {
  const bytes = Buffer.from(text, 'latin1');
  return {
    status: 400,
    body: { text: bytes.toString('base64'), encoding: 'base64', bytes: bytes.length, truncated: false },
  };
};

const header = (value: string): MadeUpAnswer => ({ status: 403, headers: [['X-Echo', value]] });

interface Row {
  readonly what: string;
  readonly verb: Verb;
  readonly answer: MadeUpAnswer;
  /** What the finding says; null: the check passes. */
  readonly says: string | null;
}

const json = (type: string, body = errorBody('No.')): MadeUpAnswer => {
  return { status: 403, headers: [['content-TYPE', type]], body };
};
const error = (value: unknown): MadeUpAnswer => json('application/json', JSON.stringify({ error: value }));
const whole = { code: 'c', message: 'm' };
const shows = 'the answer shows the token that was sent';

const table: readonly Row[] = [
  {
    what: 'a token in a body',
    verb: 'leaks-no-token',
    answer: { status: 403, body: 'x ‹token:otherUser› y' },
    says: shows,
  },
  {
    what: 'its payload',
    verb: 'leaks-no-token',
    answer: { status: 403, body: '‹token:otherUser:payload›' },
    says: shows,
  },
  { what: 'a token in JSON', verb: 'leaks-no-token', answer: error({ ...whole, message: '‹token:x›' }), says: shows },
  { what: 'a token in a header', verb: 'leaks-no-token', answer: header('Bearer ‹token:otherUser›'), says: shows },
  { what: 'a token amid broken bytes', verb: 'leaks-no-token', answer: base64('\xff |token:x| \xfe'), says: shows },
  {
    what: 'the word token',
    verb: 'leaks-no-token',
    answer: error({ ...whole, message: 'no token: expired' }),
    says: null,
  },
  { what: 'application/json', verb: 'refusal-is-json', answer: json('application/json'), says: null },
  { what: 'a charset', verb: 'refusal-is-json', answer: json('Application/JSON; charset=utf-8'), says: null },
  {
    what: 'OData parameters',
    verb: 'refusal-is-json',
    answer: json('application/json;odata.metadata=none'),
    says: null,
  },
  { what: 'a +json type', verb: 'refusal-is-json', answer: json('application/problem+json'), says: null },
  { what: 'no label', verb: 'refusal-is-json', answer: { status: 403, body: errorBody('No.') }, says: null },
  { what: 'text/json', verb: 'refusal-is-json', answer: json('text/json'), says: 'not labelled as JSON' },
  { what: 'text/plain', verb: 'refusal-is-json', answer: json('text/plain'), says: 'not labelled as JSON' },
  {
    what: 'application/jsonp',
    verb: 'refusal-is-json',
    answer: json('application/jsonp'),
    says: 'not labelled as JSON',
  },
  { what: 'no body', verb: 'refusal-is-json', answer: json('application/json', ''), says: 'the refusal has no body' },
  { what: 'HTML', verb: 'refusal-is-json', answer: json('application/json', '<p>'), says: 'a body that is not JSON' },
  {
    what: 'an array',
    verb: 'refusal-is-json',
    answer: json('application/json', '[]'),
    says: 'the body must be object',
  },
  { what: 'null', verb: 'refusal-is-json', answer: json('application/json', 'null'), says: 'the body must be object' },
  {
    what: 'no error',
    verb: 'refusal-is-json',
    answer: json('application/json', '{}'),
    says: "required property 'error'",
  },
  { what: 'an error text', verb: 'refusal-is-json', answer: error('broken'), says: '/error must be object' },
  {
    what: 'details of text',
    verb: 'refusal-is-json',
    answer: error({ ...whole, details: 'x' }),
    says: '/error/details',
  },
  { what: 'further members', verb: 'refusal-is-json', answer: error({ ...whole, more: { x: 1 } }), says: null },
  { what: 'no code', verb: 'refusal-is-json', answer: error({ message: 'm' }), says: null },
  { what: 'a code', verb: 'refusal-has-code', answer: error(whole), says: null },
  { what: 'no code', verb: 'refusal-has-code', answer: error({ message: 'm' }), says: 'error.code is absent' },
  { what: 'a number', verb: 'refusal-has-code', answer: error({ ...whole, code: 7 }), says: 'error.code is number' },
  { what: 'null', verb: 'refusal-has-code', answer: error({ ...whole, code: null }), says: 'error.code is null' },
  { what: 'an empty code', verb: 'refusal-has-code', answer: error({ ...whole, code: '' }), says: null },
  { what: 'an empty code', verb: 'refusal-code-not-empty', answer: error({ ...whole, code: '' }), says: 'is empty' },
  { what: 'no message', verb: 'refusal-has-message', answer: error({ code: 'c' }), says: 'error.message is absent' },
  {
    what: 'an object',
    verb: 'refusal-has-message',
    answer: error({ ...whole, message: {} }),
    says: 'message is object',
  },
  { what: 'innerError', verb: 'refusal-has-inner-error', answer: error({ ...whole, innerError: {} }), says: null },
  { what: 'innererror', verb: 'refusal-has-inner-error', answer: error({ ...whole, innererror: {} }), says: null },
  { what: 'none', verb: 'refusal-has-inner-error', answer: error(whole), says: 'error.innerError is missing' },
  { what: 'request-id', verb: 'refusal-has-request-id', answer: header('x'), says: 'has no request-id' },
];

for (const { what, verb, answer, says } of table) {
  test(`${verb} ${says === null ? 'passes' : 'fails'} on ${what}`, () => {
    const check = judgedVerb(verb, answer);
    expect(check.verdict).toBe(says === null ? 'passed' : 'failed');
    expect(check.findings.map(({ message }) => message).join()).toContain(says ?? '');
  });
}

const wire = 'resp-wire-pendingApproval-requestor';
const successes: readonly Row[] = [
  { what: '204', verb: 'success-status-allowed', answer: { status: 204 }, says: null },
  { what: '202', verb: 'success-status-allowed', answer: { status: 202 }, says: 'the success is a 202' },
  { what: 'content', verb: 'success-without-content', answer: { status: 200, body: '{}' }, says: '2 bytes' },
  {
    what: 'stray bytes',
    verb: 'no-content-without-stray-bytes',
    answer: { status: 204, strayBytes: 3 },
    says: '3 bytes',
  },
  {
    what: 'no stray bytes',
    verb: 'no-content-without-stray-bytes',
    answer: { status: 204, strayBytes: 0 },
    says: null,
  },
  {
    what: 'Content-Length: 0',
    verb: 'no-content-without-length',
    answer: { status: 204, headers: [['content-length', '0']] },
    says: 'a 204 with Content-Length',
  },
  { what: 'no echo', verb: 'success-echoes-client-request-id', answer: { status: 204 }, says: 'is not repeated' },
];

for (const { what, verb, answer, says } of successes) {
  test(`${verb} ${says === null ? 'passes' : 'fails'} on ${what}`, () => {
    const request = { headers: [['Client-Request-Id', 'id-1']] as const };
    const check = judged(wire, { answers: [answer], after: { subject: 'cancelled' }, request }).get(verb);
    expect(check?.verdict).toBe(says === null ? 'passed' : 'failed');
    expect(check?.findings.map(({ message }) => message).join()).toContain(says ?? '');
  });
}

test('rows on a 204 say nothing about a 200', () => {
  const checks = judged(wire, { answers: [{ status: 200, strayBytes: 0 }], after: { subject: 'cancelled' } });
  expect(checks.get('no-content-without-length')?.verdict).toBe('not-applicable');
  expect(checks.get('no-content-without-stray-bytes')?.verdict).toBe('not-applicable');
});

test('what the bare socket was not asked for stays untold', () => {
  const checks = judged(wire, { answers: [{ status: 204 }], after: { subject: 'cancelled' } });
  expect(checks.get('no-content-without-stray-bytes')?.verdict).toBe('inconclusive');
});

for (const [what, answer, verdict] of [
  ['a 405 without Allow', { status: 405 }, 'failed'],
  ['a 405 with Allow', { status: 405, headers: [['allow', 'POST']] }, 'passed'],
  ['a 405 that allows nothing', { status: 405, headers: [['Allow', '']] }, 'passed'],
  ['a 404 without Allow', { status: 404 }, 'not-applicable'],
] as const) {
  test(`allow-on-405 is ${verdict} on ${what}`, () => {
    expect(judged('addr-get-does-not-cancel', { answers: [answer] }).get('allow-on-405')?.verdict).toBe(verdict);
  });
}

test('over a connection that was closed nothing is told, but a change that was seen all the same', () => {
  const verdicts = (after: string): readonly (string | undefined)[] => {
    const checks = judged('auth-no-credentials-on-a-connection-that-had-some', {
      answers: ['connection-closed'],
      after: { subject: after },
    });
    return [checks.get('answers-accepted-status')?.verdict, checks.get('subject-unchanged')?.verdict];
  };
  expect(verdicts('pendingApproval')).toEqual(['not-applicable', 'not-applicable']);
  expect(verdicts('canceled')).toEqual(['not-applicable', 'failed']);
});

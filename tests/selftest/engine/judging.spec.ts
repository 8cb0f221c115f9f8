import { expect, test } from '@playwright/test';
import { casesById } from '../../../src/cancel/cases/index.js';
import type { Verb } from '../../../src/cancel/words.js';
import { judgeCase, rulesOf } from '../../../src/engine/judge/judge-case.js';
import type { CaseRecord } from '../../../src/engine/evidence/records.js';
import type { VerdictWord } from '../../../src/engine/evidence/verdicts.js';
import {
  caseOf,
  contract,
  goodControl,
  judged,
  madeUpRecord,
  rules,
  type MadeUpRecord,
} from '../support/made-up-evidence.js';

const refusalCase = 'perm-refuses-otherUser';
const successCase = 'perm-requestor-cancels-own';
const hostileCase = 'robust-deep-nesting';
const control = caseOf(caseOf(refusalCase).control?.caseId ?? '');

/** A refusal as it ought to be: what every check of the refusal case passes on. */
const goodRefusal = {
  status: 403,
  headers: [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['request-id', 'r-1'],
  ],
  body: '{"error":{"code":"UnAuthorized","message":"No.","innerError":{}}}',
} as const;

const refused: MadeUpRecord = { answers: [goodRefusal] };
const succeeded: MadeUpRecord = { answers: [{ status: 204 }], after: { subject: 'Cancelled' } };

test('a refusal as it ought to be passes every check that applies', () => {
  const verdicts = [...judged(refusalCase, refused).values()].map(({ verb, verdict }) => [verb, verdict]);
  expect(verdicts.filter(([, verdict]) => verdict !== 'passed')).toEqual([['challenge-on-401', 'not-applicable']]);
});

test.describe('without a control that succeeded', () => {
  const controls: readonly (readonly [what: string, record: CaseRecord | undefined, reason: string])[] = [
    ['did not run', undefined, 'did not run'],
    ['was blocked', madeUpRecord(control, { blocked: 'no token' }), 'could not be carried out: no token'],
    ['was refused', madeUpRecord(control, { answers: [{ status: 401 }] }), 'did not succeed'],
    ['got no answer', madeUpRecord(control, { answers: ['timeout'] }), 'did not succeed'],
    ['had no effect', madeUpRecord(control, { answers: [{ status: 204 }] }), 'did not succeed'],
    [
      'only had its effect',
      madeUpRecord(control, { answers: [{ status: 500 }], after: { subject: 'cancelled' } }),
      'did not succeed',
    ],
  ];
  const judgedWithout = (made: MadeUpRecord, record: CaseRecord | undefined) =>
    judgeCase({ case: caseOf(refusalCase), record: madeUpRecord(caseOf(refusalCase), made), rules }, record);

  for (const [what, record, reason] of controls) {
    test(`a refusal proves nothing when its control ${what}`, () => {
      const checks = judgedWithout(refused, record).filter(({ verdict }) => verdict !== 'not-applicable');
      expect(checks.filter(({ verdict }) => verdict !== 'inconclusive')).toEqual([]);
      for (const check of checks) expect(check.reason).toContain(reason);
      for (const check of checks) expect(check.reason).toContain(control.id);
    });

    test(`a change that was seen stands even when its control ${what}`, () => {
      const after = { subject: 'cancelled', sibling: 'cancelled', stranger: null };
      const failed = judgedWithout({ ...refused, after }, record).filter(({ verdict }) => verdict === 'failed');
      expect(failed.map(({ verb }) => verb).sort()).toEqual([
        'sibling-unchanged',
        'stranger-unchanged',
        'subject-unchanged',
        'subject-unchanged-unless-accepted',
      ]);
    });

    test(`a wrong answer is no finding when its control ${what}`, () => {
      const checks = judgedWithout({ answers: [{ status: 500 }] }, record);
      expect(checks.find(({ verb }) => verb === 'answers-accepted-status')?.verdict).toBe('inconclusive');
    });
  }
});

interface Row {
  readonly what: string;
  readonly caseId?: string;
  readonly made: MadeUpRecord;
  readonly verb: Verb;
  readonly verdict: VerdictWord;
  readonly says?: string | RegExp;
}

const dead = 'connection-refused';
const hang = { verb: 'answers-in-time-without-server-error', caseId: hostileCase } as const;
const accepted = { verb: 'answers-accepted-status' } as const;
const untouched = { verb: 'subject-unchanged-unless-accepted', caseId: hostileCase } as const;

const table: readonly Row[] = [
  { what: 'an accepted status', made: refused, ...accepted, verdict: 'passed' },
  {
    what: 'a status outside the set',
    made: { answers: [{ status: 409 }] },
    ...accepted,
    verdict: 'failed',
    says: '409',
  },
  { what: 'a server error', made: { answers: [{ status: 503 }] }, ...accepted, verdict: 'failed', says: '503' },
  { what: 'a success', made: { answers: [{ status: 200 }] }, ...accepted, verdict: 'failed', says: '200' },
  { what: '429', made: { answers: [{ status: 429 }] }, ...accepted, verdict: 'inconclusive', says: /throttled .*429/ },
  {
    what: 'no answer',
    made: { answers: ['timeout'] },
    ...accepted,
    verdict: 'inconclusive',
    says: 'no answer to POST',
  },
  { what: 'a dead target', made: { answers: [dead] }, ...accepted, verdict: 'inconclusive', says: dead },
  { what: 'a blocked case', made: { blocked: 'no token' }, ...accepted, verdict: 'inconclusive', says: 'no token' },
  {
    what: 'a request in another status than arranged',
    made: { ...refused, before: 'delivered' },
    ...accepted,
    verdict: 'inconclusive',
    says: 'pendingApproval was asked for, but the one arranged reads delivered',
  },
  {
    what: 'the status in another casing',
    made: { ...refused, before: 'PendingApproval' },
    ...accepted,
    verdict: 'passed',
  },
  {
    what: 'no answer, and the request changed',
    made: { answers: ['timeout'], after: { subject: 'cancelled' } },
    verb: 'subject-unchanged',
    verdict: 'failed',
    says: 'it reads cancelled',
  },
  {
    what: 'no answer, and nothing changed',
    made: { answers: ['timeout'] },
    verb: 'subject-unchanged',
    verdict: 'inconclusive',
  },
  {
    what: 'a hang while the endpoint lives',
    made: { answers: ['timeout'], liveness: { status: 401 } },
    ...hang,
    verdict: 'failed',
    says: 'no answer in time',
  },
  {
    what: 'a hang of a dead endpoint',
    made: { answers: ['timeout'], liveness: dead },
    ...hang,
    verdict: 'inconclusive',
  },
  { what: 'a hang that nobody looked behind', made: { answers: ['timeout'] }, ...hang, verdict: 'inconclusive' },
  {
    what: 'hanging up on hostile input while the endpoint lives',
    made: { answers: ['connection-closed'], liveness: { status: 401 } },
    ...hang,
    verdict: 'not-applicable',
    says: /^no answer and no hang, while another call right after it was answered: no answer to POST/,
  },
  {
    what: 'hanging up for good',
    made: { answers: ['connection-closed'], liveness: dead },
    ...hang,
    verdict: 'inconclusive',
  },
  {
    what: 'a server error on hostile input',
    made: { answers: [{ status: 500 }] },
    ...hang,
    verdict: 'failed',
    says: '500',
  },
  { what: 'a success on hostile input', made: { answers: [{ status: 200 }] }, ...hang, verdict: 'passed' },
  {
    what: 'hanging up on hostile input, nothing changed',
    made: { answers: ['connection-closed'], liveness: { status: 401 } },
    ...untouched,
    verdict: 'passed',
  },
  {
    what: 'hanging up on hostile input, something changed',
    made: { answers: ['connection-closed'], liveness: { status: 401 }, after: { subject: 'cancelled' } },
    ...untouched,
    verdict: 'inconclusive',
  },
  { what: 'an accepted call that cancels', made: { ...succeeded }, ...untouched, verdict: 'not-applicable' },
  { what: 'a success with its effect', caseId: successCase, made: succeeded, verb: 'cancels', verdict: 'passed' },
  {
    what: 'a success spelt with one l',
    caseId: successCase,
    made: { ...succeeded, after: { subject: 'canceled' } },
    verb: 'cancels',
    verdict: 'passed',
  },
  {
    what: 'a success without its effect',
    caseId: successCase,
    made: { answers: [{ status: 204 }] },
    verb: 'cancels',
    verdict: 'failed',
    says: /not cancelled: status pendingApproval; if its effects show later, settleMs of the target file says how much/,
  },
  {
    what: 'a refusal where a success is due',
    caseId: successCase,
    made: refused,
    verb: 'cancels',
    verdict: 'failed',
    says: '403 UnAuthorized',
  },
  {
    what: 'a touched bystander of a success',
    caseId: successCase,
    made: { ...succeeded, after: { subject: 'cancelled', sibling: 'cancelled' } },
    verb: 'sibling-unchanged',
    verdict: 'failed',
    says: "the requestor's other request was pendingApproval before the call; afterwards it reads cancelled",
  },
  ...(['sibling-unchanged', 'stranger-unchanged'] as const).map((verb) => ({
    what: 'a bystander that had changed before the call',
    caseId: successCase,
    made: { ...succeeded, bystanders: 'cancelled' },
    verb,
    verdict: 'inconclusive' as const,
    says: 'was made to be cancellable, but read cancelled before the call',
  })),
  {
    what: 'a bystander in another casing',
    caseId: successCase,
    made: { ...succeeded, bystanders: 'PendingApproval' },
    verb: 'sibling-unchanged',
    verdict: 'passed',
  },
  {
    what: 'a 401 without a challenge',
    made: { answers: [{ status: 401 }] },
    verb: 'challenge-on-401',
    verdict: 'failed',
  },
  {
    what: 'a 401 with a challenge',
    made: { answers: [{ status: 401, headers: [['www-AUTHENTICATE', 'Bearer']] }] },
    verb: 'challenge-on-401',
    verdict: 'passed',
  },
];

for (const { what, caseId = refusalCase, made, verb, verdict, says = '' } of table) {
  test(`${what} makes ${verb} ${verdict}`, () => {
    const check = judged(caseId, made).get(verb);
    expect(check?.verdict).toBe(verdict);
    expect(`${check?.reason ?? ''} ${check?.findings.map(({ message }) => message).join() ?? ''}`).toMatch(says);
    expect(check?.findings.length).toBe(verdict === 'failed' ? 1 : 0);
    expect(check?.reason === null).toBe(verdict === 'passed' || verdict === 'failed');
  });
}

test('429 makes every check of the case inconclusive, whatever changed', () => {
  const checks = judged(refusalCase, { answers: [{ status: 429 }], after: { subject: 'cancelled' } });
  expect([...checks.values()].map(({ verdict }) => verdict)).toEqual([...checks.values()].map(() => 'inconclusive'));
});

for (const status of [502, 503, 504]) {
  test(`${status} fails a target on a desk, and tells nothing of a live service behind gateways`, () => {
    const entry = caseOf(refusalCase);
    const record = madeUpRecord(entry, { answers: [{ status }] });
    const under = (provider: string): readonly (readonly [string, string | null])[] => {
      const facts = { case: entry, record, rules: rulesOf(contract, { provider }) };
      return judgeCase(facts, goodControl(entry)).map(({ verdict, reason }) => [verdict, reason]);
    };
    expect(under('control').map(([verdict]) => verdict)).toContain('failed');
    const live = under('graph');
    expect(new Set(live.map(([verdict]) => verdict))).toEqual(new Set(['inconclusive']));
    expect(live[0]?.[1]).toContain(`not available just then (${status}`);
  });
}

test('where the target is known not to have a status, its checks leave the rows to others', () => {
  const entry = caseOf(refusalCase);
  const record = { ...madeUpRecord(entry, { blocked: 'nobody escalates here' }), absent: true as const };
  const checks = judgeCase({ case: entry, record, rules }, goodControl(entry));
  expect(checks.map(({ verdict, moot }) => [verdict, moot])).toEqual(checks.map(() => ['not-applicable', true]));
});

test('judging leaves the evidence as it was and tells the same twice', () => {
  const entry = caseOf(refusalCase);
  const record = madeUpRecord(entry, refused);
  const before = JSON.stringify(record);
  const facts = { case: entry, record, rules };
  expect(judgeCase(facts, goodControl(entry))).toEqual(judgeCase(facts, goodControl(entry)));
  expect(JSON.stringify(record)).toBe(before);
});

test('a call that nobody answered leaves nothing moot, in whatever case', () => {
  const told = [...casesById.values()].flatMap((entry) => {
    // All but the last call were refused; the last one may have been answered in any way.
    const answers = entry.when.map((_, at) => (at === entry.when.length - 1 ? ('timeout' as const) : { status: 400 }));
    return [...judged(entry.id, { answers }).values()].filter(({ moot }) => moot === true);
  });
  expect(told.map(({ id, reason }) => `${id}: ${reason ?? ''}`)).toEqual([]);
});

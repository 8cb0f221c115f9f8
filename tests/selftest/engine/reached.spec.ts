import { expect, test } from '@playwright/test';
import { planRun } from '../../../src/engine/plan/plan.js';
import type { CaseRecord } from '../../../src/engine/evidence/records.js';
import { unreachedIn } from '../../../src/engine/verdict/reached.js';
import { caseOf, contract, madeUpRecord, rules, target, type MadeUpRecord } from '../support/made-up-evidence.js';

const plan = planRun(contract, target);

const right = ['state-cancels-pendingApproval-requestor', 'state-cancels-accepted-administrator'];
/** Calls that break a gate, and one that a target need not serve: whatever these are answered says nothing of the address. */
const others = ['perm-refuses-otherUser', 'auth-token-in-query'];

function seen(made: MadeUpRecord, of: readonly string[] = right, besides: MadeUpRecord = {}): string | null {
  const records = new Map<string, CaseRecord>([
    ...others.map((id) => [id, madeUpRecord(caseOf(id), { answers: [{ status: 401 }], ...besides })] as const),
    ...of.map((id) => [id, madeUpRecord(caseOf(id), made)] as const),
  ]);
  return unreachedIn(plan, records, rules);
}

for (const status of [404, 405, 501]) {
  test(`an action that answers every right call with ${status} was not reached`, () => {
    const reason = seen({ answers: [{ status }] });
    expect(reason).toContain(
      'no call reached the action; does baseUrl end where the paths of the edition begin (/beta)',
    );
    expect(reason).toContain(`Each of 2 calls that had to succeed was answered as where nothing is: ${status} to POST`);
  });
}

test('where another address was answered with a success, that one is named', () => {
  const reason = seen({ answers: [{ status: 404 }] }, right, { answers: [{ status: 200 }] });
  expect(reason).toMatch(
    /^no call reached the action; POST http:\S+ was answered 200: is the collection that one \(--reading C-7=NAME\)\? Each of 2/,
  );
});

for (const [what, made, of] of [
  ['another status', { answers: [{ status: 403 }] }, right],
  ['a success', { answers: [{ status: 204 }] }, right],
  ['an error of the server', { answers: [{ status: 500 }] }, right],
  ['a change in spite of 404', { answers: [{ status: 404 }], after: { subject: 'cancelled' } }, right],
  ['no answer', { answers: ['timeout'] }, right],
  ['no right call', { answers: [{ status: 404 }] }, []],
] as const satisfies readonly (readonly [string, MadeUpRecord, readonly string[]])[]) {
  test(`${what} does not say that the action was not reached`, () => {
    expect(seen(made, of)).toBeNull();
  });
}

test('nothing is said of a part of a run, of one caller alone, or of one status alone', () => {
  const missed = (ids: readonly string[], part: Partial<typeof plan> = {}): string | null =>
    unreachedIn(
      { ...plan, ...part },
      new Map(ids.map((id) => [id, madeUpRecord(caseOf(id), { answers: [{ status: 404 }] })])),
      rules,
    );
  expect(missed(right)).not.toBeNull();
  expect(missed(right, { only: right })).toBeNull();
  expect(missed(right, { areas: ['STATE'] })).toBeNull();
  const cases = (ids: readonly string[]): Partial<typeof plan> => ({
    cases: new Map(ids.map((id) => [id, caseOf(id)])),
  });
  const [pendingOfRequestor = '', acceptedOfAdministrator = ''] = right;
  const ofOneCaller = [pendingOfRequestor, 'state-cancels-accepted-requestor'];
  const onOneStatus = [pendingOfRequestor, 'state-cancels-pendingApproval-administrator'];
  expect(missed(ofOneCaller, cases(ofOneCaller))).toBeNull();
  expect(missed(onOneStatus, cases(onOneStatus))).toBeNull();
  expect(missed(right, cases([pendingOfRequestor, acceptedOfAdministrator]))).not.toBeNull();
});

test('one call that reached it is enough', () => {
  const [one = '', other = ''] = right;
  const records = new Map([
    [one, madeUpRecord(caseOf(one), { answers: [{ status: 404 }] })],
    [other, madeUpRecord(caseOf(other), { answers: [{ status: 403 }] })],
  ]);
  expect(unreachedIn(plan, records, rules)).toBeNull();
});

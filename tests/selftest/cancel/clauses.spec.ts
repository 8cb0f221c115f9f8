import { expect, test } from '@playwright/test';
import { casesById } from '../../../src/cancel/cases/index.js';
import { clauses } from '../../../src/cancel/clauses.js';
import type { ClauseRule } from '../../../src/engine/endpoint.js';
import type { CaseRecord } from '../../../src/engine/evidence/records.js';
import { caseOf, madeUpRecord, type MadeUpRecord } from '../support/made-up-evidence.js';

/** To be compared strictly: `toEqual` takes a list of nothing but undefined for an empty one. */
const seenBy = (id: keyof typeof clauses, made: Readonly<Record<string, MadeUpRecord>>): unknown => {
  const records: readonly CaseRecord[] = Object.entries(made).map(([caseId, one]) => madeUpRecord(caseOf(caseId), one));
  const rule: ClauseRule = clauses[id];
  return rule.sightings({ cases: casesById, records }).map(({ seen }) => seen);
};

const control = 'state-cancels-pendingApproval-requestor';

test('a clause on an answer is told by the last one of its case, and by none where there is none', () => {
  const again = 'state-second-cancel-administrator';
  expect(seenBy('C-6', { [again]: { answers: [{ status: 204 }, { status: 400 }] } })).toStrictEqual(['400']);
  expect(seenBy('C-6', { [again]: { answers: [{ status: 204 }] } })).toStrictEqual(['204']);
  expect(seenBy('C-6', { [again]: { answers: [] } })).toStrictEqual([]);
  expect(seenBy('C-6', { [control]: { answers: [{ status: 204 }] } })).toStrictEqual([]);
});

test('the collection is that of the first call, and none where the first call went elsewhere', () => {
  const sentTo = (requestTarget: string): MadeUpRecord => ({ answers: [{ status: 204 }], request: { requestTarget } });
  for (const [target, seen] of [
    ['/beta/entitlementManagement/accessPackageAssignmentRequests/1/cancel', ['accessPackageAssignmentRequests']],
    ['/v1.0/entitlementManagement/assignmentRequests/1/cancel', ['assignmentRequests']],
    ['/beta/entitlementManagement/requests/1/cancel', []],
  ] as const) {
    expect(seenBy('C-7', { [control]: sentTo(target) })).toStrictEqual(seen);
  }
  expect(seenBy('C-7', { [control]: { answers: [] } })).toStrictEqual([]);
});

test('the spelling of a cancelled request is told where a call was accepted', () => {
  const read = (status: number, subject: string): unknown =>
    seenBy('C-5', { [control]: { answers: [{ status }], after: { subject } } });
  expect(read(204, 'Canceled')).toStrictEqual(['Canceled']);
  expect(read(403, 'Canceled')).toStrictEqual([]);
  expect(read(204, 'PendingApproval')).toStrictEqual([]);
});

import { expect, test } from '@playwright/test';
import { oracleGroups } from '../../../src/cancel/cases/oracles.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import { embeddedWith, runOn, type Differing } from '../support/engine-runs.js';
import { judged, type MadeUpAnswer } from '../support/made-up-evidence.js';

const ids = oracleGroups.flatMap(({ cases }) => cases.map(({ id }) => id));
const rows = ['CANCEL-PERM-012', 'CANCEL-AUTH-014'] as const;

const runOf = (differing: Differing): Promise<Report> => runOn(embeddedWith(differing), { cases: ids });

const told = (report: Report): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(rows.map((row) => [row, report.requirements.find(({ id }) => id === row)?.verdict]));

const toldEverywhere = { 'CANCEL-PERM-012': 'passed', 'CANCEL-AUTH-014': 'passed' };

for (const [fault, row, answer] of [
  ['status-told-before-ownership', rows[0], '400 RequestCannotBeCancelled'],
  ['cancelled-requests-hidden-from-strangers', rows[0], '404 ResourceNotFound'],
  ['status-told-before-authentication', rows[1], '400 RequestCannotBeCancelled'],
  ['status-told-by-the-code-of-a-401', rows[1], '401 RequestAlreadyDecided'],
] as const) {
  test(`an answer that depends on the status is found: ${fault}`, async () => {
    const report = await runOf({ fault });
    expect(told(report)).toEqual({ ...toldEverywhere, [row]: 'failed' });
    const failed = report.checks.filter(({ verdict }) => verdict === 'failed');
    expect(new Set(failed.flatMap(({ requirementIds }) => requirementIds))).toEqual(new Set([row]));
    const cancelled = failed.find(({ id }) => id.endsWith('alike-cancelled/same-answer-by-status'));
    expect(cancelled?.findings[0]).toMatchObject({ actual: answer });
    expect(cancelled?.findings[0]?.message).toMatch(
      /tells a request that is cancell?ed from one that is pendingApproval/i,
    );
  });
}

for (const variant of [
  'foreign-request-404',
  'foreign-request-401',
  'unknown-id-403',
  'canceled-with-one-l-in-control',
]) {
  test(`an answer that differs for another reason is no oracle: ${variant}`, async () => {
    expect(told(await runOf({ variant }))).toEqual(toldEverywhere);
  });
}

test('a target that is never in one of the statuses tells the rest', async () => {
  const report = await runOf({ cannotArrange: { cancelled: 'nothing is cancelled there beforehand' } });
  expect(told(report)).toEqual(toldEverywhere);
});

test('a target that is in none of them tells nothing, and is not accused', async () => {
  const never = ids.map((id) => /alike-(\w+)$/.exec(id)?.[1] ?? '').filter((status) => status !== '');
  const cannotArrange = Object.fromEntries(never.map((status) => [status, 'not there']));
  expect(Object.values(told(await runOf({ cannotArrange })))).toEqual(['inconclusive', 'inconclusive']);
});

const refusal = (status: number, code: string): MadeUpAnswer => ({
  status,
  body: JSON.stringify({ error: { code, message: `about ${String(Math.PI * status)}` } }),
});

for (const [what, made, verdict] of [
  ['the same status and code', { answers: [refusal(403, 'a'), refusal(403, 'a')] }, 'passed'],
  ['another code', { answers: [refusal(403, 'a'), refusal(403, 'b')] }, 'failed'],
  ['another status', { answers: [refusal(404, 'a'), refusal(403, 'a')] }, 'failed'],
  ['a call that was accepted', { answers: [refusal(403, 'a'), { status: 204 }] }, 'not-applicable'],
  ['one answer', { answers: [refusal(403, 'a')] }, 'inconclusive'],
  ['no answer', { answers: [refusal(403, 'a'), 'timeout'] }, 'inconclusive'],
  [
    'two requests in the same status',
    { answers: [refusal(403, 'a'), refusal(404, 'a')], bystanders: 'delivered' },
    'inconclusive',
  ],
] as const) {
  test(`of two answers, ${what}: ${verdict}`, () => {
    const check = judged('perm-answers-otherUser-alike-delivered', made).get('same-answer-by-status');
    expect(check?.verdict).toBe(verdict);
  });
}

test('where requests are dear, nothing is made for them', () => {
  const { target, contract } = resolveTarget({});
  const dear = { ...target, expensive: true, fewestCases: true };
  const others = contract.endpoint.groups.filter(({ title }) => !oracleGroups.some((group) => group.title === title));
  const without = planRun({ ...contract, endpoint: { ...contract.endpoint, groups: others } }, dear).counts.arranged;
  const { cancelled, ...rest } = planRun(contract, dear).counts.arranged;
  expect(rest).toEqual(without);
  // Shared by both callers; on a live tenant none is made.
  expect(cancelled).toBe(1);
});

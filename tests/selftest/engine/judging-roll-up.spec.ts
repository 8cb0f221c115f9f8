import { expect, test } from '@playwright/test';
import type { JudgedCheck } from '../../../src/engine/judge/facts.js';
import { wholeRun } from '../../../src/cancel/verbs/run.js';
import type { Level, Requirement } from '../../../src/engine/contract/types.js';
import type { VerdictWord } from '../../../src/engine/evidence/verdicts.js';
import { casesById } from '../../../src/cancel/cases/index.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { judgeRun, type RunEvidence } from '../../../src/engine/verdict/judge-run.js';
import { decideOutcome, exitCodes, type Outcome, type RunFate } from '../../../src/engine/verdict/outcome.js';
import { judgeRequirements, type JudgedRequirement } from '../../../src/engine/verdict/requirements.js';
import { caseOf, contract, madeUpRecord, rules, target, type MadeUpRecord } from '../support/made-up-evidence.js';

const row = 'CANCEL-STATE-001';
const context = { contract, provider: 'control', areas: null };

function checkOf(verdict: VerdictWord, rest: Partial<JudgedCheck> = {}): JudgedCheck {
  const judged = verdict === 'passed' || verdict === 'failed';
  return {
    id: 'made-up/cancels',
    caseId: 'made-up',
    requirementIds: [row],
    verb: 'cancels',
    verdict,
    reason: judged ? null : `because ${verdict}`,
    findings: [],
    ...rest,
  };
}

const rowOf = (checks: readonly JudgedCheck[], rest: Partial<typeof context> = {}, id = row): JudgedRequirement => {
  const found = judgeRequirements(checks, { ...context, ...rest }).find(({ requirement }) => requirement.id === id);
  if (!found) throw new Error(`no row ${id}`);
  return found;
};

for (const [words, verdict, reason] of [
  [['passed'], 'passed', null],
  [['passed', 'passed', 'not-applicable'], 'passed', null],
  [['passed', 'inconclusive'], 'inconclusive', 'because inconclusive'],
  [['passed', 'inconclusive', 'failed'], 'failed', null],
  [['failed', 'not-applicable'], 'failed', null],
  [['not-applicable', 'not-applicable'], 'not-applicable', 'because not-applicable'],
  [['inconclusive', 'not-applicable'], 'inconclusive', 'because inconclusive'],
  [[], 'inconclusive', 'no check of this run speaks of it'],
] as const satisfies readonly (readonly [readonly VerdictWord[], VerdictWord, string | null])[]) {
  test(`a row with checks [${words.join(', ')}] is ${verdict}`, () => {
    expect(rowOf(words.map((word) => checkOf(word)))).toMatchObject({ verdict, reason });
  });
}

test('a row that the choice of cases leaves out is inconclusive, and one of which a case was chosen is told by it', () => {
  const only = { ...context, only: ['made-up'] };
  const [left, told] = [[], [checkOf('passed')]].map((checks) =>
    judgeRequirements(checks, only).find(({ requirement }) => requirement.id === row),
  );
  expect(left).toMatchObject({ verdict: 'inconclusive', reason: 'left out by the choice of cases' });
  expect(told).toMatchObject({ verdict: 'passed', reason: null });
});

test('what a case merely owes besides is told by those that could tell it', () => {
  const owed = checkOf('inconclusive', { owed: true });
  const told = rowOf([checkOf('passed', { owed: true }), checkOf('passed'), owed]);
  expect(told).toMatchObject({ verdict: 'passed', reason: expect.stringContaining('told by 2 of 3 cases') });
  expect(rowOf([owed, owed]).verdict).toBe('inconclusive');
  expect(rowOf([checkOf('passed', { owed: true }), checkOf('inconclusive')]).verdict).toBe('inconclusive');
  expect(rowOf([owed, checkOf('failed', { owed: true })]).verdict).toBe('failed');
});

test('a row whose every check was moot is inconclusive: nothing showed it', () => {
  const moot = checkOf('not-applicable', { moot: true, reason: 'the call was not refused' });
  const expected = 'nothing in this run could show it: the call was not refused';
  expect(rowOf([moot])).toMatchObject({ verdict: 'inconclusive', reason: expected });
  expect(rowOf([moot, checkOf('not-applicable')]).verdict).toBe('inconclusive');
  expect(rowOf([moot, checkOf('passed')]).verdict).toBe('passed');
  // A target that was seen to answer otherwise owes nothing by a call that it refused.
  expect(rowOf([moot, checkOf('not-applicable', { seen: true })]).verdict).toBe('not-applicable');
});

test('a check speaks only for the rows that it names', () => {
  const judged = judgeRequirements([checkOf('failed', { requirementIds: [row, 'CANCEL-STATE-002'] })], context);
  const failed = judged.filter(({ verdict }) => verdict === 'failed').map(({ requirement }) => requirement.id);
  expect(failed).toEqual([row, 'CANCEL-STATE-002']);
});

test('a row of another edition is not applicable, whatever its checks say', () => {
  const check = checkOf('failed', { requirementIds: ['CANCEL-PERM-009'] });
  expect(rowOf([check], {}, 'CANCEL-PERM-009').verdict).toBe('not-applicable');
});

test('a row that the filter left out is inconclusive', () => {
  const left = rowOf([checkOf('passed')], { areas: ['AUTH'] as never });
  expect(left).toMatchObject({ verdict: 'inconclusive', reason: 'left out by the filter on areas' });
});

test('the level of a row may depend on the provider', () => {
  expect(rowOf([], {}, 'CANCEL-AUTH-007').level).toBe('MUST');
  expect(rowOf([], { provider: 'graph' }, 'CANCEL-AUTH-007').level).toBe('SHOULD');
});

const requirement: Requirement = { ...rowOf([]).requirement };
const judgedRow = (level: Level, verdict: VerdictWord): JudgedRequirement => {
  return { requirement, level, verdict, reason: null, checks: [] };
};
const fine: RunFate = { suiteFaults: [], ending: 'complete', filtered: false, failingWaivers: [] };
const fault: RunFate = { suiteFaults: ['a probe differs'], ending: 'SIGINT', filtered: true, failingWaivers: [] };

const [mustPassed, mustFailed, mustUntold, mustAbsent] = (
  ['passed', 'failed', 'inconclusive', 'not-applicable'] as const
).map((verdict) => judgedRow('MUST', verdict)) as [
  JudgedRequirement,
  JudgedRequirement,
  JudgedRequirement,
  JudgedRequirement,
];
const shouldFailed = judgedRow('SHOULD', 'failed');

interface Gate {
  readonly what: string;
  readonly rows: readonly JudgedRequirement[];
  readonly fate?: Partial<RunFate>;
  readonly outcome: Outcome;
}

const gates: readonly Gate[] = [
  { what: 'every MUST passed', rows: [mustPassed, mustAbsent], outcome: 'conformant' },
  {
    what: 'SHOULD and MAY rows failed',
    rows: [mustPassed, shouldFailed, judgedRow('MAY', 'failed')],
    outcome: 'conformant',
  },
  { what: 'a SHOULD is untold', rows: [mustPassed, judgedRow('SHOULD', 'inconclusive')], outcome: 'conformant' },
  { what: 'a MUST failed', rows: [mustPassed, mustFailed], outcome: 'nonconformant' },
  { what: 'one MUST failed and others are untold', rows: [mustFailed, mustUntold], outcome: 'nonconformant' },
  { what: 'a MUST failed under a filter', rows: [mustFailed], fate: { filtered: true }, outcome: 'nonconformant' },
  { what: 'a MUST is untold', rows: [mustPassed, mustUntold], outcome: 'incomplete' },
  { what: 'everything is untold', rows: [mustUntold], outcome: 'incomplete' },
  { what: 'nothing applies', rows: [mustAbsent], outcome: 'incomplete' },
  { what: 'no MUST applies', rows: [mustAbsent, judgedRow('SHOULD', 'passed')], outcome: 'incomplete' },
  { what: 'there is no row', rows: [], outcome: 'incomplete' },
  { what: 'a filter left rows out', rows: [mustPassed], fate: { filtered: true }, outcome: 'incomplete' },
  { what: 'it was interrupted', rows: [mustPassed], fate: { ending: 'SIGINT' }, outcome: 'interrupted' },
  {
    what: 'it was interrupted after a failure',
    rows: [mustFailed],
    fate: { ending: 'SIGINT' },
    outcome: 'interrupted',
  },
  { what: 'the suite is at fault, all passed', rows: [mustPassed], fate: fault, outcome: 'suite-fault' },
  { what: 'the suite is at fault, a MUST failed', rows: [mustFailed], fate: fault, outcome: 'suite-fault' },
];

for (const { what, rows, fate = {}, outcome } of gates) {
  test(`a run is ${outcome} when ${what}`, () => {
    const decided = decideOutcome(rows, { ...fine, ...fate });
    expect(decided).toMatchObject({ outcome, exitCode: exitCodes[outcome] });
    expect(decided.explanation).not.toBe('');
  });
}

test('exit codes are as documented', () => {
  expect(exitCodes).toEqual({ conformant: 0, nonconformant: 1, incomplete: 3, 'suite-fault': 4, interrupted: 130 });
});

test('provable and proven are shares of the MUST rows that apply, rounded down', () => {
  const rows = [mustPassed, mustFailed, mustUntold, mustAbsent, shouldFailed];
  const { provable, proven } = decideOutcome(rows, fine);
  expect(provable).toEqual({ count: 2, of: 3, percent: 66.6 });
  expect(proven).toEqual({ count: 1, of: 3, percent: 33.3 });
  expect(decideOutcome([], fine).proven).toEqual({ count: 0, of: 0, percent: null });
});

const asAdministrator = 'state-cancels-pendingApproval-administrator';
const asRequestor = 'state-cancels-pendingApproval-requestor';
const cancelledWith = (caseId: string, made: MadeUpRecord = {}, status = 200) =>
  madeUpRecord(caseOf(caseId), { answers: [{ status }], after: { subject: 'Cancelled' }, ...made });

test('successes answered with 200 and with 204 fail the row on the run as a whole, with an exchange for each', () => {
  const records = [cancelledWith(asAdministrator), cancelledWith(asRequestor, {}, 204)];
  const check = wholeRun.judge(casesById, records);
  expect(check).toMatchObject({ verdict: 'failed', requirementIds: ['CANCEL-RESP-002'] });
  expect(check.findings.map(({ exchangeId }) => exchangeId)).toEqual([`${asAdministrator}.1`, `${asRequestor}.1`]);
  expect(check.findings[0]?.actual).toBe('200 in 1, 204 in 1');
});

for (const [what, records, verdict] of [
  ['one status throughout', [cancelledWith(asAdministrator), cancelledWith(asRequestor)], 'passed'],
  [
    'a 204 that cancelled nothing',
    [cancelledWith(asAdministrator), cancelledWith(asRequestor, { after: {} }, 204)],
    'passed',
  ],
  [
    'a 204 to another method',
    [cancelledWith(asAdministrator), cancelledWith('addr-put-does-not-cancel', {}, 204)],
    'passed',
  ],
  ['refusals only', [cancelledWith(asRequestor, { after: {} }, 403)], 'inconclusive'],
  ['nothing', [], 'inconclusive'],
] as const) {
  test(`the run as a whole is ${verdict} on ${what}`, () => {
    expect(wholeRun.judge(casesById, records).verdict).toBe(verdict);
  });
}

test('a run without records is incomplete, and every row says why', () => {
  const evidence: RunEvidence = {
    plan: planRun(contract, target),
    records: [],
    contract,
    rules,
    provider: 'control',
    suiteFaults: [],
    ending: 'complete',
    unfinished: 'the target went away',
  };
  const { outcome, requirements, proven } = judgeRun(evidence);
  expect({ outcome, count: proven.count }).toEqual({ outcome: 'incomplete', count: 0 });
  const told = requirements.filter(({ verdict }) => verdict !== 'inconclusive' && verdict !== 'not-applicable');
  expect(told).toEqual([]);
  expect(requirements.find(({ requirement: { id } }) => id === row)?.reason).toBe('the target went away');
});

import { expect, test } from '@playwright/test';
import type { JudgedCheck } from '../../../src/engine/judge/facts.js';
import type { Waiver } from '../../../src/engine/contract/waivers.js';
import type { VerdictWord } from '../../../src/engine/evidence/verdicts.js';
import { decideOutcome, type RunFate } from '../../../src/engine/verdict/outcome.js';
import { judgeRequirements } from '../../../src/engine/verdict/requirements.js';
import { failsRun, judgeWaivers, markWaived, type WaiverContext } from '../../../src/engine/verdict/waivers.js';
import { caseOf, contract } from '../support/made-up-evidence.js';

const caseId = 'perm-refuses-otherUser';
const entry = caseOf(caseId);
const judging = entry.then.find(({ verb }) => verb === 'answers-accepted-status');
const requirement = judging?.requirementIds[0] ?? '';
const id = `${caseId}/answers-accepted-status`;
const fingerprint = '0123456789abcdef';

const waiver: Waiver = {
  requirement,
  check: id,
  edition: contract.edition.id,
  fingerprint,
  reason: 'known',
  owner: 'team-x',
  expires: '2026-06-30',
  at: 'waivers.yaml:2',
};

function checkOf(verdict: VerdictWord, rest: Partial<JudgedCheck> = {}): JudgedCheck {
  const reason = verdict === 'inconclusive' || verdict === 'not-applicable' ? `because ${verdict}` : null;
  const requirementIds = [requirement];
  return { id, caseId, requirementIds, verb: 'answers-accepted-status', verdict, reason, findings: [], ...rest };
}

function contextOf(verdict: VerdictWord | null, rest: Partial<WaiverContext> = {}): WaiverContext {
  return {
    contract,
    areas: null,
    today: '2026-06-30',
    checks: verdict === null ? [] : [checkOf(verdict)],
    fingerprints: new Map(verdict === 'failed' ? [[id, fingerprint]] : []),
    ...rest,
  };
}

interface Judged {
  readonly what: string;
  readonly given?: Partial<Waiver>;
  readonly context: WaiverContext;
  readonly state: string;
  readonly fails: boolean;
  readonly says: RegExp;
}

/** A check that this edition has not, and another one has. */
const checkElsewhere = 'perm-subject-user-cancels-own/cancels';

const dayAfter = { today: '2026-07-01' };

const table: readonly Judged[] = [
  {
    what: 'the same failure, on its last day',
    context: contextOf('failed'),
    state: 'applied',
    fails: false,
    says: /team-x answers for it until 2026-06-30/,
  },
  {
    what: 'a check that passed',
    context: contextOf('passed'),
    state: 'stale',
    fails: true,
    says: /team-x: delete this waiver.* passed$/,
  },
  {
    what: 'a check that is not applicable',
    context: contextOf('not-applicable'),
    state: 'stale',
    fails: true,
    says: /because because not-applicable$/,
  },
  {
    what: 'another failure',
    given: { fingerprint: 'fedcba9876543210' },
    context: contextOf('failed'),
    state: 'different-failure',
    fails: true,
    says: /team-x: .* waive 0123456789abcdef\)/,
  },
  {
    what: 'the day after its last',
    context: contextOf('failed', dayAfter),
    state: 'expired',
    fails: true,
    says: /expired after 2026-06-30 \(owner team-x: repair the target, or renew/,
  },
  {
    what: 'the day after its last, and a check that passed',
    context: contextOf('passed', dayAfter),
    state: 'expired',
    fails: true,
    says: /delete this waiver, or renew/,
  },
  {
    what: 'the day after its last, and a check that is left out',
    context: contextOf(null, dayAfter),
    state: 'expired',
    fails: true,
    says: /expired/,
  },
  {
    what: 'a misspelt requirement',
    given: { requirement: requirement.toLowerCase() },
    context: contextOf('failed'),
    state: 'unmatched',
    fails: true,
    says: /no requirement .*; did you mean CANCEL-PERM-\d+\? \(owner team-x/,
  },
  {
    what: 'a misspelt check',
    given: { check: `${id}s` },
    context: contextOf('failed'),
    state: 'unmatched',
    fails: true,
    says: /no check .*; did you mean perm-refuses-otherUser\/answers-accepted-status\?/,
  },
  {
    what: 'a check that is nothing like any',
    given: { check: 'x/y' },
    context: contextOf('failed'),
    state: 'unmatched',
    fails: true,
    says: /no check x\/y \(owner/,
  },
  {
    what: 'a check that does not judge the requirement',
    given: { requirement: 'CANCEL-STATE-001' },
    context: contextOf('failed'),
    state: 'unmatched',
    fails: true,
    says: /does not judge CANCEL-STATE-001; known: CANCEL-PERM/,
  },
  {
    what: 'a requirement of another edition',
    given: { requirement: 'CANCEL-PERM-009' },
    context: contextOf('failed'),
    state: 'unmatched',
    fails: true,
    says: /the edition beta-2021-05 has no requirement CANCEL-PERM-009/,
  },
  {
    what: 'a check of another edition',
    given: { check: checkElsewhere },
    context: contextOf('failed'),
    state: 'unmatched',
    fails: true,
    says: /no check perm-subject-user-cancels-own\/cancels/,
  },
  {
    what: 'another edition, though expired',
    given: { edition: 'v1.0-2020' },
    context: contextOf('failed', dayAfter),
    state: 'other-edition',
    fails: false,
    says: /passed over/,
  },
  {
    what: 'a check that is inconclusive',
    context: contextOf('inconclusive'),
    state: 'not-told',
    fails: false,
    says: /is inconclusive: because inconclusive/,
  },
  {
    what: 'a check that was left out',
    context: contextOf(null, { areas: ['AUTH'] }),
    state: 'not-told',
    fails: false,
    says: /left out of this run/,
  },
  {
    what: 'a requirement that was left out, though its check ran',
    context: contextOf('failed', { areas: ['AUTH'] }),
    state: 'not-told',
    fails: false,
    says: /left out of this run/,
  },
];

for (const { what, given = {}, context, state, fails, says } of table) {
  test(`a waiver of ${what} is ${state}`, () => {
    const [judged] = judgeWaivers([{ ...waiver, ...given }], context);
    expect(judged?.state).toBe(state);
    expect(judged?.message).toMatch(/^waivers\.yaml:2: /);
    expect(judged?.message).toMatch(says);
    expect(judged && failsRun(judged)).toBe(fails);
  });
}

const other = `${caseId}/subject-unchanged`;

test('a row is waived when all of its failures are, and fails all the same', () => {
  const checks = [checkOf('failed'), checkOf('passed', { id: 'made-up/cancels' })];
  const rows = judgeRequirements(checks, { contract, provider: 'control', areas: null });
  const waivers = judgeWaivers([waiver], contextOf('failed'));
  const rowOf = (judged: typeof rows): (typeof rows)[number] | undefined =>
    judged.find((row) => row.requirement.id === requirement);
  expect(rowOf(markWaived(rows, waivers))).toMatchObject({ verdict: 'failed', waived: true });
  expect(rowOf(markWaived(rows, []))?.waived).toBeUndefined();
  const two = [...checks, checkOf('failed', { id: other })];
  const more = judgeRequirements(two, { contract, provider: 'control', areas: null });
  expect(rowOf(markWaived(more, waivers))?.waived).toBeUndefined();
});

test('a waiver covers a check for the requirement that it names, and for no other', () => {
  const checks = [checkOf('failed', { requirementIds: [requirement, 'CANCEL-PERM-002'] })];
  const rows = judgeRequirements(checks, { contract, provider: 'control', areas: null });
  const marked = markWaived(rows, judgeWaivers([waiver], contextOf('failed')));
  const failed = marked.filter(({ verdict }) => verdict === 'failed');
  expect(failed.map((row) => [row.requirement.id, row.waived === true]).sort()).toEqual(
    [
      ['CANCEL-PERM-002', requirement === 'CANCEL-PERM-002'],
      [requirement, true],
    ].sort(),
  );
});

const rowOf = (
  level: 'MUST' | 'SHOULD',
  verdict: VerdictWord,
  isWaived = false,
): Parameters<typeof decideOutcome>[0][number] => {
  const [row] = contract.requirements;
  if (!row) throw new Error('no requirement');
  return { requirement: row, level, verdict, reason: null, checks: [], ...(isWaived ? { waived: true } : {}) };
};
const fine: RunFate = { suiteFaults: [], ending: 'complete', filtered: false, failingWaivers: [] };
const passed = rowOf('MUST', 'passed');
const waived = rowOf('MUST', 'failed', true);
const stale = { failingWaivers: [{ state: 'stale' }] } as const;

for (const [what, rows, fate, outcome] of [
  ['every failure is waived', [passed, waived], {}, 'conformant'],
  ['one failure is waived and one is not', [waived, rowOf('MUST', 'failed')], {}, 'nonconformant'],
  ['a failure is waived and a MUST is untold', [waived, rowOf('MUST', 'inconclusive')], {}, 'incomplete'],
  ['a failure is waived under a filter', [passed, waived], { filtered: true }, 'incomplete'],
  ['a waiver does not hold, though all passed', [passed], stale, 'nonconformant'],
  ['a waiver does not hold under a filter', [passed], { ...stale, filtered: true }, 'nonconformant'],
  ['a waiver does not hold in an interrupted run', [passed], { ...stale, ending: 'SIGINT' }, 'interrupted'],
  ['a waiver does not hold, and the suite is at fault', [passed], { ...stale, suiteFaults: ['x'] }, 'suite-fault'],
] as const) {
  test(`the run is ${outcome} when ${what}`, () => {
    const decided = decideOutcome(rows, { ...fine, ...fate });
    expect(decided.outcome).toBe(outcome);
    expect(decided.explanation).not.toContain('Every MUST');
  });
}

test('a waived failure is told, and counts as checked but not as passed', () => {
  const { explanation, provable, proven } = decideOutcome([passed, waived], fine);
  expect(explanation).toMatch(/^1 MUST requirement fails and is waived, which is not the same as met\. Every other /);
  expect([provable.count, proven.count, proven.of]).toEqual([2, 1, 2]);
  const should = decideOutcome([passed, rowOf('SHOULD', 'failed', true)], fine);
  expect(should.explanation).toBe('1 SHOULD requirement failed (1 waived), which warns and does not fail the gate.');
});

import { expect, test } from '@playwright/test';
import { callsOf, type Case, type CaseGroup } from '../../../src/engine/case.js';
import { caseGroups, casesById } from '../../../src/cancel/cases/index.js';
import { areaIds as areas } from '../../../src/cancel/areas.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { applicableRows, applies, rowOf } from '../../../src/engine/contract/rows.js';
import { carriedOutOnce } from '../../../src/engine/plan/alike.js';
import { planRun, type Plan } from '../../../src/engine/plan/plan.js';
import { bystanderStatusOf } from '../../../src/engine/plan/arranged.js';
import { mustBeRefused } from '../../../src/engine/plan/spared.js';
import { ControlProvider } from '../../../src/arrange/control.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { caseOf } from '../support/made-up-evidence.js';

const { target, contract } = resolveTarget({});
const plan = planRun(contract, target);

const judgedRows = ({ cases }: Plan): readonly string[] => [
  ...new Set([...cases.values()].flatMap(({ then }) => then.flatMap(({ requirementIds }) => requirementIds))),
];

const casesOf = (groups: readonly CaseGroup[]): readonly string[] =>
  groups.flatMap(({ cases }) => cases.map(({ id }) => id));

test('plans the same twice, and leaves what it was given as it was', () => {
  const before = JSON.stringify({ contract, target, caseGroups });
  // The endpoint has functions, which cannot be cloned; what is data is cloned, and frozen throughout.
  const { endpoint, ...data } = contract;
  const again = planRun({ ...frozen(structuredClone(data)), endpoint }, frozen(structuredClone(target)));
  expect(again).toEqual(plan);
  expect(again.hash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify({ contract, target, caseGroups })).toBe(before);
});

test('whatever would be sent otherwise has another hash', () => {
  const others = [
    planRun(contract, { ...target, readings: { ...target.readings, 'C-1': '200' } }),
    planRun(contract, { ...target, baseUrl: 'http://127.0.0.1:9/beta' }),
    planRun(contract, target, ['STATE']),
    planRun(contract, target, ['AUTH']),
    planRun(loadContract('beta-2026-06'), { ...target, edition: 'beta-2026-06' }),
  ];
  expect(new Set([plan, ...others].map(({ hash }) => hash)).size).toBe(others.length + 1);
});

for (const area of areas) {
  test(`a filter on ${area} leaves checks of that area alone, and carries the controls out unjudged`, () => {
    const filtered = planRun(contract, target, [area]);
    const wanted = judgedRows(plan).filter((id) => id.split('-')[1] === area && id !== 'CANCEL-RESP-002');
    expect(judgedRows(filtered)).toEqual(expect.arrayContaining(wanted));
    for (const entry of filtered.cases.values()) {
      const strangers = entry.then.filter(({ requirementIds }) =>
        requirementIds.every((id) => id.split('-')[1] !== area),
      );
      expect(strangers, entry.id).toEqual([]);
    }
    const planned = casesOf(filtered.groups);
    const needed = planned.flatMap((id) => casesById.get(id)?.control?.caseId ?? []);
    expect(new Set(filtered.controls.map(({ id }) => id))).toEqual(new Set(needed));
    for (const control of filtered.controls) {
      expect(control.then.length > 0, control.id).toBe(planned.includes(control.id));
      expect(control.when).toEqual(casesById.get(control.id)?.when);
      expect(filtered.cases.has(control.id)).toBe(true);
    }
  });
}

test('a filter on AUTH carries out controls that it does not judge', () => {
  const unjudged = planRun(contract, target, ['AUTH']).controls.filter(({ then }) => then.length === 0);
  expect(unjudged.map(({ id }) => id)).toContain('state-cancels-pendingApproval-administrator');
});

test('rows of other editions leave no case', () => {
  expect(casesOf(plan.groups)).not.toContain('perm-refuses-subjectUser');
  expect(casesOf(plan.groups)).not.toContain('body-cancels-without-a-body');
  const strangers = judgedRows(plan).filter((id) => {
    const row = rowOf(contract, id);
    return !row || !applies(row, contract);
  });
  expect(strangers).toEqual([]);
});

for (const edition of ['beta-2021-05', 'beta-2024', 'beta-2026-06', 'v1.0-2021-12', 'v1.0-2023']) {
  test(`every row of ${edition} is judged by a check of its plan`, () => {
    const judged = new Set([...judgedRows(planRun(loadContract(edition), target)), 'CANCEL-RESP-002']);
    const owed = applicableRows(loadContract(edition)).map(({ id }) => id);
    expect(owed.filter((id) => !judged.has(id))).toEqual([]);
  });
}

test('the counts are those of the cases', () => {
  const cases = [...plan.cases.values()];
  expect(new Set(cases.map(({ id }) => id))).toEqual(
    new Set([...casesOf(plan.groups), ...plan.controls.map(({ id }) => id)]),
  );
  expect(plan.counts).toMatchObject({
    cases: cases.length,
    checks: cases.map(({ then }) => then.length).reduce((sum, count) => sum + count),
    probes: cases.map(callsOf).reduce((sum, count) => sum + count),
  });
});

test('bystanders are in the status of the subject, unless it cannot be cancelled or passes by itself', () => {
  const statuses = ['pendingNotBefore', 'pendingApprovalEscalated', 'accepted', 'delivered'];
  const usual = 'pendingApproval';
  expect(statuses.map((status) => bystanderStatusOf(status, contract))).toEqual([
    'pendingNotBefore',
    'pendingApprovalEscalated',
    usual,
    usual,
  ]);
});

test('what a run arranges and sends is what its plan counts', async () => {
  const made: Record<string, number> = {};
  const { prototype } = ControlProvider;
  const own = Object.getOwnPropertyDescriptor(prototype, 'create');
  const create = own?.value as ControlProvider['create'];
  const counting: ControlProvider['create'] = function (this: ControlProvider, status, requestor) {
    made[status] = (made[status] ?? 0) + 1;
    return create.call(this, status, requestor);
  };
  Object.defineProperty(prototype, 'create', { ...own, value: counting });
  try {
    const { exchanges } = await runInProcess({ target, contract, plan }, { lanes: 1 });
    expect(made).toEqual(plan.counts.arranged);
    // The embedded target sets no cookie that could be sent back.
    const unsent = [...plan.cases.values()].filter(({ when }) => when.some(({ returnsCookies }) => returnsCookies));
    expect(unsent).toHaveLength(1);
    expect(exchanges).toHaveLength(plan.counts.probes - unsent.length);
    // A default run stays within the calls that it may take.
    expect(exchanges.length).toBeLessThan(4000);
  } finally {
    Object.defineProperty(prototype, 'create', own ?? {});
  }
});

/** The value with every object in it frozen: whoever writes to it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
}

for (const edition of ['beta-2021-05', 'beta-2024', 'beta-2026-06']) {
  test(`the fewest cases still tell every row of ${edition} that can fail or warn, and no more than needed`, () => {
    const under = loadContract(edition);
    const shared = { ...target, edition, expensive: true };
    const all = planRun(under, { ...shared, fewestCases: false });
    const fewest = planRun(under, { ...shared, fewestCases: true });
    const deciding = (one: Plan): readonly string[] =>
      judgedRows(one)
        .filter((id) => under.requirements.find((row) => row.id === id)?.level !== 'MAY')
        .filter((id) => under.requirements.find((row) => row.id === id)?.spareable !== true)
        .toSorted();
    expect(deciding(fewest)).toEqual(deciding(all));
    expect([...fewest.cases.keys(), ...fewest.spared.keys()].toSorted()).toEqual([...all.cases.keys()].toSorted());
    const needed = casesOf(fewest.groups).flatMap((id) => casesById.get(id)?.control?.caseId ?? []);
    const carried = needed.map((id) => fewest.carriedBy.get(id) ?? id);
    expect(carried.filter((id) => !fewest.cases.has(id))).toEqual([]);
    const total = (one: Plan): number => Object.values(one.counts.arranged).reduce((sum, count) => sum + count, 0);
    expect(total(fewest)).toBeLessThan(0.6 * total(all));
  });
}

test('of cases that send the same, one is carried out for all, early, and with the tap of any', () => {
  const [one, other] = [caseOf('perm-refuses-otherUser'), caseOf('perm-refuses-similarScopeUser')];
  const first = { ...one, id: 'first' };
  const tapped: Case = { ...one, id: 'tapped', when: [{ ...one.when[0], wire: true }] };
  const another = { ...other, id: 'another' };
  const group: CaseGroup = { area: 'PERM', title: 'x', cases: [first, tapped, another] };
  const { groups, controls, carriedBy } = carriedOutOnce({ groups: [group], controls: [] });
  const taps = (cases: readonly Case[]): unknown => cases.map(({ id, when }) => [id, when[0].wire === true]);
  expect([...carriedBy]).toEqual([['tapped', 'first']]);
  expect(taps(controls)).toEqual([['first', true]]);
  expect(groups.map(({ cases }) => taps(cases))).toEqual([
    [
      ['first', true],
      ['tapped', true],
      ['another', false],
    ],
  ]);
});

test('a call that may be accepted uses its request up, whatever is demanded of those beside it', () => {
  const mayBeAccepted = ['perm-malformed-administrator-then-other-user', 'perm-malformed-administrator-then-garbage'];
  const refused = ['perm-refused-owner-then-stranger', 'perm-refused-owner-then-garbage', 'perm-two-callers-at-once'];
  for (const id of mayBeAccepted) expect(mustBeRefused(caseOf(id), contract), id).toBe(false);
  for (const id of refused) expect(mustBeRefused(caseOf(id), contract), id).toBe(true);
  // Where each created request counts, other cases tell the same for less.
  const { spared } = planRun(contract, { ...target, expensive: true, fewestCases: true });
  expect([...spared.keys()]).toEqual(expect.arrayContaining(mayBeAccepted));
});

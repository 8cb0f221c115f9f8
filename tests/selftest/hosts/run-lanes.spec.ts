import type { Case, CaseGroup } from '../../../src/engine/case.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import type { CaseRecord } from '../../../src/engine/evidence/records.js';
import { lanesFor, portionsOf } from '../../../src/hosts/lanes.js';
import type { Report } from '../../../src/report/model.js';
import { expect, test, verdictsOf } from '../support/cli.js';
import { differencesOf, endedRun } from '../support/ended-runs.js';
import { startMiddleman } from '../support/middleman.js';

/** A target that is a network away. */
const awayMs = 50;

/** Times in a report are whole milliseconds. */
const roundingMs = 2;

/** Most cases that were under way at one moment; those that share one record count once. */
function mostAtOnce({ cases }: Report): number {
  const recorded = new Map(cases.map((entry) => [`${entry.startedAt} ${entry.durationMs}`, entry]));
  const spans = [...recorded.values()]
    .filter(({ startedAt }) => startedAt !== '')
    .map(({ startedAt, durationMs }) => ({ begin: Date.parse(startedAt), end: Date.parse(startedAt) + durationMs }));
  const at = (moment: number): number =>
    spans.filter(({ begin, end }) => begin <= moment && moment < end - roundingMs).length;
  return Math.max(...spans.map(({ begin }) => at(begin)));
}

const failedChecks = ({ checks }: Report): readonly string[] =>
  checks
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ id }) => id)
    .sort();

const embedded = { embedded: {} };

/** Enough cases to be carried out beside each other. */
const only = /^(?:effect|err|resp|robust)-/;

const answered = (durationMs: number): CaseRecord =>
  ({ exchanges: [{ response: {}, durationMs }] }) as unknown as CaseRecord;

test('by default there are as many lanes as the first answers are slow', () => {
  const lanes = [0, 1, 9, 10, 20, 50, 5000].map((durationMs) => lanesFor([answered(durationMs)]));
  expect(lanes).toEqual([1, 1, 1, 5, 10, 25, 32]);
  expect(lanesFor([])).toBe(1);
  // One slow answer among many, such as the first of a server that wakes up, makes none.
  expect(lanesFor([answered(900), answered(1), answered(2)])).toBe(1);
});

test('several lanes divide what one lane does as a whole, each case once and those with requests alike together', () => {
  const given = Array.from({ length: 30 }, (_, at) => ({
    id: `case-${at}`,
    given: { status: at % 2 ? 'denied' : 'pending' },
  }));
  const groups = [{ area: 'PERM', title: 'long', cases: given }] as unknown as readonly CaseGroup[];
  expect(portionsOf(groups, 1)).toBe(groups);
  const portions = portionsOf(groups, 2);
  expect(portions.map(({ cases }) => cases.length)).toEqual([12, 12, 6]);
  expect(portions.map(({ cases }) => new Set(cases.map(({ given: { status } }) => status)).size)).toEqual([1, 2, 1]);
  const ids = (all: readonly Pick<Case, 'id'>[]): readonly string[] => all.map(({ id }) => id).sort();
  expect(ids(portions.flatMap(({ cases }) => cases))).toEqual(ids(groups.flatMap(({ cases }) => cases)));
});

test('one lane is one case at a time, and four lanes are no more than four', async ({ folder }) => {
  const report = await endedRun(folder, embedded, { lanes: 1, only });
  expect(mostAtOnce(report)).toBe(1);
  expect(report.totals.checks).toMatchObject({ failed: 0, inconclusive: 0 });
  const wide = await endedRun(folder, embedded, { lanes: 4, only });
  expect(mostAtOnce(wide)).toBeGreaterThan(1);
  expect(mostAtOnce(wide)).toBeLessThanOrEqual(4);
  expect(verdictsOf(wide)).toEqual(verdictsOf(report));
});

test('a target that answers late is carried out in several lanes, with the same verdicts', async ({ folder }) => {
  const middleman = await startMiddleman(() => ({ afterMs: awayMs }));
  const report = await endedRun(folder, { ...middleman.target, timeoutMs: 10_000 }, { only });
  await middleman.close();
  expect(mostAtOnce(report)).toBeGreaterThan(4);
  // A busy machine makes it look slower than it is.
  const slowestMs = Math.max(...report.exchanges.map(({ durationMs }) => durationMs));
  expect(mostAtOnce(report)).toBeLessThanOrEqual(lanesFor([answered(slowestMs)]));
  const verdicts = verdictsOf(await endedRun(folder, embedded, { only }));
  expect(verdictsOf(report)).toEqual(verdicts);
  expect(schemaValidator('suite/report')(JSON.parse(JSON.stringify(report)))).toBe(true);
});

test('requests that are shared are never carried out in lanes', async ({ folder }) => {
  expect(mostAtOnce(await endedRun(folder, { ...embedded, expensive: true }, { lanes: 4, only }))).toBe(1);
});

for (const fault of [
  'all-requests-of-requestor-cancelled',
  'whole-queue-cancelled',
  'other-requests-removed-as-superseded',
]) {
  test(`${fault} is blamed on the same checks in four lanes, and what it did beside others is told`, async ({
    folder,
  }) => {
    const one = await endedRun(folder, { embedded: { fault } }, { lanes: 1, only });
    const four = await endedRun(folder, { embedded: { fault } }, { lanes: 4, only });
    expect(failedChecks(one)).not.toEqual([]);
    expect(failedChecks(four)).toEqual(failedChecks(one));
    expect(verdictsOf(four)).toEqual(verdictsOf(one));
    const beside = four.cases.filter((entry) => entry.beside !== undefined);
    const told = four.observations.filter(({ key }) => key.startsWith('beside:'));
    expect(beside.length).toBeGreaterThan(0);
    const owed = beside.map((entry) => ({ key: `beside:${entry.id}`, value: entry.beside?.join('; ') }));
    expect(told.map(({ key, value }) => ({ key, value }))).toEqual(expect.arrayContaining(owed));
    expect(told).toHaveLength(owed.length);
    expect(schemaValidator('suite/report')(JSON.parse(JSON.stringify(four)))).toBe(true);
    expect(await differencesOf(four, folder)).toEqual([]);
  });
}

test('what a target does a moment after it answered is blamed on the case that waited for it, and on none that was refused', async ({
  folder,
}) => {
  for (const lanes of [4, 8]) {
    const report = await endedRun(
      folder,
      { embedded: { fault: 'others-cancelled-a-moment-later' } },
      { lanes, only: /^(?:effect|perm-refuses|state-(?:cancels|refuses|stays))-/ },
    );
    expect(failedChecks(report)).toEqual(
      expect.arrayContaining(['state-stays-cancelled/sibling-unchanged', 'state-stays-cancelled/stranger-unchanged']),
    );
    expect(failedChecks(report).filter((id) => /-(?:refuses|stays-as-refused)-/.test(id))).toEqual([]);
  }
});

test('a case that is refused is never blamed for what others did, though its control is in doubt', async ({
  folder,
}) => {
  const four = await endedRun(folder, { embedded: { fault: 'oldest-request-cancelled-instead' } }, { lanes: 4 });
  expect(failedChecks(four)).not.toEqual([]);
  expect(failedChecks(four).filter((id) => /^(?:state|perm|body)-refuses-/.test(id))).toEqual([]);
  expect(await differencesOf(four, folder)).toEqual([]);
});

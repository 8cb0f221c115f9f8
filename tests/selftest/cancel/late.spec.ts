import { expect, test } from '@playwright/test';
import { casesById } from '../../../src/cancel/cases/index.js';
import type { JudgedCheck } from '../../../src/engine/judge/facts.js';
import { compareVersions, isLate } from '../../../src/engine/contract/late.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import type { Contract } from '../../../src/engine/contract/types.js';
import { renderHtml } from '../../../src/report/html/page.js';
import type { Report } from '../../../src/report/model.js';
import { renderSummary } from '../../../src/report/summary.js';
import { renderTerminal } from '../../../src/report/terminal.js';
import { withoutScoreOfLate } from '../../../src/engine/verdict/unscored.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { contract as frozen, judged, target } from '../support/made-up-evidence.js';

/** The row that this file takes for one that came later, and the fault that breaks it and nothing else. */
const lateRow = 'CANCEL-PERM-008';
const fault = 'scope-compared-by-prefix';

const withLateRow = (since: string | undefined): Contract => ({
  ...frozen,
  requirements: frozen.requirements.map((row) => (row.id === lateRow && since !== undefined ? { ...row, since } : row)),
});

const runBy = (contract: Contract, faults: readonly string[]): Promise<Report> =>
  runOn({ ...embeddedWith({ fault: faults }), contract }, { areas: ['PERM'] });

const checksOf = (id: string, made: Parameters<typeof judged>[1]): readonly JudgedCheck[] => [
  ...judged(id, made).values(),
];

const rowIn = (report: Report): Report['requirements'][number] | undefined =>
  report.requirements.find(({ id }) => id === lateRow);
const checkIn = (report: Report): Report['checks'][number] | undefined =>
  report.checks.find(({ id }) => id === 'perm-refuses-similarScopeUser/answers-accepted-status');

for (const [name, since] of [
  ['of the first version', undefined],
  ['of the version of the freeze', frozen.edition.frozen],
] as const) {
  test(`a row ${name} scores: its failure fails the run`, async () => {
    const contract = withLateRow(since);
    const [report, whole] = await Promise.all([runBy(contract, [fault]), runBy(contract, [])]);
    expect([report.run.outcome, whole.totals.must.failed]).toEqual(['nonconformant', 0]);
    expect(rowIn(report)?.verdict).toBe('failed');
    expect(checkIn(report)).toMatchObject({ verdict: 'failed' });
    expect(checkIn(report)).not.toHaveProperty('unscored');
    expect(report.proven.count).toBe(whole.proven.count - 1);
    expect(renderSummary(report)).not.toContain('unscored');
  });
}

test('a row that came after the freeze runs and is shown, and neither fails the run nor counts', async () => {
  const contract = withLateRow('9.9.9');
  const [failing, whole, before] = await Promise.all([
    runBy(contract, [fault]),
    runBy(contract, []),
    runBy(frozen, []),
  ]);
  expect(failing.totals.must.failed).toBe(0);
  expect([failing.provable, failing.proven]).toEqual([whole.provable, whole.proven]);
  expect(whole.provable).toMatchObject({ count: before.provable.count - 1, of: before.provable.of - 1 });
  const reason = `runs unscored: it came with version 9.9.9 of the suite, after the requirements of ${target.edition} were frozen with ${frozen.edition.frozen}`;
  expect(rowIn(failing)).toMatchObject({ verdict: 'not-applicable', reason });
  const check = checkIn(failing);
  expect(check).toMatchObject({ verdict: 'not-applicable', unscored: 'failed' });
  expect(check?.reason).toMatch(/^runs unscored: .*; it would be failed: \S/);
  expect(check?.exchanges).not.toEqual([]);
  expect(checkIn(whole)).toMatchObject({ verdict: 'not-applicable', unscored: 'passed' });
  expect(schemaValidator('suite/report')(JSON.parse(JSON.stringify(failing)))).toBe(true);
});

test('a whole run is conformant for all that ran unscored, and tells it in the terminal, the summary and the page', async () => {
  const report = await runOn({ ...embeddedWith({ fault }), contract: withLateRow('9.9.9') });
  expect(report.run.outcome).toBe('conformant');
  const note = /\d+ checks ran unscored, \d+ would fail: newer than the frozen requirements of beta-2021-05/;
  const terminal = renderTerminal(report, { colour: false, reportPath: 'index.html', width: 200 });
  for (const text of [terminal, renderSummary(report), renderHtml(report)]) expect(text).toMatch(note);
  expect(renderHtml(report)).toContain('it came with version 9.9.9 of the suite');
});

test('a case that came after the freeze weighs nothing on rows that were there before', () => {
  const id = 'perm-refuses-similarScopeUser';
  const entry = casesById.get(id);
  const failed = checksOf(id, { answers: [{ status: 204 }], after: { subject: 'cancelled' } });
  expect(failed.filter(({ verdict }) => verdict === 'failed')).not.toEqual([]);
  const settled = (since: string | undefined): readonly string[] =>
    withoutScoreOfLate(failed, new Map([[id, since === undefined ? {} : { ...entry, since }]]), frozen).map(
      ({ verdict }) => verdict,
    );
  expect(settled(undefined)).toEqual(failed.map(({ verdict }) => verdict));
  expect(settled(frozen.edition.frozen)).toEqual(failed.map(({ verdict }) => verdict));
  expect(new Set(settled('9.9.9'))).toEqual(new Set(['not-applicable']));
});

test('a check that judges an old row beside a late one scores for the old one', () => {
  const contract = withLateRow('9.9.9');
  const [check] = checksOf('perm-refuses-similarScopeUser', { answers: [{ status: 204 }] }).map((one) => ({
    ...one,
    verdict: 'failed' as const,
    requirementIds: ['CANCEL-PERM-007', lateRow],
  }));
  expect(check && withoutScoreOfLate([check], new Map(), contract)).toEqual([check]);
});

test('versions are compared by number, not by letter', () => {
  expect(compareVersions('0.10.0', '0.9.9')).toBeGreaterThan(0);
  expect(compareVersions('1.0.0', '0.99.99')).toBeGreaterThan(0);
  expect(compareVersions('0.1.0', '0.1.0')).toBe(0);
  expect(compareVersions('0.1.9', '0.1.10')).toBeLessThan(0);
  expect(isLate(undefined, { frozen: '0.0.1' })).toBe(false);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../../../src/engine/package.js';
import type { Report } from '../../../../src/report/model.js';
import { differing } from '../../../../src/wings/compare/checks.js';
import { compareReports } from '../../../../src/wings/compare/compare-reports.js';
import type { IndexedRun } from '../../../../src/wings/compare/indexed.js';
import { renderComparison } from '../../../../src/wings/compare/html/page.js';
import { renderComparisonMarkdown } from '../../../../src/wings/compare/markdown.js';
import type { Comparison } from '../../../../src/wings/compare/model.js';
import { renderComparisonTerminal } from '../../../../src/wings/compare/terminal.js';

const kept = path.join(packageRoot, 'tests/selftest/support/released-reports/1-0.1.0/report.json');
const report = JSON.parse(readFileSync(kept, 'utf8')) as Report;

const comparisonWith = (other: Report, first = report): Comparison =>
  compareReports(
    [
      { file: 'first', report: first },
      { file: 'other', report: other },
    ],
    '0.1.0',
  );

test.describe('runs that differ', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => ({ name }) as unknown as IndexedRun) as [
    IndexedRun,
    IndexedRun,
    IndexedRun,
  ];
  const names = new Map([
    [a, 'same'],
    [b, 'same'],
    [c, 'other'],
  ]);
  const passed = { verdict: 'passed' } as const;
  const leftOut = { verdict: 'left-out' } as const;

  test('are held against the first that took part, and what was left out against none', () => {
    const identity = (run: IndexedRun): string => names.get(run) ?? '';
    expect(differing([a, b, c], [passed, passed, passed], identity)).toEqual([
      { run: 2, against: 0, pair: { before: a, after: c } },
    ]);
    expect(differing([a, b, c], [leftOut, passed, passed], identity)).toEqual([
      { run: 2, against: 1, pair: { before: b, after: c } },
    ]);
    expect(differing([a, b, c], [passed, passed, leftOut], identity)).toEqual([]);
    expect(differing([c, b], [passed, passed], identity)).toEqual([
      { run: 1, against: 0, pair: { before: c, after: b } },
    ]);
  });

  test('are none where all were left out, and nothing of them is looked at', () => {
    const identity = (): string => {
      throw new Error('nobody took part');
    };
    expect(differing([a, b], [leftOut, leftOut], identity)).toEqual([]);
  });
});

test('another edition or reading is a difference that counts, though every verdict stays', () => {
  const { target } = report;
  for (const [name, other] of [
    ['edition', { ...target, edition: 'v1.0' }],
    ['reading C-1', { ...target, readings: { ...target.readings, 'C-1': 'another' } }],
  ] as const) {
    const model = comparisonWith({ ...report, target: other });
    expect(model.circumstances.filter(({ counts }) => counts).map((one) => one.name)).toEqual([name]);
    expect(model.same).toBe(false);
    expect(model.changes).toEqual([]);
  }
  expect(comparisonWith(report)).toMatchObject({ same: true, circumstances: [] });
});

/** The report with the first answer of a case changed. */
function answered(caseId: string, headers: readonly (readonly [string, string])[]): Report {
  const exchanges = report.exchanges.map((one) =>
    one.id === `${caseId}.1` && one.response
      ? { ...one, response: { ...one.response, headers: [...one.response.headers, ...headers] } }
      : one,
  );
  return { ...report, exchanges };
}

const drifting = report.exchanges.find(({ response }) => response !== null)?.id.replace(/\.\d+$/, '') ?? '';

for (const [last, says] of [
  ['abc', 'abc'],
  ['abcd', 'ab…'],
] as const) {
  const words = 'ab '.repeat(99);

  test(`a value of ${words.length + last.length} characters is shown as its first 300 at most`, () => {
    // A challenge, whose value is compared.
    const challenge = (value: string): Report => answered(drifting, [['WWW-Authenticate', value]]);
    const { drift } = comparisonWith(challenge(words + last), challenge('Basic'));
    expect(drift.map(({ aspect, values }) => [aspect, ...values])).toEqual([['header-value', 'Basic', words + says]]);
  });
}

test('what drifted beneath verdicts that stayed is marked, and told in what places', () => {
  const model = comparisonWith(answered(drifting, [['X-New', '1']]));
  expect(model.drift).toMatchObject([{ aspect: 'headers', silentPlaces: 1 }]);
  const lineOf = (one: Comparison): string | undefined =>
    /^ {2}Drift .*\n(.*)$/m.exec(renderComparisonTerminal(one, { colour: false, pagePath: 'comparison.html' }))?.[1];
  expect(lineOf(model)).toMatch(/^ {2}~ \S.*: .* → x-new, in /);
  const told = model.drift.map((one) => ({ ...one, silentPlaces: 0 }));
  expect(lineOf({ ...model, drift: told })).toMatch(/^ {4}\S.*: .* → x-new, in /);
  // Where verdicts changed in other places, they tell of it.
  const partly = model.drift.map((one) => ({ ...one, places: [...one.places, 'another', 'a third'] }));
  const page = (one: Comparison): string => renderComparison(one).replaceAll(/<[^>]+>/g, '');
  expect(page(model)).toContain('1 drift beneath verdicts that stayed: the exit code of none of the runs tells.');
  expect(page({ ...model, drift: partly })).not.toContain('the exit code of none of the runs tells');
  for (const text of [page({ ...model, drift: partly }), renderComparisonMarkdown({ ...model, drift: partly })])
    expect(text).toContain('beneath verdicts that stayed in 1 of 3 places');
});

test('the Markdown names one check by its id, and of several how many and one of them', () => {
  const row = report.requirements.find(({ checks, verdict }) => verdict === 'passed' && checks.length > 1);
  const [one = '', two = ''] = row?.checks ?? [];
  const lacking = (ids: readonly string[]): Report => ({
    ...report,
    checks: report.checks.map((check) =>
      ids.includes(check.id) ? { ...check, verdict: 'inconclusive' as const, reason: 'nobody was there' } : check,
    ),
  });
  const lineOf = (ids: readonly string[]): string | undefined =>
    renderComparisonMarkdown(comparisonWith(lacking(ids)))
      .split('\n')
      .find((line) => line.startsWith(`- ${row?.id ?? ''}, `));
  expect(lineOf([one])).toContain(`, ${one}: `);
  expect(lineOf([one, two])).toContain(`, 2 checks, such as ${one}: `);
});

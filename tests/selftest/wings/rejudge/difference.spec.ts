import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../../../src/engine/package.js';
import type { Report } from '../../../../src/report/model.js';
import type { Bundle } from '../../../../src/wings/rejudge/bundle.js';
import { differencesOf, differencesOfLists, type Difference } from '../../../../src/wings/rejudge/difference.js';
import { renderRejudged } from '../../../../src/wings/rejudge/terminal.js';

const messageOf = (reported: unknown, found: unknown): string | undefined =>
  differencesOf({
    about: 'totals',
    id: null,
    against: 'recomputed',
    reported: { it: reported },
    found: { it: found },
  })[0]?.message;

test.describe('two values', () => {
  for (const [what, shared, says, is] of [
    ['whole, when both are short', 'x'.repeat(30), `"${'x'.repeat(30)}1"`, `"${'x'.repeat(30)}2"`],
    ['whole, up to 60 characters', 'x'.repeat(57), `"${'x'.repeat(57)}1"`, `"${'x'.repeat(57)}2"`],
    ['from 20 characters before they differ', 'x'.repeat(58), `…${'x'.repeat(20)}1"`, `…${'x'.repeat(20)}2"`],
  ] as const) {
    test(`are shown ${what}`, () => {
      expect(messageOf(`${shared}1`, `${shared}2`)).toBe(`totals: it: report.json says ${says}, recomputed: ${is}`);
    });
  }

  test('are shown from their beginning where they differ early, however long', () => {
    const rest = 'y'.repeat(90);
    expect(messageOf(`1${rest}`, `2${rest}`)).toBe(
      `totals: it: report.json says "1${'y'.repeat(57)}…, recomputed: "2${'y'.repeat(57)}…`,
    );
  });

  test('of another kind are one difference, and not one for each member', () => {
    for (const [reported, found, says] of [
      [null, { a: 1 }, 'null, recomputed: {"a":1}'],
      [{ a: 1 }, null, '{"a":1}, recomputed: null'],
      [[1], { 0: 1 }, '[1], recomputed: {"0":1}'],
      [1, { a: 1 }, '1, recomputed: {"a":1}'],
      [undefined, 1, 'nothing, recomputed: 1'],
    ] as const) {
      expect(messageOf(reported, found)).toBe(`totals: it: report.json says ${says}`);
    }
  });
});

test.describe('two lists', () => {
  const listsOf = (reported: readonly string[], found: readonly string[]): readonly Difference[] =>
    differencesOfLists({
      ...{ about: 'exchange', against: 'evidence.jsonl', idOf: ({ id }: { readonly id: string }) => id },
      reported: reported.map((id) => ({ id })),
      found: found.map((id) => ({ id })),
    });

  test('are the same', () => {
    expect(listsOf(['a', 'b'], ['a', 'b'])).toEqual([]);
  });

  test('differ in what only one of them has, told by its value and its line', () => {
    expect(listsOf(['a', 'b', 'c'], ['a', 'b'])).toEqual([
      {
        ...{ about: 'exchange', id: 'c', member: null, against: 'evidence.jsonl', reported: { id: 'c' } },
        message: 'exchange c: stands in report.json, is missing in evidence.jsonl',
      },
    ]);
    expect(listsOf(['a'], ['a', 'b', 'c']).map(({ found, message }) => [found, message])).toEqual([
      [{ id: 'b' }, 'exchange b: is missing in report.json, stands in line 2 of evidence.jsonl'],
      [{ id: 'c' }, 'exchange c: is missing in report.json, stands in line 3 of evidence.jsonl'],
    ]);
  });

  test('differ in what stands there twice, told by its places', () => {
    expect(listsOf(['a', 'b', 'a'], ['a', 'b']).map(({ message }) => message)).toEqual([
      'exchange a: stands more than once in report.json, as numbers 1 and 3',
    ]);
    expect(listsOf(['a', 'b'], ['a', 'b', 'b']).map(({ message }) => message)).toEqual([
      'exchange b: stands more than once in evidence.jsonl, lines 2 and 3',
    ]);
  });

  test('differ in their order, told where it begins', () => {
    expect(listsOf(['a', 'b', 'c'], ['a', 'c', 'b'])).toEqual([
      {
        ...{ about: 'exchange', id: 'c', member: null, against: 'evidence.jsonl', reported: 'b', found: 'c' },
        message: 'exchange c: the order differs: where report.json has b, evidence.jsonl has c',
      },
    ]);
  });
});

test.describe('what judge found, for people', () => {
  const kept = path.join(packageRoot, 'tests/selftest/support/released-reports/1-0.1.0/report.json');
  const report = JSON.parse(readFileSync(kept, 'utf8')) as Report;
  const textOf = (differences: readonly Difference[]): string =>
    renderRejudged(
      { name: 'reports', report, files: new Map() } as unknown as Bundle,
      { again: report, differences, other: null },
      { colour: false, exitCode: differences.length > 0 ? 1 : 0 },
    );
  const difference = (about: 'check' | 'run', id: string | null, member: string): Difference => ({
    ...{ about, id, member, against: 'recomputed', reported: 1, found: 2 },
    message: `${about} ${id ?? ''} ${member}`,
  });
  const checks = (count: number): readonly Difference[] =>
    Array.from({ length: count }, (_, index) => difference('check', `c-${index + 1}`, 'verdict'));

  test('is one line for each place, but for the run one for each member', () => {
    const text = textOf([
      difference('check', 'c', 'verdict'),
      difference('check', 'c', 'reason'),
      difference('run', null, 'outcome'),
      difference('run', null, 'exitCode'),
    ]);
    expect(text.match(/^ {2}✗ .*$/gm)).toEqual([
      '  ✗ check c verdict (and 1 more)',
      '  ✗ run  outcome',
      '  ✗ run  exitCode',
    ]);
  });

  test('names 25 places, and how many more there are', () => {
    for (const [count, more] of [
      [25, null],
      [26, ['    and 1 more place; --json lists all']],
      [27, ['    and 2 more places; --json lists all']],
    ] as const) {
      const text = textOf(checks(count));
      expect(text.match(/^ {2}✗ check /gm)).toHaveLength(25);
      expect(text.match(/^ +and .*$/gm)).toEqual(more);
    }
  });

  test('ends with the outcome where nothing differs and no other reading was asked for', () => {
    const lines = textOf([]).split('\n');
    expect(lines[0]).toBe(
      '✓ EQUAL (exit code 0): every verdict recomputed from the evidence is the one in the report, and every file is what the report gives',
    );
    expect(lines.slice(5)).toEqual([
      expect.stringMatching(/^ {2}Outcome {3}incomplete \(the run's exit code 3\): /),
      '',
    ]);
  });
});

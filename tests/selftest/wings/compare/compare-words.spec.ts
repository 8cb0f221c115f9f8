import { expect, test } from '@playwright/test';
import type { ComparedRun, Comparison } from '../../../../src/wings/compare/model.js';
import { headline, notes } from '../../../../src/wings/compare/words.js';

const runOf = (letter: 'A' | 'B', particular: Partial<ComparedRun> = {}): ComparedRun => ({
  ...{ letter, file: `run-${letter}`, id: `id-${letter}`, startedAt: '2026-11-29T12:00:00Z', suiteVersion: '0.1.0' },
  ...{ target: { name: 'embedded', baseUrl: 'http://127.0.0.1:1/beta' }, edition: 'beta-2021-05', readings: {} },
  ...{ outcome: 'conformant', exitCode: 0, partial: false, areas: null },
  ...{ provable: { count: 1, of: 1, percent: 100 }, proven: { count: 1, of: 1, percent: 100 } },
  ...particular,
});

/** A comparison of ten requirements, of which so many are told otherwise. */
function comparisonWith({ differing = 0, below = 0, drifted = 0, leftOut = 0, judged = false } = {}): Comparison {
  const causes = {
    ...{ 'target-behaved-differently': 0, 'rule-changed': 0, 'edition-or-reading-changed': 0 },
    ...{ 'fixture-missing': 0, 'waiver-changed': 0 },
  };
  const all = 10 + leftOut;
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version: '0.1.0' },
    same: false,
    runs: [runOf('A'), runOf('B')],
    circumstances: [{ name: 'reading C-1', values: ['200', '204'], counts: judged }],
    totals: {
      requirements: { all, same: 10 - differing - below, differing, differingBelow: below, leftOut },
      checks: { all, changed: differing },
      causes,
      drift: { all: drifted, silent: 0 },
    },
    requirements: [],
    changes: [],
    drift: [],
  };
}

for (const [counts, sentence] of [
  [{ differing: 1 }, '1 of 10 verdicts differs.'],
  [{ differing: 2, below: 1 }, '2 of 10 verdicts differ and something below it changed in 1 more.'],
  [
    { differing: 2, below: 1, drifted: 3 },
    '2 of 10 verdicts differ, something below it changed in 1 more, and answers drifted in 3 ways.',
  ],
  [{ below: 2 }, 'Every verdict stayed, but something below it changed in 2 requirements.'],
  [{ drifted: 1 }, 'Every verdict stayed, but answers drifted in 1 way.'],
  [{ judged: true }, 'Every verdict stayed, but the runs were judged differently.'],
  [{ differing: 1, judged: true }, '1 of 10 verdicts differs.'],
  [{ differing: 1, leftOut: 1 }, '1 of 10 verdicts differs.'],
] as const) {
  test(`the result in one sentence: ${sentence} ${JSON.stringify(counts)}`, () => {
    expect(headline(comparisonWith(counts))).toBe(sentence);
  });
}

test('the result is that of those that were compared, when all are the same', () => {
  const said = headline({ ...comparisonWith({ leftOut: 2 }), same: true });
  expect(said).toBe('The 2 runs are the same in all 10 requirements compared.');
});

for (const [why, particular] of [
  ['it was interrupted', { areas: null, outcome: 'interrupted' }],
  ['not every case ran', { areas: null, outcome: 'incomplete' }],
  ['only PERM, AUTH ran', { areas: ['PERM', 'AUTH'], outcome: 'interrupted' }],
] as const) {
  test(`a reader is told why a run is partial: ${why}`, () => {
    const runs = [runOf('A'), runOf('B', { partial: true, ...particular })];
    expect(notes({ ...comparisonWith(), runs })).toEqual([
      `Run B is partial: ${why}. What it left out is no difference of behaviour.`,
    ]);
  });
}

test('a reader is told how many requirements were left out', () => {
  const carried = 'left out: fewer than two runs carried';
  expect(notes(comparisonWith())).toEqual([]);
  expect(notes(comparisonWith({ leftOut: 1 }))).toEqual([`1 requirement ${carried} it out.`]);
  expect(notes(comparisonWith({ leftOut: 2 }))).toEqual([`2 requirements ${carried} them out.`]);
});

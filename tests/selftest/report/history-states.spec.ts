import fc from 'fast-check';
import { expect, test } from '@playwright/test';
import type { Level } from '../../../src/engine/contract/types.js';
import { fewestOfFlaky, rowHistories, rowHistory, type RowState } from '../../../src/report/history/states.js';
import { sentenceOf, stateWords } from '../../../src/report/history/words.js';
import { pastRun, pastRuns, words } from '../support/past-runs.js';

const letters = Object.keys(words) as (keyof typeof words)[];
const stateOf = (row: string): string =>
  stateWords(
    rowHistory(
      'CANCEL-PERM-008',
      Array.from(row, (letter) => words[letter as keyof typeof words]),
    ),
  );

for (const [row, said] of [
  ['f', 'new'],
  ['ppf', 'new'],
  ['..f', 'new'],
  ['p?f', 'new'],
  ['pf?', 'new'],
  ['fpf', 'back again'],
  ['f?p?f', 'back again'],
  ['pff', 'failing for 2 runs'],
  ['ffff', 'failing for 4 runs'],
  ['f?f-f', 'failing for 3 runs'],
  ['fp', 'repaired'],
  ['ppfp', 'repaired'],
  ['fpp', 'passes for 2 runs'],
  ['p', 'passes'],
  ['ppp', 'passes'],
  ['pfpf', 'flaky: changed 3 times, fails now'],
  ['fpfpp', 'flaky: changed 3 times, passes now'],
  ['?', 'never told'],
  ['.-?', 'never told'],
  ['', 'never told'],
] as const) {
  test(`after ${row === '' ? 'no run' : row} a requirement is: ${said}`, () => {
    expect(stateOf(row)).toBe(said);
  });
}

/** What each state says of the runs that told the row, word by word: written once more, from its description. */
const holds: Readonly<Record<RowState, (told: string) => boolean>> = {
  untold: (told) => told === '',
  flaky: (told) => changesIn(told) >= fewestOfFlaky,
  new: (told) => changesIn(told) < fewestOfFlaky && /^p*f$/.test(told),
  back: (told) => changesIn(told) < fewestOfFlaky && /f.*pf$/.test(told),
  failing: (told) => changesIn(told) < fewestOfFlaky && told.endsWith('ff'),
  repaired: (told) => changesIn(told) < fewestOfFlaky && told.endsWith('fp'),
  passing: (told) => changesIn(told) < fewestOfFlaky && /^p$|pp$/.test(told),
};

const changesIn = (told: string): number =>
  Array.from(told).filter((letter, at) => at > 0 && letter !== told[at - 1]).length;

test('any sequence of verdicts gives each requirement exactly one state, and the same whatever was not told between', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...letters), { maxLength: 40 }), (row) => {
      const told = row.filter((letter) => letter === 'p' || letter === 'f').join('');
      const held = (Object.keys(holds) as RowState[]).filter((state) => holds[state](told));
      const found = rowHistory(
        'X',
        row.map((letter) => words[letter]),
      );
      expect(held).toEqual([found.state]);
      expect(found.changes).toBe(changesIn(told));
      expect(found.fails).toBe(told.endsWith('f'));
      expect(found.verdicts).toHaveLength(row.length);
      if (found.since !== null) expect(words[row[found.since] ?? '.']).toBe(found.fails ? 'failed' : 'passed');
    }),
  );
});

test('every requirement that any run names has one row, in the order of their ids', () => {
  const rows = rowHistories(pastRuns({ 'CANCEL-PERM-008': 'pf', 'CANCEL-ADDR-001': '.p', 'CANCEL-ERR-001': '??' }));
  expect(rows.map(({ id, state }) => [id, state])).toEqual([
    ['CANCEL-ADDR-001', 'passing'],
    ['CANCEL-ERR-001', 'untold'],
    ['CANCEL-PERM-008', 'new'],
  ]);
});

const levels: Readonly<Record<string, Level>> = { M: 'MAY', S: 'SHOULD' };
const said = (rows: Readonly<Record<string, string>>): string =>
  sentenceOf(pastRuns(rows), (id) => levels[id] ?? 'MUST');

for (const [rows, sentence] of [
  [{ A: 'p' }, 'This is the first run of its history.'],
  [{ A: 'pp' }, 'As before, nothing new; none repaired or flaky.'],
  [{ A: 'pf', B: 'pp' }, 'New in this run: A; none repaired or flaky.'],
  [{ A: 'fp', S: 'pf' }, 'New in this run: S (SHOULD); repaired: A; none flaky.'],
  [{ A: 'fpf' }, 'Back again: A; none repaired or flaky.'],
  [{ A: 'ffff', B: 'pppp' }, 'As before, nothing new; failing for 4 runs since 2031-01-01: A; none repaired or flaky.'],
  [
    { A: 'ffff', B: 'ppff', C: 'pppf' },
    'New in this run: C; failing for 4 runs since 2031-01-01: A; failing for 2 runs since 2031-01-03: B; none repaired or flaky.',
  ],
  [{ A: 'pfpf', B: 'fpfp', C: 'fpfpp' }, 'Flaky, failing now: A; flaky, passing now: B; none repaired.'],
  [{ A: 'pf?', B: 'ppp' }, 'Could not be told, and failed before: A; none repaired or flaky.'],
  [
    { A: 'p???', B: '??p?', C: 'pppp' },
    '1 passed in the run before and could not be told now; untold for 3 runs since 2031-01-02: A; none repaired or flaky.',
  ],
  [{ A: 'pp', M: 'pf' }, 'As before, nothing new; none repaired or flaky.'],
  [
    { A: 'pf', B: 'p?', C: 'p?', D: '??' },
    'New in this run: A; 2 passed in the run before and could not be told now; untold for 2 runs since 2031-01-01: D; none repaired or flaky.',
  ],
  [
    { A: 'pf', B: 'pf', C: 'pf', D: 'pf', E: 'pf', F: 'pf' },
    'New in this run: A, B, C, D, and 2 more; none repaired or flaky.',
  ],
] as const) {
  test(`after ${JSON.stringify(rows)} it is said: ${sentence}`, () => {
    // Rows of another length end alike: what is not told of a day is not told at all.
    const days = Math.max(...Object.values(rows).map(({ length }) => length));
    const padded = Object.fromEntries(Object.entries(rows).map(([id, row]) => [id, row.padStart(days, '.')]));
    expect(said(padded)).toBe(sentence);
  });
}

test('what else a run was judged by is said, and a waived failure says that it is', () => {
  const before = pastRun(1, { A: 'f', B: 'p' });
  const own = pastRun(2, { A: 'f', B: 'f' }, { suiteVersion: '0.2.0', readings: { 'C-1': '200' }, waived: ['B'] });
  expect(sentenceOf([before, own], () => 'MUST')).toBe(
    'New in this run: B (waived); failing for 2 runs since 2031-01-01: A; none repaired or flaky; judged otherwise than the run before: suite 0.1.0 → 0.2.0, reading C-1 either → 200.',
  );
});

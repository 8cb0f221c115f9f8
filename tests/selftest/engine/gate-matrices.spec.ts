import { casesById } from '../../../src/cancel/cases/index.js';
import type { Case } from '../../../src/engine/case.js';
import { gateMatrices } from '../../../src/engine/plan/gate-matrices.js';
import { isOfEdition } from '../../../src/engine/contract/rows.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { expect, runCli, test } from '../support/cli.js';

/** A cell by its gate, what breaks it, dimension and value. */
const cell = (words: string): Pick<Case, 'cell'> => {
  const [gate = '', by = '', dimension = '', value = ''] = words.split(' ');
  return { cell: { gate, by, dimension, value } };
};

test('cells are one matrix for each gate, and what breaks it alike is one row', () => {
  const [first, second, ...more] = gateMatrices([
    {},
    cell('permission none status accepted'),
    cell('permission none body absent'),
    cell('permission none body empty'),
    cell('permission other body absent'),
    cell('status denied body absent'),
    cell('status expired body absent'),
    cell('status delivered body empty'),
  ]);
  expect(more).toEqual([]);
  expect(first).toEqual({
    gate: 'permission',
    cells: 4,
    dimensions: new Map([
      ['status', ['accepted']],
      ['body', ['absent', 'empty']],
    ]),
    rows: [
      {
        by: ['none'],
        counts: new Map([
          ['status', 1],
          ['body', 2],
        ]),
      },
      { by: ['other'], counts: new Map([['body', 1]]) },
    ],
  });
  // As many values, but not the same.
  expect(second?.rows.map(({ by }) => by)).toEqual([['denied', 'expired'], ['delivered']]);
});

test('plan shows the cells as matrices that fit a terminal, and names each in its data', async ({ folder }) => {
  const inWords = await runCli(['plan'], { cwd: folder });
  const asData = await runCli(['plan', '--json'], { cwd: folder });
  const contract = loadContract();
  const all = [...casesById.values()].filter((entry) => entry.cell !== undefined);
  const ofEdition = all.filter((entry) => isOfEdition(entry, contract));
  const [, shown = ''] = inWords.stdout.split('\nCells: ');
  const lines = shown.split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.length).toBeLessThan(60);
  const counts = [...shown.matchAll(/^\S+ \((\d+)\)/gm)].map(([, count]) => Number(count));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(ofEdition.length);
  expect(inWords.stdout).not.toContain('-cell-');
  const { cases } = JSON.parse(asData.stdout) as { readonly cases: readonly Pick<Case, 'cell'>[] };
  expect(cases.filter((entry) => entry.cell !== undefined)).toHaveLength(ofEdition.length);
});

test('a plan without cells shows none', async ({ folder }) => {
  const { stdout } = await runCli(['plan', '--area', 'RESP'], { cwd: folder });
  expect(stdout).not.toContain('Cells:');
});

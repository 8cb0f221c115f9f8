import { carryOut, problemsOf } from './command-run.js';
import { commandTable } from './command-table.js';
import { blocksOf, documents } from './documented-commands.js';
import { expect, test } from './cli.js';

const blocks = documents().flatMap(blocksOf);

test('every command of the documents is executed by a test, and every row is for one', () => {
  expect(problemsOf(blocks, commandTable)).toEqual([]);
});

for (const block of blocks) {
  test(`${block.file}:${block.line} does what it says`, async ({ folder }) => {
    await carryOut(block, commandTable, folder);
  });
}

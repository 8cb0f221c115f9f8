import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, test, writeTarget } from './cli.js';
import { ownReporter, runByRunner } from './runner.js';

for (const [fault, row] of [
  // Seen in one answer, and seen only in all answers of the run together.
  ['personal-account-accepted', 'CANCEL-PERM-005'],
  ['mixed-success-status', 'CANCEL-RESP-002'],
] as const) {
  test(`is red by the runner's own command for ${fault}`, async ({ folder }) => {
    const { exitCode, printed } = await runByRunner(writeTarget(folder, { embedded: { fault } }));
    expect(exitCode).toBe(1);
    expect(printed).toContain(row);
  });
}

test('is green by the runner where the target conforms, with another reporter beside ours, which a link names', async ({
  folder,
}) => {
  symlinkSync(path.dirname(ownReporter), path.join(folder, 'linked'), 'dir');
  const args = [`--reporter=line,${path.join('linked', path.basename(ownReporter))}`];
  const { exitCode, printed } = await runByRunner(writeTarget(folder, { embedded: {} }), ...args);
  expect(exitCode, printed).toBe(0);
});

test('starts no run whose reporter was replaced, since nobody would judge the whole of it', async ({ folder }) => {
  const { exitCode, printed } = await runByRunner(writeTarget(folder, { embedded: {} }), '--reporter=line');
  expect(printed).toContain("--reporter: the suite's own reporter is missing");
  expect(exitCode).toBe(1);
});

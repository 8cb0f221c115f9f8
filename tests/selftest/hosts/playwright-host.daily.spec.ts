import path from 'node:path';
import { expect, readReport, test, verdictsOf, writeTarget } from '../support/cli.js';
import { byEdition, copyCheckout, expectSameVerdicts, inProcess, runRunner } from '../support/runner.js';

test('the whole suite in a checkout ends with the code of the gate for conformance', async ({ folder }) => {
  await copyCheckout(folder);
  // Those that are left where requests are dear are enough here.
  const file = writeTarget(folder, { embedded: {}, expensive: true });
  const { exitCode, stdout } = await runRunner(['test'], { cwd: folder, environment: { CANCEL_TARGET: file } });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ +✓ +\d+ .*@CANCEL-STATE-001/m);
  expect(stdout).toMatch(/^✓ CONFORMANT/m);
  const report = readReport(path.join(folder, 'reports'));
  const alone = await inProcess(file);
  expect(verdictsOf(report)).toEqual(verdictsOf(alone));
  expect(report.totals).toEqual(alone.totals);
  expect(report.run.partial).toBe(false);
});

for (const compared of byEdition) {
  test(`both hosts give the same verdicts by ${compared.edition}`, async ({ folder }) => {
    await expectSameVerdicts(folder, compared);
  });
}

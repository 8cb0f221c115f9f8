import { expect } from '../support/cli.js';
import { ofTheDay } from '../support/daily-seed.js';
import { expectConforms, expectFound, python, rows, targets, test, untold } from '../support/foreign/targets.js';

for (const target of targets) {
  test.describe(target.name, () => {
    // In all cells it is judged daily.
    test('conforms', async ({ judge }) => {
      expectConforms(await judge(target, {}, { fewCells: true }), target);
    });

    for (const fault of ofTheDay(Object.entries(target.faults), 3)) {
      test(`is found out by ${fault[1]} alone of its area with the fault ${fault[0]}`, async ({ judge }) => {
        await expectFound(target, fault, judge);
      });
    }
  });
}

test('is incomplete where a target cannot bring a request into a status, and fails nothing', async ({ judge }) => {
  const report = await judge(python, { leaveOut: 'pendingApprovalEscalated' }, { fewCells: true });
  expect(rows(report, 'MUST', 'failed')).toEqual([]);
  // The row on the status itself. Other cases tell all the rest.
  expect(untold(report, 'MUST')).toEqual(['CANCEL-STATE-004']);
  expect(report.run.exitCode).toBe(3);
});

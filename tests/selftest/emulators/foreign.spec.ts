import { areaIds } from '../../../src/cancel/areas.js';
import { expect } from '../support/cli.js';
import { expectConforms, python, rows, targets, test, untold } from '../support/foreign/targets.js';

for (const target of targets) {
  test.describe(target.name, () => {
    // In all cells it is judged daily.
    test('conforms', async ({ judge }) => {
      expectConforms(await judge(target, {}, { fewCells: true }), target);
    });

    for (const [fault, row] of Object.entries(target.faults)) {
      // The whole of a target is judged once, without a fault; here the area of the row, with the controls that it rests on.
      test(`is found out by ${row} alone of its area with the fault ${fault}`, async ({ judge }) => {
        const areas: readonly string[] = areaIds.filter((id) => row.startsWith(`CANCEL-${id}-`));
        const report = await judge(target, { fault }, { areas });
        const judged = { ...report, requirements: report.requirements.filter(({ area }) => areas.includes(area)) };
        expect(judged.requirements.length).toBeGreaterThan(1);
        // Cells judge a refusal and its effect in one, so a row beside it may fail by them.
        expect(rows(judged, 'MUST', 'failed')).toContain(row);
        expect(untold(judged, 'MUST')).toEqual([]);
        expect(report.run.exitCode).toBe(1);
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

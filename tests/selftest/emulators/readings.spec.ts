import { test } from '@playwright/test';
import { loadContract } from '../../../src/cancel/contract.js';
import { expect } from '../support/cli.js';
import { ofTheDay } from '../support/daily-seed.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { expectJudged, judged, titleOf } from '../support/judged-readings.js';

const { contested } = loadContract();

// A share by turns; each is judged daily, and in all cells.
const shares = 3;
for (const entry of ofTheDay(judged, shares)) {
  test(`${titleOf(entry)} in a few cells`, async () => {
    await expectJudged(entry, true);
  });
}

test('every reading that can be chosen is judged in both directions', () => {
  const chosen = contested.flatMap(({ id, selectable, readings, defaultReading }) =>
    readings.flatMap(({ name, rows, byEdition }) =>
      selectable && byEdition !== true && rows !== undefined && name !== defaultReading ? [`${id}=${name}`] : [],
    ),
  );
  const proved = (isFailing: boolean): readonly string[] =>
    judged.flatMap(([reading, , fails]) => (fails.length > 0 === isFailing ? [reading] : []));
  expect(chosen.filter((one) => !proved(false).includes(one))).toEqual([]);
  expect(chosen.filter((one) => !proved(true).includes(one))).toEqual([]);
});

test('a requestor who is refused leaves nothing untold where a role is doubted', async () => {
  const target = embeddedWith({ variant: 'role-demanded-for-own', edition: 'beta-2024-11' });
  const report = await runOn(target, { fewCells: true });
  expect(report.run.outcome).toBe('conformant');
  const refused = report.requirements.filter(({ reason = '' }) =>
    reason.includes('the reading role-doubted of C-16 leaves to the target'),
  );
  expect(refused.map(({ verdict }) => verdict)).not.toContain('failed');
  expect(refused.map(({ id }) => id)).toContain('CANCEL-BODY-001');
});

import { test } from '../support/cli.js';
import { callsInTurn, expectNothingLeft, manners, shares } from '../support/calls-under-way.js';

// The share of the day is looked at with every change (run-endings.spec.ts); here are all.
for (const manner of manners) {
  const { lanes, expensive } = manner;

  test(`whichever call is on its way when a run ends, nothing is left: in ${lanes} lanes, with requests that are ${expensive ? 'shared' : 'made for each case'}`, async ({
    folder,
  }) => {
    for (let seed = 0; seed < shares; seed += 1) await expectNothingLeft(folder, callsInTurn(seed), manner);
  });
}

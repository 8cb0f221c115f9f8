import { expectConforms, expectFound, targets, test } from '../support/foreign/targets.js';

for (const target of targets) {
  test(`${target.name} conforms in all cells`, async ({ judge }) => {
    expectConforms(await judge(target), target);
  });

  for (const fault of Object.entries(target.faults)) {
    test(`${target.name} is found out by ${fault[1]} alone of its area with the fault ${fault[0]}`, async ({
      judge,
    }) => {
      await expectFound(target, fault, judge);
    });
  }
}

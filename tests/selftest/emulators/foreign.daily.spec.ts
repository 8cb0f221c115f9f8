import { expectConforms, targets, test } from '../support/foreign/targets.js';

for (const target of targets) {
  test(`${target.name} conforms in all cells`, async ({ judge }) => {
    expectConforms(await judge(target), target);
  });
}

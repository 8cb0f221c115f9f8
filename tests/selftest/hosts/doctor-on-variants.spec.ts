import { expect, test } from '@playwright/test';
import { planRun } from '../../../src/engine/plan/plan.js';
import { examine } from '../../../src/hosts/examine.js';
import { openWay } from '../../../src/hosts/reaching.js';
import { subjectsOf } from '../../../src/wings/prove/subject.js';
import { embeddedWith } from '../support/engine-runs.js';

test('no target that follows the documents looks to doctor as if it were at another address', async () => {
  const { variants } = subjectsOf();
  const doubted: string[] = [];
  for (const { id } of variants) {
    const { target, contract } = embeddedWith({ variant: id });
    const { reachability } = await examine(
      { target, contract, plan: planRun(contract, target) },
      await openWay(target),
    );
    doubted.push(...reachability.filter(({ health }) => health !== 'good').map(({ words }) => `${id}: ${words}`));
  }
  expect(variants.length).toBeGreaterThan(80);
  expect(doubted).toEqual([]);
});

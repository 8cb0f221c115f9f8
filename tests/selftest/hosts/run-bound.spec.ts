import { expect, test } from '@playwright/test';
import { onlyCases, planRun } from '../../../src/engine/plan/plan.js';
import { RunEnding } from '../../../src/hosts/ending.js';
import { performRun } from '../../../src/hosts/in-process.js';
import { embeddedWith } from '../support/engine-runs.js';

/** A run of few cases that reaches the bound on its time as soon as so many of them are done. */
async function boundAfter(countOf: (all: number) => number): Promise<string> {
  const { target, contract } = embeddedWith();
  const plan = onlyCases(planRun(contract, target), ['perm-refuses-otherUser', 'perm-refuses-similarScopeUser']);
  const ending = new RunEnding(60_000);
  const most = countOf(plan.cases.size);
  let done = 0;
  const { ended } = await performRun(
    { target, contract, plan },
    {
      ...{ ending, lanes: 1, lastLook: false },
      onCase: () => {
        if ((done += 1) === most) ending.reachBound();
      },
    },
  );
  return ended.ending;
}

test('a bound that is reached when all is done took nothing away', async () => {
  expect(await boundAfter((all) => all)).toBe('complete');
});

test('a bound that is reached before the last case took it away', async () => {
  expect(await boundAfter((all) => all - 1)).toBe('bound');
});

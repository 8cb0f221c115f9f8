import { planRun } from '../../../src/engine/plan/plan.js';
import { examine } from '../../../src/hosts/examine.js';
import { openWay } from '../../../src/hosts/reaching.js';
import { subjectsOf } from '../../../src/wings/prove/subject.js';
import { ofTheDay } from './daily-seed.js';
import { embeddedWith } from './engine-runs.js';

/** Ids of the variants, and what doctor doubts of each of a share of them. */
export async function doubtedOf(shares: number): Promise<{ ids: readonly string[]; doubted: readonly string[] }> {
  const { variants } = subjectsOf();
  const doubted: string[] = [];
  for (const { id } of ofTheDay(variants, shares)) {
    const { target, contract } = embeddedWith({ variant: id });
    const { reachability } = await examine(
      { target, contract, plan: planRun(contract, target) },
      await openWay(target),
    );
    doubted.push(...reachability.filter(({ health }) => health !== 'good').map(({ words }) => `${id}: ${words}`));
  }
  return { ids: variants.map(({ id }) => id), doubted };
}

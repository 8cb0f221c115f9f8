import type { CaseRecord } from '../engine/evidence/records.js';

/** A target that answers within this, in milliseconds, gains nothing from lanes: the suite itself is what takes the time. */
const atOnceMs = 10;

/** Most lanes by default: more than that is a load, not a conformance run. */
const mostByDefault = 8;

/**
 * In how many lanes groups are carried out side by side, by what the target's first answers took: one where it answers at
 * once, more the slower it is.
 */
export function lanesFor(first: readonly CaseRecord[]): number {
  const took = first
    .flatMap(({ exchanges }) => exchanges.flatMap(({ response, durationMs }) => (response ? durationMs : [])))
    .sort((a, b) => a - b);
  const median = took[Math.floor(took.length / 2)] ?? 0;
  return median < atOnceMs ? 1 : Math.min(mostByDefault, Math.ceil(median / (atOnceMs / 2)));
}

/**
 * Does something with each item, several at once, in order of the items.
 * @param lanes how many at once
 * @returns the results in the order of the items
 * @throws what the first failure throws, once no lane is at work any more
 */
export async function inLanes<Item, Result>(
  items: readonly Item[],
  lanes: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [at, item] of waiting) results[at] = await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  return results;
}

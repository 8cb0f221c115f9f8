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

import { requestOf, type CaseGroup } from '../engine/case.js';
import type { CaseRecord } from '../engine/evidence/records.js';
import { groupBy } from '../engine/plan/group-by.js';
import type { Target } from '../target/target.js';

/** A target that answers within this, in milliseconds, gains nothing from lanes: the suite itself is what takes the time. */
const atOnceMs = 10;

/** Most lanes by default: more than that is a load, not a conformance run. */
const mostByDefault = 32;

/** Cases that one lane does in one go, where there are several: a long group would hold up the run when all else is done. */
const mostInPortion = 12;

/**
 * In how many lanes groups are carried out side by side, by what the target's first answers took: one where it answers at
 * once, more the slower it is.
 */
export function lanesFor(first: readonly CaseRecord[]): number {
  const took = first
    .flatMap(({ exchanges }) => exchanges.flatMap(({ response, durationMs }) => (response ? durationMs : [])))
    .sort((a, b) => a - b);
  const median = took[Math.floor(took.length / 2)] ?? 0;
  return median < atOnceMs ? 1 : Math.min(mostByDefault, Math.ceil(median / (atOnceMs / 5)));
}

/** Most refused calls at one moment on one request. */
const mostAtOnce = 10;

/**
 * How many refused calls are sent at one moment on a request that is shared: one by one where requests are not shared, or the target
 * answers at once; on a live tenant, where each answer takes its time and its turn, as many as its rate allows.
 * @param asked lanes that somebody asked for
 */
export function callsAtOnce(
  { expensive, requests }: Pick<Target, 'expensive' | 'requests'>,
  asked: number | undefined,
  first: readonly CaseRecord[],
): number {
  if (!expensive) return 1;
  const isLive = requests.provider === 'graph';
  const most = isLive ? Math.min(mostAtOnce, Math.floor(requests.callsPerSecond)) : mostAtOnce;
  return Math.max(1, Math.min(most, asked ?? (isLive ? most : lanesFor(first))));
}

/** What lanes have to do, divided evenly; in one lane groups stay as they are, since cases of a group share requests. */
export const portionsOf = (groups: readonly CaseGroup[], lanes: number): readonly CaseGroup[] =>
  lanes === 1 ? groups : groups.flatMap(portions);

/** Cases with requests alike come next to each other: those that may share one then do. */
function portions(group: CaseGroup): readonly CaseGroup[] {
  const cases = [...groupBy(group.cases, requestOf).values()].flat();
  const starts = Array.from({ length: Math.ceil(cases.length / mostInPortion) }, (_, at) => at * mostInPortion);
  return starts.map((start) => ({ ...group, cases: cases.slice(start, start + mostInPortion) }));
}

import { requestOf, type Case, type CaseGroup } from '../case.js';
import type { CaseRecord } from '../evidence/records.js';
import { groupBy } from '../plan/group-by.js';
import { FrameKeeper } from './frame.js';
import { knownRecord } from './known.js';
import { obstacleTo } from './obstacles.js';
import { performCase } from './perform.js';
import type { Session } from './session.js';
import { goesTogether, performTogether } from './together.js';

/** What carrying out a group may know, and tells. */
export interface GroupContext {
  /** Records that are there already: those of the controls. */
  readonly known: readonly CaseRecord[];
  /** Called after each case, with what was seen so far. */
  readonly onCase?: (entry: Case, record: CaseRecord) => void;
  /** Where requests are shared: refused calls on one of them that are sent at one moment; default: 1. */
  readonly atOnce?: number;
}

/**
 * Carries out cases on shared bystanders, one after the other but for those that may go together: the one way to do it, whatever
 * the host.
 * @returns a record for each case that was begun: fewer than there are cases when the run was ended
 * @throws only for faults of the suite
 */
export async function performGroup(
  session: Session,
  { cases }: Pick<CaseGroup, 'cases'>,
  { known, onCase, atOnce = 1 }: GroupContext,
): Promise<readonly CaseRecord[]> {
  const keeper = new FrameKeeper(session);
  const records: CaseRecord[] = [];
  const add = (entry: Case, record: CaseRecord): void => {
    records.push(record);
    onCase?.(entry, record);
  };
  const isOver = (): boolean => session.clock.signal.aborted;
  const recordKnown = ({ id }: Case): CaseRecord | undefined => knownRecord(id, session.plan, known);
  const mayGo = (entry: Case): boolean =>
    atOnce > 1 && !recordKnown(entry) && goesTogether(session, entry) && obstacleTo(session, entry) === null;
  for (const entries of portionsOf(cases, mayGo, atOnce)) {
    if (isOver()) break;
    const together = entries.length === 1 ? null : await performTogether(session, keeper, entries);
    for (const [at, entry] of entries.entries()) {
      if (together === null && isOver()) break;
      add(entry, together?.[at] ?? recordKnown(entry) ?? (await performCase(session, keeper, entry)));
    }
  }
  await keeper.close();
  return records;
}

/** Cases that may go together, in portions of one status and owner; every other one stays where it is, alone. */
function portionsOf(
  cases: readonly Case[],
  mayGo: (entry: Case) => boolean,
  atOnce: number,
): readonly (readonly Case[])[] {
  const portions = [...groupBy(cases.filter(mayGo), requestOf).values()].flatMap((alike) =>
    Array.from({ length: Math.ceil(alike.length / atOnce) }, (_, at) => alike.slice(at * atOnce, (at + 1) * atOnce)),
  );
  return cases.flatMap((entry) => {
    const portion = portions.find((one) => one.includes(entry));
    if (portion === undefined) return [[entry]];
    return portion[0] === entry ? [portion] : [];
  });
}

import { requestOf, type Case, type CaseGroup } from '../case.js';
import type { CaseRecord } from '../evidence/records.js';
import { groupBy } from '../plan/group-by.js';
import { performCells, rowsOf, standsInRow } from './cells.js';
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
  const isInRow = (entry: Case): boolean => !recordKnown(entry) && standsInRow(session, entry);
  for (const entries of rowsOf(portionsOf(cases, mayGo, atOnce), isInRow)) {
    if (isOver()) break;
    const [first] = entries;
    const known = entries.length === 1 ? recordKnown(first) : undefined;
    const done = known ? [known] : await performPortion(session, keeper, entries);
    for (const record of done) add(session.plan.cases.get(record.caseId) ?? first, record);
  }
  await keeper.close();
  return records;
}

/** Carries out what goes together, or one behind the other. */
async function performPortion(
  session: Session,
  keeper: FrameKeeper,
  entries: readonly [Case, ...Case[]],
): Promise<readonly CaseRecord[]> {
  const [first] = entries;
  if (first.cell !== undefined) return performCells(session, keeper, entries);
  const together = entries.length === 1 ? null : await performTogether(session, keeper, entries);
  if (together !== null) return together;
  const records: CaseRecord[] = [];
  for (const entry of entries) {
    if (session.clock.signal.aborted) break;
    records.push(await performCase(session, keeper, entry));
  }
  return records;
}

/** Cases that may go together, in portions of one status and owner; every other one stays where it is, alone. */
function portionsOf(
  cases: readonly Case[],
  mayGo: (entry: Case) => boolean,
  atOnce: number,
): readonly (readonly [Case, ...Case[]])[] {
  const portions = [...groupBy(cases.filter(mayGo), requestOf).values()].flatMap((alike) =>
    Array.from({ length: Math.ceil(alike.length / atOnce) }, (_, at) => alike.slice(at * atOnce, (at + 1) * atOnce)),
  );
  return cases.flatMap((entry) => {
    const portion = portions.find((one) => one.includes(entry));
    if (portion === undefined) return [[entry] as const];
    return portion[0] === entry ? [[entry, ...portion.slice(1)] as const] : [];
  });
}

import type { Case } from '../case.js';
import { PrerequisiteError } from '../errors.js';
import { inLanes } from '../in-lanes.js';
import type { CaseRecord, FrameRole } from '../evidence/records.js';
import { unlessStopped } from '../patience.js';
import { performGroup } from './group.js';
import type { Kept, Session } from './session.js';

/** How long after their answer calls are looked at again that something came late of, in milliseconds. */
const latenessMs = 1500;

/** Readings at the same moment: hundreds of requests are kept, and a reading costs a target less than a case. */
const fewestAtOnce = 8;

/**
 * Reads what nothing was to happen to any more once more, when all else is done: a cancel that comes late shows, and so does
 * one that is taken back. Nothing else is looked for: a target may move its requests on by itself. Whose doing it was is not
 * known by then, so the cases that had such a request are carried out again with nothing beside them, and watched.
 * @param byId every case of the plan
 * @param lanes in how many lanes the run was carried out: as many requests are read at once, or some more
 * @returns the records of the second time, where the same was seen again: these tell more than the first
 */
export async function lookOnceMore(
  session: Session,
  byId: ReadonlyMap<string, Case>,
  lanes: number,
): Promise<readonly CaseRecord[]> {
  const changed = await changedIn(session, Math.max(fewestAtOnce, lanes));
  // What was done just before may still have an effect on its way.
  if (changed.length > 0) await session.clock.pause(latenessMs).catch(unlessStopped);
  const again: CaseRecord[] = [];
  // What succeeds may touch others, so what is refused is looked at first and by itself.
  for (const isDone of [false, true]) {
    const due = changed.filter((kept) => (kept.isDone || kept.role !== 'subject') === isDone);
    const ids = new Set(due.map(({ caseId }) => caseId));
    const cases = [...ids].flatMap((id) => byId.get(id) ?? []).map(watched);
    if (cases.length > 0 && !session.clock.signal.aborted)
      again.push(...(await performGroup(session, { cases }, { known: [] })));
  }
  session.kept.splice(0);
  const { readsDone } = session.contract.endpoint;
  return again.flatMap((record) => {
    const seen = changed.filter(({ caseId, role, isDone }) => {
      const look = record.looks.find((one) => one.role === role && one.when === 'after');
      return caseId === record.caseId && look !== undefined && readsDone(look.status) !== isDone;
    });
    const beside = seen.map(
      ({ role, isDone }) =>
        `at the end of the run ${inWords[role]} read ${isDone ? 'otherwise than cancelled' : 'cancelled'}`,
    );
    return beside.length === 0 ? [] : [{ ...record, beside }];
  });
}

const inWords: Readonly<Record<FrameRole, string>> = {
  subject: 'the request',
  sibling: "the requestor's other request",
  stranger: 'the request of somebody else',
};

/** The case as one that stands alone, on a subject of its own, until what comes late has come. */
function watched(entry: Case): Case {
  const { cell, ...alone } = entry;
  return { ...(cell === undefined ? entry : alone), watchedMs: latenessMs };
}

/** What was kept and reads otherwise now; all of it is given back. */
async function changedIn(
  { kept, arranging, contract, clock, breaker, held }: Session,
  atOnce: number,
): Promise<readonly Kept[]> {
  const { readsDone } = contract.endpoint;
  const looked = await inLanes(kept.splice(0), atOnce, async (one) => {
    if (clock.signal.aborted || breaker.reason !== null) return [];
    try {
      const { status } = await arranging.provider.read(one.id);
      await arranging.provider.remove(one.id);
      held.delete(one.id);
      return readsDone(status) === one.isDone ? [] : [one];
    } catch (error) {
      // What can no longer be read tells nothing new.
      if (error instanceof PrerequisiteError) return [];
      throw error;
    }
  });
  return looked.flat();
}

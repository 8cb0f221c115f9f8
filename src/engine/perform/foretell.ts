import { strangerTo } from './frame.js';
import { obstacleTo, type Obstacle } from './obstacles.js';
import type { Session } from './session.js';
import type { Case } from '../case.js';
import { oneSuccessStatusRow } from '../../cancel/verbs/run.js';
import { isLate } from '../contract/late.js';
import { applicable } from '../contract/load.js';
import { PrerequisiteError } from '../errors.js';
import type { Requirement } from '../contract/types.js';
import { bystanderStatus } from '../plan/bystanders.js';
import { share, type Share } from '../verdict/outcome.js';

/** Requirements that a run could not tell, all for one reason. */
export interface Untold {
  readonly reason: string;
  readonly requirements: readonly Requirement[];
}

/** What a run could tell, known before it. */
export interface Foretold {
  readonly provable: Share;
  readonly untold: readonly Untold[];
}

/** Foretells which requirements a run will not be able to tell, from what is missing. Sends nothing. */
export function foretell(session: Session): Foretold {
  const { contract, plan } = session;
  const obstacles = new Map([...plan.cases.values()].map((entry) => [entry.id, obstacleBehind(session, entry)]));
  const rows = contract.requirements
    .filter((row) => applicable(row, contract.edition.id))
    .filter(({ since }) => !isLate(since, contract.edition));
  const told = rows.map((row) => ({ row, reason: reasonAgainst(row, plan.cases, obstacles) }));
  const reasons = new Set(told.flatMap(({ reason }) => reason ?? []));
  const must = told.filter(({ row }) => row.level === 'MUST');
  return {
    provable: share(must.filter(({ reason }) => reason === null).length, must.length),
    untold: [...reasons].map((reason) => ({
      reason,
      requirements: told.filter((entry) => entry.reason === reason).map(({ row }) => row),
    })),
  };
}

/** What stands against a case or the control that it rests on; null when nothing does. */
function obstacleBehind(session: Session, entry: Case): Obstacle | null {
  const control = entry.control && session.plan.cases.get(entry.control.caseId);
  const own = obstacleAgainst(session, entry);
  if (own !== null || !control) return own;
  const behind = obstacleAgainst(session, control);
  return behind && { reason: behind.reason };
}

function obstacleAgainst(session: Session, entry: Case): Obstacle | null {
  const obstacle = obstacleTo(session, entry);
  if (obstacle !== null) return obstacle;
  const reason = lackOfBystanders(session, entry) ?? lackInInventory(session, entry);
  return reason === null ? null : { reason };
}

function lackOfBystanders(session: Session, entry: Case): string | null {
  try {
    strangerTo(entry.given.requestor ?? 'requestor', session);
    return null;
  } catch (error) {
    if (error instanceof PrerequisiteError) return error.message;
    throw error;
  }
}

/** An inventory may know a status and a persona, and yet list no request that has both. */
function lackInInventory(session: Session, entry: Case): string | null {
  const { target } = session;
  if (target.requests.provider !== 'inventory') return null;
  const { items, file } = target.requests;
  const owner = entry.given.requestor ?? 'requestor';
  const wanted = [
    [entry.given.status, owner],
    [bystanderStatus, owner],
    [bystanderStatus, strangerTo(owner, session)],
  ] as const;
  const missing = wanted.find(
    ([status, persona]) => !items.some((item) => item.status === status && item.owner === persona),
  );
  return missing ? `${file} lists no request with status ${missing[0]} of ${missing[1]}` : null;
}

function reasonAgainst(
  row: Requirement,
  cases: ReadonlyMap<string, Case>,
  obstacles: ReadonlyMap<string, Obstacle | null>,
): string | null {
  const all = [...obstacles.values()];
  // Told from all cases together, so it is lost only with all of them.
  if (row.id === oneSuccessStatusRow) return all.includes(null) ? null : (all[0]?.reason ?? null);
  const speaking = [...cases.values()].filter(({ then }) =>
    then.some(({ requirementIds }) => requirementIds.includes(row.id)),
  );
  const against = speaking.map(({ id }) => obstacles.get(id) ?? null);
  const lost = against.find((obstacle) => obstacle !== null && obstacle.absent !== true);
  if (lost) return lost.reason;
  // What is absent is told by other cases, unless there are none.
  return against.includes(null) ? null : (against[0]?.reason ?? null);
}

import type { Case } from '../case.js';
import { scoringRows } from '../contract/rows.js';
import type { Requirement } from '../contract/types.js';
import { ownerOf } from '../endpoint.js';
import { share, type Share } from '../verdict/outcome.js';
import { strangerTo } from './frame.js';
import { lackIn, obstacleTo, type Obstacle } from './obstacles.js';
import type { Session } from './session.js';

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
  const rows = scoringRows(contract).filter((row) => !isLeftOut(row, session, obstacles));
  const told = rows.map((row) => ({ row, reason: reasonAgainst(row, session, obstacles) }));
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
  const owner = ownerOf(entry, session.contract);
  const reason = lackIn(() => strangerTo(owner, session)) ?? lackInStock(session, entry.given.status, owner);
  return reason === null ? null : { reason };
}

/** A status and a persona may both be known, and yet no request have both. */
function lackInStock(session: Session, status: string, owner: string): string | null {
  const { arranging, contract } = session;
  const { bystanderStatus } = contract.endpoint;
  return (
    arranging.lackOf(status, owner) ??
    arranging.lackOf(bystanderStatus, owner) ??
    arranging.lackOf(bystanderStatus, strangerTo(owner, session))
  );
}

function reasonAgainst(
  row: Requirement,
  { plan: { cases }, contract }: Session,
  obstacles: ReadonlyMap<string, Obstacle | null>,
): string | null {
  const all = [...obstacles.values()];
  // Told from all cases together, so it is lost only with all of them.
  if (row.id === contract.endpoint.wholeRun.requirementId) return all.includes(null) ? null : (all[0]?.reason ?? null);
  const speaking = [...cases.values()].filter(({ then }) =>
    then.some(({ requirementIds }) => requirementIds.includes(row.id)),
  );
  const against = speaking.map(({ id }) => obstacles.get(id) ?? null);
  // What a case merely owes besides, and what is absent, is told by other cases, unless there are none.
  const own = speaking.filter(({ then: [first] }) => first?.requirementIds.includes(row.id));
  const lost = own.flatMap(({ id }) => obstacles.get(id) ?? []).find(({ absent }) => absent !== true);
  if (lost) return lost.reason;
  return against.includes(null) ? null : (against[0]?.reason ?? null);
}

/** Whether a row is about nobody but those whom a target may leave out, and left out, and about what none can have: then it does not apply. */
function isLeftOut(
  row: Requirement,
  { plan: { cases } }: Session,
  obstacles: ReadonlyMap<string, Obstacle | null>,
): boolean {
  const speaking = [...cases.values()].filter(({ then }) =>
    then.some(({ requirementIds }) => requirementIds.includes(row.id)),
  );
  return (
    speaking.length > 0 &&
    speaking.every(({ id }) => {
      const obstacle = obstacles.get(id);
      return obstacle?.isOptional === true || obstacle?.excluded === true;
    })
  );
}

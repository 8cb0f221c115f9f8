import type { Case, Probe } from '../case.js';
import { anonymousForms } from '../../cancel/forms/credentials.js';
import { PrerequisiteError } from '../errors.js';
import { credentialOf, mayOwn, type Session } from './session.js';

function offerer({ requests }: Session['target']): string {
  if (requests.provider === 'inventory') return `the inventory ${requests.file}`;
  return requests.provider === 'graph' ? 'a live tenant' : 'the control protocol';
}

/** How to supply an owner of requests; where an inventory is to name them, it says so itself. */
function supplyOf({ requests }: Session['target'], persona: string): string {
  if (requests.provider === 'inventory') return '; list requests of theirs there';
  const named = `name a token under identities.${persona} of the target file`;
  return requests.provider === 'graph'
    ? `; ${named}, with a permission to make requests`
    : `; offer it there, or ${named}`;
}

/** What stands against a case before anything is tried. */
export interface Obstacle {
  readonly reason: string;
  /** True when the target is known not to have what the case is about: rows are then told by other cases, where others tell them. */
  readonly absent?: true;
}

/** What is known beforehand to be missing; null when nothing is. */
export function obstacleTo(session: Session, entry: Case): Obstacle | null {
  const { breaker, state } = session;
  const trouble = state.obstacle ?? breaker.reason;
  if (trouble !== null) return { reason: trouble };
  const absence = absenceOf(session, entry);
  if (absence !== null) return { reason: absence, absent: true };
  const reason = lackFor(session, entry);
  return reason === null ? null : { reason };
}

/** Statuses that a live tenant is never in, or not on demand. */
function absenceOf({ target, state }: Session, { given: { status } }: Case): string | null {
  const declared = target.cannotArrange[status];
  if (declared !== undefined) return `the target cannot arrange ${status}: ${declared}`;
  if (target.requests.provider !== 'graph' || offers(state, status)) return null;
  return status === 'pendingApprovalEscalated'
    ? `no request stands ready that is ${status}: it takes a day to come about; run prepare a day before`
    : `a live tenant cannot be brought into ${status} on demand`;
}

const offers = ({ offer }: Session['state'], status: string): boolean =>
  offer?.statuses.some((known) => known.toLowerCase() === status.toLowerCase()) ?? false;

function lackFor(session: Session, entry: Case): string | null {
  const { state, target } = session;
  if (!offers(state, entry.given.status)) return `${offerer(target)} does not offer the status ${entry.given.status}`;
  const requestor = entry.given.requestor ?? 'requestor';
  if (!mayOwn(session, requestor)) {
    return `${offerer(target)} does not offer the persona ${requestor}, who is to own the request${supplyOf(target, requestor)}`;
  }
  try {
    for (const probe of entry.when) if (needsToken(probe)) credentialOf(session, probe.persona);
    return null;
  } catch (error) {
    if (error instanceof PrerequisiteError) return error.message;
    throw error;
  }
}

const needsToken = (probe: Probe): boolean => !anonymousForms.includes(probe.credential ?? 'bearer');

import type { Case, Probe } from '../case.js';
import { ownerOf, type Endpoint } from '../endpoint.js';
import { isAboutRefusal } from '../plan/spared.js';
import { PrerequisiteError } from '../errors.js';
import type { CaseRecord } from '../evidence/records.js';
import { credentialOf, mayOwn, type Session } from './session.js';

/** What stands against a case before anything is tried. */
export interface Obstacle {
  readonly reason: string;
  /** True when the target is known not to have what the case is about: rows are then told by other cases, where others tell them. */
  readonly absent?: true;
  /** True when it is the lack of somebody whom a target may leave out. */
  readonly isOptional?: true;
  /** True when no such target can have it: what the case tells does not apply. */
  readonly excluded?: true;
}

/** How an obstacle stands in the record of a case. */
export const recorded = ({
  reason,
  absent,
  excluded,
}: Obstacle): Pick<CaseRecord, 'blocked' | 'absent' | 'excluded'> => ({
  blocked: reason,
  ...(absent && { absent }),
  ...(excluded && { excluded }),
});

/** What is known beforehand to be missing; null when nothing is. */
export function obstacleTo(session: Session, entry: Case): Obstacle | null {
  const trouble = session.obstacle ?? session.breaker.reason;
  if (trouble !== null) return { reason: trouble };
  const absence = absenceOf(session, entry);
  if (absence !== null) return { ...absence, absent: true };
  const { name, forgets } = session.arranging;
  if (entry.given.removed === true && !forgets)
    return { reason: `${name} removes no request in the midst of a run`, absent: true, excluded: true };
  const unknown = entry.when.flatMap(({ persona }) => unknownThere(session, persona) ?? [])[0];
  if (unknown !== undefined) return { reason: unknown, absent: true, excluded: true };
  const reason = lackFor(session, entry);
  if (reason === null) return null;
  // What a cell is about is told by others as well, so is a redundant case of one more status; whoever is optional by nobody.
  const isOptional = entry.when.some(({ persona }) => isLeftOut(session, persona));
  // Nor does a row rest on who called before over a connection.
  const isUnopened = entry.opening !== undefined && lackOfToken(session, [entry.opening]) !== null;
  const isAbsent =
    entry.cell !== undefined ||
    (entry.redundant === true && !offers(session, entry.given.status)) ||
    isOptional ||
    isUnopened;
  return { reason, ...(isAbsent && { absent: true }), ...(isOptional && { isOptional }) };
}

/** Statuses that a target is never in, or not on demand. */
function absenceOf({ target, arranging }: Session, { given: { status } }: Case): Omit<Obstacle, 'absent'> | null {
  const declared = target.cannotArrange[status];
  if (declared !== undefined) {
    const reason = `the target cannot arrange ${status}: ${declared}`;
    return arranging.isOutOfReach(status) ? { reason, excluded: true } : { reason };
  }
  const reason = offers({ arranging }, status) ? null : arranging.absenceOf(status);
  return reason === null ? null : { reason };
}

const offers = ({ arranging: { offer } }: Pick<Session, 'arranging'>, status: string): boolean =>
  offer?.statuses.some((known) => known.toLowerCase() === status.toLowerCase()) ?? false;

function lackFor(session: Session, entry: Case): string | null {
  const { arranging, contract } = session;
  const { name, supplyOf } = arranging;
  if (!offers(session, entry.given.status)) return `${name} does not offer the status ${entry.given.status}`;
  const requestor = ownerOf(entry, contract);
  if (!mayOwn(session, requestor)) {
    return `${name} does not offer the persona ${requestor}, who is to own the request${supplyOf(requestor)}`;
  }
  const doubted = doubtOf(session, entry);
  if (doubted !== null) return doubted;
  return lackOfToken(session, [...(entry.opening ? [entry.opening] : []), ...entry.when]);
}

const lackOfToken = (session: Session, probes: readonly Probe[]): string | null =>
  lackIn(() => {
    for (const probe of probes) if (needsToken(probe, session.contract.endpoint)) credentialOf(session, probe.persona);
  });

/** Why a refusal of a caller would tell nothing: the claims of the token show more than the one defect. */
function doubtOf({ contract: { endpoint }, claimHints }: Session, entry: Case): string | null {
  const isTold = ({ persona }: Probe): boolean =>
    endpoint.personas[persona]?.defect !== null || isAboutRefusal(entry, endpoint);
  const doubted = entry.when.find((probe) => needsToken(probe, endpoint) && isTold(probe) && claimHints[probe.persona]);
  if (!doubted) return null;
  const { persona } = doubted;
  const found = claimHints[persona]?.join(', ') ?? '';
  return `the token of ${persona} may be refused for another reason than the one that is judged (${found}); supply one that differs in that alone`;
}

/** What is missing for a step, in words; null when it can be done. */
export function lackIn(step: () => unknown): string | null {
  try {
    step();
    return null;
  } catch (error) {
    if (error instanceof PrerequisiteError) return error.message;
    throw error;
  }
}

const isLeftOut = ({ contract, credentials }: Session, persona: string): boolean =>
  contract.endpoint.personas[persona]?.optional === true && !('token' in (credentials[persona] ?? {}));

/** Why nobody can be such a persona at a target of this kind; null where somebody may be, or is. */
function unknownThere({ contract, credentials, target }: Session, persona: string): string | null {
  const why = contract.endpoint.personas[persona]?.unknownTo?.[target.provider];
  return why === undefined || 'token' in (credentials[persona] ?? {}) ? null : `nobody can be ${persona}: ${why}`;
}

const needsToken = (probe: Probe, { forms }: Endpoint): boolean =>
  !forms.anonymous.includes(probe.credential ?? forms.usual.credential);

import type { FrameRole } from '../evidence/records.js';
import type { Contract } from '../contract/types.js';
import type { Waiver } from '../contract/waivers.js';
import { PrerequisiteError } from '../errors.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import type { Between, Reach } from '../exchange/reach.js';
import type { Rules } from '../judge/facts.js';
import type { Clock } from '../patience.js';
import type { Plan, PlannedFor } from '../plan/plan.js';
import type { CircuitBreaker } from './breaker.js';
import type { Arranging, Credential, Credentials } from './provider.js';

/** What the engine has to know of a target to carry a plan out. */
export interface Tested extends PlannedFor {
  readonly name: string;
  /** The provider by the name that levels of requirements go by. */
  readonly provider: string;
  /** Collection segment in force. */
  readonly collection: string;
  /** Statuses that the target is known not to have, each with the reason. */
  readonly cannotArrange: Readonly<Record<string, string>>;
  /** Status codes of a gateway in front of it, which tell nothing of it; left out: by the provider. */
  readonly gatewayStatuses?: readonly number[];
  /** What stands between whoever calls and the target; left out: nothing. */
  readonly between?: readonly Between[];
  /** Where the user's own file describes it; left out: no file does. */
  readonly at?: { readonly file: string; readonly line: number };
  readonly settleMs: number;
  readonly timeoutMs: number;
  /** Bound of a whole run, in milliseconds. */
  readonly totalMs: number;
}

/** What a run is made of before anybody is called. */
export interface RunParts<T extends Tested = Tested> {
  readonly target: T;
  readonly contract: Contract;
  readonly plan: Plan;
  readonly waivers?: readonly Waiver[];
}

/** A request that nothing is to happen to any more. */
export interface Kept {
  readonly id: string;
  /** What it was to the case. */
  readonly role: FrameRole;
  /** The case that called it last. */
  readonly caseId: string;
  /** Whether it read as it must after a success. */
  readonly isDone: boolean;
}

/** What carrying out a case needs: a plan, and a target that was met. */
export interface Session extends Omit<RunParts, 'waivers'> {
  readonly rules: Rules;
  readonly runId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly baseUrl: string;
  /** What stands before the target asks for. */
  readonly reach: Reach;
  readonly arranging: Arranging;
  /** Why nothing can be carried out at all; null when something can. */
  readonly obstacle: string | null;
  /** As they are at the moment of reading. */
  readonly credentials: Credentials;
  /** Fetches anew the tokens that are about to end. */
  readonly renew: () => Promise<void>;
  /** What looks wrong with the claims of a persona's token. */
  readonly claimHints: Readonly<Record<string, readonly string[]>>;
  readonly secrets: SecretRegistry;
  readonly breaker: CircuitBreaker;
  readonly clock: Clock;
  /** Requests that nothing was to happen to, kept to be read once more at the end of the run. */
  readonly kept: Kept[];
  /** Bytes of bodies that evidence holds so far. */
  readonly captured: { bytes: number };
  /** Ids of the requests that were arranged and not given back yet. */
  readonly held: Set<string>;
  /** Ids of the cases whose calls were sent at one moment with those of others on the same request. */
  readonly besideOthers: Set<string>;
}

/**
 * The credential of a persona.
 * @throws PrerequisiteError that says why there is none and how to supply it
 */
export function credentialOf({ credentials }: Pick<Session, 'credentials'>, persona: string): Credential {
  const credential = credentials[persona];
  if (credential && 'token' in credential) return credential;
  throw new PrerequisiteError(credential?.missing ?? `no token for the persona ${persona}`);
}

/**
 * Whether a request may be asked for that belongs to the persona: the arranging side offers it, or makes requests for whoever
 * has a token. Where the target cannot arrange one after all, it says so itself.
 */
export const mayOwn = (
  { arranging, credentials }: Pick<Session, 'arranging' | 'credentials'>,
  persona: string,
): boolean =>
  (arranging.offer?.personas.includes(persona) ?? false) ||
  (arranging.makesForTokens && 'token' in (credentials[persona] ?? {}));

/** Whether requests can be kept to be read once more at the end: where they are cheap and stay as they are. */
export const isCheap = ({ target, arranging }: Pick<Session, 'target' | 'arranging'>): boolean =>
  !target.expensive && !arranging.movesOn;

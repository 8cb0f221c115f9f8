import { ControlProvider } from '../../arrange/control.js';
import type { Credential, Offer, Provider } from './provider.js';
import { longestWaitMs, mostTries } from '../throttling.js';
import { prepareCredential } from '../../cancel/forms/credentials.js';
import { rulesOf } from '../judge/judge-case.js';
import type { Rules } from '../judge/facts.js';
import { PrerequisiteError } from '../errors.js';
import type { Contract } from '../contract/types.js';
import type { Waiver } from '../contract/waivers.js';
import type { CaseRecord } from '../evidence/records.js';
import { SecretRegistry } from '../evidence/secrets.js';
import type { Plan } from '../plan/plan.js';
import type { Target } from '../../target/target.js';
import { CircuitBreaker } from './breaker.js';

/** How the arranging side is reached. */
export interface Arranging {
  readonly url: string;
  readonly key: string | null;
  readonly lends: boolean;
  /** True when calls on a request are announced to it before they are sent. */
  readonly journals: boolean;
}

/** What the arranging side says of its part at the end of a run, in words. */
export type Account = Readonly<Record<string, string>>;

/** Nobody arranges anything. */
export const noArranging: Arranging = { url: '', key: null, lends: false, journals: false };

/** What the preparation of a run hands to the processes that carry it out. Holds tokens: never written to a file. */
export interface SessionState {
  readonly runId: string;
  readonly startedAt: string;
  readonly baseUrl: string;
  /** The control protocol through which requests are arranged: the target's, or the suite's own broker. */
  readonly arranging: Arranging;
  /** Key of the target's own control protocol. */
  readonly controlKey: string | null;
  /** Null when the arranging side could not be asked; `obstacle` says why. */
  readonly offer: Offer | null;
  readonly obstacle: string | null;
  readonly credentials: Readonly<Record<string, Credential | { readonly missing: string }>>;
  /** What looks wrong with the claims of a persona's token. */
  readonly claimHints: Readonly<Record<string, readonly string[]>>;
  readonly controls: readonly CaseRecord[];
}

/** What carrying out a case needs. */
export interface Session {
  readonly target: Target;
  readonly contract: Contract;
  readonly plan: Plan;
  readonly rules: Rules;
  readonly state: SessionState;
  readonly provider: Provider;
  readonly secrets: SecretRegistry;
  readonly breaker: CircuitBreaker;
}

export interface SessionParts {
  readonly target: Target;
  readonly contract: Contract;
  readonly plan: Plan;
  readonly waivers?: readonly Waiver[];
  /** File in which a run on a live tenant writes down what it does there; without one nothing is done there. */
  readonly journal?: string;
}

/** A session of this process on a prepared run. */
export function openSession(parts: SessionParts, state: SessionState): Session {
  const secrets = new SecretRegistry();
  registerSecrets(secrets, state);
  const provider = new ControlProvider({
    ...state.arranging,
    // The broker waits for the target itself, perhaps through several throttled calls.
    timeoutMs: state.arranging.lends ? brokerBoundMs(parts.target) : parts.target.timeoutMs,
    secrets,
  });
  const rules = rulesOf(parts.contract, parts.target.readings, providerName(parts.target));
  return { ...parts, rules, state, provider, secrets, breaker: new CircuitBreaker() };
}

const brokerBoundMs = ({ timeoutMs, requests }: Target): number =>
  // A live tenant may take its time over several requests of one frame.
  mostTries * (timeoutMs + longestWaitMs) + (requests.provider === 'graph' ? 4 * requests.patienceMs : 0);

/** The provider by the name that levels of requirements go by. */
export const providerName = ({ requests }: Target): string =>
  requests.provider === 'embedded' ? 'control' : requests.provider;

/** Makes every secret of a run known to a registry. */
export function registerSecrets(secrets: SecretRegistry, state: SessionState): void {
  for (const [persona, credential] of Object.entries(state.credentials)) {
    if (!('token' in credential)) continue;
    secrets.register(credential.token, `token:${persona}`);
    // One character away from the token. A JWT's is found by its payload, an opaque token's by nothing else.
    const { derived } = prepareCredential('tampered-payload', credential.token, persona);
    if (derived && !credential.token.includes('.')) secrets.register(derived.token, derived.name);
  }
  if (state.controlKey !== null) secrets.register(state.controlKey, 'control-key');
  if (state.arranging.lends && state.arranging.key !== null) secrets.register(state.arranging.key, 'broker-key');
}

/**
 * The credential of a persona.
 * @throws PrerequisiteError that says why there is none and how to supply it
 */
export function credentialOf(session: Session, persona: string): Credential {
  const credential = session.state.credentials[persona];
  if (credential && 'token' in credential) return credential;
  throw new PrerequisiteError(credential?.missing ?? `no token for the persona ${persona}`);
}

/** What decides who may own requests. */
export type Owning = Pick<Session, 'state' | 'target'>;

const handsOutRequests = ({ requests }: Target): boolean =>
  requests.provider === 'control' || requests.provider === 'embedded';

/**
 * Whether a request may be asked for that belongs to the persona: the arranging side offers it, or its token is ready-made.
 * Where the target cannot arrange one after all, it says so itself. Others have what they say and nothing else.
 */
export const mayOwn = ({ state: { offer, credentials }, target }: Owning, persona: string): boolean =>
  (offer?.personas.includes(persona) ?? false) || (handsOutRequests(target) && 'token' in (credentials[persona] ?? {}));

import { ControlProvider } from '../arrange/control.js';
import type { Credential, Offer, Provider } from '../arrange/provider.js';
import { prepareCredential } from '../checks/forms/credentials.js';
import { rulesOf } from '../checks/judge/judge.js';
import type { Rules } from '../checks/judge/facts.js';
import { PrerequisiteError } from '../contract/errors.js';
import type { Contract } from '../contract/types.js';
import type { CaseRecord } from '../evidence/records.js';
import { SecretRegistry } from '../evidence/secrets.js';
import type { Plan } from '../plan/plan.js';
import type { Target } from '../target/target.js';
import { CircuitBreaker } from './breaker.js';

/** What the preparation of a run hands to the processes that carry it out. Holds tokens: never written to a file. */
export interface SessionState {
  readonly runId: string;
  readonly startedAt: string;
  readonly baseUrl: string;
  readonly controlUrl: string;
  readonly controlKey: string | null;
  /** Null when the arranging side could not be asked; `obstacle` says why. */
  readonly offer: Offer | null;
  readonly obstacle: string | null;
  readonly credentials: Readonly<Record<string, Credential | { readonly missing: string }>>;
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
}

/** A session of this process on a prepared run. */
export function openSession(parts: SessionParts, state: SessionState): Session {
  const secrets = new SecretRegistry();
  registerSecrets(secrets, state);
  const provider = new ControlProvider({
    url: state.controlUrl,
    key: state.controlKey,
    timeoutMs: parts.target.timeoutMs,
    secrets,
  });
  const rules = rulesOf(parts.contract, parts.target.readings);
  return { ...parts, rules, state, provider, secrets, breaker: new CircuitBreaker() };
}

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

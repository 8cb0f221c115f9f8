import { randomUUID } from 'node:crypto';
import { ControlProvider } from '../arrange/control.js';
import type { Credential, Offer } from '../arrange/provider.js';
import { ConfigurationError, PrerequisiteError } from '../contract/errors.js';
import { personas, type Persona } from '../contract/personas.js';
import type { Target } from '../target/target.js';
import type { CaseRecord } from '../evidence/records.js';
import { SecretRegistry } from '../evidence/secrets.js';
import { startReference, type ReferenceTarget } from '../reference/server.js';
import { alterationOf } from './embedded.js';
import { FrameKeeper } from './frame.js';
import { performCase } from './perform.js';
import { openSession, type SessionParts, type SessionState } from './session.js';

/** A run made ready: what the workers need, and what has to be ended after it. */
export interface PreparedRun {
  readonly state: SessionState;
  readonly close: () => Promise<void>;
}

/**
 * Makes a run ready: starts the embedded target when that is tested, asks the arranging side what it offers, fetches the
 * tokens, and carries out the controls, on which the verdicts of all refusals rest.
 * Trouble with the target does not throw: it stands in the state, and the cases will be inconclusive because of it.
 * @throws ConfigurationError for an unknown fault or variant of the embedded target
 */
export async function prepareRun(parts: SessionParts): Promise<PreparedRun> {
  const { target, contract } = parts;
  const embedded = target.embedded
    ? await startReference({ edition: contract.edition, ...alterationOf(target.embedded) })
    : null;
  const reached = reachable(parts, embedded);
  const controlKey = readControlKey(target);
  const secrets = new SecretRegistry();
  if (controlKey !== null) secrets.register(controlKey, 'control-key');
  const provider = new ControlProvider({
    url: reached.controlUrl,
    key: controlKey,
    timeoutMs: target.timeoutMs,
    secrets,
  });
  const base = { runId: randomUUID(), startedAt: new Date().toISOString(), ...reached, controlKey };
  try {
    const offer = await describeOffer(provider);
    const credentials = typeof offer === 'string' ? {} : await fetchCredentials(parts, { provider, offer });
    const obstacle = typeof offer === 'string' ? offer : null;
    const known = { ...base, offer: obstacle === null ? (offer as Offer) : null, obstacle, credentials };
    const controls = await performControls(parts, { ...known, controls: [] });
    return {
      state: { ...known, controls },
      close: async () => {
        await embedded?.close();
      },
    };
  } finally {
    await provider.close();
  }
}

/** A key that ordinary text may hold by chance: it could neither be hidden nor be searched for. */
const plainWord = /^[a-z]{1,15}$/i;

/**
 * The key of the control protocol.
 * @throws ConfigurationError when the key is a plain word, or when the target file names a variable that is not set
 */
export function readControlKey(target: Target): string | null {
  const key = target.control?.key ?? null;
  const value = key === null ? '' : (process.env[key.env] ?? '');
  if (plainWord.test(value)) {
    throw new ConfigurationError(
      `the key in the environment variable ${key?.env ?? ''} is a plain word, so reports could not be kept free of it; use one with digits, or of 16 characters and more`,
    );
  }
  if (value !== '') return value;
  if (key?.required !== true) return null;
  throw new ConfigurationError(
    `${target.name}: requests.key names the environment variable ${key.env}, which is not set`,
  );
}

function reachable(
  { target }: SessionParts,
  embedded: ReferenceTarget | null,
): { baseUrl: string; controlUrl: string } {
  if (embedded) return { baseUrl: embedded.baseUrl, controlUrl: embedded.controlUrl };
  if (target.baseUrl === null || target.control === null) throw new ConfigurationError(`${target.name}: no baseUrl`);
  return { baseUrl: target.baseUrl, controlUrl: target.control.url };
}

async function describeOffer(provider: ControlProvider): Promise<Offer | string> {
  try {
    return await provider.describe();
  } catch (error) {
    if (error instanceof PrerequisiteError) return error.message;
    throw error;
  }
}

interface Arranging {
  readonly provider: ControlProvider;
  readonly offer: Offer;
}

async function fetchCredentials(parts: SessionParts, arranging: Arranging): Promise<SessionState['credentials']> {
  const fetched = await Promise.all(
    personas.map(async (persona) => [persona, await fetchCredential(persona, parts, arranging)] as const),
  );
  return Object.fromEntries(
    fetched.map(([persona, credential], index) => {
      const twin = fetched.slice(0, index).find(([, other]) => sameToken(credential, other));
      const missing = `the persona ${persona} has the same token as ${twin?.[0] ?? ''}: a probe of one would prove nothing about the other`;
      return [persona, twin ? { missing } : credential];
    }),
  );
}

const sameToken = (a: Credential | { missing: string }, b: Credential | { missing: string }): boolean =>
  'token' in a && 'token' in b && a.token === b.token;

async function fetchCredential(
  persona: Persona,
  { target }: SessionParts,
  { provider, offer }: Arranging,
): Promise<Credential | { missing: string }> {
  const source = target.tokens[persona];
  if (!source) return { missing: `no token for the persona ${persona}: add it under identities in the target file` };
  if ('env' in source) {
    const token = process.env[source.env];
    if (token !== undefined && token !== '') return { token, userId: null };
    return { missing: `no token for the persona ${persona}: the environment variable ${source.env} is not set` };
  }
  if (!offer.personas.includes(persona)) {
    return { missing: `no token for the persona ${persona}: the control protocol does not offer it` };
  }
  try {
    return await provider.credential(persona);
  } catch (error) {
    if (error instanceof PrerequisiteError) return { missing: `no token for the persona ${persona}: ${error.message}` };
    throw error;
  }
}

async function performControls(parts: SessionParts, state: SessionState): Promise<readonly CaseRecord[]> {
  const session = openSession(parts, state);
  try {
    return await Promise.all(
      parts.plan.controls.map(async (entry) => {
        const keeper = new FrameKeeper(session);
        const record = await performCase(session, keeper, entry);
        await keeper.close();
        return record;
      }),
    );
  } finally {
    await session.provider.close();
  }
}

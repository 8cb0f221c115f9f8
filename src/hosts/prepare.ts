import { randomUUID } from 'node:crypto';
import { offerOf } from '../arrange/inventory.js';
import { offerOfLive } from '../arrange/graph/open.js';
import type { Offer } from '../engine/perform/provider.js';
import { ConfigurationError, PrerequisiteError } from '../engine/errors.js';
import type { CaseRecord } from '../engine/evidence/records.js';
import { SecretRegistry } from '../engine/evidence/secrets.js';
import { startEmbedded } from '../emulators/endpoint/server.js';
import type { Target } from '../target/target.js';
import { controlOf, startArranging, type ArrangingSide } from '../arrange/arranging.js';
import { fetchCredentials, hintsOf } from '../arrange/credentials.js';
import { alterationOf } from '../emulators/endpoint/named.js';
import { FrameKeeper } from '../engine/perform/frame.js';
import { performCase } from '../engine/perform/perform.js';
import {
  noArranging,
  openSession,
  type Account,
  type SessionParts,
  type SessionState,
} from '../engine/perform/session.js';

/** A run made ready: what the workers need, and what has to be ended after it. */
export interface PreparedRun {
  readonly state: SessionState;
  /** Ends what was started; returns what the arranging side says of its part, null when that is nothing. */
  readonly close: () => Promise<Account | null>;
}

/**
 * Makes a run ready: starts the embedded target when that is tested, asks the arranging side what it offers, fetches the
 * tokens, and carries out the controls, on which the verdicts of all refusals rest.
 * Trouble with the target does not throw: it stands in the state, and the cases will be inconclusive because of it.
 * @param boundMs how long that may take
 * @throws ConfigurationError for an unknown fault or variant of the embedded target
 */
export async function prepareRun(parts: SessionParts, boundMs = parts.target.totalMs): Promise<PreparedRun> {
  const over = AbortSignal.timeout(Math.ceil(boundMs));
  const meeting = meetTarget(parts);
  const met = (await unlessOver(meeting, over)) ?? unmet(parts, meeting);
  const controls = await unlessOver(performControls(parts, met.state), over);
  return controls
    ? { ...met, state: { ...met.state, controls } }
    : { ...met, state: { ...met.state, obstacle: 'the run reached its total time bound during its controls' } };
}

/** What comes in time; null when the time is over first. */
function unlessOver<T>(work: Promise<T>, over: AbortSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      resolve(null);
    };
    if (over.aborted) end();
    over.addEventListener('abort', end, { once: true });
    work.then(resolve, reject);
  });
}

/** A run whose target could not be met in time. */
function unmet({ target }: SessionParts, meeting: Promise<PreparedRun>): PreparedRun {
  const state: SessionState = {
    runId: randomUUID(),
    startedAt: new Date().toISOString(),
    baseUrl: target.baseUrl ?? '',
    arranging: noArranging,
    controlKey: null,
    offer: null,
    obstacle: 'the run reached its total time bound before the target was met',
    credentials: {},
    claimHints: {},
    controls: [],
  };
  return { state, close: async () => (await meeting).close() };
}

/** Makes everything ready but the controls: nothing is arranged and the cancel path is not called. */
export async function meetTarget(parts: SessionParts): Promise<PreparedRun> {
  const { target, contract } = parts;
  const embedded = target.embedded
    ? await startEmbedded({ edition: contract.edition, ...alterationOf(target.embedded) })
    : null;
  const baseUrl = embedded?.baseUrl ?? target.baseUrl ?? '';
  const secrets = new SecretRegistry();
  const control = controlReach(target, embedded?.controlUrl ?? null);
  if (control?.key != null) secrets.register(control.key, 'control-key');
  const provider = control ? controlOf({ parts, control, secrets }) : null;
  const described = provider ? await describeOffer(provider) : null;
  const offer = typeof described === 'string' ? null : described;
  const credentials =
    typeof described === 'string'
      ? {}
      : await fetchCredentials({ target, issuer: provider && { provider, offer }, secrets });
  await provider?.close();
  const side = await startSide({ parts, baseUrl, control, credentials, secrets });
  const obstacle = typeof described === 'string' ? described : typeof side === 'string' ? side : null;
  const state: SessionState = {
    runId: randomUUID(),
    startedAt: new Date().toISOString(),
    baseUrl,
    arranging: typeof side === 'string' ? noArranging : side.reach,
    controlKey: control?.key ?? null,
    offer: (typeof side === 'string' ? undefined : side.offer) ?? offerOfTarget(parts, credentials) ?? offer,
    obstacle,
    credentials,
    claimHints: hintsOf(credentials, parts),
    controls: [],
  };
  return {
    state,
    close: async () => {
      if (typeof side !== 'string') await side.close();
      await embedded?.close();
      return typeof side === 'string' ? null : side.account();
    },
  };
}

/** A key that ordinary text may hold by chance: it could neither be hidden nor be searched for. */
const plainWord = /^[a-z]{1,15}$/i;

/**
 * The key of the control protocol.
 * @throws ConfigurationError when the key is a plain word, or when the target file names a variable that is not set
 */
export function readControlKey(target: Target): string | null {
  const key = target.requests.provider === 'control' ? target.requests.key : null;
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

function controlReach(target: Target, embeddedUrl: string | null): { url: string; key: string | null } | null {
  if (embeddedUrl !== null) return { url: embeddedUrl, key: null };
  return target.requests.provider === 'control' ? { url: target.requests.url, key: readControlKey(target) } : null;
}

/** What a target offers that has no control protocol to be asked; null for others. */
function offerOfTarget({ target, contract }: SessionParts, credentials: SessionState['credentials']): Offer | null {
  if (target.requests.provider === 'inventory') return offerOf(target.requests.items);
  return target.requests.provider === 'graph' ? offerOfLive(target.requests, contract, credentials) : null;
}

/** What a missing prerequisite says, in the place of what could not be had. */
async function describeOffer(provider: { describe(): Promise<Offer> }): Promise<Offer | string> {
  return provider.describe().catch(messageOfPrerequisite);
}

async function startSide(from: Parameters<typeof startArranging>[0]): Promise<ArrangingSide | string> {
  return startArranging(from).catch(messageOfPrerequisite);
}

function messageOfPrerequisite(error: unknown): string {
  if (error instanceof PrerequisiteError) return error.message;
  throw error;
}

async function performControls(parts: SessionParts, state: SessionState): Promise<readonly CaseRecord[]> {
  const session = openSession(parts, state);
  try {
    const records: CaseRecord[] = [];
    // One after the other, so that what a target does to other requests changes no control.
    for (const entry of parts.plan.controls) records.push(await performControl(session, entry));
    return records;
  } finally {
    await session.provider.close();
  }
}

async function performControl(
  session: Parameters<typeof performCase>[0],
  entry: Parameters<typeof performCase>[2],
): Promise<CaseRecord> {
  const keeper = new FrameKeeper(session);
  const record = await performCase(session, keeper, entry);
  await keeper.close();
  return record;
}

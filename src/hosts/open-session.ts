import { randomUUID } from 'node:crypto';
import { startArranging, type ArrangingSide } from '../arrange/arranging.js';
import { ControlProvider, type ControlSettings } from '../arrange/control.js';
import type { JsonChannel } from '../arrange/json-client.js';
import type { UsedRequests } from '../arrange/inventory.js';
import { fetchCredential, fetchCredentials, hintsOf, type Fetching } from '../arrange/credentials.js';
import { openReach, type TargetReach } from '../arrange/reach.js';
import { TokenKeeper } from '../arrange/renewal.js';
import { startEmbedded, type EmbeddedTarget } from '../emulators/endpoint/server.js';
import { alterationOf } from '../emulators/endpoint/named.js';
import { PrerequisiteError } from '../engine/errors.js';
import { inLanes } from '../engine/in-lanes.js';
import { SecretRegistry } from '../engine/evidence/secrets.js';
import { rulesOf } from '../engine/judge/judge-case.js';
import type { Clock } from '../engine/patience.js';
import { CircuitBreaker } from '../engine/perform/breaker.js';
import type { Credentials, Remarks } from '../engine/perform/provider.js';
import type { RunParts, Session } from '../engine/perform/session.js';
import type { Target } from '../target/target.js';
import { readControlKey } from './control-key.js';

/** Stands for an arranging side that could not be reached: nothing is asked of it, as the session's obstacle says why. */
const unmet: ArrangingSide = {
  provider: {
    describe: unreached,
    create: unreached,
    read: unreached,
    intend: unreached,
    remove: unreached,
    release: unreached,
    close: () => Promise.resolve(),
  },
  offer: null,
  name: 'the target',
  supplyOf: () => '',
  isOutOfReach: () => false,
  absenceOf: () => null,
  lackOf: () => null,
  movesOn: false,
  forgets: false,
  makesForTokens: false,
  remarks: () => null,
};

function unreached(): Promise<never> {
  return Promise.reject(new PrerequisiteError('the arranging side could not be reached'));
}

/** What a session is opened with. */
export interface OpeningParts extends RunParts<Target> {
  readonly clock: Clock;
  /** Knows what may stand in no file; gets to know every secret before it is used. */
  readonly secrets: SecretRegistry;
  /** File in which a run on a live tenant writes down what it does there; left out: nothing is done there. */
  readonly journal?: string;
  /** What an inventory gave out before in this run. */
  readonly used?: UsedRequests;
  /** How the target is reached, when that was found out before; left out: as its file says. */
  readonly reach?: TargetReach;
  /** Milliseconds since 1970, which tokens end by; default: the system's. */
  readonly nowMs?: () => number;
}

/** A target that was met, and how to part from it. */
export interface OpenedSession {
  readonly session: Session;
  /** What the arranging side remarks on its part until now. */
  readonly remarks: () => Remarks | null;
  /** Gives back what is held and ends what was started; returns what the arranging side remarks on its part. */
  readonly close: () => Promise<Remarks | null>;
}

/**
 * Meets a target: starts the embedded one when that is tested, asks the arranging side what it offers, fetches the tokens.
 * Nothing is arranged and the endpoint is not called. Trouble with the target does not throw: it stands in the session as its
 * obstacle, and the cases will be inconclusive because of it.
 * @throws ConfigurationError for an unknown fault or variant of the embedded target, or a key, header or certificate that is missing
 */
export async function openSession(parts: OpeningParts): Promise<OpenedSession> {
  const { target, contract, secrets, clock } = parts;
  const reach = parts.reach ?? (await openReach(target, secrets, clock.signal));
  const embedded = target.embedded
    ? await startEmbedded({ edition: contract.edition, ...alterationOf(target.embedded) })
    : null;
  try {
    return await meet({ ...parts, reach }, embedded);
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

type Opening = OpeningParts & { readonly reach: TargetReach };

async function meet(parts: Opening, embedded: EmbeddedTarget | null): Promise<OpenedSession> {
  const { target, contract, secrets, clock } = parts;
  const baseUrl = embedded?.baseUrl ?? target.baseUrl ?? '';
  const provider = controlOf(parts, embedded);
  const described = provider ? await provider.describe().catch(messageOfPrerequisite) : null;
  const control = provider && { provider, offer: typeof described === 'string' ? null : described };
  const fetching: Fetching = { target, contract, control, secrets, signal: clock.signal };
  const tokens = new TokenKeeper({
    credentials: typeof described === 'string' ? {} : await fetchCredentials(fetching),
    contract,
    secrets,
    fetch: (persona) => fetchCredential(persona, { ...fetching, signal: clock.signal }),
    ...(parts.nowMs && { nowMs: parts.nowMs }),
  });
  const { credentials } = tokens;
  const side = await startSide({
    ...parts,
    baseUrl,
    reach: parts.reach.target,
    control,
    credentials,
    journal: parts.journal ?? null,
  });
  const obstacle = typeof described === 'string' ? described : typeof side === 'string' ? side : null;
  const met = typeof side === 'string' ? unmet : side;
  const session = sessionOf(parts, { baseUrl, credentials, obstacle, side: met, renew: () => tokens.renew() });
  return { session, remarks: met.remarks, close: () => closeAll(session, embedded, met) };
}

interface Met {
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly renew: () => Promise<void>;
  readonly obstacle: string | null;
  readonly side: ArrangingSide;
}

function sessionOf(parts: Opening, { side: arranging, ...met }: Met): Session {
  const { target, contract, plan, secrets, clock, reach } = parts;
  return {
    target,
    contract,
    plan,
    rules: rulesOf(contract, target),
    runId: randomUUID(),
    startedAt: new Date().toISOString(),
    ...met,
    reach: reach.target,
    arranging,
    claimHints: hintsOf(met.credentials, contract),
    secrets,
    breaker: new CircuitBreaker(),
    clock,
    kept: [],
    captured: { bytes: 0 },
    held: new Set(),
    besideOthers: new Set(),
  };
}

/** The provider that speaks the target's own control protocol; null when the target has none. */
function controlOf(
  { target, secrets, clock, reach: { control: reach } }: Opening,
  embedded: EmbeddedTarget | null,
): ControlProvider | null {
  if (embedded) return controlOfEmbedded(embedded, { timeoutMs: target.timeoutMs, secrets, clock });
  if (target.requests.provider !== 'control') return null;
  const key = readControlKey(target);
  if (key !== null) secrets.register(key, 'control-key');
  return new ControlProvider({ url: target.requests.url, key, timeoutMs: target.timeoutMs, secrets, reach, clock });
}

/** The embedded target is in this process: what is arranged there needs no way over the network, unlike what is judged. */
function controlOfEmbedded(
  { controlUrl: url, control }: EmbeddedTarget,
  from: Pick<ControlSettings, 'timeoutMs' | 'secrets' | 'clock'>,
): ControlProvider {
  const channel: JsonChannel = {
    call: async (...call) => {
      const { status, body } = await control(...call);
      // As it would arrive: nothing of the target's own can be changed through it.
      return { status, body: body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as unknown) };
    },
    close: () => undefined,
  };
  return new ControlProvider({ ...from, url, key: null, channel });
}

const startSide = (from: Parameters<typeof startArranging>[0]): Promise<ArrangingSide | string> =>
  startArranging(from).catch(messageOfPrerequisite);

/** What a missing prerequisite says, in the place of what could not be had. */
function messageOfPrerequisite(error: unknown): string {
  if (error instanceof PrerequisiteError) return error.message;
  throw error;
}

const mostAtOnce = 8;

/** Cleaning up turns no verdict: what cannot be given back now stays with the target. */
async function closeAll(
  { held, arranging, breaker, target, renew }: Session,
  embedded: EmbeddedTarget | null,
  side: ArrangingSide,
): Promise<Remarks | null> {
  // Whoever shares requests, or has a journal, gives back all by itself; an embedded target ends with what it holds.
  await renew();
  if (embedded === null && !target.expensive && breaker.reason === null) {
    // What a run that was ended kept is hundreds of requests: not all at once.
    await inLanes([...held], mostAtOnce, (id) => arranging.provider.remove(id).catch(messageOfPrerequisite));
  }
  await side.provider.close();
  await embedded?.close();
  return side.remarks();
}

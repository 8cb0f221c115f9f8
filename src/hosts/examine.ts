import { claimsInWords } from '../arrange/claims.js';
import type { Exchange } from '../engine/evidence/records.js';
import { exchange } from '../engine/exchange/client.js';
import { systemClock } from '../engine/patience.js';
import { collectionPath } from '../engine/perform/compose.js';
import { foretell, type Foretold } from '../engine/perform/foretell.js';
import type { RunParts, Session } from '../engine/perform/session.js';
import { tokenSourceInWords } from '../target/configuration.js';
import type { Target } from '../target/target.js';
import { openSession } from './open-session.js';
import type { OpenedWay } from './reaching.js';

/** How something looks before a run. */
type Health = 'good' | 'doubtful' | 'bad';

/** One thing that was looked at. */
export interface Symptom {
  readonly health: Health;
  readonly words: string;
}

/** What was found out about a target without changing anything there. */
export interface Examination {
  readonly reachability: readonly Symptom[];
  readonly identities: readonly Symptom[];
  readonly arranging: readonly Symptom[];
  readonly foretold: Foretold;
}

/** A clock that is further off than this makes fresh tokens look expired or not yet valid; the usual leeway. */
const toleratedSkewMs = 5 * 60_000;

/**
 * Examines a target: reads its control protocol, fetches the tokens, and sends one GET without credentials for a request
 * that does not exist. Nothing is arranged and nothing is cancelled.
 */
export async function examine(parts: RunParts<Target>, way: OpenedWay): Promise<Examination> {
  const { session, close } = await openSession({ ...parts, ...way, clock: systemClock });
  try {
    const answer = await ask(session);
    const examined = { session, target: parts.target };
    return {
      reachability: reachability(answer, session.baseUrl),
      identities: personasOf(session).map((persona) => identity(examined, persona)),
      arranging: arranging(examined),
      foretold: foretell(session),
    };
  } finally {
    await close();
  }
}

/** A session, and its target with all that its file says. */
interface Examined {
  readonly session: Session;
  readonly target: Target;
}

/** The personas that the plan has a part for: an edition may know no rule about one. */
function personasOf({ plan, contract }: Session): readonly string[] {
  const named = new Set(
    [...plan.cases.values()].flatMap(({ given, when }) => [given.requestor, ...when.map((probe) => probe.persona)]),
  );
  return Object.keys(contract.endpoint.personas).filter((persona) => named.has(persona));
}

type Answer = Omit<Exchange, 'id'>;

function ask(session: Session): Promise<Answer> {
  const { contract, target, baseUrl, secrets, reach } = session;
  return exchange(
    {
      role: 'liveness',
      persona: 'anonymous',
      method: 'GET',
      origin: new URL(baseUrl).origin,
      requestTarget: `${collectionPath(session)}/${contract.endpoint.unknownId}`,
      headers: [['user-agent', `cancel-conformance/${contract.version}`]],
      body: null,
    },
    { timeoutMs: target.timeoutMs, secrets, reach },
  );
}

function reachability(answer: Answer, baseUrl: string): readonly Symptom[] {
  const { response, noAnswer } = answer;
  if (!response) return [{ health: 'bad', words: `${baseUrl} does not answer: ${noAnswer?.message ?? 'unknown'}` }];
  const encrypted = baseUrl.startsWith('https:');
  return [
    {
      health: 'good',
      words: `${baseUrl} answers (${response.status} to an anonymous GET, after ${Math.round(answer.durationMs)} ms)`,
    },
    { health: 'good', words: encrypted ? 'TLS: the certificate was verified' : 'TLS: none, plain http' },
    clockSymptom(answer),
  ];
}

/** What the Date header of an answer tells about the target's clock, against the moment at which the call began. */
export function clockSymptom({ response, startedAt }: Pick<Answer, 'response' | 'startedAt'>): Symptom {
  const date = response?.headers.find(([name]) => name.toLowerCase() === 'date')?.[1];
  const told = Date.parse(date ?? '');
  if (Number.isNaN(told)) return { health: 'good', words: 'clock: the target does not tell its time' };
  // Whole seconds are all that the header has.
  const skewMs = Math.trunc((told - Date.parse(startedAt)) / 1000) * 1000;
  const off = `${Math.abs(skewMs) / 1000} s ${skewMs < 0 ? 'behind' : 'ahead of'} this machine`;
  return Math.abs(skewMs) > toleratedSkewMs
    ? { health: 'bad', words: `clock: the target is ${off}, so tokens may look expired or not yet valid` }
    : { health: 'good', words: `clock: the target is ${skewMs === 0 ? 'in step with this machine' : off}` };
}

function identity({ session, target }: Examined, persona: string): Symptom {
  const credential = session.credentials[persona];
  if (!credential || !('token' in credential)) {
    return { health: 'bad', words: credential?.missing ?? `no token for the persona ${persona}` };
  }
  const source = target.tokens[persona];
  const from = source ? ` from ${tokenSourceInWords(source)}` : '';
  const hints = session.claimHints[persona] ?? [];
  const claims = claimsInWords(credential.token) ?? 'no claims to be read';
  return hints.length > 0
    ? { health: 'doubtful', words: `${persona}${from}: ${hints.join(', ')} (${claims})` }
    : { health: 'good', words: `${persona}${from}: ${claims}` };
}

function arranging({ session, target }: Examined): readonly Symptom[] {
  const { obstacle, plan } = session;
  if (obstacle !== null) return [{ health: 'bad', words: obstacle }];
  const offered = new Set(session.arranging.offer?.statuses.map((status) => status.toLowerCase()));
  const cannot = Object.entries(target.cannotArrange).map(([status, reason]): Symptom => {
    return { health: 'bad', words: `${status} cannot be arranged: ${reason}` };
  });
  const wanted = Object.keys(plan.counts.arranged);
  const missing = wanted.filter((status) => !offered.has(status.toLowerCase()) && !(status in target.cannotArrange));
  const can = wanted.filter((status) => offered.has(status.toLowerCase()) && !(status in target.cannotArrange));
  return [
    { health: 'good', words: `${can.length} of ${wanted.length} statuses: ${can.join(', ')}` },
    ...missing.map((status): Symptom => ({ health: 'bad', words: `${status} is not offered` })),
    ...cannot,
    ...shortages({ session, target }),
  ];
}

/** What an inventory may run out of. */
function shortages({ target, session: { plan } }: Examined): readonly Symptom[] {
  if (target.requests.provider !== 'inventory') return [];
  const { items } = target.requests;
  return Object.entries(plan.counts.owned).flatMap(([status, owners]) =>
    Object.entries(owners).flatMap(([owner, needed]): readonly Symptom[] => {
      const listed = items.filter((item) => item.status === status && item.owner === owner).length;
      if (listed >= needed || listed === 0) return [];
      return [{ health: 'doubtful', words: `${status} of ${owner}: ${listed} listed, up to ${needed} needed` }];
    }),
  );
}

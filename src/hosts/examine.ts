import { claimsInWords } from '../arrange/claims.js';
import { unknownId } from '../cancel/forms/addresses.js';
import { exchange } from '../engine/exchange/client.js';
import type { Exchange } from '../engine/evidence/records.js';
import { personas } from '../cancel/personas.js';
import { tokenSourceInWords } from '../target/configuration.js';
import { foretell, type Foretold } from '../engine/perform/foretell.js';
import { meetTarget } from './prepare.js';
import { openSession, type Session, type SessionParts } from '../engine/perform/session.js';

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
export async function examine(parts: SessionParts): Promise<Examination> {
  const met = await meetTarget(parts);
  const session = openSession(parts, met.state);
  try {
    const answer = await ask(session);
    return {
      reachability: reachability(answer, met.state.baseUrl),
      identities: personas.filter(isNeeded(session)).map((persona) => identity(session, persona)),
      arranging: arranging(session),
      foretold: foretell(session),
    };
  } finally {
    await session.provider.close();
    await met.close();
  }
}

/** Whether the plan has a part for a persona: an edition may know no rule about it. */
const isNeeded =
  ({ plan }: Session) =>
  (persona: (typeof personas)[number]): boolean =>
    [...plan.cases.values()].some(({ given, when }) =>
      [given.requestor, ...when.map((probe) => probe.persona)].includes(persona),
    );

type Answer = Omit<Exchange, 'id'>;

function ask({ contract, target, state, secrets }: Session): Promise<Answer> {
  const base = new URL(state.baseUrl);
  const collection = `${base.pathname.replace(/\/+$/, '')}${contract.edition.servicePath}/${target.collection}`;
  return exchange(
    {
      role: 'liveness',
      persona: 'anonymous',
      method: 'GET',
      origin: base.origin,
      requestTarget: `${collection}/${unknownId}`,
      headers: [['user-agent', `cancel-conformance/${contract.version}`]],
      body: null,
    },
    { timeoutMs: target.timeoutMs, secrets },
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
    clock(answer),
  ];
}

function clock({ response, startedAt }: Answer): Symptom {
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

function identity({ state, target }: Session, persona: (typeof personas)[number]): Symptom {
  const credential = state.credentials[persona];
  if (!credential || !('token' in credential)) {
    return { health: 'bad', words: credential?.missing ?? `no token for the persona ${persona}` };
  }
  const source = target.tokens[persona];
  const from = source ? ` from ${tokenSourceInWords(source)}` : '';
  const hints = state.claimHints[persona] ?? [];
  const claims = claimsInWords(credential.token) ?? 'no claims to be read';
  return hints.length > 0
    ? { health: 'doubtful', words: `${persona}${from}: ${hints.join(', ')} (${claims})` }
    : { health: 'good', words: `${persona}${from}: ${claims}` };
}

function arranging({ state, target, plan }: Session): readonly Symptom[] {
  if (state.obstacle !== null) return [{ health: 'bad', words: state.obstacle }];
  const offered = new Set(state.offer?.statuses.map((status) => status.toLowerCase()));
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
    ...shortages({ target, plan }),
  ];
}

/** What an inventory may run out of. */
function shortages({ target, plan }: Pick<Session, 'target' | 'plan'>): readonly Symptom[] {
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

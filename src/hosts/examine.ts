import { claimsInWords } from '../arrange/claims.js';
import type { LiveLook } from '../arrange/graph/look.js';
import type { Exchange } from '../engine/evidence/records.js';
import { exchange } from '../engine/exchange/client.js';
import { StoppedError } from '../engine/errors.js';
import { systemClock, type Clock } from '../engine/patience.js';
import { actionPath, collectionPath } from '../engine/perform/compose.js';
import { foretell, type Foretold } from '../engine/perform/foretell.js';
import type { RunParts, Session } from '../engine/perform/session.js';
import { tokenSourceInWords } from '../target/configuration.js';
import { unservedThere } from '../target/clouds.js';
import type { Target } from '../target/target.js';
import { gatewaySymptoms, lookBehind, preparedSymptoms, withPrepared } from './live-symptoms.js';
import { openSession } from './open-session.js';
import { unverifiedTls, type OpenedWay } from './reaching.js';

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
  /** Whether a token that has to be taken is not. */
  readonly isRefused: boolean;
  /** Why the examination was cut short, so that what looks bad may only not have been looked at; null when it was not. */
  readonly cut: string | null;
}

/** A clock that is further off than this makes fresh tokens look expired or not yet valid; the usual leeway. */
const toleratedSkewMs = 5 * 60_000;

/**
 * Examines a target: reads its control protocol, fetches the tokens, and sends a GET for a request that does not exist, without
 * credentials and with each token, and calls below a path that does not exist; of a live tenant it reads what those who arrange need.
 * Nothing is arranged and nothing is cancelled: where the action is called, it is of a request that does not exist.
 * @param parts with the clock that ends it; without one, nothing does
 */
export async function examine(
  parts: RunParts<Target> & { readonly clock?: Clock },
  way: OpenedWay,
): Promise<Examination> {
  const { clock = systemClock } = parts;
  const opened = await openSession({ ...parts, ...way, clock });
  try {
    const live = await lookBehind(opened.session, parts.target);
    const session = live === null ? opened.session : withPrepared(opened.session, live);
    const address = `${collectionPath(session)}/${parts.contract.endpoint.unknownId}`;
    const answer = await ask(session, { address });
    const { decider } = parts.contract.endpoint.cast;
    const isReached = answer.response !== null;
    const taken = new Map<string, Answer>();
    for (const persona of isReached ? personasOf(session) : [])
      if (tokenOf(session, persona) !== null) taken.set(persona, await ask(session, { address, persona }));
    const read = { anonymous: answer, withToken: taken.get(decider) ?? answer };
    const examined = { session, target: parts.target, live };
    return {
      reachability: [
        ...reachability(answer, session, parts.target),
        ...gatewaySymptoms(parts.target),
        ...addressSymptoms(session),
        ...(isReached ? await wrongPath(session, read) : []),
      ],
      identities: personasOf(session).map((persona) => identity(examined, persona, taken.get(persona))),
      arranging: arranging(examined),
      foretold: foretell(session),
      isRefused:
        [...taken].some(([persona, told]) => refusalOf(session, persona, told) !== null) ||
        (live?.troubles.size ?? 0) > 0,
      cut: clock.signal.aborted ? new StoppedError(clock.signal.reason).message : null,
    };
  } finally {
    await opened.close();
  }
}

/** A session, and its target with all that its file says. */
interface Examined {
  readonly session: Session;
  readonly target: Target;
  /** Null for a target that is no live tenant. */
  readonly live: LiveLook | null;
}

/** The personas that the plan has a part for: an edition may know no rule about one. */
function personasOf({ plan, contract }: Session): readonly string[] {
  const named = new Set(
    [...plan.cases.values()].flatMap(({ given, when }) => [given.requestor, ...when.map((probe) => probe.persona)]),
  );
  return Object.keys(contract.endpoint.personas).filter((persona) => named.has(persona));
}

type Answer = Omit<Exchange, 'id'>;

function tokenOf({ credentials }: Session, persona: string): string | null {
  const credential = credentials[persona];
  return credential && 'token' in credential ? credential.token : null;
}

/** A harmless call. @param persona whose token it carries; left out: none @param method left out: a read */
function ask(
  session: Session,
  {
    address,
    persona,
    method = 'GET',
  }: { readonly address: string; readonly persona?: string; readonly method?: string },
): Promise<Answer> {
  const { contract, target, baseUrl, secrets, reach, clock } = session;
  const token = persona === undefined ? null : tokenOf(session, persona);
  return exchange(
    {
      role: 'liveness',
      persona: persona ?? 'anonymous',
      method,
      origin: new URL(baseUrl).origin,
      requestTarget: address,
      headers: [
        ['user-agent', `cancel-conformance/${contract.version}`],
        ...(token === null ? [] : [['authorization', `Bearer ${token}`] as const]),
      ],
      body: null,
    },
    { timeoutMs: target.timeoutMs, secrets, reach, signal: clock.signal },
  );
}

function reachability(answer: Answer, { baseUrl }: Session, target: Target): readonly Symptom[] {
  const { response, noAnswer } = answer;
  if (!response) return [{ health: 'bad', words: `${baseUrl} does not answer: ${noAnswer?.message ?? 'unknown'}` }];
  const encrypted = baseUrl.startsWith('https:');
  return [
    {
      health: 'good',
      words: `${baseUrl} answers (${response.status} to an anonymous GET, after ${Math.round(answer.durationMs)} ms)`,
    },
    tlsSymptom(encrypted, target),
    clockSymptom(answer),
  ];
}

function tlsSymptom(encrypted: boolean, target: Target): Symptom {
  if (!encrypted) return { health: 'good', words: 'TLS: none, plain http' };
  const unverified = unverifiedTls(target);
  return unverified === null
    ? { health: 'good', words: 'TLS: the certificate was verified' }
    : { health: 'bad', words: `TLS: ${unverified}` };
}

/** A path below the base URL at which no edition has anything. */
const astrayPath = ({ baseUrl }: Session): string => `${new URL(baseUrl).pathname}/cancel-conformance-no-such-path`;

/** Whether `baseUrl` is the right one, by what it is. */
function addressSymptoms({ baseUrl, contract: { edition } }: Session): readonly Symptom[] {
  const unserved = unservedThere(baseUrl, edition.api);
  const symptoms: Symptom[] = unserved === null ? [] : [{ health: 'doubtful', words: unserved }];
  if (!new URL(baseUrl).pathname.endsWith(`/${edition.api}`)) {
    const words = `baseUrl does not end in /${edition.api}, below which the edition ${edition.id} has its paths: correct baseUrl, or choose another edition`;
    symptoms.push({ health: 'doubtful', words });
  }
  return symptoms;
}

/**
 * Whether the target tells the path of the edition from any other: by a read, and where that tells nothing, for a target need not serve
 * any, by the action of a request that does not exist.
 */
async function wrongPath(
  session: Session,
  read: Readonly<Record<'anonymous' | 'withToken', Answer>>,
): Promise<readonly Symptom[]> {
  const { endpoint, edition } = session.contract;
  const action = actionPath(session, endpoint.unknownId);
  const astray = astrayPath(session);
  const astrayAction = astray + action.slice(action.lastIndexOf('/'));
  const { method } = endpoint.forms.usual;
  const persona = endpoint.cast.decider;
  // What was not sent yet is sent where nothing before it told one from the other.
  const pairs: readonly (() => Promise<readonly [right: Answer, astray: Answer]>)[] = [
    async () => [read.anonymous, await ask(session, { address: astray })],
    async () => [read.withToken, await ask(session, { address: astray, persona })],
    async () => [
      await ask(session, { address: action, method }),
      await ask(session, { address: astrayAction, method }),
    ],
    async () => [
      await ask(session, { address: action, method, persona }),
      await ask(session, { address: astrayAction, method, persona }),
    ],
  ];
  let kind = '';
  for (const pair of pairs) {
    const [right, other] = await pair();
    // Whoever asks for a token first tells nothing by that.
    if (right.response?.status === 401 || kindOf(right) !== kindOf(other)) return [];
    kind = kindOf(right) ?? kind;
  }
  const words = `the path of the edition is answered like one that does not exist (${kind}): is baseUrl right, and does the target serve ${edition.servicePath}?`;
  return [{ health: 'bad', words }];
}

/** What an answer looks like, in so far as answers to different paths may look alike. */
function kindOf({ response }: Answer): string | null {
  if (response === null) return null;
  const type = response.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? 'no content type';
  const [, code = ''] = /"code"\s*:\s*"([^"]{1,60})"/.exec(response.body.text) ?? [];
  return [String(response.status), type.split(';')[0], ...(code === '' ? [] : [code])].join(', ');
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

function identity({ session, target, live }: Examined, persona: string, answer: Answer | undefined): Symptom {
  const credential = session.credentials[persona];
  if (!credential || !('token' in credential)) {
    const rule = session.contract.endpoint.personas[persona];
    const unknown = rule?.unknownTo?.[target.provider];
    if (unknown !== undefined) return { health: 'good', words: `${persona}: not needed, for ${unknown}` };
    if (rule?.optional === true)
      return { health: 'good', words: `${persona}: not there, and not needed; what only it could tell is left out` };
    return { health: 'bad', words: credential?.missing ?? `no token for the persona ${persona}` };
  }
  const source = target.tokens[persona];
  const from = source ? ` from ${tokenSourceInWords(source)}` : '';
  const hints = session.claimHints[persona] ?? [];
  const claims = [claimsInWords(credential.token) ?? 'no claims to be read', ...partsOf(session, persona)].join('; ');
  const refused = refusalOf(session, persona, answer) ?? live?.troubles.get(persona) ?? null;
  if (refused !== null) return { health: 'bad', words: `${persona}${from}: ${refused} (${claims})` };
  return hints.length > 0
    ? { health: 'doubtful', words: `${persona}${from}: ${hints.join(', ')} (${claims})` }
    : { health: 'good', words: `${persona}${from}: ${claims}` };
}

/** What a persona is there for, for whoever has to supply it. */
function partsOf({ contract: { endpoint }, plan }: Session, persona: string): readonly string[] {
  const owns = [...plan.cases.values()].some(({ given }) => (given.requestor ?? endpoint.cast.owner) === persona);
  const rule = endpoint.personas[persona];
  return [...(rule ? [`is to be ${rule.is}`] : []), ...(owns ? ['owns requests'] : [])];
}

/** Why a token that has to be taken is not; null where it is, or where being refused is what it is for. */
function refusalOf({ contract, target }: Session, persona: string, answer: Answer | undefined): string | null {
  const { endpoint, edition } = contract;
  const { status } = answer?.response ?? {};
  if (status !== 401) return null;
  const broken = endpoint.brokenGates({ persona }, { status: endpoint.bystanderStatus, requestor: persona }, edition);
  if (broken.has(endpoint.signOfLife.gate)) return null;
  return `${target.name} does not take the token: it answered 401 to a harmless read`;
}

function arranging({ session, target, live }: Examined): readonly Symptom[] {
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
    ...shortages({ session, target, live }),
    ...preparedSymptoms(live, target),
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

import type { Case, Probe } from '../case.js';
import { ownerOf } from '../endpoint.js';
import { AbsentError, PrerequisiteError, UnreachableError } from '../errors.js';
import type { CaseRecord, Exchange, FrameRole, Look, NoAnswerReason, ReceivedResponse } from '../evidence/records.js';
import { exchange } from '../exchange/client.js';
import { barrierFor, type ExchangeSettings, type Message } from '../exchange/message.js';
import { header, isRefusal, sameStatus } from '../judge/facts.js';
import { mostTries, poll, retry, waitMs } from '../patience.js';
import { compose, withCookies, type Composition } from './compose.js';
import type { Frame, FrameKeeper, Settled } from './frame.js';
import { obstacleTo, recorded, type Obstacle } from './obstacles.js';
import { overOneConnection } from './opening.js';
import { isCheap, type Session } from './session.js';

/**
 * Carries out one case that is no cell: arranges its frame, sends its calls, reads the frame again. A frame that is watched is read once
 * more when the keeper is closed; only then is the record complete.
 * @returns the record; what was missing stands in `blocked`, and trouble of the network in the exchanges
 * @throws only for faults of the suite
 */
export async function performCase(session: Session, keeper: FrameKeeper, entry: Case): Promise<CaseRecord> {
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  const exchanges: Exchange[] = [];
  const looks: Look[] = [];
  // Exchanges are captured without secrets; what the arranging side says is looked through here.
  const redacted = (look: Look): Look => session.secrets.redactAll(look);
  const finished = (obstacle: Obstacle | null): CaseRecord => ({
    caseId: entry.id,
    ...(obstacle === null ? { blocked: null } : session.secrets.redactAll(recorded(obstacle))),
    exchanges,
    looks,
    startedAt,
    durationMs: Math.round(performance.now() - begin),
  });
  await session.renew();
  const obstacle = obstacleTo(session, entry);
  if (obstacle !== null) return finished(obstacle);
  const requestor = ownerOf(entry, session.contract);
  let frame: Frame | undefined;
  let watched = false;
  let isKept = false;
  const { readsDone } = session.contract.endpoint;
  try {
    const { status } = entry.given;
    frame = await keeper.open(status, requestor);
    looks.push(...frame.before.map(redacted));
    assertStillIn(session, frame, entry);
    if (entry.given.removed === true) await removeSubject(session, frame);
    await session.arranging.provider.intend(frame.ids.subject, `call ${entry.id}`);
    exchanges.push(...(await callAll(session, frame, entry)));
    for (const { response } of exchanges) session.captured.bytes += response?.body.text.length ?? 0;
    const unsent = unsentIn(exchanges);
    if (unsent !== null) return finished(unsent);
    const answeredAt = session.clock.nowMs();
    const replace = (role: FrameRole, look: Look | null): void => {
      const at = looks.findIndex((known) => known.role === role && known.when === 'after');
      looks.splice(at, 1, ...(look === null ? [] : [redacted(look)]));
    };
    const after = await keeper.look(frame, settledFor(session, exchanges), entry.id);
    for (const look of after.map(redacted)) {
      // A reading of before comes again, whole, where what it is held against differs.
      const at = looks.findIndex(({ role, when }) => look.when === 'before' && when === 'before' && role === look.role);
      if (at === -1) looks.push(look);
      else looks[at] = look;
    }
    await noteHealth(session, frame, exchanges);
    const watchedMs = watchedFor(session, entry, exchanges);
    watched = watchedMs > 0;
    if (watched) {
      keeper.watch({ frame, answeredAt, dueAt: answeredAt + watchedMs, replace });
    }
    const [isDone = false, ...strayed] = after
      .filter(({ when }) => when === 'after')
      .map((look) => readsDone(look.status));
    isKept =
      !watched && isCheap(session) && entry.given.removed !== true && exchanges.length > 0 && !strayed.includes(true);
    if (isKept) keeper.keep(frame, entry.id, isDone);
    return finished(null);
  } catch (error) {
    return finished(obstacleOf(session, entry, error));
  } finally {
    if (frame && !watched && !isKept) await keeper.discard(frame, exchanges.length > 0 && exchanges.every(wasRefused));
  }
}

/** Why nothing was sent but what goes before a call; null where the call was. */
export const unsentIn = (exchanges: readonly Exchange[]): Obstacle | null =>
  exchanges.some(({ role }) => role === 'probe')
    ? null
    : { reason: 'the target set no cookie', absent: true, excluded: true };

/**
 * What an error says of a case that it came in the way of.
 * @throws the error itself, where it is no lack but a fault of the suite
 */
export function obstacleOf({ breaker }: Session, { cell }: Case, error: unknown): Obstacle {
  if (!(error instanceof PrerequisiteError)) throw error;
  const { message: reason } = error;
  if (error instanceof UnreachableError) breaker.failed(reason);
  // What a cell is about is told by other cells as well, as long as the target is there.
  const isAbsent = error instanceof AbsentError || (cell !== undefined && !(error instanceof UnreachableError));
  return { reason, ...(isAbsent && { absent: true }) };
}

/**
 * A live request may leave its status before it is called; then it is left alone, for whoever wants it as it is now.
 * @throws AbsentError when it has
 */
export function assertStillIn({ arranging }: Session, { before }: Frame, { given }: Case): void {
  const status = before.find(({ role }) => role === 'subject')?.status ?? null;
  if (!arranging.movesOn || sameStatus(status, given.status)) return;
  throw new AbsentError(
    `the race for ${given.status} was lost: the request read ${status ?? 'nothing'} when its turn had come`,
  );
}

/**
 * Removes the request of a case before its calls.
 * @throws AbsentError where it can be read behind that: then nothing says that it is gone
 */
async function removeSubject({ arranging, held }: Session, { ids: { subject } }: Frame): Promise<void> {
  await arranging.provider.remove(subject);
  held.delete(subject);
  const { found } = await arranging.provider.read(subject);
  if (found) throw new AbsentError(`${arranging.name} removed the request ${subject}, and shows it still`);
}

/**
 * How long a frame is watched, in milliseconds; 0 for not at all. A target that says its effects are late (C-10) may carry
 * out late what it refused, so there every refusal is watched, at one wait for a group of cases; elsewhere only the cases
 * are that ask for it. Not where requests are dear: shared ones are wanted by the next case at once, and a request that no
 * longer reads as new is not lent again.
 */
function watchedFor({ target }: Session, { watchedMs = 0 }: Case, exchanges: readonly Exchange[]): number {
  const everyRefusal = !target.expensive && exchanges.length > 0 && exchanges.every(wasRefused);
  return watchedMs > 0 || everyRefusal ? Math.max(watchedMs, target.settleMs) : 0;
}

/** What goes before a call over its connection does nothing to the request. */
export const wasRefused = ({ role, response }: Exchange): boolean =>
  harmless.includes(role) || (response !== null && isRefusal(response));

/** What was throttled was not processed, and what went before it over its connection was such a call. */
const harmless: readonly Exchange['role'][] = ['opening', 'throttled'];

/** Sends the calls of a case on a frame, and what else tells something of their answers. */
export async function callAll(session: Session, frame: Frame, entry: Case): Promise<readonly Exchange[]> {
  const resource = frame.before.find((look) => look.role === 'subject')?.resource ?? null;
  const owner = ownerOf(entry, session.contract);
  const composition: Composition = { session, ids: frame.ids, owner, resource };
  const messages = entry.when.map((probe) => compose(probe, composition));
  const call = (message: Message, index: number): Promise<Result> =>
    exchange(message, {
      ...settingsOf(session, entry.when[index]?.wire === true),
      ...(entry.cell && { keptBytes: littleBytes }),
    });
  const callTogether = (): Promise<readonly Result[]> => {
    const meet = barrierFor(messages.length);
    return Promise.all(
      messages.map((message) => exchange(message, { ...settingsOf(session, false), barrier: meet() })),
    );
  };
  const results: Result[] = [];
  const [first] = messages;
  if (entry.simultaneously) results.push(...(await patiently(session, callTogether)));
  else if (entry.opening && first) {
    const opening = compose(entry.opening, composition);
    const settings = settingsOf(session, false);
    const returnsCookies = entry.when[0].returnsCookies === true;
    const callBehind = (before: ReceivedResponse): Message | null =>
      returnsCookies ? withCookies(first, before, session.secrets) : first;
    results.push(...(await patiently(session, () => overOneConnection(opening, callBehind, settings))));
  } else
    for (const [index, message] of messages.entries())
      results.push(...(await patiently(session, async () => [await call(message, index)])));
  if (asksForLife(session, entry) && results.some((result) => result.noAnswer !== null)) {
    results.push(await exchange(livenessMessage(composition), settingsOf(session, false)));
  }
  for (const persona of unproven(session, entry, results)) {
    const probe = { ...session.contract.endpoint.signOfLife.probe, persona };
    const message = { ...compose(probe, composition), role: 'sign-of-life' as const };
    results.push(await exchange(message, settingsOf(session, false)));
  }
  return results.map((result, index) => ({ id: `${entry.id}.${index + 1}`, ...result }));
}

type Result = Omit<Exchange, 'id'>;

/**
 * Callers whose refusal may be that of a token which the target does not know: answered 401 though their credentials are to
 * be right, with a token that the target's own side did not hand out.
 */
function unproven({ contract, credentials }: Session, entry: Case, results: readonly Result[]): readonly string[] {
  const { endpoint, edition } = contract;
  const isRefused = ({ persona }: Probe): boolean =>
    results.some((result) => result.persona === persona && result.response?.status === 401);
  const isBelieved = ({ persona }: Probe): boolean => {
    const credential = credentials[persona];
    return credential !== undefined && 'token' in credential && credential.handedOut === true;
  };
  const probes = entry.when.filter((probe) => {
    const isRight = !endpoint.brokenGates(probe, entry.given, edition).has(endpoint.signOfLife.gate);
    return isRight && isRefused(probe) && !isBelieved(probe);
  });
  return [...new Set(probes.map(({ persona }) => persona))];
}

/**
 * Sends calls again as long as they are throttled: a 429 says that it was not processed, whatever else is never repeated. Calls
 * at one moment are sent again together, and only if none of them was processed.
 */
async function patiently({ clock }: Session, send: () => Promise<readonly Result[]>): Promise<readonly Result[]> {
  const tried: (readonly Result[])[] = [];
  const attempt = async (): Promise<readonly Result[]> => {
    const results = await send();
    tried.push(results);
    return results;
  };
  const last = await retry(attempt, { mostTries, clock, waitMs: throttledFor });
  const throttled = tried.slice(0, -1).flat();
  return [...throttled.map((result) => ({ ...result, role: 'throttled' as const })), ...last];
}

/** How long calls at one moment have to wait, in milliseconds; null when one of them was processed. */
function throttledFor(results: readonly Result[], tries: number): number | null {
  const calls = results.filter(({ role }) => role !== 'opening');
  const waits = calls.map(({ response }) =>
    response?.status === 429
      ? waitMs({ status: response.status, retryAfter: header(response, 'retry-after') }, tries)
      : null,
  );
  return waits.length === 0 || waits.includes(null) ? null : Math.max(...waits.map(Number));
}

/**
 * What an error takes: of a cell the status is judged, and there are hundreds; and a target that answers at length shows nothing
 * more when it has been seen to do so many times.
 */
const littleBytes = 4096;

/** Bytes of bodies in evidence from which on little is kept of each. */
const capturedCapBytes = 2 * 1024 * 1024;

const settingsOf = ({ target, secrets, clock, captured, reach }: Session, tap: boolean): ExchangeSettings => ({
  ...(captured.bytes > capturedCapBytes && { keptBytes: littleBytes }),
  timeoutMs: target.timeoutMs,
  secrets,
  reach,
  signal: clock.signal,
  ...(tap ? { tap } : {}),
});

/** Cases that judge a hang must tell it from a target that is gone. */
export const asksForLife = ({ contract: { endpoint } }: Session, entry: Case): boolean =>
  entry.then.some(({ verb }) => endpoint.verbs[verb]?.asksForLife === true);

const livenessMessage = (composition: Composition): Message => ({
  ...compose(composition.session.contract.endpoint.liveness, composition),
  role: 'liveness',
});

/** A success is read again until it shows or the settle time is over; whatever else is read once: null. */
function settledFor({ contract: { endpoint } }: Session, exchanges: readonly Exchange[]): Settled | null {
  const accepted = exchanges.some(
    ({ role, response }) => role === 'probe' && response !== null && response.status < 300,
  );
  return accepted ? endpoint.readsDone : null;
}

/**
 * A call without any answer counts against the target's health, unless the endpoint proved to be alive. Whoever sends what
 * is no HTTP is there: nothing is told by it, but what stands behind an answer may be.
 */
export async function noteHealth(session: Session, { ids }: Frame, exchanges: readonly Exchange[]): Promise<void> {
  const { breaker } = session;
  // Whoever hung up behind an answer is there as well.
  const last = exchanges.findLast(({ role }) => role === 'opening') ?? exchanges.at(-1);
  const reason = last?.noAnswer?.reason ?? 'protocol-error';
  const isGone =
    reason !== 'protocol-error' && !(breaker.isLast && brokenDown.includes(reason) && (await lives(session, ids)));
  if (isGone && last?.noAnswer) breaker.failed(`${last.request.method} ${last.request.url}: ${last.noAnswer.message}`);
  else breaker.succeeded();
}

/** As of a process that broke down on a call. */
const brokenDown: readonly NoAnswerReason[] = ['connection-closed', 'connection-refused'];

/** Longest that a process may take that is started anew, in milliseconds. */
const restartMs = 3000;

/** Whether a harmless call is answered: what breaks down on certain calls, and is there again, is judged by all the others. */
async function lives(session: Session, ids: Frame['ids']): Promise<boolean> {
  const { target, clock, contract } = session;
  const { owner } = contract.endpoint.cast;
  const message = livenessMessage({ session, ids, owner, resource: null });
  const answer = await poll(() => exchange(message, settingsOf(session, false)), {
    settled: ({ response }) => response !== null,
    patienceMs: Math.min(target.timeoutMs, restartMs),
    clock,
  });
  return answer.response !== null;
}

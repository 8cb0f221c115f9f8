import type { Case } from '../case.js';
import { unknownId } from '../../cancel/forms/addresses.js';
import { header, isRefusal, readsCancelled, sameStatus } from '../judge/facts.js';
import { longestWaitMs, mostTries, pause, waitMs } from '../throttling.js';
import { AbsentError, PrerequisiteError, UnreachableError } from '../errors.js';
import type { CaseRecord, Exchange, FrameRole, Look } from '../evidence/records.js';
import { exchange } from '../exchange/client.js';
import type { Message } from '../exchange/message.js';
import { compose, type Composition } from './compose.js';
import { FrameKeeper, type Frame } from './frame.js';
import { obstacleTo } from './obstacles.js';
import type { Session } from './session.js';

/**
 * Carries out one case: arranges its frame, sends its calls, reads the frame again. A frame that is watched is read once
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
  const finished = (blocked: string | null): CaseRecord => ({
    caseId: entry.id,
    blocked: session.secrets.redactAll(blocked),
    exchanges,
    looks,
    startedAt,
    durationMs: Math.round(performance.now() - begin),
  });
  const obstacle = obstacleTo(session, entry);
  if (obstacle !== null) return { ...finished(obstacle.reason), ...(obstacle.absent ? { absent: true } : {}) };
  const requestor = entry.given.requestor ?? 'requestor';
  let frame: Frame | undefined;
  let watched = false;
  try {
    frame = await keeper.open(entry.given.status, requestor);
    looks.push(...frame.before.map(redacted));
    assertStillIn(session, frame, entry);
    await session.provider.intend(frame.ids.subject, `call ${entry.id}`);
    exchanges.push(...(await callAll(session, frame, entry)));
    const answeredAt = performance.now();
    looks.push(...(await keeper.look(frame, requestor, settledFor(exchanges))).map(redacted));
    noteHealth(session, exchanges);
    const watchedMs = watchedFor(session, entry, exchanges);
    watched = watchedMs > 0;
    if (watched) {
      const replace = (role: FrameRole, look: Look | null): void => {
        const at = looks.findIndex((known) => known.role === role && known.when === 'after');
        looks.splice(at, 1, ...(look === null ? [] : [redacted(look)]));
      };
      keeper.watch({ frame, requestor, answeredAt, dueAt: answeredAt + watchedMs, replace });
    }
    return finished(null);
  } catch (error) {
    if (error instanceof UnreachableError) session.breaker.failed(error.message);
    if (error instanceof AbsentError) return { ...finished(error.message), absent: true };
    if (error instanceof PrerequisiteError) return finished(error.message);
    throw error;
  } finally {
    if (frame && !watched) await keeper.discard(frame, exchanges.length > 0 && exchanges.every(wasRefused));
  }
}

/**
 * A live request may leave its status before it is called; then it is left alone, for whoever wants it as it is now.
 * @throws AbsentError when it has
 */
function assertStillIn({ target }: Session, { before }: Frame, { given }: Case): void {
  const status = before.find(({ role }) => role === 'subject')?.status ?? null;
  if (target.requests.provider !== 'graph' || sameStatus(status, given.status)) return;
  throw new AbsentError(
    `the race for ${given.status} was lost: the request read ${status ?? 'nothing'} when its turn had come`,
  );
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

const wasRefused = ({ response }: Exchange): boolean => response !== null && isRefusal(response);

async function callAll(session: Session, frame: Frame, entry: Case): Promise<readonly Exchange[]> {
  const resource = frame.before.find((look) => look.role === 'subject')?.resource ?? null;
  const composition: Composition = { session, ids: frame.ids, resource };
  const messages = entry.when.map((probe) => compose(probe, composition));
  const call = (message: Message, index: number): Promise<Omit<Exchange, 'id'>> =>
    entry.when[index]?.wire === true
      ? exchange(message, { ...settingsOf(session), tap: true })
      : exchange(message, settingsOf(session));
  const results: Omit<Exchange, 'id'>[] = [];
  if (entry.simultaneously) results.push(...(await patientlyTogether(() => Promise.all(messages.map(call)))));
  else
    for (const [index, message] of messages.entries()) results.push(...(await patiently(() => call(message, index))));
  if (asksForLife(entry) && results.some((result) => result.noAnswer !== null)) {
    results.push(await exchange(livenessMessage(composition), settingsOf(session)));
  }
  return results.map((result, index) => ({ id: `${entry.id}.${index + 1}`, ...result }));
}

type Result = Omit<Exchange, 'id'>;

/** Sends a call again as long as it is throttled: a 429 says that it was not processed, whatever else is never repeated. */
const patiently = (send: () => Promise<Result>): Promise<readonly Result[]> =>
  patientlyTogether(async () => [await send()]);

/** The same for calls at one moment: they are sent again together, and only if none of them was processed. */
async function patientlyTogether(send: () => Promise<readonly Result[]>): Promise<readonly Result[]> {
  const throttled: Result[] = [];
  for (let tries = 1; ; tries += 1) {
    const results = await send();
    const waits = results.map(({ response }) =>
      response?.status === 429 ? waitMs(asThrottling(response), tries) : null,
    );
    const ms = waits.includes(null) ? null : Math.max(...waits.map(Number));
    if (ms === null || ms > longestWaitMs || tries === mostTries) return [...throttled, ...results];
    throttled.push(...results.map((result) => ({ ...result, role: 'throttled' as const })));
    await pause(ms);
  }
}

const asThrottling = (
  response: NonNullable<Exchange['response']>,
): { status: number; retryAfter: string | undefined } => ({
  status: response.status,
  retryAfter: header(response, 'retry-after'),
});

const settingsOf = (session: Session): { timeoutMs: number; secrets: Session['secrets'] } => ({
  timeoutMs: session.target.timeoutMs,
  secrets: session.secrets,
});

/** Cases that judge a hang must tell it from a target that is gone. */
const asksForLife = (entry: Case): boolean =>
  entry.then.some(({ verb }) => verb === 'answers-in-time-without-server-error');

/** A harmless call that any living endpoint answers: no credentials, an id that nobody has. */
function livenessMessage(composition: Composition): Message {
  const message = compose({ persona: 'administrator', credential: 'none', body: 'absent' }, composition);
  return {
    ...message,
    role: 'liveness',
    requestTarget: message.requestTarget.replace(composition.ids.subject, unknownId),
  };
}

/** A success is read again until it shows or the settle time is over; whatever else is read once. */
function settledFor(exchanges: readonly Exchange[]): (status: string | null) => boolean {
  const accepted = exchanges.some(
    ({ role, response }) => role === 'probe' && response !== null && response.status < 300,
  );
  return accepted ? readsCancelled : () => true;
}

/**
 * A call without any answer counts against the target's health, unless the endpoint proved to be alive. Whoever sends what
 * is no HTTP is there: nothing is told by it, but what a bare socket sees may be.
 */
function noteHealth(session: Session, exchanges: readonly Exchange[]): void {
  const last = exchanges.at(-1);
  if (last?.noAnswer && last.noAnswer.reason !== 'protocol-error')
    session.breaker.failed(`${last.request.method} ${last.request.url}: ${last.noAnswer.message}`);
  else session.breaker.succeeded();
}

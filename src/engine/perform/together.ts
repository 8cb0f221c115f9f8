import type { Case } from '../case.js';
import { ownerOf } from '../endpoint.js';
import { PrerequisiteError, UnreachableError } from '../errors.js';
import type { CaseRecord, Exchange, Look } from '../evidence/records.js';
import { together } from '../in-lanes.js';
import type { Frame, FrameKeeper } from './frame.js';
import { mustBeRefused } from '../plan/spared.js';
import { obstacleTo, recorded } from './obstacles.js';
import { asksForLife, assertStillIn, callAll, noteHealth, unsentIn, wasRefused } from './perform.js';
import type { Session } from './session.js';

/**
 * Whether a case may be carried out on a request at the same moment as others: its call must be refused, and nobody waits for
 * what comes later. Of several calls only the answers are compared. A call that a target may break down on has it to itself.
 */
export const goesTogether = (session: Session, entry: Case): boolean => {
  const { verbs } = session.contract.endpoint;
  return (
    (entry.when.length === 1 || entry.then.some(({ verb }) => verbs[verb]?.comparesAnswers === true)) &&
    entry.simultaneously !== true &&
    entry.control !== undefined &&
    entry.control.ifServed !== true &&
    entry.cell === undefined &&
    entry.watchedMs === undefined &&
    entry.given.removed !== true &&
    mustBeRefused(entry, session.contract) &&
    !asksForLife(session, entry)
  );
};

/**
 * Carries out cases that may go together on one frame: their calls are sent at one moment, and the frame is read once before
 * and once after them. What it shows then is shown of each of them; whose doing a change was is told by carrying them out
 * again, alone.
 * @param cases of one status and owner
 * @returns a record for each; null when a frame could not be arranged for them all, or something stands against one of them:
 * nothing was called then
 * @throws only for faults of the suite
 */
export async function performTogether(
  session: Session,
  keeper: FrameKeeper,
  cases: readonly Case[],
): Promise<readonly CaseRecord[] | null> {
  const [first] = cases;
  if (!first) return [];
  await session.renew();
  if (cases.some((entry) => obstacleTo(session, entry) !== null)) return null;
  const frame = await framed(session, keeper, first);
  if (frame === null) return null;
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  let all: readonly (readonly Exchange[])[] = [];
  let after: readonly Look[] = [];
  let blocked: string | null = null;
  try {
    for (const entry of cases) await session.arranging.provider.intend(frame.ids.subject, `call ${entry.id}`);
    all = await together(cases.map((entry) => callAll(session, frame, entry)));
    after = await keeper.look(frame, null, first.id);
    for (const exchanges of all) await noteHealth(session, frame, exchanges);
  } catch (error) {
    if (!(error instanceof PrerequisiteError)) throw error;
    if (error instanceof UnreachableError) session.breaker.failed(error.message);
    blocked = error.message;
  } finally {
    await keeper.discard(frame, all.length > 0 && all.flat().every(wasRefused));
  }
  const before = frame.before.filter(({ role }) => !after.some((look) => look.when === 'before' && look.role === role));
  const looks = session.secrets.redactAll([...before, ...after]);
  const durationMs = Math.round(performance.now() - begin);
  return cases.map((entry, at) => {
    for (const { response } of all[at] ?? []) session.captured.bytes += response?.body.text.length ?? 0;
    session.besideOthers.add(entry.id);
    const unsent = blocked === null ? unsentIn(all[at] ?? []) : null;
    return {
      caseId: entry.id,
      ...(unsent === null ? { blocked: session.secrets.redactAll(blocked) } : recorded(unsent)),
      exchanges: all[at] ?? [],
      looks,
      startedAt,
      durationMs,
    };
  });
}

/** The frame of cases that go together; null when it cannot be arranged. */
async function framed(session: Session, keeper: FrameKeeper, entry: Case): Promise<Frame | null> {
  try {
    const frame = await keeper.open(entry.given.status, ownerOf(entry, session.contract));
    assertStillIn(session, frame, entry);
    return frame;
  } catch (error) {
    if (error instanceof PrerequisiteError) return null;
    throw error;
  }
}

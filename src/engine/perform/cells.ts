import { requestOf, type Case } from '../case.js';
import { ownerOf } from '../endpoint.js';
import type { CaseRecord, Exchange, Look } from '../evidence/records.js';
import { isPassing } from '../plan/arranged.js';
import type { Frame, FrameKeeper } from './frame.js';
import { obstacleTo, recorded, type Obstacle } from './obstacles.js';
import { assertStillIn, callAll, noteHealth, obstacleOf, wasRefused } from './perform.js';
import { isCheap, type Session } from './session.js';

/** How many cells are called one behind the other before the subject that they share is read. */
const mostInRow = 8;

/** Whether a case may stand in a row: it shares a subject, which stays as it is as long as nothing is done to it. */
export const standsInRow = (session: Session, entry: Case): boolean =>
  entry.cell !== undefined && isCheap(session) && !isPassing(entry.given.status, session.contract.endpoint);

/** Portions of cases: each row of those that may stand in one, on one request, takes the place of its first. */
export function rowsOf(
  portions: readonly (readonly [Case, ...Case[]])[],
  isInRow: (entry: Case) => boolean,
): readonly (readonly [Case, ...Case[]])[] {
  const rows: [Case, ...Case[]][] = [];
  const open = new Map<string, [Case, ...Case[]]>();
  for (const portion of portions) {
    const [entry] = portion;
    const row = isInRow(entry) ? open.get(requestOf(entry)) : undefined;
    if (row !== undefined && row.length < mostInRow) {
      row.push(entry);
      continue;
    }
    const begun: [Case, ...Case[]] = [...portion];
    rows.push(begun);
    if (isInRow(entry)) open.set(requestOf(entry), begun);
  }
  return rows;
}

/**
 * Carries out cells on the subject that they share. Their calls must be refused, so it is read once behind a row of them; where
 * it changed, each is carried out again by itself, since it is not known whose doing it was.
 * @param cells one, or a row
 * @returns a record for each that was begun: fewer than there are cells when the run was ended
 * @throws only for faults of the suite
 */
export async function performCells(
  session: Session,
  keeper: FrameKeeper,
  cells: readonly Case[],
): Promise<readonly CaseRecord[]> {
  const records: CaseRecord[] = [];
  while (records.length < cells.length && !session.clock.signal.aborted) {
    const row = await performRow(session, keeper, cells.slice(records.length));
    const called = row.records.filter(({ exchanges }) => exchanges.length > 0);
    records.push(...(row.isChanged && called.length > 1 ? await oneByOne(session, keeper, row.records) : row.records));
  }
  return records;
}

/** What a row came to. */
interface Row {
  readonly records: readonly CaseRecord[];
  /** True when the subject reads otherwise than before. */
  readonly isChanged: boolean;
}

/**
 * Carries out again those of a row that were called, each with a reading of its own.
 * @returns their records; those of the row where none of them did it alone, or the run was ended before
 */
async function oneByOne(
  session: Session,
  keeper: FrameKeeper,
  row: readonly CaseRecord[],
): Promise<readonly CaseRecord[]> {
  const again = new Map<string, CaseRecord>();
  let isChanged = false;
  for (const { caseId, exchanges } of row) {
    const entry = session.plan.cases.get(caseId);
    if (entry === undefined || exchanges.length === 0) continue;
    const alone = await performRow(session, keeper, [entry]);
    for (const record of alone.records) again.set(caseId, record);
    isChanged ||= alone.isChanged;
    if (session.clock.signal.aborted) return row;
  }
  return isChanged ? row.map((record) => again.get(record.caseId) ?? record) : row;
}

/** A cell whose turn came. */
interface Attempt {
  readonly entry: Case;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly exchanges: readonly Exchange[];
  /** Null when its call was made. */
  readonly obstacle: Obstacle | null;
}

/** Calls cells, up to the first one that is not refused, and reads the subject. */
async function performRow(session: Session, keeper: FrameKeeper, cells: readonly Case[]): Promise<Row> {
  const attempts: Attempt[] = [];
  const state: { frame: Frame | null } = { frame: null };
  for (const entry of cells) {
    if (session.clock.signal.aborted) break;
    const attempt = await attemptOn(session, entry, async () => {
      const { given } = entry;
      state.frame ??= await keeper.openShared(given.status, ownerOf(entry, session.contract));
      assertStillIn(session, state.frame, entry);
      return state.frame;
    });
    attempts.push(attempt);
    if (attempt.obstacle === null && !attempt.exchanges.every(wasRefused)) break;
  }
  const last = attempts.findLast(({ obstacle }) => obstacle === null);
  const seen =
    state.frame !== null && last !== undefined
      ? await lookBehind(session, keeper, { frame: state.frame, last })
      : noReading;
  return { isChanged: seen.isChanged, records: attempts.map((attempt) => recordOf(session, attempt, seen)) };
}

/** Makes the call of a cell on the frame of its row. */
async function attemptOn(session: Session, entry: Case, framed: () => Promise<Frame>): Promise<Attempt> {
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  let exchanges: readonly Exchange[] = [];
  const finished = (obstacle: Obstacle | null): Attempt => {
    return { entry, startedAt, durationMs: Math.round(performance.now() - begin), exchanges, obstacle };
  };
  await session.renew();
  const obstacle = obstacleTo(session, entry);
  if (obstacle !== null) return finished(obstacle);
  try {
    const frame = await framed();
    await session.arranging.provider.intend(frame.ids.subject, `call ${entry.id}`);
    exchanges = await callAll(session, frame, entry);
    for (const { response } of exchanges) session.captured.bytes += response?.body.text.length ?? 0;
    await noteHealth(session, frame, exchanges);
    return finished(null);
  } catch (error) {
    return finished(obstacleOf(session, entry, error));
  }
}

/** The reading behind a row. */
interface Seen {
  readonly looks: readonly Look[];
  readonly isChanged: boolean;
  /** Why there is no reading; null when there is one. */
  readonly obstacle: Obstacle | null;
}

const noReading: Seen = { looks: [], isChanged: false, obstacle: null };

async function lookBehind(
  session: Session,
  keeper: FrameKeeper,
  { frame, last: { entry, exchanges } }: { readonly frame: Frame; readonly last: Attempt },
): Promise<Seen> {
  try {
    const { look, isChanged } = await keeper.lookShared(frame, entry.given.status, ownerOf(entry, session.contract));
    // What is kept for the end of the run is kept for the one that called last.
    if (!isChanged && isCheap(session) && exchanges.every(wasRefused)) keeper.keep(frame, entry.id, false);
    // Hundreds of cells that changed nothing need no copy of the resource each.
    const [before] = frame.before;
    const looks = [...(before === undefined ? [] : [isChanged ? before : { ...before, resource: null }]), look];
    return { looks: session.secrets.redactAll(looks), isChanged, obstacle: null };
  } catch (error) {
    return { ...noReading, obstacle: obstacleOf(session, entry, error) };
  }
}

function recordOf(session: Session, attempt: Attempt, seen: Seen): CaseRecord {
  const { entry, exchanges, startedAt, durationMs } = attempt;
  const obstacle = attempt.obstacle ?? seen.obstacle;
  return {
    caseId: entry.id,
    ...(obstacle === null ? { blocked: null } : session.secrets.redactAll(recorded(obstacle))),
    exchanges,
    looks: attempt.obstacle === null ? seen.looks : [],
    startedAt,
    durationMs,
  };
}

import { isDeepStrictEqual } from 'node:util';
import { bystanderStatusOf, isPassing, strangersIn } from '../plan/arranged.js';
import { sameStatus } from '../judge/facts.js';
import { PrerequisiteError } from '../errors.js';
import type { FrameIds, FrameRole, Look } from '../evidence/records.js';
import { together } from '../in-lanes.js';
import { poll, unlessStopped } from '../patience.js';
import { isCheap, mayOwn, type Kept, type Session } from './session.js';

/** A watched request and how it last read. */
interface Watched {
  readonly id: string;
  last: Look;
}

/** Two requests that nobody may touch, shared by the cases of a group as long as they stay untouched. */
interface Bystanders {
  readonly sibling: Watched;
  readonly stranger: Watched;
}

/** Bystanders, and the last case beside them that was carried out with success; null: none was. */
type Shared = Bystanders & { succeeded: string | null };

/** The requests that one case watches. */
export interface Frame {
  readonly ids: FrameIds;
  readonly before: readonly Look[];
}

/** Whether a request that reads so shows the effect that is waited for. */
export type Settled = (status: string | null) => boolean;

/** A frame that is read once more before its group ends. */
interface Watch {
  readonly frame: Frame;
  /** Moment of the last answer, and the earliest one of the last reading, by the monotonic clock. */
  readonly answeredAt: number;
  readonly dueAt: number;
  /** Takes the last readings in the place of those before; null for a request that could not be read. */
  readonly replace: (role: FrameRole, look: Look | null) => void;
}

/**
 * Whoever is not the requestor and can have requests.
 * @throws PrerequisiteError when the target has no second user
 */
export function strangerTo(
  requestor: string,
  session: Pick<Session, 'arranging' | 'credentials' | 'contract'>,
): string {
  const stranger = strangersIn(session.contract.endpoint.personas).find(
    (persona) => persona !== requestor && mayOwn(session, persona),
  );
  if (stranger !== undefined) return stranger;
  throw new PrerequisiteError(`no bystander of another requestor: the target offers no user besides ${requestor}`);
}

const bare = (look: Look): Look => ({ ...look, resource: null });

const asBefore = (look: Look): Look => ({ ...look, when: 'before', afterMs: 0 });

/** How often a subject is read until it settles. */
const settling = { firstMs: 25, factor: 2, longestMs: 1000 } as const;

/**
 * Arranges and watches the requests of a group's cases, through the arranging side and never through the identity that acts.
 * Its methods throw PrerequisiteError.
 */
export class FrameKeeper {
  readonly #session: Session;
  readonly #bystanders = new Map<string, Shared>();
  /** Subjects that cells share as long as they read as they were made, by status and owner. */
  readonly #shared = new Map<string, Watched>();
  readonly #givenBack: Promise<void>[] = [];
  readonly #watches: Watch[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  /** A fresh request in the given status, and bystanders that read as they were made. */
  async open(status: string, requestor: string): Promise<Frame> {
    this.#assertStranger(requestor);
    const { sibling, stranger, subject } = await this.#gather(status, requestor);
    const before = [asBefore(subject.last), bare(asBefore(sibling.last)), bare(asBefore(stranger.last))];
    return { ids: { subject: subject.id, sibling: sibling.id, stranger: stranger.id }, before };
  }

  /** As `open`, for a cell: on a subject that cells share, and with bystanders that nobody looks at again. */
  async openShared(status: string, requestor: string): Promise<Frame> {
    this.#assertStranger(requestor);
    const { endpoint } = this.#session.contract;
    const key = `${status} ${requestor}`;
    // What passes by itself would have changed when the next cell has its turn.
    const known = isPassing(status, endpoint) ? undefined : this.#shared.get(key);
    const [{ sibling, stranger }, subject] = await together([
      this.#bystandersOf(endpoint.bystanderStatus, requestor),
      known ?? this.#watch('subject', status, requestor),
    ]);
    this.#shared.set(key, subject);
    return {
      ids: { subject: subject.id, sibling: sibling.id, stranger: stranger.id },
      before: [asBefore(subject.last)],
    };
  }

  /** Reads the subject that cells share: its whole resource is told only where it changed. One that was touched is shared no longer. */
  async lookShared(
    { ids }: Frame,
    status: string,
    requestor: string,
  ): Promise<{ readonly look: Look; readonly isChanged: boolean }> {
    const look = await this.#read('subject', ids.subject, this.#session.clock.nowMs());
    const key = `${status} ${requestor}`;
    const known = this.#shared.get(key);
    const isSame = known?.last.status === look.status && !this.#differ(known.last.resource, look.resource);
    if (known?.id === ids.subject && isSame) {
      known.last = look;
      return { look: { ...look, resource: null }, isChanged: false };
    }
    this.#shared.delete(key);
    this.#givenBack.push(this.#giveBack([ids.subject], 'remove'));
    return { look, isChanged: !isSame };
  }

  /**
   * Reads the frame after the call.
   * @param settled asked with each reading of the subject; reading goes on until it says true or the settle time is over. Null
   * where no effect is to be waited for. All are read at once, which takes a distant target half the time; the bystanders again
   * where that was before the effect
   * @param caseId whose frame it is
   */
  async look(frame: Frame, settled: Settled | null, caseId: string): Promise<readonly Look[]> {
    const begin = this.#session.clock.nowMs();
    const { ids } = frame;
    const read = (role: FrameRole): Promise<Look> => this.#read(role, ids[role], begin);
    let [subject, sibling, stranger] = await together([read('subject'), read('sibling'), read('stranger')]);
    if (settled !== null && !settled(subject.status)) {
      subject = await this.#readUntil(ids.subject, begin, settled);
      [sibling, stranger] = await together([read('sibling'), read('stranger')]);
    }
    const [key, bystanders] = this.#sharing(frame);
    const before = bystanders === undefined ? [] : [bystanders.sibling.last, bystanders.stranger.last];
    // A request that was touched is never shared on.
    const isChanged = (look: Look): boolean => {
      const known = before.find(({ role }) => role === look.role);
      return !sameStatus(known?.status ?? null, look.status) || this.#differ(known?.resource ?? null, look.resource);
    };
    const changed = [sibling, stranger].filter(isChanged);
    if (changed.length > 0) {
      this.#bystanders.delete(key);
      this.#tellWatch([sibling, stranger]);
      for (const look of [sibling, stranger])
        this.#givenBack.push(this.#giveBack([look.requestId], changed.includes(look) ? 'remove' : 'release'));
    } else if (bystanders) {
      [bystanders.sibling.last, bystanders.stranger.last] = [sibling, stranger];
      if (settled !== null) bystanders.succeeded = caseId;
    }
    // What did not change needs no copy of its resource in the evidence of each case.
    const shown = [sibling, stranger].map((look) => (changed.includes(look) ? look : bare(look)));
    const roles = changed.map(({ role }) => role);
    const was = before.filter(({ role }) => roles.includes(role)).map(asBefore);
    return [...was, subject, ...shown];
  }

  /** A case that waits for what comes late is told of it, too: it is no less likely to be its doing than of the case that saw it. */
  #tellWatch(bystanders: readonly Look[]): void {
    const ids = bystanders.map(({ requestId }) => requestId);
    const watch = this.#watches.findLast(({ frame }) => ids.includes(frame.ids.sibling));
    if (!watch) return;
    const afterMs = Math.round(this.#session.clock.nowMs() - watch.answeredAt);
    for (const look of bystanders) watch.replace(look.role, { ...look, afterMs });
  }

  /**
   * Keeps a frame, so that `close` reads it once more: what a target does a moment after its answer is seen then. Changes
   * after that reading, and those after a refusal that nobody watched, are not seen.
   */
  watch(watch: Watch): void {
    this.#watches.push(watch);
  }

  /** Keeps a subject until the end of the run. One that cells share is kept for the one that called last. */
  keep({ ids }: Frame, caseId: string, isDone: boolean): void {
    const { kept } = this.#session;
    const one: Kept = { id: ids.subject, role: 'subject', caseId, isDone };
    const at = kept.findIndex(({ id }) => id === ids.subject);
    if (at === -1) kept.push(one);
    else kept[at] = one;
  }

  /**
   * Begins to give the subject of a case back; `close` waits for it.
   * @param refused true when every call on it was refused, so that it may be used again where requests are shared
   */
  async discard(frame: Frame, refused: boolean): Promise<void> {
    const given = this.#giveBack([frame.ids.subject], refused ? 'release' : 'remove');
    this.#givenBack.push(given);
    // What is shared has to be back before the next case asks for it.
    if (this.#session.target.expensive) await given;
  }

  /** Reads what is watched once more, gives back what the cases shared, and ends what was begun. */
  async close(): Promise<void> {
    await this.#readWatched();
    if (isCheap(this.#session)) this.#keepBystanders();
    const kept = new Set(this.#session.kept.map(({ id }) => id));
    const ids = [...this.#bystanders.values()].flatMap(({ sibling, stranger }) => [sibling.id, stranger.id]);
    ids.push(...[...this.#shared.values()].map(({ id }) => id).filter((id) => !kept.has(id)));
    this.#bystanders.clear();
    this.#shared.clear();
    await together([...this.#givenBack, this.#giveBack(ids, 'release')]);
  }

  /** What stood beside a cancel that was carried out is read once more at the end of the run: it may be reached late. */
  #keepBystanders(): void {
    for (const [key, { succeeded, ...bystanders }] of this.#bystanders) {
      if (succeeded === null) continue;
      this.#bystanders.delete(key);
      for (const { id, last } of Object.values(bystanders))
        this.#session.kept.push({ id, role: last.role, caseId: succeeded, isDone: false });
    }
  }

  /** One wait for the whole group, however many frames are watched. */
  async #readWatched(): Promise<void> {
    const watches = this.#watches.splice(0);
    if (watches.length === 0) return;
    const { clock } = this.#session;
    // A run that is ended waits for nothing: the readings then fail, and nothing is judged by those before them.
    await clock.pause(Math.max(0, ...watches.map(({ dueAt }) => dueAt - clock.nowMs()))).catch(unlessStopped);
    await together([
      ...watches.map((watch) => this.#readAgain(watch, 'subject')),
      // What befell bystanders is told of the last case that had them: the next case would have told it of the others.
      ...[...this.#bystanders.values()].flatMap(({ sibling }) => {
        const last = watches.findLast(({ frame }) => frame.ids.sibling === sibling.id);
        if (!last) return [];
        return [this.#readAgain(last, 'sibling'), this.#readAgain(last, 'stranger')];
      }),
    ]);
    // Where requests are shared, one that was touched is told from one that was not when it comes back.
    for (const { frame } of watches) this.#givenBack.push(this.#giveBack([frame.ids.subject], 'release'));
  }

  /** A reading that fails leaves nothing to judge: the one before it could not vouch for what came later. */
  async #readAgain({ frame, answeredAt, replace }: Watch, role: FrameRole): Promise<void> {
    try {
      if (this.#session.breaker.reason === null) replace(role, await this.#read(role, frame.ids[role], answeredAt));
    } catch (error) {
      if (!(error instanceof PrerequisiteError)) throw error;
      replace(role, null);
    }
  }

  /** Before anything is arranged: without a second user it would be for nothing. */
  #assertStranger(requestor: string): void {
    strangerTo(requestor, this.#session);
  }

  /** Where requests are dear, the subject comes last: it may be in its status for a moment only. */
  async #gather(status: string, requestor: string): Promise<Bystanders & { readonly subject: Watched }> {
    if (this.#session.target.expensive) {
      const bystanders = await this.#bystandersOf(status, requestor);
      return { ...bystanders, subject: await this.#watch('subject', status, requestor) };
    }
    const [bystanders, subject] = await together([
      this.#bystandersOf(status, requestor),
      this.#watch('subject', status, requestor),
    ]);
    return { ...bystanders, subject };
  }

  /** Cleaning up turns no verdict: what cannot be removed now stays with the target. Nothing is sent to a target that is gone. */
  async #giveBack(ids: readonly string[], how: 'release' | 'remove'): Promise<void> {
    if (this.#session.breaker.reason !== null) return;
    try {
      await together(
        ids.map(async (id) => {
          await this.#session.arranging.provider[how](id);
          this.#session.held.delete(id);
        }),
      );
    } catch (error) {
      if (!(error instanceof PrerequisiteError)) throw error;
    }
  }

  async #bystandersOf(subjectStatus: string, requestor: string): Promise<Bystanders> {
    const { contract, target } = this.#session;
    const status = target.expensive ? contract.endpoint.bystanderStatus : bystanderStatusOf(subjectStatus, contract);
    const key = `${status} ${requestor}`;
    const known = this.#bystanders.get(key);
    if (known) return known;
    const owner = strangerTo(requestor, this.#session);
    const [sibling, stranger] = await together([
      this.#watch('sibling', status, requestor),
      this.#watch('stranger', status, owner),
    ]);
    const made = { sibling, stranger, succeeded: null };
    this.#bystanders.set(key, made);
    return made;
  }

  /** The bystanders of a frame, as far as they are shared still, and under what. */
  #sharing({ ids }: Frame): readonly [key: string, bystanders: Shared | undefined] {
    const found = [...this.#bystanders].find(([, { sibling }]) => sibling.id === ids.sibling);
    return found ?? ['', undefined];
  }

  async #watch(role: FrameRole, status: string, requestor: string): Promise<Watched> {
    const id = await this.#session.arranging.provider.create(status, requestor);
    this.#session.held.add(id);
    return { id, last: await this.#read(role, id, null) };
  }

  async #read(role: FrameRole, id: string, begin: number | null): Promise<Look> {
    const { found, status, resource } = await this.#session.arranging.provider.read(id);
    const reading = { found, status, resource };
    const afterMs = begin === null ? 0 : Math.round(this.#session.clock.nowMs() - begin);
    return { role, when: begin === null ? 'before' : 'after', requestId: id, ...reading, afterMs };
  }

  #readUntil(id: string, begin: number, settled: Settled): Promise<Look> {
    const { target, clock } = this.#session;
    return poll(() => this.#read('subject', id, begin), {
      settled: ({ status }) => settled(status),
      patienceMs: target.settleMs - (clock.nowMs() - begin),
      clock,
      ...settling,
    });
  }

  /** Whether two readings differ in a member that may not change by itself. */
  #differ(before: Look['resource'], after: Look['resource']): boolean {
    if (before === null || after === null) return false;
    const { stableMembers } = this.#session.contract.endpoint;
    return stableMembers.some((member) => !isDeepStrictEqual(before[member], after[member]));
  }
}

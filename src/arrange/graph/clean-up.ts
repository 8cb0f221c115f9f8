import { PrerequisiteError, StoppedError } from '../../engine/errors.js';
import { inLanes } from '../../engine/in-lanes.js';
import { poll } from '../../engine/patience.js';
import { adminRemoveBody } from './bodies.js';
import { RefusedError } from './calls.js';
import { assertMarked } from './marks.js';
import { isSegment } from '../segment.js';
import type { JournalledObject, NewObject, ObjectKind, UnansweredCreate } from './journal.js';
import { longestLagMs, type Tenant } from './tenant.js';
import { SpentError } from './turns.js';

/** What could not be deleted, and why. */
export interface Leftover {
  readonly kind: ObjectKind;
  /** `unknown` when it could not be found out whether it came into being. */
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

/** Calls that a clean-up may send, beside those of the run. */
const callsOfCleanUp = 2000;

/** Objects that are looked at or ended at the same time: each waits for answers, and for the tenant to carry out what was asked. */
export const mostAtOnce = 8;

/** In this order things can be deleted. */
const order: readonly ObjectKind[] = ['request', 'policy', 'package', 'catalog'];

const longestPollMs = 10_000;

/** Requests that can be cancelled (contract, section 1), in lower case. */
const cancellable = new Set(['accepted', 'pendingapproval', 'pendingnotbefore', 'pendingapprovalescalated']);

/**
 * Deletes everything that the journal says is in the tenant, and nothing else. What is not known to have come into being is
 * looked for by its name first, unless only some objects are to go.
 * @param cancelAs the persona who cancels what is pending
 * @param chosen which objects; default all
 * @returns what could not be deleted; once the clock is stopped or no call may be sent any more, all that is left
 */
export async function cleanUp(
  tenant: Tenant,
  cancelAs: string,
  chosen?: (object: JournalledObject) => boolean,
): Promise<readonly Leftover[]> {
  const { journal } = tenant.settings.calls;
  tenant.settings.calls.allowMore(callsOfCleanUp);
  const unsettled = chosen === undefined ? await settleAll(tenant) : null;
  const leftovers: Leftover[] = [];
  const end: End = { why: null };
  const marked = lookAhead(
    tenant,
    journal.standing().filter((one) => chosen?.(one) !== false),
  );
  // Whoever waits for it is told.
  marked.catch(() => undefined);
  for (const kind of order) {
    const isMeant = (one: JournalledObject): boolean => one.kind === kind && chosen?.(one) !== false;
    const tried = new Set<string>();
    // A request may bring forth another one, which removes what the first one assigned: that is seen by another look.
    for (let open = journal.standing().filter(isMeant); open.length > 0;) {
      for (const wave of removalsLast(open)) {
        const left = await inLanes(wave, mostAtOnce, async (next) => {
          tried.add(next.id);
          // Below what is left nothing can go: one attempt shows whether it does all the same.
          const patienceMs = leftovers.length === 0 ? tenant.settings.patienceMs : 0;
          const why = end.why ?? (await reasonLeft(tenant, next, { cancelAs, patienceMs, end, marked }));
          return why === null ? [] : [{ kind, id: next.id, name: next.name, why }];
        });
        leftovers.push(...left.flat());
      }
      open = journal.standing().filter((one) => isMeant(one) && !tried.has(one.id));
    }
  }
  await marked;
  const unknown = journal.unanswered().filter(({ object }) => unsettled !== null || isRemoval(object.name));
  return [
    ...leftovers,
    ...unknown.map(({ seq, object: { kind, name } }) => {
      const why = `it is not known whether it came into being: ${unsettled?.get(seq) ?? 'no answer came'}`;
      return { kind, id: 'unknown', name, why };
    }),
  ];
}

/** What removes an assignment goes last: as long as it is there, the other one knows that it was made. */
const removalsLast = (open: readonly JournalledObject[]): readonly (readonly JournalledObject[])[] => [
  open.filter(({ name }) => !isRemoval(name)),
  open.filter(({ name }) => isRemoval(name)),
];

/** Why nothing more can be done in the tenant; null as long as something can. */
interface End {
  why: string | null;
}

/** As whom a pending request is cancelled, and how long to wait for an object to go, in milliseconds. */
interface Means {
  readonly cancelAs: string;
  readonly patienceMs: number;
  readonly end: End;
  /** Ids of what was looked at before, and bears the mark. */
  readonly marked: Promise<ReadonlySet<string>>;
}

/** Whether after an error any other call would end in the same. */
const isEnd = (error: PrerequisiteError): boolean => error instanceof SpentError || error instanceof StoppedError;

/** Deletes one object; why it could not be, or null. What keeps all others from being deleted, too, is the end. */
async function reasonLeft(tenant: Tenant, object: JournalledObject, means: Means): Promise<string | null> {
  try {
    return object.kind === 'request' ? await endRequest(tenant, object, means) : await remove(tenant, object, means);
  } catch (error) {
    if (!(error instanceof PrerequisiteError)) throw error;
    if (isEnd(error)) means.end.why = error.message;
    return error.message;
  }
}

/** Deletes what may be refused for a while, because what it holds is on its way out. It is read first: the journal is not believed. */
async function remove(tenant: Tenant, object: JournalledObject, means: Means): Promise<string | null> {
  let isRead = (await means.marked).has(object.id);
  return until(tenant, means, async () => {
    if (!isRead) {
      const shown = await tenant.readObject(object);
      if (shown === null) return missing(tenant, object);
      assertMarked(tenant, object, shown);
      isRead = true;
    }
    return deleteOnce(tenant, object);
  });
}

/**
 * Looks at what requests are made in while these are ended, which takes a distant tenant as long.
 * @returns ids of what bears the mark; whatever else there is of one is told when its turn has come
 */
async function lookAhead(tenant: Tenant, objects: readonly JournalledObject[]): Promise<ReadonlySet<string>> {
  const marked = new Set<string>();
  await inLanes(
    objects.filter(({ kind }) => kind !== 'request'),
    mostAtOnce,
    async (object) => {
      try {
        const shown = await tenant.readObject(object);
        if (shown === null) return;
        assertMarked(tenant, object, shown);
        marked.add(object.id);
      } catch (error) {
        if (!(error instanceof PrerequisiteError)) throw error;
      }
    },
  );
  return marked;
}

/** What is not there need not be deleted, once it would be there. */
function missing(tenant: Tenant, object: JournalledObject): string | null {
  if (youthMs(tenant, object) > 0) return 'it cannot be read yet';
  tenant.settings.calls.journal.forget(object);
  return null;
}

/** @returns null when the object is gone, else how the tenant answered */
async function deleteOnce(tenant: Tenant, object: JournalledObject): Promise<string | null> {
  const { kind, id } = object;
  const { calls, arrangeAs } = tenant.settings;
  const path = tenant.pathOf(object);
  const answer = await calls.act(arrangeAs, { verb: 'delete', kind, id, method: 'DELETE', path });
  return calls.journal.owns(id) ? `DELETE ${path}: answered ${answer.status}` : null;
}

/** How much longer a tenant may not know everywhere that an object was made, in milliseconds. */
function youthMs({ settings: { patienceMs } }: Tenant, { createdAt }: Pick<JournalledObject, 'createdAt'>): number {
  const ageMs = Date.now() - Date.parse(createdAt);
  const lagMs = Math.min(longestLagMs, patienceMs);
  // What is said to be made in the future is as young as can be, and no younger.
  return Number.isNaN(ageMs) ? lagMs : Math.min(lagMs, lagMs - ageMs);
}

async function endRequest(tenant: Tenant, object: JournalledObject, means: Means): Promise<string | null> {
  let removal: string | null = null;
  let cancelled = false;
  return until(tenant, means, async () => {
    const { found, status, resource } = await tenant.readRequest(object.id, object.owner);
    if (!found && youthMs(tenant, object) > 0) return 'it cannot be read yet';
    // Who owns a request may not be shown one that removes what they have: whoever deletes it is.
    const seen = found ? resource : await tenant.readObject(object);
    if (seen === null) return missing(tenant, object);
    assertMarked(tenant, object, seen);
    const shown = (status ?? 'not found').toLowerCase();
    if (cancellable.has(shown) && cancelled) return 'its cancel does not show yet';
    if (cancellable.has(shown)) {
      const status = await cancel(tenant, object, means.cancelAs);
      cancelled = status < 300;
      return `it reads ${shown}, and a cancel was answered ${status}`;
    }
    if (shown === 'delivering') return 'it stays delivering';
    const adds = shown === 'delivered' && !isRemoval(object.name);
    if (adds) removal ??= await removeAssignment(tenant, object, resource);
    if (adds && removal !== null && (await isUnderWay(tenant, removal))) return 'its assignment is still being removed';
    return deleteOnce(tenant, object);
  });
}

/** @returns the status code of the answer */
async function cancel(tenant: Tenant, { id }: JournalledObject, cancelAs: string): Promise<number> {
  const { calls } = tenant.settings;
  const path = `${tenant.pathOf({ kind: 'request', id })}/cancel`;
  const body = { id, requestStatus: 'cancelled' };
  const answer = await calls.act(cancelAs, {
    verb: 'cancel',
    kind: 'request',
    id,
    method: 'POST',
    path,
    body,
    once: true,
  });
  return answer.status;
}

/** Marks the request that takes an assignment back; it needs no removal itself. */
const removalSuffix = ' removal';

const isRemoval = (name: string): boolean => name.endsWith(removalSuffix);

/** @returns id of the request that removes the assignment; null when there is no assignment */
async function removeAssignment(
  tenant: Tenant,
  { id, name, owner }: JournalledObject,
  resource: Readonly<Record<string, unknown>> | null,
): Promise<string | null> {
  const assignment = (resource?.['accessPackageAssignment'] as { id?: unknown } | null | undefined)?.id;
  const assignmentId = typeof assignment === 'string' && isSegment(assignment) ? assignment : id;
  const justification = `${name}${removalSuffix}`;
  const known = tenant.settings.calls.journal.standingNamed(justification);
  if (known) return known.id;
  const object = { name: justification, ...(owner === undefined ? {} : { owner }) };
  try {
    return await tenant.makeRequest(tenant.settings.arrangeAs, object, adminRemoveBody(assignmentId, justification));
  } catch (error) {
    // The assignment is gone already: a run before this one had it removed.
    if (error instanceof RefusedError && [400, 404].includes(error.status)) return null;
    throw error;
  }
}

/** Whether the removal has yet to be carried out. */
async function isUnderWay(tenant: Tenant, removal: string): Promise<boolean> {
  const { found, status } = await tenant.readRequest(removal, undefined);
  return found && status !== 'Delivered';
}

/** Tries again until it is done or patience is over; then the last answer is the reason. */
const until = (tenant: Tenant, { patienceMs }: Means, attempt: () => Promise<string | null>): Promise<string | null> =>
  poll(attempt, {
    settled: (said) => said === null,
    patienceMs,
    longestMs: longestPollMs,
    clock: tenant.settings.calls.clock,
  });

/**
 * Settles what a kill left unanswered: looks for each announced object by its name, and takes it into the journal when it
 * came into being.
 */
export async function settleUnanswered(tenant: Tenant, unanswered: readonly UnansweredCreate[]): Promise<void> {
  const { journal } = tenant.settings.calls;
  for (const { seq, object } of unanswered) {
    const id = await findIn(tenant, object);
    // What is known under this id is this object, which was announced twice.
    if (id === null || journal.owns(id)) journal.refused(seq);
    else journal.made(seq, { ...object, id });
  }
}

/** Settles what is unanswered, each by itself; why some could not be, by their numbers in the journal. */
async function settleAll(tenant: Tenant): Promise<ReadonlyMap<number, string>> {
  const reasons = new Map<number, string>();
  let end: string | null = null;
  for (const create of tenant.settings.calls.journal.unanswered()) {
    try {
      if (end === null) await settleUnanswered(tenant, [create]);
      else reasons.set(create.seq, end);
    } catch (error) {
      if (!(error instanceof PrerequisiteError)) throw error;
      if (isEnd(error)) end = error.message;
      reasons.set(create.seq, error.message);
    }
  }
  return reasons;
}

/** Looks several times: what was just made is not everywhere at once. */
function findIn(tenant: Tenant, object: NewObject): Promise<string | null> {
  const { kind, name, createdAs } = object;
  const find = (): Promise<string | null> =>
    kind === 'request' ? tenant.findRequest(createdAs, name) : tenant.findNamed(kind, name);
  return poll(find, {
    settled: (id) => id !== null,
    patienceMs: youthMs(tenant, object),
    factor: 2,
    longestMs: longestPollMs,
    clock: tenant.settings.calls.clock,
  });
}

import { PrerequisiteError } from '../../engine/errors.js';
import { pause } from '../../engine/throttling.js';
import { adminRemoveBody } from './bodies.js';
import { RefusedError } from './calls.js';
import type { JournalledObject, NewObject, ObjectKind, UnansweredCreate } from './journal.js';
import { longestLagMs, type Tenant } from './tenant.js';

/** What could not be deleted, and why. */
export interface Leftover {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly name: string;
  readonly why: string;
}

/** Calls that a clean-up may send, beside those of the run. */
const callsOfCleanUp = 2000;

/** In this order things can be deleted. */
const order: readonly ObjectKind[] = ['request', 'policy', 'package', 'catalog'];

const firstPollMs = 100;
const longestPollMs = 10_000;

/** Requests that can be cancelled (contract, section 1), in lower case. */
const cancellable = new Set(['accepted', 'pendingapproval', 'pendingnotbefore', 'pendingapprovalescalated']);

/**
 * Deletes everything that the journal says is in the tenant, and nothing else. What a kill left unanswered is looked for by
 * its name first.
 * @param cancelAs the persona who cancels what is pending
 * @param chosen which objects; default all
 * @returns what could not be deleted
 */
export async function cleanUp(
  tenant: Tenant,
  cancelAs: string,
  chosen: (object: JournalledObject) => boolean = () => true,
): Promise<readonly Leftover[]> {
  const { journal } = tenant.settings.calls;
  tenant.settings.calls.allowMore(callsOfCleanUp);
  const leftovers: Leftover[] = [];
  for (const kind of order) {
    // A request may bring forth another one, which removes what the first one assigned.
    for (const tried = new Set<string>(); ;) {
      const open = journal.standing().filter((one) => one.kind === kind && chosen(one) && !tried.has(one.id));
      // What removes an assignment goes last: as long as it is there, the other one knows that it was made.
      const next = open.find(({ name }) => !isRemoval(name)) ?? open[0];
      if (!next) break;
      tried.add(next.id);
      // Below what is left nothing can go: one attempt shows whether it does all the same.
      const patienceMs = leftovers.length === 0 ? tenant.settings.patienceMs : 0;
      const why = await reasonLeft(tenant, next, { cancelAs, patienceMs });
      if (why !== null) leftovers.push({ kind, id: next.id, name: next.name, why });
    }
  }
  return leftovers;
}

/** As whom a pending request is cancelled, and how long to wait for an object to go, in milliseconds. */
interface Means {
  readonly cancelAs: string;
  readonly patienceMs: number;
}

/** Deletes one object; why it could not be, or null. */
async function reasonLeft(tenant: Tenant, object: JournalledObject, means: Means): Promise<string | null> {
  try {
    return object.kind === 'request' ? await endRequest(tenant, object, means) : await remove(tenant, object, means);
  } catch (error) {
    if (error instanceof PrerequisiteError) return error.message;
    throw error;
  }
}

/** Deletes what may be refused for a while, because what it holds is on its way out. */
async function remove(tenant: Tenant, object: JournalledObject, means: Means): Promise<string | null> {
  return until(means, async () => {
    const answer = await deleteOnce(tenant, object);
    return answer ?? 'done';
  });
}

/** @returns null when the object is gone, else how the tenant answered */
async function deleteOnce(tenant: Tenant, object: JournalledObject): Promise<string | null> {
  const { kind, id } = object;
  const { calls, arrangeAs } = tenant.settings;
  const path = tenant.pathOf(object);
  const answer = await calls.act(arrangeAs, { verb: 'delete', kind, id, method: 'DELETE', path });
  return calls.journal.owns(id) ? `DELETE ${path}: answered ${answer.status}` : null;
}

/** Whether a tenant may not know everywhere yet that the object was made. */
const isYoung = ({ settings: { patienceMs } }: Tenant, { createdAt }: Pick<JournalledObject, 'createdAt'>): boolean =>
  Date.now() - Date.parse(createdAt) < Math.min(longestLagMs, patienceMs);

async function endRequest(tenant: Tenant, object: JournalledObject, means: Means): Promise<string | null> {
  let removal: string | null = null;
  let cancelled = false;
  return until(means, async () => {
    const { found, status, resource } = await tenant.readRequest(object.id, object.owner);
    if (!found && isYoung(tenant, object)) return 'it cannot be read yet';
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
    const answer = await deleteOnce(tenant, object);
    return answer ?? 'done';
  });
}

/** @returns the status code of the answer */
async function cancel(tenant: Tenant, { id }: JournalledObject, cancelAs: string): Promise<number> {
  const { calls } = tenant.settings;
  const path = `${tenant.requestsPath}/${id}/cancel`;
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
  const assignmentId = typeof assignment === 'string' ? assignment : id;
  const justification = `${name}${removalSuffix}`;
  const known = tenant.settings.calls.journal.standing().find((object) => object.name === justification);
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

/** Tries again, ever slower, until it is done or patience is over; then the last answer is the reason. */
async function until({ patienceMs }: Means, attempt: () => Promise<string>): Promise<string | null> {
  const begin = performance.now();
  for (let ms = firstPollMs; ; ms = Math.min(ms * 1.6, longestPollMs)) {
    const said = await attempt();
    if (said === 'done') return null;
    if (performance.now() - begin >= patienceMs) return said;
    await pause(ms);
  }
}

/**
 * Settles what a kill left unanswered: looks for each announced object by its name, and takes it into the journal when it
 * came into being.
 */
export async function settleUnanswered(tenant: Tenant, unanswered: readonly UnansweredCreate[]): Promise<void> {
  const { journal } = tenant.settings.calls;
  for (const { seq, object } of unanswered) {
    const id = await findIn(tenant, object);
    if (id === null) journal.refused(seq);
    else journal.made(seq, { ...object, id });
  }
}

/** Looks several times: what was just made is not everywhere at once. */
async function findIn(tenant: Tenant, object: NewObject): Promise<string | null> {
  const { kind, name, createdAs } = object;
  for (let ms = firstPollMs; ; ms = Math.min(ms * 2, longestPollMs)) {
    const id = kind === 'request' ? await tenant.findRequest(createdAs, name) : await tenant.findNamed(kind, name);
    if (id !== null || !isYoung(tenant, object)) return id;
    await pause(ms);
  }
}

import { AbsentError, PrerequisiteError, StoppedError, UnreachableError } from '../../engine/errors.js';
import { together } from '../../engine/in-lanes.js';
import type { Offer, Provider, StateReading, Wanted } from '../../engine/perform/provider.js';
import { kindOf } from '../pool.js';
import { adminAddBody, userAddBody, type PolicyKind, type RequestFor } from './bodies.js';
import { RefusedError } from './calls.js';
import { cleanUp, type Leftover } from './clean-up.js';
import type { Lanes, OpenLane } from './lanes.js';
import type { PreparedRequests } from './prepared.js';
import { Rounds } from './rounds.js';
import type { Tenant } from './tenant.js';

/** What the provider for live tenants works with. */
export interface GraphSettings {
  readonly tenant: Tenant;
  readonly lanes: Lanes;
  /** User ids by the personas who may own requests. */
  readonly users: ReadonlyMap<string, string>;
  /** The persona who denies; never the requestor. */
  readonly approver: string;
  /** The persona who cancels what is pending at the end: nobody but a user may. */
  readonly cancelAs: string;
  readonly mostCreated: number;
  readonly prepared: PreparedRequests;
}

/** How often accepted is raced for. */
const mostRaces = 3;

/** How far in the future a request starts that is to wait for its start: no run lasts that long. */
const startsInMs = 30 * 24 * 3_600_000;

const reads =
  (status: string) =>
  (reading: StateReading): boolean =>
    reading.status?.toLowerCase() === status.toLowerCase();

/** Statuses that a request stays in by itself: what reads so while another one is awaited will not come to that. */
const lasting: readonly string[] = ['delivered', 'partiallydelivered', 'deliveryfailed', 'denied', 'canceled'];

/** How often one request is waited for as long as the tenant may take; after that it is looked at, and not waited for. */
const mostWaits = 2;

/** How many requests may end elsewhere than they were to; after that no more are made of their kind. */
const mostAstray = 2;

const readsAccepted = (status: string | null): boolean => status?.toLowerCase() === 'accepted';

type Make = (owner: string) => Promise<string>;

/** A request that has not come to its status yet. */
interface Late {
  readonly id: string;
  /** How often it was waited for in vain. */
  readonly waits: number;
}

/** Requests that went elsewhere than they were to: how many, and what was said of the last. */
interface Astray {
  readonly count: number;
  readonly why: string;
}

/** How a request is made: by which policy, as whom, with what. */
interface Making {
  readonly kind: PolicyKind;
  readonly as: string;
  readonly body: (wanted: RequestFor) => object;
  /** How many requests it takes, with those that will remove it. */
  readonly takes: 1 | 2;
}

/**
 * The provider for live tenants: brings requests into a status through Graph itself (contract, section 6). Everything that
 * it makes is tagged, written ahead to a journal, and deleted by `close`; nothing else is ever changed.
 */
export class GraphProvider implements Provider {
  readonly #settings: GraphSettings;
  readonly #owners = new Map<string, string>();
  /**
   * Requests on their way, by what they are to be: those that were waited for in vain, and those that go on to wait for
   * approval because a race for an earlier status was lost. Whoever wants one takes it: no other is made.
   */
  readonly #late = new Map<string, Late[]>();
  readonly #astray = new Map<string, Astray>();
  /** Requests that the suite has announced a call on. */
  readonly #called = new Set<string>();
  #created = 0;
  #serial = 0;
  #leftovers: readonly Leftover[] = [];

  /** The access packages of the run's own, by the requests for them. */
  readonly #packages = new Map<string, string>();
  readonly #rounds: Rounds;

  constructor(settings: GraphSettings) {
    this.#settings = settings;
    this.#rounds = new Rounds(settings.tenant);
  }

  readonly #makes: Readonly<Record<string, Make>> = {
    accepted: (owner) => this.#raceForAccepted(owner),
    pendingapproval: (owner) => this.#pendingApproval(owner),
    pendingnotbefore: (owner) =>
      this.#settled('pendingNotBefore', owner, () =>
        this.#adminAdd(owner, new Date(Date.now() + startsInMs).toISOString()),
      ),
    delivered: (owner) => this.#settled('delivered', owner, () => this.#adminAdd(owner, null)),
    denied: (owner) => this.#denied(owner),
    pendingapprovalescalated: (owner) => this.#settings.prepared.take(owner),
  };

  describe(): Promise<Offer> {
    return Promise.resolve(offerOfTenant(this.#settings.users, this.#settings.prepared));
  }

  async create(status: string, requestor: string): Promise<string> {
    const make = this.#makes[status.toLowerCase()];
    if (!make) throw new PrerequisiteError(`a live tenant cannot be brought into ${status} on demand`);
    if (!this.#settings.users.has(requestor)) {
      throw new PrerequisiteError(`a live tenant has no requests of ${requestor}: no delegated token with a user id`);
    }
    const id = await make(requestor);
    this.#owners.set(id, requestor);
    return id;
  }

  async read(id: string): Promise<StateReading> {
    return this.#rounds.read({ id, owner: this.#owners.get(id), packageId: this.#listedIn(id) });
  }

  /** What is in the same package stands in the same list. */
  shownWith(id: string): readonly string[] {
    const packageId = this.#rounds.isListing ? this.#listedIn(id) : null;
    if (packageId === null) return [];
    return [...this.#packages].flatMap(([other, one]) => (one === packageId && other !== id ? [other] : []));
  }

  /** The access package whose list shows a request; null where it is read by its id. */
  #listedIn(id: string): string | null {
    return this.#settings.tenant.settings.readAs === 'owner' ? null : (this.#packages.get(id) ?? null);
  }

  intend(id: string, what: string): Promise<void> {
    const { tenant, prepared } = this.#settings;
    const { calls } = tenant.settings;
    calls.count();
    this.#called.add(id);
    // Throws for what is not our own; then the call is not sent.
    if (!prepared.intend(id, what)) calls.journal.intendCall(what, 'request', id);
    return Promise.resolve();
  }

  /** All is deleted at the end, in one order. What no call was announced for may wait for approval by now, and serves as that. */
  async remove(id: string): Promise<void> {
    const owner = this.#owners.get(id);
    if (owner === undefined || this.#called.has(id)) return;
    const reading = await this.#settings.tenant.waitFor({ id, owner }, ({ status }) => !readsAccepted(status));
    if (reads('pendingApproval')(reading)) this.#keepPending(owner, id);
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  /** Deletes what the run made. What could not be deleted, or was left when the clock stopped, stands in `leftovers`. */
  async close(): Promise<void> {
    const { tenant, prepared, cancelAs } = this.#settings;
    const { calls } = tenant.settings;
    const own = cleanUp(tenant, cancelAs).finally(() => {
      calls.close();
    });
    this.#leftovers = (await together([own, prepared.close(cancelAs)])).flat();
  }

  /**
   * Which requests can be made before they are asked for: whenever that is wanted, and never where the run may not make all
   * that it needs: those that are needed first would then be lacking.
   */
  affordable(wanted: readonly Wanted[]): readonly Wanted[] {
    const { mostCreated, users } = this.#settings;
    const known = wanted.filter(({ status, requestor }) => requestsFor(status) !== null && users.has(requestor));
    const takes = known.reduce((sum, { status, count }) => sum + count * (requestsFor(status) ?? 0), 0);
    return takes > mostCreated ? [] : known.filter(({ status }) => !isOutOfReach(status));
  }

  /** What is still in the tenant after `close`. */
  get leftovers(): readonly Leftover[] {
    return this.#leftovers;
  }

  /** Requests that were created, those that will remove assignments counted in. */
  get created(): number {
    return this.#created;
  }

  /**
   * Makes a request and waits until it is in a status. One that is late is kept for who wants the like next, so that a slow
   * tenant uses nothing up.
   * @throws PrerequisiteError when it is not in time, or went elsewhere
   */
  async #settled(status: string, owner: string, make: () => Promise<string>): Promise<string> {
    const kind = kindOf(status, owner);
    const { id, waits } = this.#late.get(kind)?.pop() ?? { id: await this.#unlessAstray(kind, make), waits: 0 };
    const { tenant } = this.#settings;
    const patienceMs = waits < mostWaits ? tenant.settings.patienceMs : 0;
    const reading = await tenant.waitFor({ id, owner }, reads(status), patienceMs);
    if (reads(status)(reading)) return id;
    const shown = reading.found ? (reading.status ?? 'nothing') : 'not found';
    const waitedMs = Math.min(waits + 1, mostWaits) * tenant.settings.patienceMs;
    const why = `the request ${id} did not come to ${status} within ${waitedMs} ms; it reads ${shown}`;
    if (lasting.includes(shown.toLowerCase()))
      this.#astray.set(kind, { count: (this.#astray.get(kind)?.count ?? 0) + 1, why });
    else this.#keep(kind, { id, waits: waits + 1 });
    throw new PrerequisiteError(why);
  }

  #unlessAstray(kind: string, make: () => Promise<string>): Promise<string> {
    const { count, why } = this.#astray.get(kind) ?? { count: 0, why: '' };
    if (count < mostAstray) return make();
    throw new PrerequisiteError(`${why}, as ${count} did in this run: no more are made`);
  }

  #pendingApproval(owner: string): Promise<string> {
    return this.#settled('pendingApproval', owner, () => this.#userAdd(owner));
  }

  async #denied(owner: string): Promise<string> {
    const { tenant, approver } = this.#settings;
    if (approver === owner) throw new PrerequisiteError(`${owner} cannot deny a request of their own`);
    return this.#settled('denied', owner, async () => {
      const id = await this.#pendingApproval(owner);
      try {
        await tenant.deny(id, approver);
      } catch (error) {
        this.#keepPending(owner, id);
        throw error;
      }
      return id;
    });
  }

  /** A request is accepted for a moment only. One that has moved on is kept for those who want it as it is then. */
  async #raceForAccepted(owner: string): Promise<string> {
    for (let race = 1; race <= mostRaces; race += 1) {
      const id = await this.#userAdd(owner);
      const reading = await this.#settings.tenant.waitFor({ id, owner }, ({ found }) => found);
      if (reads('accepted')(reading)) return id;
      this.#keepPending(owner, id);
    }
    throw new AbsentError(
      `the race for accepted was lost ${mostRaces} times: each request had moved on before it could be read`,
    );
  }

  #keepPending(owner: string, id: string): void {
    this.#keep(kindOf('pendingApproval', owner), { id, waits: 0 });
  }

  #keep(kind: string, late: Late): void {
    this.#late.set(kind, [...(this.#late.get(kind) ?? []), late]);
  }

  #userAdd(owner: string): Promise<string> {
    return this.#request(owner, { kind: 'approval', as: owner, body: userAddBody, takes: 1 });
  }

  #adminAdd(owner: string, startsAt: string | null): Promise<string> {
    // What is delivered at once is removed at the end by another request, which counts as well.
    const body = (wanted: RequestFor): object => adminAddBody(wanted, startsAt);
    const as = this.#settings.tenant.settings.arrangeAs;
    return this.#request(owner, { kind: 'direct', as, body, takes: startsAt === null ? 2 : 1 });
  }

  /** A tenant may allow a user one open request for a package: then another package is used. */
  async #request(owner: string, making: Making): Promise<string> {
    this.#spend(making.takes);
    try {
      return await this.#requestInLane(owner, making);
    } catch (error) {
      // What was refused, or not sent, did not come into being; where no answer came, it may have.
      if (!(error instanceof UnreachableError || error instanceof StoppedError)) this.#created -= making.takes;
      throw error;
    }
  }

  async #requestInLane(owner: string, { kind, as, body }: Making): Promise<string> {
    const { tenant, lanes, users } = this.#settings;
    for (const refused: OpenLane[] = []; ;) {
      const lane = await lanes.next(kind, refused);
      this.#serial += 1;
      const name = `${tenant.settings.calls.journal.head.tag} #${this.#serial}`;
      const { packageId, policyId } = lane;
      const wanted = { targetId: users.get(owner) ?? '', packageId, policyId, justification: name };
      try {
        const id = await tenant.makeRequest(as, { name, owner }, body(wanted));
        if (tenant.settings.calls.journal.sawMade('package', packageId)) this.#packages.set(id, packageId);
        return id;
      } catch (error) {
        if (!(error instanceof RefusedError) || error.status !== 409) throw error;
        refused.push(lane);
      }
    }
  }

  #spend(requests: number): void {
    const { mostCreated } = this.#settings;
    if (this.#created + requests > mostCreated) {
      throw new PrerequisiteError(
        `the run has created all ${mostCreated} requests that it may: raise requests.mostCreated if it may create more`,
      );
    }
    this.#created += requests;
  }
}

/** Statuses that a live tenant can be brought into whenever that is wanted. */
export const statusesOnDemand: readonly string[] = [
  'accepted',
  'pendingApproval',
  'pendingNotBefore',
  'delivered',
  'denied',
];

/** How many requests one in a status takes, with the one that removes what it gave; null where none is made on demand. */
export function requestsFor(status: string): number | null {
  if (!statusesOnDemand.includes(status)) return null;
  return status === 'delivered' ? 2 : 1;
}

/** What comes about by a day's waiting, by the service's own doing or by winning a race cannot be had whenever it is wanted. */
export const isOutOfReach = (status: string): boolean => status === 'accepted' || !statusesOnDemand.includes(status);

/** What a live tenant can be brought to: on demand, and from what was prepared. */
export function offerOfTenant(users: ReadonlyMap<string, string>, prepared: Pick<PreparedRequests, 'ready'>): Offer {
  const escalated = prepared.ready > 0 ? ['pendingApprovalEscalated'] : [];
  return { statuses: [...statusesOnDemand, ...escalated], personas: [...users.keys()] };
}

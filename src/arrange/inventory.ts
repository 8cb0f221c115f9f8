import { PrerequisiteError, UnreachableError } from '../engine/errors.js';
import { isInStatus } from '../engine/judge/facts.js';
import type { JsonClient } from './json-client.js';
import type { Offer, Provider, StateReading } from '../engine/perform/provider.js';
import { statusIn } from './status.js';

/** A request that stands ready. */
interface Item {
  readonly id: string;
  readonly status: string;
  readonly owner: string;
}

/** Ids of requests that were given out; each is given out once. */
export interface UsedRequests {
  has(id: string): boolean;
  add(id: string): unknown;
  delete(id: string): unknown;
}

export interface InventorySettings {
  /** Name of the inventory file, for messages. */
  readonly file: string;
  readonly items: readonly Item[];
  /** Reads the collection of requests, with the token of whoever reads. */
  readonly client: JsonClient;
  /** Whose token reads, for messages. */
  readonly readAs: string;
  /** Members of the resource that hold the status, the first one preferred (C-3). */
  readonly statusMembers: readonly string[];
  /** Whether a status is that of a request that was cancelled. */
  readonly readsDone: (status: string | null) => boolean;
  /** What was given out before, by other processes of one run; default: nothing. */
  readonly used?: UsedRequests;
}

/** What an inventory offers. */
export const offerOf = (items: readonly Item[]): Offer => ({
  statuses: [...new Set(items.map(({ status }) => status))],
  personas: [...new Set(items.map(({ owner }) => owner))],
});

/** Ids in a few words, however many there are. */
const listed = (ids: readonly string[]): string => [ids.length, ids.slice(0, 50).join(' ')].join(': ');

/**
 * The provider for targets on which requests stand ready: each is given out once, after its status was read and found
 * as listed. It makes and removes nothing; states are read back through the resource.
 */
export class InventoryProvider implements Provider {
  readonly #settings: InventorySettings;
  readonly #used: UsedRequests;
  readonly #unfit = new Set<string>();

  constructor(settings: InventorySettings) {
    this.#settings = settings;
    this.#used = settings.used ?? new Set();
  }

  describe(): Promise<Offer> {
    return Promise.resolve(offerOf(this.#settings.items));
  }

  async create(status: string, requestor: string): Promise<string> {
    const listed = this.#settings.items.filter(
      (item) => item.owner === requestor && item.status.toLowerCase() === status.toLowerCase(),
    );
    for (const { id } of listed) {
      if (this.#used.has(id) || this.#unfit.has(id)) continue;
      // Taken before it is read: whoever asks meanwhile must not be given the same one.
      this.#used.add(id);
      const reading = await this.read(id);
      if (isInStatus(reading.status, status, this.#settings)) return id;
      this.#used.delete(id);
      this.#unfit.add(id);
    }
    const why =
      listed.length === 0
        ? 'lists no request'
        : `has no further request (of ${listed.length} listed, ${this.#count(listed, this.#unfit)} did not read ${status})`;
    throw new PrerequisiteError(
      `the inventory ${why} with status ${status} of ${requestor}: add ids under requests.${status}.${requestor} in ${this.#settings.file}`,
    );
  }

  async read(id: string): Promise<StateReading> {
    const { client, statusMembers, readAs } = this.#settings;
    const { status, body } = await client.call('GET', `/${encodeURIComponent(id)}`);
    if (status === 404) return { found: false, status: null, resource: null };
    if (status !== 200 || typeof body !== 'object' || body === null) {
      const seen = status === 200 ? '200 without a JSON object' : String(status);
      throw new UnreachableError(`reading the request ${id} back as ${readAs}: answered ${seen} where 200 is due`);
    }
    const resource = body as Record<string, unknown>;
    const shown = statusIn(resource, statusMembers);
    if (shown !== null) return { found: true, status: shown, resource };
    throw new UnreachableError(
      `reading the request ${id} back as ${readAs}: the resource has no ${statusMembers.join(' and no ')}`,
    );
  }

  async intend(): Promise<void> {
    // Nothing is written down: the file that lists them says which requests may be touched.
  }

  async remove(): Promise<void> {
    // Its requests were there before the run and stay.
  }

  async release(): Promise<void> {
    // As remove: without a pool around it each request is used once.
  }

  close(): Promise<void> {
    this.#settings.client.close();
    return Promise.resolve();
  }

  /** What became of the requests so far, in words. */
  remarks(): Readonly<Record<string, string>> {
    const ids = this.#settings.items.map(({ id }) => id);
    return {
      'inventory, used': listed(ids.filter((id) => this.#used.has(id))),
      'inventory, not in the status listed': listed(ids.filter((id) => this.#unfit.has(id))),
      'inventory, left': listed(ids.filter((id) => !this.#used.has(id) && !this.#unfit.has(id))),
    };
  }

  #count(items: readonly Item[], set: ReadonlySet<string>): number {
    return items.filter(({ id }) => set.has(id)).length;
  }
}

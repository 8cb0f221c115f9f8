import { PrerequisiteError, StoppedError } from '../../engine/errors.js';
import type { StateReading } from '../../engine/perform/provider.js';
import type { Tenant } from './tenant.js';

/** A request that is wanted in the next round. */
interface Wanted {
  readonly id: string;
  readonly owner: string | undefined;
  /** The access package of the run's own that it is for; null for any other, which holds requests of others, too. */
  readonly packageId: string | null;
}

/**
 * Readings of requests: what is asked for at one moment is read by one listing of the access package that the run made for
 * itself. What stands alone, or is in no list, is read by its id.
 */
export class Rounds {
  readonly #tenant: Tenant;
  #round: Promise<ReadonlyMap<string, StateReading>> | null = null;
  #wanted: Wanted[] = [];
  /** False once the tenant refused to list: then each request is read by its id. */
  #lists = true;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
  }

  /** Whether a reading of a request of the run's own packages shows the others of its package, too. */
  get isListing(): boolean {
    return this.#lists;
  }

  /** @throws PrerequisiteError when the tenant does not say */
  async read(wanted: Wanted): Promise<StateReading> {
    if (!this.#lists || wanted.packageId === null) return this.#readOne(wanted);
    this.#wanted.push(wanted);
    // Who asks at the same moment has done so before this goes on.
    this.#round ??= Promise.resolve().then(() => this.#list());
    const found = await this.#round;
    return found.get(wanted.id) ?? this.#readOne(wanted);
  }

  #readOne({ id, owner }: Wanted): Promise<StateReading> {
    return this.#tenant.readRequest(id, owner);
  }

  /** What one listing for each package shows; of what stands alone in its package nothing. */
  async #list(): Promise<ReadonlyMap<string, StateReading>> {
    const wanted = this.#wanted.splice(0);
    this.#round = null;
    const found = new Map<string, StateReading>();
    for (const packageId of new Set(wanted.map((one) => one.packageId))) {
      const ids = wanted.flatMap((one) => (one.packageId === packageId ? [one.id] : []));
      if (packageId === null || ids.length < 2) continue;
      try {
        for (const [id, reading] of await this.#tenant.readRequestsFor(packageId, ids)) found.set(id, reading);
      } catch (error) {
        if (!(error instanceof PrerequisiteError) || error instanceof StoppedError) throw error;
        this.#lists = false;
      }
    }
    return found;
  }
}

import { isDeepStrictEqual } from 'node:util';
import { PrerequisiteError } from '../engine/errors.js';
import type { Offer, Provider, StateReading } from '../engine/perform/provider.js';
import { withOneNameOfDelivered } from './status.js';

/** A request that is lent, and how it read when it was new. */
interface Lent {
  readonly id: string;
  readonly kind: string;
  readonly fresh: StateReading;
}

/**
 * Shares the requests of another provider where they are hard to come by: what is released and still reads, to the last
 * member, as it did when it was new is lent again. A request that was touched is never shared on.
 */
export class PooledProvider implements Provider {
  readonly #source: Provider;
  /** Ids of all that was made and not removed: what is given back in the end, whatever came in between. */
  readonly #standing = new Set<string>();
  readonly #lent = new Map<string, Lent>();
  readonly #idle = new Map<string, Lent[]>();

  constructor(source: Provider) {
    this.#source = source;
  }

  describe(): Promise<Offer> {
    return this.#source.describe();
  }

  async create(status: string, requestor: string): Promise<string> {
    const kind = `${status} of ${requestor}`;
    const idle = this.#idle.get(kind) ?? [];
    for (let known = idle.pop(); known; known = idle.pop()) {
      if (await this.#isUntouched(known)) {
        this.#lent.set(known.id, known);
        return known.id;
      }
      await this.#remove(known.id);
    }
    const id = await this.#source.create(status, requestor);
    this.#standing.add(id);
    this.#lent.set(id, { id, kind, fresh: await this.#source.read(id) });
    return id;
  }

  read(id: string): Promise<StateReading> {
    return this.#source.read(id);
  }

  intend(id: string, what: string): Promise<void> {
    return this.#source.intend(id, what);
  }

  async remove(id: string): Promise<void> {
    this.#lent.delete(id);
    await this.#remove(id);
  }

  async release(id: string): Promise<void> {
    const known = this.#lent.get(id);
    if (!known || !(await this.#isUntouched(known))) return this.remove(id);
    this.#lent.delete(id);
    this.#idle.set(known.kind, [...(this.#idle.get(known.kind) ?? []), known]);
  }

  async close(): Promise<void> {
    try {
      await Promise.all([...this.#standing].map((id) => this.#remove(id).catch(unlessMissing)));
    } finally {
      await this.#source.close();
    }
  }

  async #remove(id: string): Promise<void> {
    await this.#source.remove(id);
    this.#standing.delete(id);
  }

  async #isUntouched({ id, fresh }: Lent): Promise<boolean> {
    return isDeepStrictEqual(comparable(await this.#source.read(id)), comparable(fresh));
  }
}

/** Cleaning up turns no verdict: what cannot be removed stays with the target. */
function unlessMissing(error: unknown): void {
  if (!(error instanceof PrerequisiteError)) throw error;
}

/** A reading without what moves on by itself: one name of what was delivered follows the other. */
const comparable = ({ found, status, resource }: StateReading): StateReading => ({
  found,
  status,
  resource: resource && withOneNameOfDelivered(resource),
});

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
 * Shares the requests of another provider where they are hard to come by: what was released and still reads, to the last
 * member, as it did when it was new is lent again. A request that was touched is never shared on. What is read to find that out is
 * what the borrower reads first.
 */
export class PooledProvider implements Provider {
  readonly #source: Provider;
  /** Ids of all that was made and not removed: what is given back in the end, whatever came in between. */
  readonly #standing = new Set<string>();
  readonly #lent = new Map<string, Lent>();
  readonly #idle = new Map<string, Lent[]>();
  /** What was read when a request was lent, until its borrower asks. */
  readonly #lately = new Map<string, StateReading>();

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
      this.#lately.delete(known.id);
      await this.#remove(known.id);
    }
    const id = await this.#source.create(status, requestor);
    this.#standing.add(id);
    const fresh = await this.#source.read(id);
    this.#lent.set(id, { id, kind, fresh });
    this.#lately.set(id, fresh);
    return id;
  }

  read(id: string): Promise<StateReading> {
    const lately = this.#lately.get(id);
    this.#lately.delete(id);
    return lately === undefined ? this.#source.read(id) : Promise.resolve(lately);
  }

  intend(id: string, what: string): Promise<void> {
    return this.#source.intend(id, what);
  }

  async remove(id: string): Promise<void> {
    this.#lent.delete(id);
    await this.#remove(id);
  }

  /** Whether it is untouched is seen when somebody wants it: nobody calls it until then, and what comes late has come. */
  release(id: string): Promise<void> {
    const known = this.#lent.get(id);
    if (!known) return this.remove(id);
    this.#lent.delete(id);
    this.#idle.set(known.kind, [...(this.#idle.get(known.kind) ?? []), known]);
    return Promise.resolve();
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
    const reading = await this.#source.read(id);
    this.#lately.set(id, reading);
    return isDeepStrictEqual(comparable(reading), comparable(fresh));
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

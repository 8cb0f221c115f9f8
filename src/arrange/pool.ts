import { isDeepStrictEqual } from 'node:util';
import { PrerequisiteError } from '../engine/errors.js';
import { together } from '../engine/in-lanes.js';
import type { Clock } from '../engine/patience.js';
import type { Offer, Provider, StateReading, Wanted } from '../engine/perform/provider.js';
import { withOneNameOfDelivered } from './status.js';

/** A request that is lent, and how it read when it was new. */
interface Lent {
  readonly id: string;
  readonly kind: string;
  readonly fresh: StateReading;
  /** True when it was made ahead and nobody had it yet. */
  readonly isNew: boolean;
}

/** What requests that can stand for each other have in common. */
export const kindOf = (status: string, requestor: string): string => `${status} of ${requestor}`;

/** What will be wanted of a kind, and what is being made of it. */
interface Foreseen {
  readonly status: string;
  readonly requestor: string;
  /** How many are still to be made. */
  left: number;
  /** Ends when the one that is being made can be lent, or could not be made. */
  making: Promise<void> | null;
}

/** A reading, and when it came: milliseconds of the clock. */
interface Taken {
  readonly reading: StateReading;
  readonly atMs: number;
}

/** How long a reading tells what another one would, as long as no call is made, in milliseconds. */
const freshMs = 1000;

/**
 * Shares the requests of another provider where they are hard to come by: what was released and still reads, to the last
 * member, as it did when it was new is lent again. A request that was touched is never shared on. What is read to find that out is
 * what the borrower reads first; and what was read behind the last call there was, a moment ago, is not read again for it: each
 * call on a live tenant takes its turn.
 */
export class PooledProvider implements Provider {
  readonly #source: Provider;
  /** Ids of all that was made and not removed: what is given back in the end, whatever came in between. */
  readonly #standing = new Set<string>();
  readonly #lent = new Map<string, Lent>();
  readonly #idle = new Map<string, Lent[]>();
  /** What was read when a request was lent, until its borrower asks. */
  readonly #lately = new Map<string, StateReading>();
  readonly #foreseen = new Map<string, Foreseen>();
  /** How many were made, by kind. */
  readonly #made = new Map<string, number>();
  /** How many calls were announced. */
  #calls = 0;
  /** What was read since the last call. */
  readonly #sinceCall = new Map<string, Taken>();
  /** Readings by the way that are under way. */
  readonly #glances = new Map<string, Promise<unknown>>();
  readonly #clock: Pick<Clock, 'nowMs'>;
  #isClosing = false;

  readonly #affordable: (wanted: readonly Wanted[]) => readonly Wanted[];

  /** @param affordable which of the requests that will be asked for may be made ahead; default: none */
  constructor(
    source: Provider,
    clock: Pick<Clock, 'nowMs'>,
    affordable: (wanted: readonly Wanted[]) => readonly Wanted[] = () => [],
  ) {
    this.#source = source;
    this.#clock = clock;
    this.#affordable = affordable;
  }

  describe(): Promise<Offer> {
    return this.#source.describe();
  }

  async create(status: string, requestor: string): Promise<string> {
    const kind = kindOf(status, requestor);
    const lent = (await this.#lend(kind)) ?? (await this.#makeNow(status, requestor));
    this.#lent.set(lent.id, lent);
    // The next one of the kind is made while this one is at work.
    this.#makeAhead(kind);
    return lent.id;
  }

  /** What is wanted of a kind in any case is made ahead, one at a time: each takes a tenant a while. */
  foresee(wanted: readonly Wanted[]): void {
    for (const { status, requestor, count } of this.#affordable(wanted)) {
      const kind = kindOf(status, requestor);
      const left = count - (this.#made.get(kind) ?? 0);
      this.#foreseen.set(kind, { status, requestor, left, making: null });
      this.#makeAhead(kind);
    }
  }

  #makeAhead(kind: string): void {
    const foreseen = this.#foreseen.get(kind);
    if (!foreseen || foreseen.left <= 0 || foreseen.making !== null || this.#isClosing) return;
    if ((this.#idle.get(kind) ?? []).some(({ isNew }) => isNew)) return;
    foreseen.making = this.#make(foreseen.status, foreseen.requestor)
      .then(
        (one) => {
          // Nobody had it yet: what was released comes first.
          this.#idle.set(kind, [{ ...one, isNew: true }, ...(this.#idle.get(kind) ?? [])]);
        },
        // Whoever wants one tries it again, and is told.
        () => {
          foreseen.left = 0;
        },
      )
      .finally(() => {
        foreseen.making = null;
      });
  }

  /** One that is there, or is being made; null when none is. */
  async #lend(kind: string): Promise<Lent | null> {
    for (;;) {
      const known = this.#idle.get(kind)?.pop();
      if (known && (await this.#isUntouched(known))) return { ...known, isNew: false };
      if (known) {
        this.#lately.delete(known.id);
        await this.#remove(known.id);
        continue;
      }
      const making = this.#foreseen.get(kind)?.making;
      if (!making) return null;
      await making;
    }
  }

  async #makeNow(status: string, requestor: string): Promise<Lent> {
    const made = await this.#make(status, requestor);
    this.#lately.set(made.id, made.fresh);
    return made;
  }

  async #make(status: string, requestor: string): Promise<Lent> {
    const kind = kindOf(status, requestor);
    const foreseen = this.#foreseen.get(kind);
    if (foreseen) foreseen.left -= 1;
    const id = await this.#source.create(status, requestor);
    this.#made.set(kind, (this.#made.get(kind) ?? 0) + 1);
    this.#standing.add(id);
    return { id, kind, fresh: await this.#readNow(id), isNew: false };
  }

  async read(id: string): Promise<StateReading> {
    const lately = this.#lately.get(id);
    this.#lately.delete(id);
    if (lately !== undefined) return lately;
    // Whoever is lent next has to be read then as well: where that is told by the way, it is told here.
    const beside = (this.#source.shownWith?.(id) ?? []).filter((one) => this.#isIdle(one));
    const [reading] = await together([this.#readNow(id), ...beside.map((one) => this.#glance(one))]);
    return reading;
  }

  #isIdle(id: string): boolean {
    return [...this.#idle.values()].some((lent) => lent.some((one) => one.id === id));
  }

  /** Reads what is told by the way; where it is not, whoever wants it asks again. */
  #glance(id: string): Promise<unknown> {
    const known = this.#glances.get(id);
    if (known !== undefined) return known;
    const glance = this.#readNow(id)
      .catch(unlessMissing)
      .finally(() => this.#glances.delete(id));
    this.#glances.set(id, glance);
    return glance;
  }

  /** Reads, and remembers it where no call came in between: one that is made ahead is read beside the calls of others. */
  async #readNow(id: string): Promise<StateReading> {
    const calls = this.#calls;
    const reading = await this.#source.read(id);
    if (calls === this.#calls) this.#sinceCall.set(id, { reading, atMs: this.#clock.nowMs() });
    return reading;
  }

  intend(id: string, what: string): Promise<void> {
    // It may reach any request.
    this.#sinceCall.clear();
    this.#calls += 1;
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
    this.#isClosing = true;
    // What is being made is the run's own as well.
    await Promise.all([...this.#foreseen.values()].flatMap(({ making }) => making ?? []));
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
    const taken = this.#sinceCall.get(id);
    const isFresh = taken !== undefined && this.#clock.nowMs() - taken.atMs <= freshMs;
    const reading = isFresh ? taken.reading : await this.#source.read(id);
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

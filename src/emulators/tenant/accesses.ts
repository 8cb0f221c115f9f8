import type { Kind } from './model.js';

/** An object that a call named, in its path or its body. */
export interface Touched {
  readonly kind: Kind;
  readonly id: string;
  /** True: it belongs to others; no run has any business with it. */
  readonly foreign: boolean;
}

/** One call to the tenant. */
export interface Access {
  /** From 1, in the order of arrival. */
  readonly number: number;
  /** ISO 8601, by the tenant's clock. */
  readonly at: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Object id in the caller's token; null without a valid one. */
  readonly caller: string | null;
  /** Status code of the answer; null while it is owed. */
  readonly status: number | null;
  /** The nuisance that answered before the call was looked at. */
  readonly turnedAway: string | null;
  readonly touched: readonly Touched[];
  /** Whether any object that it named belongs to others. */
  readonly foreign: boolean;
}

/** Every call that the tenant was sent, also those that it refused. */
export class AccessLog {
  readonly #accesses: Access[] = [];

  /** Notes a call when it arrives; the number is for `complete`. */
  arrive(access: Pick<Access, 'at' | 'method' | 'target' | 'touched'>): number {
    const number = this.#accesses.length + 1;
    const foreign = access.touched.some((touched) => touched.foreign);
    this.#accesses.push({ number, ...access, caller: null, status: null, turnedAway: null, foreign });
    return number;
  }

  /** Adds what became of a call. */
  complete(number: number, rest: Partial<Pick<Access, 'caller' | 'status' | 'turnedAway'>>): void {
    this.#change(number, (access) => ({ ...access, ...rest }));
  }

  /** Adds an object that the body of a call names. */
  touch(number: number, touched: Touched): void {
    this.#change(number, (access) => ({
      ...access,
      touched: [...access.touched, touched],
      foreign: access.foreign || touched.foreign,
    }));
  }

  /** All accesses with a higher number. */
  after(number: number): readonly Access[] {
    return this.#accesses.slice(number);
  }

  #change(number: number, change: (access: Access) => Access): void {
    const access = this.#accesses[number - 1];
    if (access !== undefined) this.#accesses[number - 1] = change(access);
  }
}

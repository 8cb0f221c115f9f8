import { createHash } from 'node:crypto';

/** Decisions that look like chance and are the same for the same seed and the same sequence of questions. */
export class Chance {
  readonly #seed: number;
  readonly #asked = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Whether something happens that is to happen in this share of all cases. */
  happens(question: string, share: number): boolean {
    return this.#next(question) < share;
  }

  /** One of several. */
  pick<T>(question: string, among: readonly [T, ...T[]]): T {
    return among[Math.floor(this.#next(question) * among.length)] ?? among[0];
  }

  /** A GUID. */
  guid(question: string): string {
    const hex = this.#digest(question).toString('hex');
    // Version 4, variant 1 of RFC 9562, as the ids of the directory are.
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  #next(question: string): number {
    return this.#digest(question).readUInt32BE(0) / 2 ** 32;
  }

  /** Each question has a sequence of its own, so that one more question elsewhere changes no answer here. */
  #digest(question: string): Buffer {
    const count = this.#asked.get(question) ?? 0;
    this.#asked.set(question, count + 1);
    return createHash('sha256').update(`${this.#seed}/${question}/${count}`).digest();
  }
}

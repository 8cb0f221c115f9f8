import { isGap } from './gaps.js';
import { digitOf } from './unescape.js';

/** A part of a text that holds bytes in another form, and what these are. */
export interface Encoded {
  /** Its bytes, a character each. */
  readonly text: string;
  /** From where to where in the encoded text some of its characters were written. */
  readonly span: (from: number, to: number) => readonly [from: number, to: number];
}

/** What is looked for. */
export interface Sought {
  /** Fewest bytes that count. */
  readonly bytes: number;
  /** True: only bytes below 128 count, which tells what is encoded from what is merely written in the same letters. */
  readonly isAscii: boolean;
}

/** How characters hold bytes. */
interface Coding {
  /** By code of a character: its value, or what it is besides. */
  readonly values: Int8Array;
  /** Bits that a character holds. */
  readonly bits: number;
  /** By place in a unit of whole bytes: the bit of a character that is set where it begins a byte above 127; 0: it begins none. */
  readonly topBits: readonly number[];
  readonly encoding: 'base64' | 'hex';
}

const [nothing, separator] = [-1, -2];

function valuesOf(valueOf: (character: string) => number, separators: string): Int8Array {
  return Int8Array.from({ length: 128 }, (_, unit) => {
    const character = String.fromCharCode(unit);
    return isGap(unit) || separators.includes(character) ? separator : valueOf(character);
  });
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const codings: readonly Coding[] = [
  {
    values: valuesOf((character) => alphabet.indexOf({ '-': '+', _: '/' }[character] ?? character), ''),
    bits: 6,
    topBits: [32, 8, 2, 0],
    encoding: 'base64',
  },
  // Pairs may be told apart by more than white space: `61:62`, `61-62`, `0x61, 0x62`.
  {
    values: valuesOf((character) => digitOf(character.charCodeAt(0)), ':,;-xX'),
    bits: 4,
    topBits: [8, 0],
    encoding: 'hex',
  },
];

/** Characters that are looked at to see whether more is worth it. */
const sampleLength = 8;

/** Everything in a text that is base64 or hexadecimal digits, wherever it begins, with gaps or without. */
export const encodedIn = (text: string, sought: Sought): readonly Encoded[] =>
  codings.flatMap((coding) => new Search(text, coding, sought).found());

class Search {
  readonly #text: string;
  readonly #coding: Coding;
  /** Fewest characters in which so many bytes are held; those at the ends may hold bits of others besides. */
  readonly #least: number;
  /** By place of a character, then by its code: for which beginnings of a unit it cannot be part of what is looked for. */
  readonly #objections: readonly Uint8Array[];

  constructor(text: string, coding: Coding, { bytes, isAscii }: Sought) {
    this.#text = text;
    this.#coding = coding;
    this.#least = Math.floor((bytes * 8) / coding.bits) - (coding.bits === 6 ? 2 : 0);
    this.#objections = objectionsOf(coding, isAscii);
  }

  /**
   * A text is looked at in samples, so close that none can be missed; where one could be part of what is looked for, all that
   * belongs to it is gone through once.
   */
  found(): readonly Encoded[] {
    if (this.#text.length < this.#least) return [];
    const found: Encoded[] = [];
    const sample = Math.min(sampleLength, this.#least);
    const stride = this.#least - sample + 1;
    for (let at = 0; at + sample <= this.#text.length;) {
      const first = this.#next(at);
      // What was passed over is not gone through again.
      if (first < 0 || !this.#isPromising(first, sample)) {
        at = (first < 0 ? ~first : first) + stride;
        continue;
      }
      const [from, to] = [this.#beginOf(first), this.#endOf(first)];
      if (to - from >= this.#least) found.push(...this.#stretchesIn(from, to));
      at = to + 1;
    }
    return found;
  }

  #valueAt(at: number): number {
    const unit = this.#text.charCodeAt(at);
    if (unit < 128) return this.#coding.values[unit] ?? nothing;
    return unit > 0xff || isGap(unit) ? separator : nothing;
  }

  /** Where the next character of the coding stands; where something else comes first, the complement of its place. */
  #next(at: number): number {
    for (let index = at; index < this.#text.length; index += 1) {
      const value = this.#valueAt(index);
      if (value === nothing) return ~index;
      if (value !== separator && !this.#isPrefix(index)) return index;
    }
    return ~this.#text.length;
  }

  /** The zero of `0x`. */
  #isPrefix(at: number): boolean {
    return (
      this.#coding.bits === 4 && this.#text.charCodeAt(at) === 0x30 && (this.#text.charCodeAt(at + 1) | 0x20) === 0x78
    );
  }

  #isPromising(first: number, length: number): boolean {
    const { topBits } = this.#coding;
    const all = (1 << topBits.length) - 1;
    let objections = 0;
    let at = first;
    for (let index = 0; ;) {
      objections |= this.#objections[index % topBits.length]?.[this.#text.charCodeAt(at)] ?? all;
      if (objections === all) return false;
      index += 1;
      if (index === length) return true;
      at = this.#next(at + 1);
      if (at < 0) return false;
    }
  }

  #beginOf(at: number): number {
    let begin = at;
    while (begin > 0 && this.#valueAt(begin - 1) !== nothing) begin -= 1;
    return begin;
  }

  #endOf(at: number): number {
    let end = at;
    while (end < this.#text.length && this.#valueAt(end) !== nothing) end += 1;
    return end;
  }

  #stretchesIn(from: number, to: number): readonly Encoded[] {
    const { length: phases } = this.#coding.topBits;
    const places: number[] = [];
    for (let at = this.#next(from); at >= 0 && at < to; at = this.#next(at + 1)) places.push(at);
    const found: Encoded[] = [];
    const begins = this.#coding.topBits.map(() => 0);
    for (let index = 0; index <= places.length; index += 1) {
      const unit = this.#text.charCodeAt(places[index] ?? 0);
      const objections = index === places.length ? -1 : (this.#objections[index % phases]?.[unit] ?? 0);
      for (let phase = 0; objections >> phase !== 0 && phase < phases; phase += 1) {
        if ((objections & (1 << phase)) === 0) continue;
        const begin = begins[phase] ?? 0;
        if (index - begin >= this.#least)
          found.push(this.#decoded(places.slice(begin, index), (begin + phase) % phases));
        begins[phase] = index + 1;
      }
    }
    return found;
  }

  /** @param lead characters of the first unit that are missing */
  #decoded(places: readonly number[], lead: number): Encoded {
    const { bits, encoding } = this.#coding;
    let characters = (encoding === 'hex' ? '0' : 'A').repeat(lead);
    const [first = 0, last = 0] = [places[0], places.at(-1)];
    if (last - first + 1 === places.length) characters += this.#text.slice(first, last + 1);
    else for (const place of places) characters += this.#text.charAt(place);
    const placeOf = (character: number): number => places[Math.max(0, character - lead)] ?? last;
    return {
      text: Buffer.from(characters, encoding).toString('latin1'),
      span: (from, to) => [placeOf(Math.floor((from * 8) / bits)), placeOf(Math.floor((to * 8 - 1) / bits)) + 1],
    };
  }
}

const known = new Map<string, readonly Uint8Array[]>();

function objectionsOf({ values, topBits, encoding }: Coding, isAscii: boolean): readonly Uint8Array[] {
  const key = `${encoding} ${isAscii}`;
  const made =
    known.get(key) ??
    topBits.map((_, place) =>
      Uint8Array.from({ length: 128 }, (_, unit) => {
        const phases = topBits.map((__, phase) => {
          const topBit = topBits[(place + phase) % topBits.length] ?? 0;
          return isAscii && ((values[unit] ?? 0) & topBit) !== 0 ? 1 << phase : 0;
        });
        return phases.reduce((sum, bit) => sum | bit, 0);
      }),
    );
  known.set(key, made);
  return made;
}

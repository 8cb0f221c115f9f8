import type { Unit } from './units.js';

/** Characters that beginnings are looked up by: none is shorter. */
const windowLength = 4;

/** Long enough to be rare, and short enough to be shared. */
export const openingLength = 16;

/** A unit, and how many of its characters a text holds from some place on. */
export interface Match {
  readonly unit: Unit;
  readonly length: number;
}

/**
 * Units by how they begin. Tokens of one issuer begin alike. A text is gone through once, whatever the number of units: only where
 * a window of it is that of a beginning, beginnings are compared.
 */
export class UnitIndex {
  readonly #alike = new Map<string, AlikeUnits>();
  readonly #openings: (string[] | undefined)[] = [];
  readonly #windows = new Uint8Array(1 << 16);

  add(unit: Unit): void {
    this.addOpening(unit.text.slice(0, openingLength)).add(unit);
  }

  /** Has `touches` see a text, whatever follows it. */
  addOpening(opening: string): AlikeUnits {
    const known = this.#alike.get(opening);
    if (known) return known;
    const alike = new AlikeUnits();
    this.#alike.set(opening, alike);
    let window = 0;
    for (let at = 0; at < windowLength; at += 1) window = moved(window, opening.charCodeAt(at));
    this.#windows[window] = 1;
    (this.#openings[window] ??= []).push(opening);
    return alike;
  }

  /** Whether a text, gaps left aside, holds a beginning at all: nearly none does. */
  touches(text: string, isLeftOut: (unit: number) => boolean): boolean {
    let window = 0;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit <= 0x20 || (unit >= 0x7f && isLeftOut(unit))) continue;
      window = moved(window, unit);
      if (this.#windows[window] === 0) continue;
      for (const opening of this.#openings[window] ?? [])
        if (beginsBefore(text, { end: at, opening, isLeftOut })) return true;
    }
    return false;
  }

  /** The units that a text without gaps holds, none across another one; of several at one place the longest. */
  *matchesIn(text: string): Generator<Match & { readonly at: number }> {
    let [window, free] = [0, 0];
    for (let end = 0; end < text.length; end += 1) {
      window = moved(window, text.charCodeAt(end));
      if (this.#windows[window] === 0) continue;
      const at = end - windowLength + 1;
      const match = at < free ? null : this.#longestAt(text, at, this.#openings[window] ?? []);
      if (!match) continue;
      yield { ...match, at };
      free = at + match.length;
      end = free - 1;
    }
  }

  #longestAt(text: string, at: number, openings: readonly string[]): Match | null {
    let longest: Match | null = null;
    for (const opening of openings) {
      if (!text.startsWith(opening, at)) continue;
      const match = this.#alike.get(opening)?.longestAt(text, at) ?? null;
      if (match && match.length > (longest?.length ?? 0)) longest = match;
    }
    return longest;
  }
}

/** The window one character further on: after four shifts nothing is left of a character. */
const moved = (window: number, character: number): number => ((window << 4) ^ character) & 0xffff;

interface Beginning {
  readonly end: number;
  readonly opening: string;
  readonly isLeftOut: (unit: number) => boolean;
}

/** Whether a text holds an opening whose first window ends at a place, gaps left aside. */
function beginsBefore(text: string, { end, opening, isLeftOut }: Beginning): boolean {
  let at = end;
  for (let index = windowLength - 1; index >= 0; at -= 1) {
    if (at < 0) return false;
    const unit = text.charCodeAt(at);
    if (isLeftOut(unit)) continue;
    if (unit !== opening.charCodeAt(index)) return false;
    index -= 1;
  }
  at = end + 1;
  for (let index = windowLength; index < opening.length; at += 1) {
    if (at >= text.length) return false;
    const unit = text.charCodeAt(at);
    if (isLeftOut(unit)) continue;
    if (unit !== opening.charCodeAt(index)) return false;
    index += 1;
  }
  return true;
}

/** Units that begin alike, in order, so that it takes few comparisons to find the one that a text has most of. */
class AlikeUnits {
  readonly #units: Unit[] = [];
  /** How many characters a unit has in common with the one before it. */
  #common: number[] = [];
  #longest = 0;
  #isSorted = true;

  add(unit: Unit): void {
    this.#units.push(unit);
    this.#longest = Math.max(this.#longest, unit.text.length);
    this.#isSorted = false;
  }

  longestAt(text: string, at: number): Match | null {
    if (!this.#isSorted) this.#sort();
    const held = text.slice(at, at + this.#longest);
    let [low, high] = [0, this.#units.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#units[middle]?.text ?? '') < held) low = middle + 1;
      else high = middle;
    }
    const [before, behind] = [this.#best(held, low - 1, -1), this.#best(held, low, 1)];
    return (behind?.length ?? 0) > (before?.length ?? 0) ? behind : before;
  }

  /** The further away, the less a unit has in common with the text. Of two that have as much, one that is whole is meant. */
  #best(held: string, from: number, step: 1 | -1): Match | null {
    let best: Match | null = null;
    let common = Infinity;
    for (let index = from; ; index += step) {
      const unit = this.#units[index];
      if (!unit) return best;
      const next = step === 1 ? index : index + 1;
      common = index === from ? commonLength(unit.text, held) : Math.min(common, this.#common[next] ?? 0);
      if (best && common < best.length) return best;
      if (common >= unit.least && (!best || isWhole({ unit, length: common }))) best = { unit, length: common };
    }
  }

  #sort(): void {
    this.#units.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    this.#common = this.#units.map((unit, index) => commonLength(unit.text, this.#units[index - 1]?.text ?? ''));
    this.#isSorted = true;
  }
}

const isWhole = ({ unit, length }: Match): boolean => unit.shared === 0 && unit.text.length === length;

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one.charCodeAt(length) === other.charCodeAt(length)) length += 1;
  return length;
}

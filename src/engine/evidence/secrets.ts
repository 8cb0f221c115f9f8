import { encodedIn } from './encoded.js';
import { dense, hasInvisible, isGap, isGapInAscii, isInvisible } from './gaps.js';
import { placesIn, unescaped } from './unescape.js';
import { openingLength, UnitIndex } from './unit-index.js';
import { shortestSecret, unitsOf, type Named, type Unit } from './units.js';

/** A secret as it may leave the process: only its name, never its text. */
export interface SecretHit {
  readonly name: string;
  /** Offset in characters. */
  readonly at: number;
}

/** A secret in a text, from where to where it was written. */
interface Found {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** A text that was read out of another one, and where in the outermost its characters were written. */
interface Layer {
  readonly text: string;
  readonly span: (from: number, to: number) => readonly [from: number, to: number];
}

/** Texts that are remembered with what became of them: so long at most without a secret, and with one, and so many. */
const rememberedLength = 64;
const rememberedHolding = 4096;
const mostRemembered = 4096;

/** How often escapes are undone: a message in JSON in JSON in a URL takes three rounds, and nobody reads more. */
const mostRounds = 6;

/** How often base64 or hexadecimal digits are read within such. */
const mostCodings = 4;

/** How often a text is gone through for what its replacements leave behind. */
const mostPasses = 16;

/** A secret that is shorter is not looked for across gaps: words may be it by chance. */
const shortestAcross = 16;

/**
 * The one place through which secrets enter. Everything that is captured or written passes its `redact` first;
 * `find` proves afterwards that nothing slipped through. Both look for what a text means, in whatever form: docs/threat-model.md
 * says in which, and in which not.
 */
export class SecretRegistry {
  readonly #known = new Map<string, Named>();
  readonly #units = new Set<string>();
  readonly #begins = new UnitIndex();
  /** Units that are long, from their last character to their first. */
  readonly #ends = new UnitIndex();
  readonly #isCommon: (text: string) => boolean;
  /** Fewest bytes of a secret that are looked for, and whether all are ASCII. */
  #sought = { bytes: Infinity, isAscii: true };
  /** What becomes of texts: names and values of headers come with every message. */
  readonly #remembered = new Map<string, string>();
  /** Characters that no secret holds, nor anything that it is written in: none is across one. */
  #breaks = allBreaks;

  /** @param isCommon whether a text stands where nobody put a secret: it is never hidden; default: none is */
  constructor(isCommon: (text: string) => boolean = () => false) {
    this.#isCommon = isCommon;
  }

  /**
   * Makes a secret known.
   * @param secret the text to hide; white space around it is no part of it, because it is not sent
   * @param name what the reader sees: `token:requestor` becomes `‹token:requestor›`. The last name counts: a cache of tokens
   * is made known as a whole, before anybody knows whose token is whose.
   */
  register(secret: string, name: string): void {
    const text = secret.trim();
    const known = this.#known.get(text);
    if (known?.name === name) return;
    this.#remembered.clear();
    if (known) known.name = name;
    if (known || text.length < shortestSecret || this.#isCommon(text)) return;
    const owner = { name };
    this.#known.set(text, owner);
    for (const unit of unitsOf(text, owner, this.#isCommon)) this.#add(unit);
  }

  #add(unit: Unit): void {
    const { text, least, leastEnd, shared } = unit;
    const key = `${shared}:${text}`;
    if (text.length < shortestSecret || this.#units.has(key)) return;
    this.#units.add(key);
    this.#breaks = this.#breaks.replaceAll(/./g, (character) => (text.includes(character) ? '' : character));
    this.#begins.add(unit);
    if (leastEnd !== null) {
      this.#ends.add({ ...unit, text: reversed(text), least: leastEnd });
      this.#begins.addOpening(text.slice(-openingLength));
    }
    // What is enough of a secret may begin behind what others have as well.
    const bytes = Math.min(least, leastEnd ?? Infinity);
    const isAscii = this.#sought.isAscii && plain.test(text);
    this.#sought = { bytes: Math.min(this.#sought.bytes, bytes), isAscii };
  }

  /** The text with every known secret replaced by its pseudonym. */
  redact(text: string): string {
    const known = this.#remembered.get(text);
    if (known !== undefined) return known;
    const redacted = this.#redacted(text);
    const isShort = text.length <= (redacted === text ? rememberedLength : rememberedHolding);
    if (isShort && this.#remembered.size < mostRemembered) this.#remembered.set(text, redacted);
    return redacted;
  }

  #redacted(text: string): string {
    let redacted = text;
    for (let pass = 0; pass < mostPasses; pass += 1) {
      const found = this.#foundIn(redacted);
      if (found.length === 0) return redacted;
      redacted = replaced(redacted, found);
    }
    // Nothing that anybody wrote: secrets in so many forms, one within the other.
    return this.#foundIn(redacted)[0]?.name ?? redacted;
  }

  /** As `redact`, for every text in a value of plain data, names of members included. */
  redactAll<Value>(value: Value): Value {
    // The mapping keeps the shape: it replaces texts by texts and nothing else.
    return this.#redactAll(value) as Value;
  }

  #redactAll(value: unknown): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#redactAll(item));
    // Not by assignment: a member of a foreign resource may be called `__proto__`.
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [this.redact(name), this.#redactAll(item)]));
  }

  /** Places in which known secrets still stand in a text that should be free of them; none only where there is none. */
  find(text: string): readonly SecretHit[] {
    return this.#foundIn(text).map(({ name, from }) => ({ name, at: from }));
  }

  #foundIn(text: string): readonly Found[] {
    if (this.#known.size === 0) return [];
    return this.#search({ text, span: (from, to) => [from, to] }, mostCodings);
  }

  /**
   * Reads a text as it is and with its escapes undone once, twice and so on; where that shows no secret, what is in base64 or
   * hexadecimal digits in it.
   * @param codings how many of these may still stand one within the other
   */
  #search(given: Layer, codings: number): readonly Found[] {
    const outermost = withoutInvisible(given);
    const found: Found[] = [...this.#plainlyIn(outermost)];
    const read = [outermost];
    for (const part of escapedParts(outermost, this.#breaks)) {
      const loosely = readingsOf(part, false);
      const isDoubtful = [part, ...loosely].some(({ text }) => endless.test(text));
      const strictly = (isDoubtful ? readingsOf(part, true) : []).filter(
        ({ text }, round) => text !== loosely[round]?.text,
      );
      found.push(...[...loosely, ...strictly].flatMap((reading) => this.#plainlyIn(reading)));
      // In between nothing is encoded that is not so at the end, or was at the beginning.
      read.push(...loosely.slice(-1), ...strictly.slice(-1));
    }
    if (found.length > 0 || codings === 0) return found;
    return read.flatMap(({ text, span }) =>
      encodedIn(text, this.#sought).flatMap((encoded) =>
        this.#search({ text: encoded.text, span: (from, to) => span(...encoded.span(from, to)) }, codings - 1),
      ),
    );
  }

  #plainlyIn(layer: Layer): readonly Found[] {
    const isLeftOut = this.#sought.isAscii ? isGapInAscii : isGap;
    if (!this.#begins.touches(layer.text, isLeftOut)) return [];
    const { text, from } = dense(layer.text, isLeftOut);
    const found: Found[] = [];
    const add = ({ owner: { name }, part, exact, text: whole }: Unit, begin: number, end: number): void => {
      const [first, last] = [from[begin] ?? 0, from[end - 1] ?? 0];
      const isAcross = last - first + 1 > end - begin && whole.length < shortestAcross;
      if (isAcross && dense(layer.text.slice(first, last + 1), isInvisible).text !== exact) return;
      const [at, to] = layer.span(first, last + 1);
      found.push({ name: `‹${name}${part}›`, from: at, to });
    };
    for (const { unit, length, at } of this.#begins.matchesIn(text)) add(unit, at + unit.shared, at + length);
    // What is left of others is looked at when these are replaced.
    if (found.length > 0) return found;
    for (const { unit, length, at } of this.#ends.matchesIn(reversed(text))) {
      add(unit, text.length - at - length, text.length - at);
    }
    return found;
  }
}

const plain = /^[\0-\x7f]*$/;

/** Unit by unit: what stands where must be told. */
const reversed = (text: string): string => text.split('').reverse().join('');

/** Characters that most secrets do not hold, nor anything that they are written in. */
const allBreaks = '"<>';

/** The beginning of an escape, where those of breaks tell nothing. */
const escaped = /\\[^"<>]|%|&(?!(?:quot|lt|gt);)/;

/** An escape that may do without its end, and so be read in two ways. */
const endless = /&(?!#?\w{1,12};)|\\[0-7%&]/;

/**
 * The parts of a layer in which something is escaped that could be of a secret, each between two breaks: what is escaped in a large
 * file are its quotes.
 */
function* escapedParts({ text, span }: Layer, breaks: string): Generator<Layer> {
  const mark = new RegExp(breaks === allBreaks ? escaped : /[\\%&]/, 'g');
  for (let match = mark.exec(text); match; match = mark.exec(text)) {
    let [begin, end] = [match.index, match.index];
    while (begin > 0 && !breaks.includes(text.charAt(begin - 1))) begin -= 1;
    while (end < text.length && !breaks.includes(text.charAt(end))) end += 1;
    const offset = begin;
    yield { text: text.slice(begin, end), span: (from, to) => span(from + offset, to + offset) };
    mark.lastIndex = end;
  }
}

/**
 * A layer with its escapes undone once, twice and so on, until there are none.
 * @param isStrict true: those that may do without an end are undone when there are no others left
 */
function readingsOf(layer: Layer, isStrict: boolean): readonly Layer[] {
  const readings: Layer[] = [];
  while (readings.length < mostRounds) {
    const { text, span } = readings.at(-1) ?? layer;
    const strictly = isStrict ? unescaped(text, true) : null;
    const next = strictly ?? unescaped(text, false);
    if (next === null) break;
    let places: ReturnType<typeof placesIn> | undefined;
    // Where something stood is worked out when somebody asks.
    const spanOf: Layer['span'] = (from, to) => span(...(places ??= placesIn(text, strictly !== null))(from, to));
    readings.push(withoutInvisible({ text: next, span: spanOf }));
  }
  return readings;
}

/** In UTF-16 every letter has a NUL beside it, those of an escape as well. */
function withoutInvisible(layer: Layer): Layer {
  if (!hasInvisible(layer.text)) return layer;
  const { text, from } = dense(layer.text, isInvisible);
  return { text, span: (begin, end) => layer.span(from[begin] ?? 0, (from[end - 1] ?? 0) + 1) };
}

/** Where two lie one upon the other, the longer is replaced, and the rest of the other is looked for again. */
function replaced(text: string, found: readonly Found[]): string {
  const apart: Found[] = [];
  for (const one of [...found].sort((a, b) => a.from - b.from || b.to - a.to)) {
    const last = apart.at(-1);
    if (!last || one.from >= last.to) apart.push(one);
    else if (one.to - one.from > last.to - last.from) apart.splice(-1, 1, one);
  }
  let [redacted, at] = ['', 0];
  for (const { name, from, to } of apart) {
    redacted += text.slice(at, from) + name;
    at = to;
  }
  return redacted + text.slice(at);
}

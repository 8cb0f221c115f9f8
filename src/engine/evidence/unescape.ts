/** A text made of another one, and from where to where in that one each of its characters was written. */
export interface Placed {
  readonly text: string;
  readonly from: Uint32Array;
  readonly to: Uint32Array;
}

const [backslash, percent, ampersand] = [0x5c, 0x25, 0x26];

/** Names of HTML for characters of ASCII, and for what nobody sees. */
const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', AMP: '&', lt: '<', LT: '<', gt: '>', GT: '>', quot: '"', QUOT: '"', apos: "'" },
  ...{ plus: '+', sol: '/', bsol: '\\', equals: '=', period: '.', comma: ',', colon: ':', semi: ';', excl: '!' },
  ...{ lowbar: '_', UnderBar: '_', hyphen: '-', dash: '-', percnt: '%', dollar: '$', num: '#', quest: '?' },
  ...{ commat: '@', ast: '*', midast: '*', lpar: '(', rpar: ')', lsqb: '[', lbrack: '[', rsqb: ']', rbrack: ']' },
  ...{ lcub: '{', lbrace: '{', rcub: '}', rbrace: '}', verbar: '|', vert: '|', VerticalLine: '|', Hat: '^' },
  ...{ grave: '`', DiacriticalGrave: '`', Tab: '\t', NewLine: '\n', nbsp: ' ', shy: '\u00ad' },
  ...{ ZeroWidthSpace: '\u200b', zwnj: '\u200c', zwj: '\u200d', NoBreak: '\u2060' },
};

const longestName = 16;

/** What a letter behind a backslash stands for. */
const lettered: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', b: '\b' };

/** Where an escape ends, and what it stands for. */
interface Undone {
  readonly end: number;
  readonly text: string;
}

/**
 * Undoes every escape of a text once: those of JSON, JavaScript and C (`\u002b`, `\u{2b}`, `\x2b`, `\053`, `\/`), of URLs
 * (`%2b`, `%u002b`) and of HTML (`&#43;`, `&#x2b;`, `&plus;`). What is escaped twice takes two rounds. The octets of a URL
 * become a character each.
 * @returns null when there is nothing to undo
 */
export const unescaped = (text: string): string | null => undo(text, null)?.text ?? null;

/** As `unescaped`, and where each character was written. */
export const unescapedWithPlaces = (text: string): Placed | null =>
  undo(text, [new Uint32Array(text.length), new Uint32Array(text.length)]);

function undo(text: string, places: readonly [Uint32Array, Uint32Array] | null): Placed | null {
  if (!text.includes('\\') && !text.includes('%') && !text.includes('&')) return null;
  const units = new Uint16Array(text.length);
  let [size, all, isChanged] = [0, 0, false];
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    const found = unit === backslash || unit === percent || unit === ampersand ? escapeAt(text, at, unit) : null;
    if (found === null) {
      if (places) [places[0][size], places[1][size]] = [at, at + 1];
      units[size++] = unit;
      all |= unit;
      at += 1;
      continue;
    }
    isChanged = true;
    for (let index = 0; index < found.text.length; index += 1) {
      const undone = found.text.charCodeAt(index);
      if (places) [places[0][size], places[1][size]] = [at, found.end];
      units[size++] = undone;
      all |= undone;
    }
    at = found.end;
  }
  if (!isChanged) return null;
  const [from, to] = places ?? [new Uint32Array(0), new Uint32Array(0)];
  return { text: textOf(units.subarray(0, size), all), from: from.subarray(0, size), to: to.subarray(0, size) };
}

/** @param all the bits of all units: a text of bytes takes half the space, and is gone through faster */
const textOf = (units: Uint16Array, all: number): string =>
  all < 0x100
    ? Buffer.from(units).toString('latin1')
    : Buffer.from(units.buffer, units.byteOffset, units.byteLength).toString('utf16le');

function escapeAt(text: string, at: number, mark: number): Undone | null {
  if (mark === percent) return octetAt(text, at);
  return mark === backslash ? backslashAt(text, at) : entityAt(text, at);
}

function octetAt(text: string, at: number): Undone | null {
  if (/u/i.test(text.charAt(at + 1))) return digitsAt(text, at + 2, 4);
  return digitsAt(text, at + 1, 2);
}

/** So many hexadecimal digits. */
function digitsAt(text: string, at: number, count: number): Undone | null {
  let value = 0;
  for (let index = at; index < at + count; index += 1) {
    const digit = digitOf(text.charCodeAt(index));
    if (digit < 0) return null;
    value = value * 16 + digit;
  }
  return value > 0x10ffff ? null : { end: at + count, text: String.fromCodePoint(value) };
}

/** The value of a hexadecimal digit; -1 for anything else. */
export function digitOf(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30;
  const letter = unit | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function backslashAt(text: string, at: number): Undone | null {
  const next = text.charAt(at + 1);
  if (next === 'u' || next === 'x') {
    return text.charAt(at + 2) === '{' ? bracedAt(text, at + 3) : digitsAt(text, at + 2, next === 'u' ? 4 : 2);
  }
  if (next === 'U') return digitsAt(text, at + 2, 8);
  if (next >= '0' && next <= '7') return octalAt(text, at + 1);
  const letter = lettered[next];
  if (letter !== undefined) return { end: at + 2, text: letter };
  // A line that goes on.
  if (next === '\n') return { end: at + 2, text: '' };
  if (next === '\r') return { end: at + (text.charAt(at + 2) === '\n' ? 3 : 2), text: '' };
  return next > ' ' && next <= '~' && !/[A-Za-z89]/.test(next) ? { end: at + 2, text: next } : null;
}

function octalAt(text: string, at: number): Undone {
  let [value, end] = [0, at];
  while (end < at + 3 && text.charAt(end) >= '0' && text.charAt(end) <= '7' && value < 32) {
    value = value * 8 + Number(text.charAt(end));
    end += 1;
  }
  return { end, text: String.fromCharCode(value) };
}

/** Digits to a closing brace. */
function bracedAt(text: string, at: number): Undone | null {
  const number = numberAt(text, at, 16);
  return number === null || text.charAt(number.end) !== '}' ? null : { ...number, end: number.end + 1 };
}

/** A character by its number, with any count of zeros before it. */
function numberAt(text: string, at: number, base: 10 | 16): Undone | null {
  let [value, end] = [0, at];
  for (;;) {
    const digit = digitOf(text.charCodeAt(end));
    if (digit < 0 || digit >= base) break;
    value = value * base + digit;
    if (value > 0x10ffff) return null;
    end += 1;
  }
  return end === at ? null : { end, text: String.fromCodePoint(value) };
}

/** HTML takes numbers, and the oldest names, without their semicolons. */
function entityAt(text: string, at: number): Undone | null {
  const skipped = (end: number): number => (text.charAt(end) === ';' ? end + 1 : end);
  if (text.charAt(at + 1) === '#') {
    const isHex = /x/i.test(text.charAt(at + 2));
    const number = numberAt(text, at + (isHex ? 3 : 2), isHex ? 16 : 10);
    return number && { ...number, end: skipped(number.end) };
  }
  const name = /^[A-Za-z]+/.exec(text.slice(at + 1, at + 1 + longestName))?.[0] ?? '';
  const end = at + 1 + name.length;
  const meant = Object.hasOwn(named, name) && text.charAt(end) === ';' ? named[name] : undefined;
  if (meant !== undefined) return { end: end + 1, text: meant };
  const oldest = /^(?:amp|lt|gt|quot)/i.exec(name)?.[0];
  return oldest === undefined
    ? null
    : { end: at + 1 + oldest.length, text: named[oldest.toLowerCase()] ?? '' };
}

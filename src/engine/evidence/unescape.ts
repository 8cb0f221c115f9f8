const [backslash, percent, ampersand] = [0x5c, 0x25, 0x26];

/** Names of HTML for characters of ASCII, and for what nobody sees. */
const named: Readonly<Record<string, string>> = {
  ...{ amp: '&', AMP: '&', lt: '<', LT: '<', gt: '>', GT: '>', quot: '"', QUOT: '"', apos: "'" },
  ...{ plus: '+', sol: '/', bsol: '\\', equals: '=', period: '.', comma: ',', colon: ':', semi: ';', excl: '!' },
  ...{ lowbar: '_', UnderBar: '_', hyphen: '-', dash: '-', percnt: '%', dollar: '$', num: '#', quest: '?' },
  ...{ commat: '@', ast: '*', midast: '*', lpar: '(', rpar: ')', lsqb: '[', lbrack: '[', rsqb: ']', rbrack: ']' },
  ...{ lcub: '{', lbrace: '{', rcub: '}', rbrace: '}', verbar: '|', vert: '|', VerticalLine: '|', Hat: '^' },
  ...{ grave: '`', DiacriticalGrave: '`', Tab: '\t', NewLine: '\n', nbsp: ' ', shy: '\u00ad' },
  ...{ ZeroWidthSpace: '\u200b', zwnj: '\u200c', zwj: '\u200d', NoBreak: '\u2060', fjlig: 'fj' },
};

const longestName = 32;

/** What any other name stands for is no character of ASCII: it can only divide a secret. */
const foreign = '\u200b';

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
 * @param isStrict false: what may do without its end is taken for whole (`&#43`, `&amp`, `\53`); true: it waits for one, which may be
 * escaped itself
 * @param undone called for each escape, with its place in what comes out, and what it was
 * @returns null when there is nothing to undo
 */
export function unescaped(text: string, isStrict: boolean, undone?: (at: number, escape: Undo) => void): string | null {
  if (!text.includes('\\') && !text.includes('%') && !text.includes('&')) return null;
  const units = new Uint16Array(text.length);
  const { length } = text;
  let [size, at, count] = [0, 0, 0];
  while (at < length) {
    const unit = text.charCodeAt(at);
    const escape = unit === backslash || unit === percent || unit === ampersand ? escapeAt(text, at, isStrict) : null;
    if (escape === null) {
      units[size++] = unit;
      at += 1;
      continue;
    }
    undone?.(size, { begin: at, ...escape });
    for (let index = 0; index < escape.text.length; index += 1) units[size++] = escape.text.charCodeAt(index);
    count += 1;
    at = escape.end;
  }
  return count === 0 ? null : Buffer.from(units.buffer, 0, 2 * size).toString('utf16le');
}

/** An escape: where it stood, and what came of it. */
interface Undo extends Undone {
  readonly begin: number;
}

/**
 * From where to where something was written in a text whose escapes were undone.
 * @returns places in the text, by places in what came of it
 */
export function placesIn(
  text: string,
  isStrict: boolean,
): (from: number, to: number) => readonly [from: number, to: number] {
  const undone: (Undo & { readonly at: number })[] = [];
  unescaped(text, isStrict, (at, escape) => undone.push({ at, ...escape }));
  const placeOf = (index: number): readonly [from: number, to: number] => {
    let [low, high] = [0, undone.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((undone[middle]?.at ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    const escape = undone[low - 1];
    if (!escape) return [index, index + 1];
    const behind = index - escape.at - escape.text.length;
    return behind < 0 ? [escape.begin, escape.end] : [escape.end + behind, escape.end + behind + 1];
  };
  return (from, to) => [placeOf(from)[0], placeOf(to - 1)[1]];
}

function escapeAt(text: string, at: number, isStrict: boolean): Undone | null {
  const mark = text.charCodeAt(at);
  if (mark === percent) return octetAt(text, at);
  return mark === backslash ? backslashAt(text, at, isStrict) : entityAt(text, at, isStrict);
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

function backslashAt(text: string, at: number, isStrict: boolean): Undone | null {
  const next = text.charAt(at + 1);
  if (next === '"' || next === '\\') return { end: at + 2, text: next };
  if (next === 'u' || next === 'x') {
    return text.charAt(at + 2) === '{' ? bracedAt(text, at + 3) : digitsAt(text, at + 2, next === 'u' ? 4 : 2);
  }
  if (next === 'U') return digitsAt(text, at + 2, 8);
  if (next >= '0' && next <= '7') return octalAt(text, at + 1, isStrict);
  const letter = lettered[next];
  if (letter !== undefined) return { end: at + 2, text: letter };
  // A line that goes on.
  if (next === '\n') return { end: at + 2, text: '' };
  if (next === '\r') return { end: at + (text.charAt(at + 2) === '\n' ? 3 : 2), text: '' };
  // What begins another escape is escaped itself, or that one is of an older hand.
  if (isStrict && (next === '%' || next === '&')) return null;
  return next > ' ' && next <= '~' && !/[A-Za-z89]/.test(next) ? { end: at + 2, text: next } : null;
}

function octalAt(text: string, at: number, isStrict: boolean): Undone | null {
  let [value, end] = [0, at];
  while (end < at + 3 && text.charAt(end) >= '0' && text.charAt(end) <= '7' && value < 32) {
    value = value * 8 + Number(text.charAt(end));
    end += 1;
  }
  return isStrict && end < at + 3 ? null : { end, text: String.fromCharCode(value) };
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
function entityAt(text: string, at: number, isStrict: boolean): Undone | null {
  const skipped = (end: number): number => (text.charAt(end) === ';' ? end + 1 : end);
  if (text.charAt(at + 1) === '#') {
    const isHex = /x/i.test(text.charAt(at + 2));
    const number = numberAt(text, at + (isHex ? 3 : 2), isHex ? 16 : 10);
    if (number === null || (isStrict && text.charAt(number.end) !== ';')) return null;
    return { ...number, end: skipped(number.end) };
  }
  const name = /^[A-Za-z]+/.exec(text.slice(at + 1, at + 1 + longestName))?.[0] ?? '';
  const end = at + 1 + name.length;
  const meant = Object.hasOwn(named, name) && text.charAt(end) === ';' ? named[name] : undefined;
  if (meant !== undefined) return { end: end + 1, text: meant };
  const oldest = /^(?:amp|lt|gt|quot)/i.exec(name)?.[0];
  if (oldest === undefined && name.length > 1 && text.charAt(end) === ';') return { end: end + 1, text: foreign };
  if (isStrict || oldest === undefined) return null;
  return { end: at + 1 + oldest.length, text: named[oldest.toLowerCase()] ?? '' };
}

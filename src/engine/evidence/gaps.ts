/**
 * Whether a character may stand anywhere in a text without anybody seeing another text: white space, controls (NUL stands
 * beside every letter in UTF-16), and what has no width.
 */
export function isGap(unit: number): boolean {
  if (unit <= 0x20) return true;
  if (unit < 0x7f) return false;
  return beyondAscii.has(unit) || unit === 0x7f || (unit >= 0xfe00 && unit <= 0xfe0f) || isInBlocks(unit);
}

/** As `isGap`, where nothing but ASCII is looked for: no other character can be part of it, and so each may divide it. */
export const isGapInAscii = (unit: number): boolean => unit <= 0x20 || unit >= 0x7f;

const beyondAscii: ReadonlySet<number> = new Set([0x85, 0xa0, 0xad, 0x34f, 0x1680, 0x180e, 0x3000, 0xfeff]);

/** Spaces of every width, marks of direction, joiners and line separators. */
const isInBlocks = (unit: number): boolean =>
  (unit >= 0x2000 && unit <= 0x200f) || (unit >= 0x2028 && unit <= 0x206f && !(unit >= 0x2030 && unit < 0x205f));

/** A text without some of its characters, and where each of the others stood. */
export interface Dense {
  readonly text: string;
  readonly from: Uint32Array;
}

/** A text without its gaps. */
export const withoutGaps = (text: string): string => dense(text).text;

/** Without those that are bytes of a text in UTF-8. */
const invisible = /[^\P{Cc}\s\x80-\x9f]|\p{Default_Ignorable_Code_Point}/u;

/** Most texts are plain; this settles them without the costly class above. */
const plain = /^[\t-\r -~‹›]*$/;

/** Whether a text holds gaps that have no width. */
export const hasInvisible = (text: string): boolean => !plain.test(text) && invisible.test(text);

/** Whether a character is a gap that has no width. */
export const isInvisible = (unit: number): boolean => isGap(unit) && invisible.test(String.fromCharCode(unit));

/** As `withoutGaps`, and where each character stood. */
export function dense(text: string, isLeftOut: (unit: number) => boolean = isGap): Dense {
  const from = new Uint32Array(text.length);
  const units = new Uint16Array(text.length);
  let size = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (isLeftOut(unit)) continue;
    from[size] = at;
    units[size++] = unit;
  }
  if (size === text.length) return { text, from };
  return { text: Buffer.from(units.buffer, 0, size * 2).toString('utf16le'), from: from.subarray(0, size) };
}

import { excerpts, named, told, type Difference } from './difference.js';

/**
 * Where a file begins to differ from what it should be. Neither is made into lines: each may have tens of megabytes.
 * @param reported its text
 * @param found the pieces of what it should be
 */
export function differingTexts(
  name: string,
  { reported, found }: { readonly reported: Buffer; readonly found: Iterable<string> },
): readonly Difference[] {
  const pieces = found[Symbol.iterator]();
  let [at, rest] = [0, ''];
  for (let piece = pieces.next(); piece.done !== true; piece = pieces.next()) {
    const bytes = Buffer.from(piece.value);
    const same = sharedBytes(bytes, reported.subarray(at));
    at += same;
    if (same === bytes.length) continue;
    rest = lineOf(bytes.toString('utf8', same), pieces);
    break;
  }
  if (rest === '' && at === reported.length) return [];
  const begin = at === 0 ? 0 : reported.lastIndexOf(lineFeed, at - 1) + 1;
  const line = reported.subarray(0, begin).filter((byte) => byte === lineFeed).length + 1;
  // A little before that place and behind it is all that is told.
  const shared = reported.toString('utf8', Math.max(begin, at - told), at);
  const left = shared + firstLine(reported.toString('utf8', at, at + told));
  const right = shared + firstLine(rest.slice(0, told));
  const [says, is] = excerpts(left, right);
  const what = `is not as the suite writes it from report.json: line ${line} says ${says}, and would say ${is}`;
  return [
    {
      about: 'file',
      id: name,
      member: `line ${line}`,
      against: 'recomputed',
      reported: left,
      found: right,
      message: named('file', name, what),
    },
  ];
}

/** What is left of a line, as far as it is told. */
function lineOf(begun: string, pieces: Iterator<string>): string {
  let text = begun;
  while (text.length < told && !text.includes('\n')) {
    const piece = pieces.next();
    if (piece.done === true) break;
    text += piece.value;
  }
  return text;
}

const lineFeed = 0x0a;

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';

/** How many bytes two texts have in common at their beginning, to the last character that is whole. */
function sharedBytes(one: Buffer, other: Buffer): number {
  if (one.equals(other.subarray(0, one.length))) return one.length;
  let at = 0;
  while (at < other.length && one[at] === other[at]) at += 1;
  while (at > 0 && ((one[at] ?? 0) & 0xc0) === 0x80) at -= 1;
  return at;
}

import { createHash } from 'node:crypto';
import type { Piece, Place } from './inline.js';
import { normative, textOf } from './inline.js';

/** A run of a unit's text with its marks, for showing it. */
export type Part = Pick<Piece, 'text' | 'code' | 'strong' | 'href'>;

/** The least that can be owned: a sentence, a table cell, a line of code. */
export interface Unit extends Place {
  /** The part that it stands in; `metadata` for the front matter. */
  readonly section: string;
  readonly segment: string | null;
  /** SHA-256 of the normative text, white space collapsed, in NFC, as hexadecimal digits. */
  readonly sha256: string;
  readonly text: string;
  /** What is normative. */
  readonly parts: readonly Part[];
  /** The translation beside it; empty in a page of one language. */
  readonly translation: readonly Part[];
}

/** Units from the pieces of one block: one for each segment, and one for each sentence of what has no segment. */
export function unitsOf(pieces: readonly Piece[], section: string, locale: string): readonly Unit[] {
  return runsOf(pieces).flatMap((run) => {
    if (run[0]?.segment != null) return unitOf(run, section);
    return sentencesOf(run, locale).flatMap((sentence) => unitOf(sentence, section));
  });
}

/** One unit of all pieces, such as those of a table cell; none without a letter or digit. */
export function unitOf(pieces: readonly Piece[], section: string): readonly Unit[] {
  const source = normative(pieces);
  const text = textOf(source.length > 0 ? source : pieces).normalize('NFC');
  const place = source.find(({ text: run }) => run.trim() !== '') ?? source[0] ?? pieces[0];
  if (!place || !/[\p{L}\p{N}]/u.test(text)) return [];
  const segment = pieces.find((piece) => piece.segment !== null)?.segment ?? null;
  const { line, column } = place;
  const translation = source.length > 0 ? pieces.filter(({ side }) => side === 'translation') : [];
  const sha256 = createHash('sha256').update(text).digest('hex');
  return [{ section, segment, sha256, text, line, column, parts: source.length > 0 ? source : pieces, translation }];
}

/** Cuts at every change of segment; the white space between two segments belongs to neither. */
function runsOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const runs: Piece[][] = [];
  for (const piece of pieces) {
    const last = runs.at(-1);
    if (last && last[0]?.segment === piece.segment) last.push(piece);
    else runs.push([piece]);
  }
  return runs;
}

function sentencesOf(pieces: readonly Piece[], locale: string): readonly (readonly Piece[])[] {
  // A line break ends no sentence, and neither does the mark of a note or an include.
  const whole = pieces
    .map(({ text }) => text)
    .join('')
    .replace(/[\r\n]/g, ' ')
    .replaceAll('[!', '[_');
  const ends = Array.from(segmenterOf(locale).segment(whole), ({ index, segment }) => index + segment.length);
  const sentences: Piece[][] = [[]];
  let offset = 0;
  for (const piece of pieces) {
    const from = offset;
    offset += piece.text.length;
    const cuts = ends.filter((end) => end > from && end < offset).map((end) => end - from);
    const starts = [0, ...cuts];
    for (const [index, start] of starts.entries()) {
      if (index > 0 || ends.includes(from)) sentences.push([]);
      sentences.at(-1)?.push(sliceOf(piece, start, cuts[index] ?? piece.text.length));
    }
  }
  return sentences.filter((sentence) => sentence.length > 0);
}

/** A part of a piece. Its column is that of the piece where a line break stands before it. */
function sliceOf(piece: Piece, start: number, end: number): Piece {
  const before = piece.text.slice(0, start);
  const lines = before.split('\n');
  const column = lines.length > 1 ? (lines.at(-1)?.length ?? 0) + 1 : piece.column + start;
  return { ...piece, text: piece.text.slice(start, end), line: piece.line + lines.length - 1, column };
}

function segmenterOf(locale: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(locale, { granularity: 'sentence' });
  } catch {
    // A page may name a language that is none; sentences then end as in English.
    return new Intl.Segmenter('en', { granularity: 'sentence' });
  }
}

import type { Piece } from '../page/inline.js';
import { bare } from './tokens.js';

/** The end of a sentence in the scripts in which the documentation is published. */
const sentenceEnd = /[.。．!！?？؟।]\s*$/u;

/** Brackets that hold nothing but the commas between what stood in them. */
const emptyBrackets = /[(（[［][\s,、，،;；؛]*[)）\]］]/u;

interface Displacement {
  readonly place: Piece;
  readonly words: string;
}

/**
 * Whether a translation moved code out of its place in the sentence: word order differs between languages, so only what no
 * language does counts. Code that stood apart stands together with nothing between; code stands behind the end of its
 * sentence; a name took in the punctuation behind it; brackets were left empty.
 */
export function displacement(source: readonly Piece[], translation: readonly Piece[]): Displacement | null {
  const together = adjacentCode(translation);
  const isApart = adjacentCode(source).length === 0;
  const behind = behindTheEnd(source) ? undefined : behindTheEnd(translation);
  const empty = hasEmptyBrackets(source) ? undefined : translation.find(({ text }) => emptyBrackets.test(text));
  const swollen = translation.find(
    ({ text, strong }) =>
      strong && bare(text) !== text && source.some((piece) => piece.strong && piece.text === bare(text)),
  );
  const signs = [
    ...(isApart && together.length > 0
      ? [`${together.map(({ text }) => text).join(', ')} stand together with nothing between them`]
      : []),
    ...(behind ? [`${behind.text} stands behind the end of its sentence`] : []),
    ...(swollen ? [`${bare(swollen.text)} took in the punctuation behind it`] : []),
    ...(empty ? ['brackets are left empty'] : []),
  ];
  const place = (isApart ? together[0] : undefined) ?? behind ?? swollen ?? empty;
  if (!place || signs.length === 0) return null;
  return { place, words: `Code was moved out of its place: ${signs.join('; ')}` };
}

/** Code spans that only white space separates. */
function adjacentCode(pieces: readonly Piece[]): readonly Piece[] {
  const solid = pieces.filter(({ text, code }) => code || text.trim() !== '');
  return solid.filter(
    ({ code }, index) => code && (solid[index - 1]?.code === true || solid[index + 1]?.code === true),
  );
}

/** The code that ends a segment although the sentence ended before it. */
function behindTheEnd(pieces: readonly Piece[]): Piece | undefined {
  const solid = pieces.filter(({ text, code }) => code || text.trim() !== '');
  const last = solid.at(-1);
  return last?.code === true && sentenceEnd.test(solid.at(-2)?.text ?? '') ? last : undefined;
}

const hasEmptyBrackets = (pieces: readonly Piece[]): boolean => pieces.some(({ text }) => emptyBrackets.test(text));

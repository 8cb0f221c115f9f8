import type { Piece, Place } from '../page/inline.js';

/** A part of a text that no translation may change. */
export interface Token extends Place {
  readonly kind: 'code' | 'strong' | 'link' | 'word';
  readonly value: string;
}

/** Words that are names wherever they stand: joined by dots, humped, or in braces. */
const nameWords = /\{[\w-]+\}|\b[A-Za-z][\w-]{0,80}(?:\.[A-Za-z][\w-]{0,80})+|\b[a-z]+(?:[A-Z][a-z0-9]*)+\b/g;

/**
 * The code tokens of one side of a segment: code spans, member names in bold, link targets, and names in the text.
 * A bold word of the source is a name when it begins small; what became of it in the translation is for the comparison to say.
 */
export function tokensOf(pieces: readonly Piece[], side: 'source' | 'translation'): readonly Token[] {
  return pieces.flatMap((piece, index): readonly Token[] => {
    const { line, column, text, href } = piece;
    const isNewLink = href !== null && pieces[index - 1]?.href !== href;
    const link: readonly Token[] = isNewLink ? [{ kind: 'link', value: href, line, column }] : [];
    if (piece.code) return [...link, { kind: 'code', value: text, line, column }];
    if (piece.strong) {
      const value = bare(text);
      const isName = side === 'source' ? /^[a-z]\w*$/.test(text) : /^\w+$/.test(value);
      return [...link, ...(isName ? [{ kind: 'strong' as const, value, line, column }] : [])];
    }
    return [...link, ...(text.match(nameWords) ?? []).map((value) => ({ kind: 'word' as const, value, line, column }))];
  });
}

/** Without the punctuation that a translation pulled in. */
export const bare = (text: string): string => text.replace(/^[^\p{L}\p{N}_]+|[^\p{L}\p{N}_]+$/gu, '');

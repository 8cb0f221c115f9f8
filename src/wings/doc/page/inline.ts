import { Parser } from 'htmlparser2';
import type { Nodes, PhrasingContent } from 'mdast';

/** Where something stands, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Whose words they are: of the language that the page was translated from, of the translation, or of a page (or part of
 * one) in a single language.
 */
type Side = 'source' | 'translation' | 'only';

/** A run of text with the same marks. */
export interface Piece extends Place {
  readonly text: string;
  readonly code: boolean;
  readonly strong: boolean;
  /** Target of the link that it stands in, as written. */
  readonly href: string | null;
  readonly side: Side;
  /** Id that binds a text to its translation. */
  readonly segment: string | null;
  /** Offsets in the text of the file, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

interface Marks {
  readonly code: boolean;
  readonly strong: boolean;
  readonly href: string | null;
}

interface Tag {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Reads the tags of raw HTML, one node after the other, and knows which of them are open. */
class OpenTags {
  readonly #open: Tag[] = [];
  readonly #anchors: string[] = [];
  readonly #comments: string[] = [];
  readonly #parser = new Parser(
    {
      onopentag: (name, attributes) => {
        this.#open.push({ name, attributes });
        const anchor = name === 'a' ? (attributes['name'] ?? attributes['id']) : undefined;
        if (anchor !== undefined) this.#anchors.push(anchor);
      },
      onclosetag: () => {
        this.#open.pop();
      },
      oncomment: (text) => {
        this.#comments.push(text);
      },
    },
    // Tags as they are written: HTML's own rules would swallow all that follows a script.
    { xmlMode: true, decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );

  read(html: string): void {
    this.#parser.write(html);
  }

  get anchors(): readonly string[] {
    return this.#anchors;
  }

  get comments(): readonly string[] {
    return this.#comments;
  }

  /** Side and segment of what stands here: those of the innermost span that names one. */
  get segment(): Pick<Piece, 'side' | 'segment'> {
    for (const { attributes } of this.#open.toReversed()) {
      const source = attributes['data-stu-id'];
      if (source !== undefined) return { side: 'source', segment: source };
      const translation = attributes['data-ttu-id'];
      if (translation !== undefined) return { side: 'translation', segment: translation };
    }
    return { side: 'only', segment: null };
  }
}

/** The inline content of a block. */
export interface Inline {
  readonly pieces: readonly Piece[];
  /** Names of the anchors in it. */
  readonly anchors: readonly string[];
}

/** Flattens inline content into runs of text, each with its marks, its side and its segment. */
export function inlineOf(children: readonly PhrasingContent[]): Inline {
  const tags = new OpenTags();
  const pieces: Piece[] = [];
  collect(children, { code: false, strong: false, href: null }, { tags, pieces });
  return { pieces, anchors: tags.anchors };
}

function collect(
  nodes: readonly PhrasingContent[],
  marks: Marks,
  into: { readonly tags: OpenTags; readonly pieces: Piece[] },
): void {
  for (const node of nodes) {
    if (node.type === 'html') into.tags.read(node.value);
    else if (node.type === 'text') into.pieces.push(pieceOf(node, node.value, { marks, tags: into.tags }));
    else if (node.type === 'inlineCode') {
      into.pieces.push(pieceOf(node, node.value, { marks: { ...marks, code: true }, tags: into.tags }));
    } else if (node.type === 'break') into.pieces.push(pieceOf(node, ' ', { marks, tags: into.tags }));
    else if (node.type === 'strong') collect(node.children, { ...marks, strong: true }, into);
    else if (node.type === 'link') collect(node.children, { ...marks, href: node.url }, into);
    else if ('children' in node) collect(node.children, marks, into);
    else if ('alt' in node && node.alt) into.pieces.push(pieceOf(node, node.alt, { marks, tags: into.tags }));
  }
}

function pieceOf(node: Nodes, text: string, { marks, tags }: { marks: Marks; tags: OpenTags }): Piece {
  const { start, end } = node.position ?? unknownPosition;
  return {
    text,
    ...marks,
    ...tags.segment,
    line: start.line,
    column: start.column,
    start: start.offset ?? 0,
    end: end.offset ?? 0,
  };
}

const nowhere = { line: 1, column: 1, offset: 0 };
const unknownPosition = { start: nowhere, end: nowhere };

/** The comments in a piece of raw HTML. */
export function commentsIn(html: string): readonly string[] {
  const tags = new OpenTags();
  tags.read(html);
  return tags.comments;
}

/** What is normative: the source language where there are two, else the only one. */
export const normative = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.filter(({ side }) => side !== 'translation');

/** The text of pieces, white space collapsed. */
export const textOf = (pieces: readonly Piece[]): string =>
  pieces
    .map(({ text }) => text)
    .join('')
    .replace(/\s+/gu, ' ')
    .trim();

/** Where a node stands. */
export function placeOf(node: Nodes): Place {
  const { line, column } = node.position?.start ?? nowhere;
  return { line, column };
}

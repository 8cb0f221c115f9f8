import type { Code, Heading, Nodes, RootContent, Table } from 'mdast';
import { linesOf } from '../contract/messages.js';
import { inlineOf, normative, textOf, type Inline, type Piece } from './inline.js';
import type { Page } from './page.js';
import { cellsOf, isTab } from './sections.js';
import { unitOf, unitsOf, type Unit } from './units.js';

/** The page as it is shown, block by block. */
export type Block =
  | { readonly kind: 'heading'; readonly depth: number; readonly text: string; readonly translation: string }
  | { readonly kind: 'sentences'; readonly frame: 'plain' | 'quote' | 'list'; readonly units: readonly Unit[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Unit[])[])[] }
  /** A line without a letter or digit is no unit. */
  | { readonly kind: 'code'; readonly lines: readonly { readonly text: string; readonly unit: Unit | null }[] }
  /** Comments and raw HTML, as text. */
  | { readonly kind: 'raw'; readonly text: string };

interface Where {
  readonly section: string;
  readonly page: Page;
  readonly frame: 'plain' | 'quote' | 'list';
}

/** All blocks of a page in their order, its metadata first. */
export function blocksIn(page: Page): readonly Block[] {
  const metadata = metadataOf(page);
  const first: readonly Block[] = metadata.length === 0 ? [] : [{ kind: 'sentences', frame: 'plain', units: metadata }];
  const rest = page.sections.flatMap((section, index) => {
    const heading = page.root.children.find(
      (node): node is Heading => index > 0 && node.type === 'heading' && node.position?.start.line === section.line,
    );
    const where: Where = { section: section.key ?? 'other', page, frame: 'plain' };
    return [...(heading ? [headingOf(heading)] : []), ...section.blocks.flatMap((block) => blockOf(block, where))];
  });
  return [...first, ...rest];
}

/** All units of a page. */
export const unitsIn = (page: Page): readonly Unit[] =>
  blocksIn(page).flatMap((block) => {
    if (block.kind === 'sentences') return block.units;
    if (block.kind === 'table') return block.rows.flat(2);
    return block.kind === 'code' ? block.lines.flatMap(({ unit }) => unit ?? []) : [];
  });

const titled = ['title', 'description'];

/** The metadata that are words for the reader. */
function metadataOf({ frontMatter, file }: Page): readonly Unit[] {
  return titled.flatMap((name) => {
    const value = frontMatter.values[name];
    if (typeof value !== 'string') return [];
    const line = file.text.split(/\r\n|\r|\n/).findIndex((text) => text.startsWith(`${name}:`)) + 1;
    return unitOf([plainPiece(value, { line: Math.max(1, line), column: 1 })], 'metadata');
  });
}

const plainPiece = (text: string, { line, column }: { readonly line: number; readonly column: number }): Piece => ({
  text,
  code: false,
  strong: false,
  href: null,
  side: 'only',
  segment: null,
  line,
  column,
  start: 0,
  end: 0,
});

function headingOf(node: Heading): Block {
  const { pieces } = inlineOf(node.children);
  const translation = textOf(pieces.filter(({ side }) => side === 'translation'));
  // The title of a tab stands in the third level, whatever its mark.
  const depth = isTab(node) ? 3 : node.depth;
  return { kind: 'heading', depth, text: textOf(normative(pieces)), translation };
}

/** English is what the source side of a bilingual page is in. */
const localeOf = ({ bilingual, language }: Page): string => (bilingual ? 'en' : (language ?? 'en'));

function blockOf(node: RootContent, where: Where): readonly Block[] {
  const { section, page, frame } = where;
  if (node.type === 'heading') return [headingOf(node)];
  if (node.type === 'table') return [tableOf(node, section)];
  if (node.type === 'code') return [codeOf(node, where)];
  if (node.type === 'html') return [{ kind: 'raw', text: node.value }];
  if (node.type === 'paragraph') {
    const units = unitsOf(inlineOf(node.children).pieces, section, localeOf(page));
    return units.length === 0 ? [] : [{ kind: 'sentences', frame, units }];
  }
  if (node.type === 'blockquote') {
    return node.children.flatMap((child) => blockOf(child, { ...where, frame: 'quote' }));
  }
  if (node.type === 'list') {
    const inner = { ...where, frame: frame === 'quote' ? frame : 'list' } as const;
    return node.children.flatMap((item) => item.children.flatMap((child) => blockOf(child, inner)));
  }
  return silent.includes(node.type) ? [] : rawOf(node, page);
}

/** What a reader of the page sees nothing of, or a line. */
const silent: readonly string[] = ['definition', 'thematicBreak', 'yaml'];

function codeOf(node: Code, { section, page }: Where): Block {
  const lines = linesOf(node, page.file.text.split(/\r\n|\r|\n/));
  const shown = lines.map((line) => ({
    text: line.text,
    unit: unitOf([plainPiece(line.text, line)], section)[0] ?? null,
  }));
  return { kind: 'code', lines: shown };
}

const tableOf = (node: Table, section: string): Block => ({
  kind: 'table',
  rows: cellsOf(node).map((row) => row.map((cell: Inline) => unitOf(cell.pieces, section))),
});

/** What the pages have no use for is shown as it is written. */
function rawOf({ position }: Nodes, { file }: Page): readonly Block[] {
  const text = position ? file.text.slice(position.start.offset, position.end.offset) : '';
  return text === '' ? [] : [{ kind: 'raw', text }];
}

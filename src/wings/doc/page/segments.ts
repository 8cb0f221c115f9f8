import type { Nodes } from 'mdast';
import { inlineOf, type Piece } from './inline.js';

/** A text and its translation, bound by the id of their segment. */
export interface Segment {
  readonly id: string;
  readonly source: readonly Piece[];
  readonly translation: readonly Piece[];
}

/** The segments of a bilingual page in their order. */
export function segmentsOf(root: Nodes): readonly Segment[] {
  const found = new Map<string, { source: Piece[]; translation: Piece[] }>();
  for (const piece of piecesIn([root])) {
    if (piece.segment === null || piece.side === 'only') continue;
    const segment = found.get(piece.segment) ?? { source: [], translation: [] };
    found.set(piece.segment, segment);
    segment[piece.side].push(piece);
  }
  return Array.from(found, ([id, sides]) => ({ id, ...sides }));
}

/** All text of a page, block by block. */
export function piecesIn(nodes: readonly Nodes[]): readonly Piece[] {
  return nodes.flatMap((node) => {
    if (node.type === 'paragraph' || node.type === 'heading' || node.type === 'tableCell') {
      return inlineOf(node.children).pieces;
    }
    return 'children' in node ? piecesIn(node.children) : [];
  });
}

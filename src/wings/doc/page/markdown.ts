import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfmTable } from 'micromark-extension-gfm-table';
import { bounds } from '../../../engine/bounds.js';

/** What parsing comes to. */
export type Parsed = { readonly tree: Root } | { readonly problem: string };

/** Deepest nesting of blocks and spans that a page may have; the documentation has less than ten levels. */
const deepest = 60;

/** Parses Markdown into a tree with positions; without a bound of time and memory. */
export function treeOf(text: string): Parsed {
  const { cells } = bounds.documentation;
  if (cellsIn(text) > cells) return { problem: `its tables have more than ${cells} cells` };
  try {
    const tree = fromMarkdown(text, {
      extensions: [gfmTable(), frontmatter(['yaml'])],
      mdastExtensions: [gfmTableFromMarkdown(), frontmatterFromMarkdown(['yaml'])],
    });
    const line = lineTooDeep(tree);
    return line === null ? { tree } : { problem: `line ${line} nests deeper than ${deepest} levels` };
  } catch (error) {
    return { problem: `its Markdown could not be parsed (${error instanceof Error ? error.message : String(error)})` };
  }
}

/** Cells that the tables of a text may have, of which a row takes as many as its table has columns: never fewer than a parser finds, and more only where a bar stands that divides none. */
function cellsIn(text: string): number {
  let [cells, columns] = [0, 0];
  for (const line of text.split(/\r\n?|\n/)) {
    const bars = line.split('|').length - 1;
    if (line.trim() === '') columns = 0;
    // Below its heads a table begins with dashes and bars alone.
    else if (/^[-|:>\s]*$/.test(line) && /[|:]/.test(line)) columns = Math.max(columns, bars + 1);
    cells += Math.max(columns, bars);
  }
  return cells;
}

/** Walks without recursion: how deep it goes is what is asked. */
function lineTooDeep(root: Root): number | null {
  const open: { readonly node: Nodes; readonly depth: number }[] = [{ node: root, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next;
    if (depth > deepest) return node.position?.start.line ?? 1;
    if ('children' in node) open.push(...node.children.map((child) => ({ node: child, depth: depth + 1 })));
  }
  return null;
}

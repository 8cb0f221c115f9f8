import type { Nodes, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { frontmatterFromMarkdown } from 'mdast-util-frontmatter';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { frontmatter } from 'micromark-extension-frontmatter';
import { gfmTable } from 'micromark-extension-gfm-table';

/** What parsing comes to. */
export type Parsed = { readonly tree: Root } | { readonly problem: string };

/** Deepest nesting of blocks and spans that a page may have; the documentation has less than ten levels. */
const deepest = 60;

/** Parses Markdown into a tree with positions; without a bound of time and memory. */
export function treeOf(text: string): Parsed {
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

import type { Code, Heading, Nodes, Root, RootContent, Table } from 'mdast';
import { commentsIn, inlineOf, normative, placeOf, textOf, type Inline, type Place } from './inline.js';

/** Parts of a page that mean something to the contract. */
export type SectionKey =
  'introduction' | 'permissions' | 'http-request' | 'request-headers' | 'request-body' | 'response' | 'examples';

/** A part of the page: a heading and what stands below it up to the next one. */
export interface Section extends Place {
  /** Null for a part that is none of the template's. */
  readonly key: SectionKey | null;
  readonly title: string;
  readonly anchor: string | null;
  readonly blocks: readonly RootContent[];
}

interface Group extends Section {
  readonly inline: Inline;
}

/**
 * Cuts a page into its parts: what stands before the first heading of the second level, and one part for each of these.
 * A part is known by the name of its anchor, by its English title, or, in a translation without anchors, by what stands
 * in it and by the order of the template.
 */
export function sectionsOf(root: Root): readonly Section[] {
  const groups = grouped(root.children);
  const named = groups.map((group, index) => ({
    ...group,
    key: index === 0 ? ('introduction' as const) : nameOf(group),
  }));
  return namedByOrder(namedByContent(named));
}

function grouped(blocks: readonly RootContent[]): readonly Group[] {
  const groups: (Group & { blocks: RootContent[] })[] = [groupOf(null)];
  for (const block of blocks) {
    if (block.type === 'heading' && block.depth === 2 && !isTab(block)) groups.push(groupOf(block));
    else groups.at(-1)?.blocks.push(block);
  }
  return groups;
}

function groupOf(heading: Heading | null): Group & { blocks: RootContent[] } {
  const inline = inlineOf(heading?.children ?? []);
  const place = heading ? placeOf(heading) : { line: 1, column: 1 };
  const title = textOf(normative(inline.pieces));
  return { key: null, title, anchor: inline.anchors[0] ?? null, inline, blocks: [], ...place };
}

/** A heading that is the title of a tab: a link to a fragment that begins so. It opens no part. */
export const isTab = ({ children: [first] }: Heading): boolean =>
  first?.type === 'link' && first.url.startsWith('#tab/');

const names: Readonly<Record<string, SectionKey>> = {
  permissions: 'permissions',
  prerequisites: 'permissions',
  'http-request': 'http-request',
  'request-headers': 'request-headers',
  'request-body': 'request-body',
  response: 'response',
  example: 'examples',
  examples: 'examples',
};

const slugOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');

const nameOf = ({ anchor, title }: Group): SectionKey | null => names[anchor ?? ''] ?? names[slugOf(title)] ?? null;

/** What can stand in one part only, whatever language its heading is in. */
const contents: readonly (readonly [SectionKey, (blocks: readonly RootContent[]) => boolean])[] = [
  ['examples', (blocks) => codesIn(blocks).some(({ value }) => isMessage(value))],
  ['http-request', (blocks) => codesIn(blocks).some(({ value }) => isRelativeRequest(value))],
  ['permissions', (blocks) => declaresPermissions(blocks) || tablesIn(blocks).some(holdsPermissions)],
  ['request-headers', (blocks) => tablesIn(blocks).some(holdsAuthorization)],
];

function namedByContent(groups: readonly Group[]): readonly Group[] {
  const taken = new Set(groups.map(({ key }) => key));
  return groups.map((group) => {
    if (group.key !== null) return group;
    const found = contents.find(([key, holds]) => !taken.has(key) && holds(group.blocks))?.[0];
    if (found === undefined) return group;
    taken.add(found);
    return { ...group, key: found };
  });
}

/** Body and response hold no mark of their own: they are the parts between the headers and the examples, in this order. */
function namedByOrder(groups: readonly Group[]): readonly Group[] {
  const start = groups.findLastIndex(({ key }) => key === 'request-headers' || key === 'http-request');
  const examples = groups.findIndex(({ key }) => key === 'examples');
  const between = groups.filter(
    ({ key }, index) => key === null && index > start && start >= 0 && (examples < 0 || index < examples),
  );
  const has = (key: SectionKey): boolean => groups.some((group) => group.key === key);
  const response = has('response') ? undefined : between.findLast((group) => statusIn(group.blocks));
  const body = has('request-body') ? undefined : between.find((group) => group !== response);
  return groups.map((group) => {
    if (group === response) return { ...group, key: 'response' };
    return group === body ? { ...group, key: 'request-body' } : group;
  });
}

/** First line of a request with a whole address, or of a response. */
const isMessage = (code: string): boolean => /^(?:[A-Z]+ https?:\/\/|HTTP\/\d)/.test(code.trimStart());
const isRelativeRequest = (code: string): boolean => /^[A-Z]+ \/\S/.test(code.trimStart());

/** A code span that begins with a status code. */
const statusIn = (blocks: readonly RootContent[]): boolean =>
  paragraphsIn(blocks).some(({ pieces }) => pieces.some(({ code, text }) => code && /^[1-5]\d\d\b/.test(text)));

const declaresPermissions = (blocks: readonly RootContent[]): boolean =>
  blockTypesIn(blocks).some(({ fields }) => fields['blockType'] === 'permissions');

/** The name of a permission: words joined by dots, the first one with a capital. */
export const permissionName = /^\p{Lu}[\w-]*(?:\.[\w-]+)+$/u;

const holdsPermissions = (table: Table): boolean =>
  cellsOf(table).some((row) =>
    row.some(({ pieces }) => wordsOf(normative(pieces)).some((word) => permissionName.test(word))),
  );

const holdsAuthorization = (table: Table): boolean =>
  cellsOf(table).some(([first]) => textOf(normative(first?.pieces ?? [])).toLowerCase() === 'authorization');

/** Words as they stand between white space and commas, without the punctuation behind them. */
export const wordsOf = (pieces: readonly { readonly text: string }[]): readonly string[] =>
  pieces
    .map(({ text }) => text)
    .join('')
    .split(/[\s,、،;；]+/u)
    .map((word) => word.replace(/(?<![.。:：])[.。:：]+$/u, ''))
    .filter((word) => word !== '');

/** The cells of a table, row by row, the heading row first. */
export const cellsOf = ({ children }: Table): readonly (readonly (Inline & Place)[])[] =>
  children.map((row) => row.children.map((cell) => ({ ...inlineOf(cell.children), ...placeOf(cell) })));

export const codesIn = (blocks: readonly Nodes[]): readonly Code[] =>
  blocks.flatMap((block) => {
    if (block.type === 'code') return [block];
    return 'children' in block ? codesIn(block.children) : [];
  });

export const tablesIn = (blocks: readonly Nodes[]): readonly Table[] =>
  blocks.flatMap((block) => {
    if (block.type === 'table') return [block];
    return 'children' in block ? tablesIn(block.children) : [];
  });

/** The inline content of all paragraphs, those in lists and quotes included. */
export const paragraphsIn = (blocks: readonly Nodes[]): readonly Inline[] =>
  blocks.flatMap((block) => {
    if (block.type === 'paragraph') return [inlineOf(block.children)];
    return 'children' in block && block.type !== 'table' && block.type !== 'heading'
      ? paragraphsIn(block.children)
      : [];
  });

/** A comment that tells the documentation's own tools what the next block is. */
export interface BlockComment extends Place {
  readonly fields: Readonly<Record<string, unknown>>;
  /** The line on which the comment ends. */
  readonly endLine: number;
}

/** A comment that names a block type and is not JSON. */
export interface BrokenComment extends Place {
  readonly problem: string;
}

const htmlIn = (blocks: readonly Nodes[]): readonly (Nodes & { type: 'html' })[] =>
  blocks.flatMap((block) => {
    if (block.type === 'html') return [block];
    return 'children' in block ? htmlIn(block.children) : [];
  });

/** The `blockType` comments, in the order of the page. */
export function blockTypesIn(blocks: readonly Nodes[]): readonly BlockComment[] {
  return commentsOf(blocks).flatMap((comment) => ('fields' in comment ? [comment] : []));
}

export function brokenCommentsIn(blocks: readonly Nodes[]): readonly BrokenComment[] {
  return commentsOf(blocks).flatMap((comment) => ('problem' in comment ? [comment] : []));
}

function commentsOf(blocks: readonly Nodes[]): readonly (BlockComment | BrokenComment)[] {
  return htmlIn(blocks).flatMap((node) =>
    commentsIn(node.value).flatMap((text): readonly (BlockComment | BrokenComment)[] => {
      if (!text.includes('"blockType"')) return [];
      const fields = fieldsOf(text);
      if (typeof fields === 'string') return [{ ...placeOf(node), problem: fields }];
      return [{ ...placeOf(node), fields, endLine: node.position?.end.line ?? 1 }];
    }),
  );
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> | string {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : 'it is no JSON object';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

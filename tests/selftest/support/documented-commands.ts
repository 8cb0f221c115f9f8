import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { LineCounter, parseDocument, visit } from 'yaml';
import { packageRoot } from '../../../src/engine/package.js';

/** A text of a document, and where it stands. */
export interface Placed {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** The commands of one fenced block, in order. A command is what the shell carries out as one: a loop is one, too. */
export interface Block {
  readonly file: string;
  readonly line: number;
  readonly commands: readonly Placed[];
}

/** Languages of fences that a reader types into a shell. */
const shells = new Set(['sh', 'bash', 'shell', 'console']);

/** How the documents call what they want typed; for texts that do not say that they are for a shell. */
const looksLikeCommand = /^(npx|npm|node|cancel-conformance|curl|\$) /m;

/** The Markdown documents of the project, by path seen from its root. */
export function documents(): readonly Placed[] {
  const docs = readdirSync(path.join(packageRoot, 'docs')).filter((name) => name.endsWith('.md'));
  const files = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.map((name) => `docs/${name}`)];
  return files.map((file) => ({ file, line: 1, text: readFileSync(path.join(packageRoot, file), 'utf8') }));
}

/** The Markdown within the forms for issues. */
export function textsOfForms(): readonly Placed[] {
  const folder = path.join(packageRoot, '.github', 'ISSUE_TEMPLATE');
  return readdirSync(folder).flatMap((name) => {
    const lines = new LineCounter();
    const texts: Placed[] = [];
    visit(parseDocument(readFileSync(path.join(folder, name), 'utf8'), { lineCounter: lines }), {
      Scalar: (key, { value, range }) => {
        if (key !== 'value' || typeof value !== 'string') return;
        texts.push({ file: `.github/ISSUE_TEMPLATE/${name}`, line: lines.linePos(range?.[0] ?? 0).line, text: value });
      },
    });
    return texts;
  });
}

const known = new Map<string, readonly Nodes[]>();

/** Every node of a document, which is read once for all that is looked for in it. */
function nodesOf(markdown: string): readonly Nodes[] {
  const below = (node: Nodes): readonly Nodes[] => [node, ...('children' in node ? node.children.flatMap(below) : [])];
  const nodes = known.get(markdown) ?? below(fromMarkdown(markdown));
  known.set(markdown, nodes);
  return nodes;
}

const lineOf = ({ position }: Nodes): number => position?.start.line ?? 1;

/** The fenced blocks of a document that are for a shell. */
export function blocksOf({ file, text: markdown }: Placed): readonly Block[] {
  return nodesOf(markdown).flatMap((node) => {
    if (node.type !== 'code' || !shells.has(node.lang ?? '')) return [];
    const line = lineOf(node);
    return [{ file, line, commands: commandsOf(node.value, { file, line: line + 1 }) }];
  });
}

/** Fenced blocks that look like commands, and do not say that they are for a shell: nobody would execute them. */
export function unmarkedBlocksOf({ file, text: markdown }: Placed): readonly Placed[] {
  return nodesOf(markdown).flatMap((node) => {
    if (node.type !== 'code' || (node.lang ?? 'text') !== 'text' || !looksLikeCommand.test(node.value)) return [];
    return [{ file, line: lineOf(node), text: node.value }];
  });
}

/** What a document shows in YAML, block by block. */
export const yamlBlocksOf = (file: string): readonly string[] =>
  documents()
    .filter((document) => document.file === file)
    .flatMap(({ text }) => nodesOf(text))
    .flatMap((node) => (node.type === 'code' && node.lang === 'yaml' ? [node.value] : []));

/** Every inline code of a document, on one line. */
export function inlineCodesOf({ file, line, text: markdown }: Placed): readonly Placed[] {
  return nodesOf(markdown).flatMap((node) => {
    if (node.type !== 'inlineCode') return [];
    return [{ file, line: line - 1 + lineOf(node), text: node.value.replace(/\s+/g, ' ') }];
  });
}

/** The YAML that a document shows for a file, which its first line names in a comment. */
export function shownFile(file: string, name: string): string {
  const shown = documents()
    .filter((document) => document.file === file)
    .flatMap(({ text }) => nodesOf(text))
    .find((node) => node.type === 'code' && node.value.startsWith(`# ${name}\n`));
  if (shown?.type !== 'code') throw new Error(`${file} shows no ${name}`);
  return shown.value;
}

/**
 * The commands of a block, without their comments. Lines belong together as long as the shell would wait for more.
 * @throws Error when the shell does not understand the text
 */
function commandsOf(script: string, { file, line }: Pick<Placed, 'file' | 'line'>): readonly Placed[] {
  const commands: Placed[] = [];
  let open: Placed | null = null;
  for (const [index, raw] of script.split('\n').entries()) {
    const text = withoutComment(raw.replace(/^\$ /, ''));
    if (open === null && text === '') continue;
    const command: Placed =
      open === null ? { file, line: line + index, text } : { ...open, text: joined(open.text, text) };
    open = isWhole(command.text) ? null : command;
    if (open === null) commands.push(command);
  }
  if (open !== null) throw new Error(`${file}:${open.line}: the shell does not understand ${open.text}`);
  return commands;
}

const joined = (before: string, line: string): string =>
  before.endsWith('\\') ? `${before.slice(0, -1).trimEnd()} ${line.trim()}` : `${before}\n${line}`;

/** Plain words, the first of which begins nothing that has an end of its own. */
const plainWords = /^(?!(?:for|while|until|if|case)\b)[\w .,:/=@-]+$/;

const isWhole = (text: string): boolean =>
  !text.endsWith('\\') && (plainWords.test(text) || spawnSync('sh', ['-n'], { input: `${text}\n` }).status === 0);

/** A line up to its comment; as it is when it is not sure what belongs to a text in quotes. */
function withoutComment(line: string): string {
  if (line.trimStart().startsWith('#')) return '';
  const [code = ''] = /^(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\]|\s(?!\s*#))*/.exec(line) ?? [];
  return (/^\s*(#|$)/.test(line.slice(code.length)) ? code : line).trimEnd();
}

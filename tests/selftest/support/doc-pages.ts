import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../../src/engine/package.js';
import { examine, parseFiles } from '../../../src/wings/doc/examine.js';
import type { DocReport } from '../../../src/wings/doc/model.js';
import { treeOf } from '../../../src/wings/doc/page/markdown.js';
import { parseMarkdown } from '../../../src/wings/doc/page/parse.js';
import { inPlace, runCli, type CliExit } from './cli.js';

const pages = path.join(packageRoot, 'tests', 'selftest', 'support', 'pages');

/** The text of one of the pages that were written for the tests. */
export const pageText = (name: string): string => readFileSync(path.join(pages, name), 'utf8');

/** Puts pages into a folder under their own names. */
export function placePages(folder: string, ...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    copyFileSync(path.join(pages, name), path.join(folder, name));
  }
}

/** The page without a contradiction, with some of its text replaced. */
export function placeEdited(folder: string, ...edits: readonly (readonly [string, string])[]): string {
  const text = edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`the page has no ${from}: the test changes nothing`);
    return before.replace(from, () => to);
  }, pageText('sound.en-US.md'));
  writeFileSync(path.join(folder, 'page.md'), text);
  return 'page.md';
}

/** Runs `doc`, which parses each page in a thread of its own: for what it prints and writes, and how it ends. */
export const doc = (folder: string, ...args: readonly string[]): Promise<CliExit> =>
  runCli(['doc', ...args], { cwd: folder });

/** What `doc` reads, parsed without a thread: to start one takes longer than all that these pages are read for. */
export function readDoc(folder: string, names: readonly string[], edition: string | null = null): Promise<DocReport> {
  return inPlace({ cwd: folder }, async () =>
    examine(await parseFiles(names, (file) => parseMarkdown(file, treeOf)), edition),
  );
}

/** The findings of the first page, as `line:column rule`. */
export const foundIn = ({ pages: [page] }: DocReport): readonly string[] =>
  page?.findings.map(({ line, column, rule }) => `${line}:${column} ${rule}`) ?? [];

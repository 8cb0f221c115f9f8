import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../src/engine/package.js';

/** What a matrix depends on: the contract, the checks, and the faults with the target that they are laid over. */
const stampedFolders = ['specs', 'src/cancel', 'src/engine/judge', 'src/emulators/endpoint'];

/** Keys of our data files, and of OpenAPI, under which a string is for readers and decides nothing. */
const proseKeys: readonly string[] = [
  'title',
  'statement',
  'sentence',
  'meaning',
  'disagreement',
  'description',
  'summary',
  'because',
];

/**
 * SHA-256 over what the sources mean that a matrix depends on: no comment, white space or line end counts, and no prose of
 * a data file.
 */
export function stampOfMeaning(root = packageRoot): string {
  const hash = createHash('sha256');
  const files = stampedFolders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')),
  );
  for (const file of files.sort()) {
    hash.update(`${file}\0${meaningOf(file, readFileSync(path.join(root, file), 'utf8'))}\0`);
  }
  return hash.digest('hex');
}

function meaningOf(file: string, text: string): string {
  const withoutLineEnds = text.replaceAll('\r\n', '\n');
  if (/\.tsx?$/.test(file)) return tokensOf(file, withoutLineEnds);
  return /\.ya?ml$/.test(file) ? valuesOf(withoutLineEnds) : withoutLineEnds;
}

/** The tokens of a module, one a line; the parser is asked, because the scanner alone takes a regular expression for a division. */
function tokensOf(file: string, text: string): string {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const tokens: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const parts = node.getChildren(source);
    if (parts.length > 0) parts.forEach(visit);
    else if (node.getWidth(source) > 0) tokens.push(node.getText(source));
  };
  visit(source);
  return tokens.join('\n');
}

/** The values of a data file, prose left out. */
function valuesOf(text: string): string {
  const isProse = (key: string, value: unknown): boolean => proseKeys.includes(key) && typeof value === 'string';
  return JSON.stringify(
    parseAllDocuments(text).map((document) => document.toJS() as unknown),
    (key, value: unknown): unknown => (isProse(key, value) ? undefined : value),
  );
}

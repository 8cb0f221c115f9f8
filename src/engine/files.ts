import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type * as Yaml from 'yaml';
import type { Document, LineCounter } from 'yaml';
import { ConfigurationError } from './errors.js';

/** The folder that holds `specs/` and `schemas/`: the nearest one above this module with a package.json. */
export const packageRoot = findPackageRoot(path.dirname(fileURLToPath(import.meta.url)));

function findPackageRoot(from: string): string {
  for (let folder = from; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'package.json'))) return folder;
    if (folder === path.dirname(folder)) throw new Error(`no package.json above ${from}`);
  }
}

const require = createRequire(import.meta.url);

/** Loaded when a file is read: the workers of a run read none. */
const loadYaml = (): typeof Yaml => require('yaml') as typeof Yaml;

/** A YAML file as read, with what is needed to point into it. */
export interface DataFile {
  /** The path as given or as shown to the user. */
  readonly name: string;
  readonly value: unknown;
  /**
   * Where a key stands.
   * @param keys path of keys and indexes from the top of the document
   * @returns `name:line: a.b[3]`
   */
  locate(keys: readonly (string | number)[]): string;
  /** The line on which a key stands, from 1; null when there is none. */
  lineOf(keys: readonly (string | number)[]): number | null;
}

/**
 * Reads a YAML file.
 * @param file path, absolute or relative to the working directory
 * @throws ConfigurationError when the file is missing, unreadable or not YAML
 */
export function readDataFile(file: string): DataFile {
  const name = path.isAbsolute(file) ? path.relative(process.cwd(), file) || file : file;
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  const document = parseDocument(readText(file, name), { lineCounter: lines, prettyErrors: true });
  const [problem] = document.errors;
  if (problem) {
    throw new ConfigurationError(`${name}: not valid YAML: ${problem.message.trimEnd()}`);
  }
  const located = { name, document, lines };
  const value = document.toJS() as unknown;
  return { name, value, locate: (keys) => locate(located, keys), lineOf: (keys) => lineOf(located, keys) };
}

function readText(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const what = code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`;
    throw new ConfigurationError(`${name}: ${what}`, { cause });
  }
}

interface Located {
  readonly name: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

function lineOf({ document, lines }: Located, keys: readonly (string | number)[]): number | null {
  const node = document.getIn(keys, true) as { range?: [number, number, number] | null } | undefined;
  return node?.range ? lines.linePos(node.range[0]).line : null;
}

/** A path of keys and indexes as it is written: `a.b[3]`. */
export const shownKeys = (keys: readonly (string | number)[]): string =>
  keys.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );

function locate(located: Located, keys: readonly (string | number)[]): string {
  const { name } = located;
  const shown = shownKeys(keys);
  for (let depth = keys.length; depth > 0; depth--) {
    const line = lineOf(located, keys.slice(0, depth));
    if (line !== null) return `${name}:${line}: ${shown}`;
  }
  return shown === '' ? name : `${name}: ${shown}`;
}

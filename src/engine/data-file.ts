import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { ConfigurationError } from './errors.js';
import { readText, refusal, shownPath, type Expected } from './files.js';

const require = createRequire(import.meta.url);

/** Loaded when a file is read as YAML, or has to be pointed into. */
const loadYaml = (): typeof Yaml => require('yaml') as typeof Yaml;

type Keys = readonly (string | number)[];

/** A YAML or JSON file as read, with what is needed to point into it. */
export interface DataFile {
  /** The path as shown to the user. */
  readonly name: string;
  readonly value: unknown;
  /**
   * Where a key stands.
   * @param keys path of keys and indexes from the top of the document
   * @returns `name:line: a.b[3]`
   */
  locate(keys: Keys): string;
  /** The line on which a key stands, from 1; null when there is none. */
  lineOf(keys: Keys): number | null;
}

/** Of what is written by hand. The reader of YAML takes half a second for a mebibyte. */
const mostYamlBytes = 8 * 1024 * 1024;

/**
 * Reads a JSON file of a user's.
 * @throws ConfigurationError as `readText`, and with the line at which it stops being JSON
 */
export function readJson(file: string, expected: Expected = {}): DataFile {
  const text = readText(file, expected);
  const name = shownPath(file);
  // Only an error needs lines, and finding them means to read the whole text once more.
  let known: Located | undefined;
  const located = (): Located => (known ??= parseLines(text, name));
  return {
    name,
    value: parseJson(text, file, expected),
    locate: (keys) => locate(located(), keys),
    lineOf: (keys) => lineOf(located(), keys),
  };
}

/**
 * Reads a YAML file.
 * @throws ConfigurationError as `readText`, and when it is not YAML, or stands for something endless
 */
export function readDataFile(file: string, expected: Expected = {}): DataFile {
  const text = readText(file, { capBytes: mostYamlBytes, ...expected });
  const located = parseLocated(text, shownPath(file));
  const { name, document, lines } = located;
  const [problem] = document.errors;
  if (problem) throw notYaml(`${name}:${lines.linePos(problem.pos[0]).line}`, problem);
  const value = valueOf(document, name);
  return { name, value, locate: (keys) => locate(located, keys), lineOf: (keys) => lineOf(located, keys) };
}

/** What a document stands for. An alias that is unknown, multiplies or holds itself is found here. */
function valueOf(document: Yaml.Document, name: string): unknown {
  let value: unknown;
  try {
    value = document.toJS();
  } catch (cause) {
    throw notYaml(name, cause as Error);
  }
  if (holdsItself(value))
    throw new ConfigurationError(`${name}: a part of it holds itself by an alias (*); write it out`);
  return value;
}

/** What the reader says in one line; it may go on with what to call in a program. */
function notYaml(where: string, cause: Error): ConfigurationError {
  const said = cause.message.includes('call stack')
    ? 'nested too deep'
    : (cause.message.split(/[;\n]/)[0] ?? '').trim();
  return new ConfigurationError(`${where}: not valid YAML: ${said}`, { cause });
}

function holdsItself(value: unknown, above: readonly unknown[] = []): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return above.includes(value) || Object.values(value).some((part) => holdsItself(part, [...above, value]));
}

function parseJson(text: string, file: string, expected: Expected): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const read = text.slice(0, positionOf(cause, text));
    const isCut = read.trimEnd() === text.trimEnd();
    const line = (isCut ? read.trimEnd() : read).split('\n').length;
    throw refusal(`${file}:${line}`, `not JSON${isCut ? ', and it seems to be cut off' : ''}`, { ...expected, cause });
  }
}

/** The platform shows so many characters before the one that it did not expect. */
const shownBefore = 10;

/** Where the platform stopped reading: it says so by a number, by what stands around that place, or else the text ended too early. */
function positionOf(cause: unknown, text: string): number {
  const message = cause instanceof Error ? cause.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  const [, cut, around] =
    /^Unexpected token [^]+?, (\.\.\.)?"([^]*)"(?:\.\.\.)? is not valid JSON$/.exec(message) ?? [];
  if (around === undefined) return text.length;
  return text.indexOf(around) + (cut === undefined ? 0 : shownBefore);
}

interface Located {
  readonly name: string;
  /** Null where no lines can be told. */
  readonly document: Yaml.Document | null;
  readonly lines: Yaml.LineCounter;
}

function parseLocated(text: string, name: string): Located & { readonly document: Yaml.Document } {
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  return { name, lines, document: parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' }) };
}

/** JSON is YAML, too. */
function parseLines(text: string, name: string): Located {
  if (!isDeep(text)) return parseLocated(text, name);
  return { name, document: null, lines: new (loadYaml().LineCounter)() };
}

/** More than any of our files has, and less than what ends the process in the reader of YAML. */
const mostLevels = 500;

/** Whether a JSON text is nested so deep that the reader of YAML cannot follow. */
function isDeep(json: string): boolean {
  let [level, isInString] = [0, false];
  for (let at = 0; at < json.length && level <= mostLevels; at++) {
    const character = json[at];
    if (character === '"') isInString = !isInString;
    else if (isInString) at += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') level += 1;
    else if (character === ']' || character === '}') level -= 1;
  }
  return level > mostLevels;
}

function lineOf({ document, lines }: Located, keys: Keys): number | null {
  const node = document?.getIn(keys, true) as { range?: [number, number, number] | null } | undefined;
  return node?.range ? lines.linePos(node.range[0]).line : null;
}

/** A path of keys and indexes as it is written: `a.b[3]`. */
const shownKeys = (keys: Keys): string =>
  keys.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );

function locate(located: Located, keys: Keys): string {
  const { name } = located;
  const shown = shownKeys(keys);
  for (let depth = keys.length; depth > 0; depth--) {
    const line = lineOf(located, keys.slice(0, depth));
    if (line !== null) return `${name}:${line}: ${shown}`;
  }
  return shown === '' ? name : `${name}: ${shown}`;
}

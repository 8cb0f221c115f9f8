import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { wordInWords } from './address.js';
import { ConfigurationError } from './errors.js';
import { bounds, excessOf, excessOfYaml, type JsonBounds } from './bounds.js';
import { readText, refusal, shownPath, type Expected } from './files.js';
import { lineAt, placeInJson } from './json-place.js';

const require = createRequire(import.meta.url);

/** Loaded when a file is read as YAML. */
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

/**
 * Reads a JSON file of a user's.
 * @throws ConfigurationError as `readText`, with the line at which it stops being JSON, and where it would become too much
 */
export function readJson(file: string, expected: JsonExpected = {}): DataFile {
  const { json = bounds.machineMade, ...rest } = expected;
  const text = readText(file, { capBytes: json.bytes, ...rest });
  const name = shownPath(file);
  const excess = excessOf(text, json);
  if (excess !== null) throw refusal(file, excess, rest);
  const value = parseJson(text, file, rest);
  const at = (keys: Keys): number | null => {
    const place = placeInJson(text, keys);
    return place === null ? null : lineAt(text, place);
  };
  return { name, value, locate: (keys) => locate(name, at, keys), lineOf: at };
}

/** What a JSON file may become, beside what is expected of any; default: what a program of ours wrote. */
interface JsonExpected extends Omit<Expected, 'capBytes'> {
  readonly json?: JsonBounds & { readonly bytes: number };
}

/**
 * Reads a YAML file.
 * @throws ConfigurationError as `readText`, and when it is not YAML, or stands for something endless or too much
 */
export function readDataFile(file: string, expected: Expected = {}): DataFile {
  const text = readText(file, { capBytes: bounds.handWritten.bytes, ...expected });
  const excess = excessOfYaml(text, bounds.handWritten);
  if (excess !== null) throw refusal(file, excess, expected);
  const { LineCounter, parseDocument } = loadYaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const name = shownPath(file);
  const [problem] = document.errors;
  if (problem) throw notYaml(`${name}:${lines.linePos(problem.pos[0]).line}`, problem);
  const value = valueOf(document, name);
  const at = (keys: Keys): number | null => {
    const node = document.getIn(keys, true) as { range?: [number, number, number] | null } | undefined;
    return node?.range ? lines.linePos(node.range[0]).line : null;
  };
  return { name, value, locate: (keys) => locate(name, at, keys), lineOf: at };
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
    const line = lineAt(text, isCut ? read.trimEnd().length : read.length);
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

/** Longest value in a sentence, in characters. */
const longestQuoted = 200;

/** A value of a file as it may stand in a sentence. */
export function quoted(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestQuoted ? `${text.slice(0, longestQuoted)}…` : text;
}

/** A path of keys and indexes as it is written: `a.b[3]`. */
const shownKeys = (keys: Keys): string =>
  keys.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  );

function locate(name: string, lineOf: (keys: Keys) => number | null, keys: Keys): string {
  const shown = shownKeys(keys);
  for (let depth = keys.length; depth > 0; depth--) {
    const line = lineOf(keys.slice(0, depth));
    if (line !== null) return `${name}:${line}: ${shown}`;
  }
  return shown === '' ? name : `${name}: ${shown}`;
}

/** Where a wrong key stands, in words. A header may have been pasted whole: what follows its name is not told, nor what is no word. */
export function placeOfKey(file: Pick<DataFile, 'locate'>, keys: readonly (string | number)[]): string {
  const key = String(keys.at(-1) ?? '');
  const [name = ''] = key.split(/[:=]/);
  const where = file.locate([...keys]);
  const told = name === key ? wordInWords(key) : `${wordInWords(name)}…`;
  return told === key ? where : where.replaceAll(key, told);
}

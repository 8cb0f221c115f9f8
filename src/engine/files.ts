import { randomUUID } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Yaml from 'yaml';
import { ConfigurationError } from './errors.js';

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

/** What a reader of a user's file expects of it. */
export interface Expected {
  /** What the file has to be, as `a target file`; default: `a file`. */
  readonly what?: string;
  /** What to do instead, as `give the report.json of a run`. */
  readonly advice?: string;
  /** Largest size in bytes. */
  readonly capBytes?: number;
  /** True: it need not lie on a disk, as with `<(…)` and `/dev/stdin`. Such a thing can be read once. */
  readonly piped?: boolean;
  /** How long a pipe may keep silent, in milliseconds; default: `patienceMs`. */
  readonly silentMs?: number;
}

/** Far more than any file of a run has, and well below half a GiB, the longest text that the platform can hold. */
const mostBytes = 256 * 1024 * 1024;

/** Of what is written by hand. The reader of YAML takes half a second for a mebibyte. */
const mostYamlBytes = 8 * 1024 * 1024;

/** Read at a time, in bytes. */
const pieceBytes = 256 * 1024;

/** Longest that a pipe is waited for, in milliseconds: whoever fills it may fetch that over the network first. */
const patienceMs = 10_000;

/** How long a pipe is left alone before it is looked at again, in milliseconds. */
const pipePollMs = 10;

/** A path as the reader's working directory sees it. */
export function shownPath(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith('..') || relative === '' ? file : relative;
}

/** Whether a folder is there. What cannot be looked at is told by the attempt to read it. */
export function isFolder(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    return false;
  }
}

/**
 * Makes a folder, and those above it, unless it is there. The platform's own way to do so never ends below /proc.
 * @throws the platform's error
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const above = path.dirname(path.resolve(folder));
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have been quicker.
    if (!isFolder(folder)) throw error;
  }
}

/**
 * Reads a file of a user's, as it is.
 * @param file path, absolute or relative to the working directory
 * @throws ConfigurationError that names the file: missing, a folder, no regular file, unreadable, or too large
 */
export function readBytes(file: string, expected: Expected = {}): Buffer {
  const { capBytes = mostBytes, piped = false, what = 'a file' } = expected;
  try {
    // Looked at before it is opened: opening a pipe waits until somebody writes into it.
    const facts = statSync(file);
    const problem = problemOf(facts, piped);
    if (problem !== null) throw refusal(file, problem, expected);
    const { silentMs = patienceMs } = expected;
    const bytes = facts.isFIFO() ? readPipe(file, capBytes, silentMs) : readCapped(file, capBytes);
    if (bytes === 'silent') throw refusal(file, `a pipe, into which nobody wrote for ${silentMs / 1000} s`, expected);
    if (bytes !== null) return bytes;
    throw refusal(file, `larger than ${sizeInWords(capBytes)}, the most that ${what} may have`, expected);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    // Too few descriptors are no matter of this file.
    if (code === 'EMFILE' || code === 'ENFILE') throw cause;
    throw refusal(file, code === 'ENOENT' ? 'no such file' : `cannot be read (${code})`, { ...expected, cause });
  }
}

/**
 * Reads a text file of a user's, without a byte order mark.
 * @throws ConfigurationError as `readBytes`, and when it is UTF-16 or anything else but UTF-8
 */
export function readText(file: string, expected: Expected = {}): string {
  const text = decodeText(readBytes(file, expected), file, expected);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/**
 * What was read of a user's file, as text; a byte order mark stays.
 * @throws ConfigurationError that names the file when it is UTF-16, and file and line when it is no UTF-8
 */
export function decodeText(bytes: Buffer, file: string, expected: Expected = {}): string {
  const [first, second] = bytes;
  const isMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // Every text of ours begins with a character of ASCII, which has a zero in UTF-16.
  if (isMark || (bytes.length > 1 && (first === 0) !== (second === 0))) {
    throw refusal(file, 'UTF-16, and not UTF-8: save it as UTF-8', expected);
  }
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw refusal(`${file}:${lineOfInvalid(bytes)}`, 'not UTF-8: save it as UTF-8', expected);
}

/** The line of the first byte that is not UTF-8. */
function lineOfInvalid(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

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

/** How a file is written. */
interface Written {
  /** Rights of the file, less those that the process never gives; default: those of any file. */
  readonly mode?: number;
  /** True: it outlasts a loss of power, too, which takes the disk some milliseconds. */
  readonly flush?: boolean;
}

/**
 * Writes a file that appears under its name only when it is whole. What the path names is replaced, a link too.
 * @throws the platform's error; then nothing is left but what was there before
 */
export function writeWhole(file: string, content: string, written: Written = {}): void {
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    // Never into what somebody else has put there; and a full disk that takes a part is an error here.
    writeFileSync(unfinished, content, { ...written, flag: 'wx' });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

function refusal(file: string, problem: string, { advice, cause }: Expected & { cause?: unknown }): ConfigurationError {
  const rest = advice === undefined ? '' : `; ${advice}`;
  return new ConfigurationError(`${shownPath(file)}: ${problem}${rest}`, { cause });
}

/** Why something cannot be read as a file, whatever it holds; null when it can. */
function problemOf(facts: Stats, piped: boolean): string | null {
  if (facts.isDirectory()) return 'a folder, no file';
  if (facts.isFile() || (piped && !facts.isSocket())) return null;
  return `no regular file but ${facts.isFIFO() ? 'a pipe' : facts.isSocket() ? 'a socket' : 'a device'}`;
}

/** All bytes; null when there are more than the cap. Files of the system and pipes do not say how many they have. */
function readCapped(file: string, capBytes: number): Buffer | null {
  const descriptor = openSync(file, 'r');
  try {
    const pieces: Buffer[] = [];
    for (let total = 0; total <= capBytes;) {
      const piece = Buffer.allocUnsafe(pieceBytes);
      const read = readSync(descriptor, piece);
      if (read === 0) return Buffer.concat(pieces);
      pieces.push(piece.subarray(0, read));
      total += read;
    }
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * As `readCapped`, of a pipe: who does not wait for it as the platform does cannot hang on it.
 * @returns `silent` when nobody wrote for as long as it may keep silent
 */
function readPipe(file: string, capBytes: number, silentMs: number): Buffer | 'silent' | null {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const pieces: Buffer[] = [];
    let [total, endMs] = [0, performance.now() + silentMs];
    while (total <= capBytes) {
      const piece = readWaiting(descriptor);
      if (piece === 'ended' && total > 0) return Buffer.concat(pieces);
      if (typeof piece === 'string') {
        if (performance.now() > endMs) return piece === 'ended' ? Buffer.alloc(0) : 'silent';
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pipePollMs);
        continue;
      }
      pieces.push(piece);
      total += piece.length;
      endMs = performance.now() + silentMs;
    }
    return null;
  } finally {
    closeSync(descriptor);
  }
}

/** What stands in a pipe; `ended` where nobody has it open for writing, or not yet. */
function readWaiting(descriptor: number): Buffer | 'ended' | 'waiting' {
  const piece = Buffer.allocUnsafe(pieceBytes);
  try {
    const read = readSync(descriptor, piece);
    return read === 0 ? 'ended' : piece.subarray(0, read);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 'waiting';
    throw error;
  }
}

function sizeInWords(bytes: number): string {
  const [kibi, mebi] = [1024, 1024 * 1024];
  if (bytes % mebi === 0) return `${bytes / mebi} MiB`;
  return bytes % kibi === 0 ? `${bytes / kibi} KiB` : `${bytes} bytes`;
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
export const shownKeys = (keys: Keys): string =>
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

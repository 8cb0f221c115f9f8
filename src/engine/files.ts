import { randomUUID } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import {
  chmodSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import path from 'node:path';
import { bounds } from './bounds.js';
import { ConfigurationError } from './errors.js';

/** What a reader of a user's file expects of it. */
export interface Expected {
  /** What the file has to be, as `a target file`; default: `a file`. */
  readonly what?: string;
  /** What to do instead, as `give the report.json of a run`. */
  readonly advice?: string;
  /** Largest size in bytes; default: that of what a program of ours wrote. */
  readonly capBytes?: number;
  /** True: it need not lie on a disk, as with `<(…)` and `/dev/stdin`. Such a thing can be read once. */
  readonly piped?: boolean;
  /** How long a pipe may keep silent, in milliseconds; default: `patienceMs`. */
  readonly silentMs?: number;
}

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
 * @param mode rights of the folder itself, where it is made; default: those of any
 * @throws the platform's error
 */
export function makeFolder(folder: string, mode?: number): void {
  if (isFolder(folder)) return;
  const above = path.dirname(path.resolve(folder));
  if (above !== folder) makeFolder(above);
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    // Somebody else may have been quicker.
    if (!isFolder(folder)) throw error;
  }
}

/** Rights of whoever is not the owner. */
const othersMask = 0o077;

/** Rights in what only its owner may look into. */
export const privateModes = { folder: 0o700, file: 0o600 } as const;

/**
 * Keeps others out of a folder or file that is there: what it holds says what may be done with somebody's rights.
 * @returns what was narrowed, in words; null where nothing had to be
 * @throws ConfigurationError where it belongs to somebody else, or is a link to another place
 */
export function keepPrivate(place: string): string | null {
  const facts = lstatSync(place, { throwIfNoEntry: false });
  if (facts === undefined) return null;
  if (facts.isSymbolicLink()) throw refusal(place, 'a symbolic link; name what it leads to, or remove it', {});
  // Windows has no such bits: there it is the folder of the user that keeps others out.
  if (process.platform === 'win32' || (facts.mode & othersMask) === 0) return null;
  const mode = (facts.mode & 0o777).toString(8);
  const narrow = facts.isDirectory() ? privateModes.folder : privateModes.file;
  try {
    chmodSync(place, narrow);
  } catch (cause) {
    const what = facts.isDirectory() ? 'name a folder of your own' : 'remove it';
    throw refusal(place, `others may use it (mode ${mode}), and it is somebody else's: ${what}`, { cause });
  }
  return `${shownPath(place)}: others could use it (mode ${mode}); it is its owner's alone now (mode ${narrow.toString(8)})`;
}

/**
 * Reads a file of a user's, as it is.
 * @param file path, absolute or relative to the working directory
 * @throws ConfigurationError that names the file: missing, a folder, no regular file, unreadable, or too large
 */
export function readBytes(file: string, expected: Expected = {}): Buffer {
  const { capBytes = bounds.machineMade.bytes, piped = false, what = 'a file' } = expected;
  try {
    // Looked at before it is opened: opening a pipe waits until somebody writes into it.
    const facts = statSync(file);
    const problem = problemOf(facts, piped);
    if (problem !== null) throw refusal(file, problem, expected);
    const { silentMs = patienceMs } = expected;
    // What says how large it is need not be read to be refused.
    const bytes =
      facts.size > capBytes ? null : facts.isFIFO() ? readPipe(file, capBytes, silentMs) : readCapped(file, capBytes);
    if (bytes === 'silent') throw refusal(file, `a pipe, into which nobody wrote for ${silentMs / 1000} s`, expected);
    if (bytes !== null) return bytes;
    throw refusal(file, `larger than ${sizeInWords(capBytes)}, the most that ${what} may have`, expected);
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    if (lacksDescriptors(cause)) throw cause;
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

/** What was read of a user's file, as text; a byte order mark stays. @throws ConfigurationError as `assertText` */
export function decodeText(bytes: Buffer, file: string, expected: Expected = {}): string {
  assertText(bytes, file, expected);
  return bytes.toString('utf8');
}

/**
 * Holds what was read of a user's file to be text.
 * @throws ConfigurationError that names the file when it is UTF-16, and file and line when it is no UTF-8
 */
export function assertText(bytes: Buffer, file: string, expected: Expected = {}): void {
  const [first, second] = bytes;
  const isMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  // Every text of ours begins with a character of ASCII, which has a zero in UTF-16.
  if (isMark || (bytes.length > 1 && (first === 0) !== (second === 0))) {
    throw refusal(file, 'UTF-16, and not UTF-8: save it as UTF-8', expected);
  }
  if (!isUtf8(bytes)) throw refusal(`${file}:${lineOfInvalid(bytes)}`, 'not UTF-8: save it as UTF-8', expected);
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

/** The first bytes of a file, as text; null where there is none, or it cannot be read. */
export function readHead(file: string, bytes: number): string | null {
  try {
    if (!statSync(file).isFile()) return null;
    const descriptor = openSync(file, 'r');
    try {
      const head = Buffer.alloc(bytes);
      return head.toString('utf8', 0, readSync(descriptor, head));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    if (lacksDescriptors(cause)) throw cause;
    return null;
  }
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
 * @param content the text, or its pieces one after the other, so that it need not stand in memory whole
 * @throws the platform's error; then nothing is left but what was there before
 */
export function writeWhole(file: string, content: string | Iterable<string>, written: Written = {}): void {
  const unfinished = `${file}.${randomUUID()}.tmp`;
  try {
    // Never into what somebody else has put there; and a full disk that takes a part is an error here.
    const opened = openSync(unfinished, 'wx', written.mode);
    try {
      for (const piece of typeof content === 'string' ? [content] : inChunks(content)) writeFileSync(opened, piece);
      if (written.flush === true) fsyncSync(opened);
    } finally {
      closeSync(opened);
    }
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}

/** Characters that are written at once: a call of the system for each small piece would take longer than the disk. */
const chunkLength = 256 * 1024;

function* inChunks(pieces: Iterable<string>): Generator<string> {
  let chunk = '';
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

/** What is wrong with a file, and what to do instead. */
export function refusal(
  file: string,
  problem: string,
  { advice, cause }: Expected & { cause?: unknown },
): ConfigurationError {
  const rest = advice === undefined ? '' : `; ${advice}`;
  return new ConfigurationError(`${shownPath(file)}: ${problem}${rest}`, { cause });
}

/** Whether too few descriptors were there to open something, which is no matter of the file: whoever catches its errors lets this one pass. */
export function lacksDescriptors(cause: unknown): boolean {
  const { code } = cause as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE';
}

/**
 * What stands in the place of a file that only a program of ours makes, and is none; null for a file.
 * @param facts of the thing itself, not of what a link leads to
 */
export const otherThan = (facts: Stats): string | null =>
  facts.isFile()
    ? null
    : facts.isDirectory()
      ? 'a folder'
      : facts.isSymbolicLink()
        ? 'a symbolic link'
        : 'no regular file';

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

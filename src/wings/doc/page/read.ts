import path from 'node:path';
import { ConfigurationError } from '../../../engine/errors.js';
import { readBytes, shownPath } from '../../../engine/files.js';

/** A file as text, with the name under which its reader knows it. */
export interface SourceFile {
  /** Path relative to the working directory where it lies below it, with slashes. */
  readonly name: string;
  /** Without a byte order mark; line ends as they are. */
  readonly text: string;
  /** True when a byte order mark stood first: offsets in `text` count from behind it. */
  readonly hasMark: boolean;
}

/**
 * Largest file that is read, in bytes. A page of one operation has some kilobytes, the longest of the documentation less
 * than half of this; what is larger is another kind of file.
 */
const mostBytes = 256 * 1024;

const advice = "give a page of the documentation in Microsoft's Markdown";

/**
 * Reads a Markdown file.
 * @throws ConfigurationError that names the file: missing, no file, too large, binary, or not UTF-8
 */
export function readSource(file: string): SourceFile {
  const name = shownPath(file).split(path.sep).join('/');
  const bytes = readBytes(file, { what: 'a page', advice, capBytes: mostBytes, piped: true });
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw new ConfigurationError(`${name}: a binary file (byte ${zero + 1} is zero); ${advice}`);
  const whole = decode(bytes, name);
  const hasMark = whole.startsWith('\ufeff');
  return { name, text: hasMark ? whole.slice(1) : whole, hasMark };
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    const line = lineOfInvalid(bytes);
    throw new ConfigurationError(`${name}:${line}: not UTF-8; save the page as UTF-8`, { cause });
  }
}

/** The line of the first byte that is not UTF-8: the longest prefix of lines that decodes ends before it. */
function lineOfInvalid(bytes: Buffer): number {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, start);
    const piece = bytes.subarray(start, end < 0 ? bytes.length : end);
    if (!Buffer.from(piece.toString('utf8')).equals(piece)) return line;
    start = end < 0 ? bytes.length : end + 1;
  }
  return line;
}

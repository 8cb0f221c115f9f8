import path from 'node:path';
import { ConfigurationError } from '../../../engine/errors.js';
import { decodeText, readBytes, shownPath } from '../../../engine/files.js';

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
  const expected = { what: 'a page', advice, capBytes: mostBytes, piped: true };
  const bytes = readBytes(file, expected);
  const zero = bytes.indexOf(0);
  if (zero >= 0) throw new ConfigurationError(`${name}: a binary file (byte ${zero + 1} is zero); ${advice}`);
  const whole = decodeText(bytes, file, expected);
  const hasMark = whole.startsWith('\ufeff');
  return { name, text: hasMark ? whole.slice(1) : whole, hasMark };
}

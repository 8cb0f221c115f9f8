import { existsSync } from 'node:fs';
import path from 'node:path';
import { assertText, readBytes } from '../../engine/files.js';
import type { Exchange } from '../../engine/evidence/records.js';
import { evidenceLines } from '../../report/evidence.js';
import type { Report } from '../../report/model.js';
import { jsonPieces, madeOf } from '../../report/write.js';
import type { Difference } from './difference.js';
import { differingTexts } from './texts.js';

/** The files that a run leaves for readers beside its report: those that are there. */
export type ReadersFiles = ReadonlyMap<string, Buffer>;

/** @throws ConfigurationError when one of them cannot be read */
export function readReadersFiles(folder: string): ReadersFiles {
  const names = Object.keys(madeOf).filter((name) => existsSync(path.join(folder, name)));
  return new Map(names.map((name) => [name, asWritten(path.join(folder, name))]));
}

/** The text of a file with all that stands in it, a byte order mark as well: as bytes, of which a large one takes less memory. */
export function asWritten(file: string): Buffer {
  const expected = { what: 'a file of a finished run' };
  const bytes = readBytes(file, expected);
  assertText(bytes, file, expected);
  return bytes;
}

/** The texts of the two files that are judged. */
export interface Written {
  readonly report: Buffer;
  readonly evidence: Buffer;
}

/**
 * Whether both are written as the suite writes them: of a member that stands there twice, or that is escaped, another reader may read
 * something else.
 */
export const compareForms = (
  { report: text, evidence }: Written,
  { report, exchanges }: { readonly report: Report; readonly exchanges: readonly Exchange[] },
): readonly Difference[] => [
  ...differingTexts('report.json', { reported: text, found: jsonPieces(report) }),
  ...differingTexts('evidence.jsonl', { reported: evidence, found: evidenceLines({ exchanges }) }),
];

/** Which of them are not, byte by byte, what the report gives. Each is made once more. */
export const compareFiles = (files: ReadersFiles, report: Report): readonly Difference[] =>
  Object.entries(madeOf).flatMap(([name, render]) => {
    const text = files.get(name);
    return text === undefined ? [] : differingTexts(name, { reported: text, found: [render(report)] });
  });

/** What was compared and what was not there, in words. */
export function filesInWords(files: ReadersFiles): string {
  const missing = Object.keys(madeOf).filter((name) => !files.has(name));
  const compared = files.size === 0 ? 'none beside the report' : [...files.keys()].join(', ');
  return missing.length === 0 || files.size === 0 ? compared : `${compared}; not there: ${missing.join(', ')}`;
}

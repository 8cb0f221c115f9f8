import { randomUUID } from 'node:crypto';
import { appendFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import { isFolder, lacksDescriptors, makeFolder, shownPath, writeWhole } from '../engine/files.js';
import { renderBadge } from './badge.js';
import { renderCtrf } from './ctrf.js';
import { evidenceLines } from './evidence.js';
import { renderHtml } from './html/page.js';
import { renderJunit } from './junit.js';
import type { Report } from './model.js';
import { renderSarif } from './sarif.js';
import { renderSummary } from './summary.js';
import { visibleLines } from './visible.js';

/** A report file could not be written. Exit code 4: without its report a run must not look finished. */
export class ReportWriteError extends Error {
  override readonly name = 'ReportWriteError';
  /** The file or directory that could not be written. */
  readonly path: string;
  /** The files that had been written before. */
  readonly written: readonly string[];

  constructor(path: string, cause: unknown, written: readonly string[]) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(
      `Cannot write the report ${path}: ${why}. Check that the directory exists or can be created, may be written and has free space, or choose another one, then run again.`,
      { cause },
    );
    this.path = path;
    this.written = written;
  }
}

/** What is made of a report for its readers, people and programs: from the report alone, and each time the same. */
export const madeOf: Readonly<Record<string, (report: Report) => string>> = {
  'index.html': renderHtml,
  'junit.xml': renderJunit,
  'results.sarif': renderSarif,
  'summary.md': renderSummary,
  'badge.svg': renderBadge,
  'ctrf.json': renderCtrf,
};

/** What a run leaves in its folder, in the order of writing. */
const projections = {
  'report.json': jsonPieces,
  ...madeOf,
  'evidence.jsonl': evidenceLines,
} as const satisfies Readonly<Record<string, (report: Report) => string | Iterable<string>>>;

/** Made of a report later, beside it: they speak of that one and of no other. */
const madeOfReports = ['doc.html', 'evidence.har', 'comparison.html', 'comparison.json', 'comparison.md'] as const;

/** Names of all files that speak of one run. */
const reportFiles: readonly string[] = [...Object.keys(projections), ...madeOfReports];

/** Whether a run that leaves its reports in a folder writes, or removes, this file there. */
export const isReportFile = (file: string, directory: string): boolean =>
  dirname(file) === directory && reportFiles.includes(basename(file));

/**
 * Makes a folder ready for the reports of a run that is about to begin: a folder that can be written, without reports of an earlier
 * run that somebody could take for this one's. Files under other names are left alone.
 * @param named how the user named the folder, as `--out reports`
 * @throws ConfigurationError when it cannot be written
 */
export function readyFolder(directory: string, named?: string): void {
  assertWritable(directory, reportFiles, named);
  removeReports(directory);
}

/**
 * Holds a folder in which files are about to be written, and makes it where it is missing.
 * @param names of the files
 * @param named how the user named the folder, as `--out reports`
 * @throws ConfigurationError when it cannot be written, or a folder stands in the place of one of the files
 */
export function assertWritable(
  directory: string,
  names: readonly string[],
  named = `--out ${shownPath(directory)}`,
): void {
  const trial = join(directory, `.${randomUUID()}.tmp`);
  try {
    makeFolder(directory);
    writeWhole(trial, '');
    rmSync(trial);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    if (lacksDescriptors(cause)) throw cause;
    throw new ConfigurationError(`${named}: cannot be written (${code}); choose a folder that can`, { cause });
  }
  const inTheWay = names.find((name) => isFolder(join(directory, name)));
  if (inTheWay !== undefined) {
    throw new ConfigurationError(
      `${named}: ${inTheWay} in it is a folder, in whose place no file can be written; remove it, or choose another folder`,
    );
  }
}

/** Removes the files of a run from a folder. */
function removeReports(directory: string): void {
  for (const name of reportFiles) {
    try {
      rmSync(join(directory, name), { force: true });
    } catch {
      // It is no report then, such as a folder: whoever writes one in its place is told.
    }
  }
}

/**
 * Writes all projections of a report below `directory`, which is created when missing, in the place of those of an earlier run. Each
 * file appears under its name only when it is whole; files that stand there under other names are left alone.
 *
 * @returns Paths of the files written, in the order of writing.
 * @throws ReportWriteError
 */
export async function writeReports(report: Report, directory: string): Promise<{ readonly files: readonly string[] }> {
  await attempt(directory, () => {
    makeFolder(directory);
  });
  // Where one cannot be written, those after it are not there either, instead of an earlier run's.
  removeReports(directory);
  // One is made when the one before is written, the largest piece by piece: a target may fill each of them with tens of megabytes.
  const contents = Object.entries(projections).map(([name, render]) => [name, () => render(report)] as const);
  return writeFiles(Object.fromEntries(contents), directory);
}

/** What stands in a file, or what makes it. */
type Content = string | (() => string | Iterable<string>);

/**
 * Writes files below `directory` as `writeReports` does.
 *
 * @param contents content of each file by its name, in the order of writing
 * @throws ReportWriteError
 */
async function writeFiles(
  contents: Readonly<Record<string, Content>>,
  directory: string,
): Promise<{ readonly files: readonly string[] }> {
  await attempt(directory, () => {
    makeFolder(directory);
  });
  const files: string[] = [];
  for (const [name, content] of Object.entries(contents)) {
    const path = join(directory, name);
    const text = typeof content === 'string' ? content : content();
    await attempt(
      path,
      () => {
        writeWhole(path, text);
      },
      files,
    );
    files.push(path);
  }
  return { files };
}

/**
 * As `writeFiles`, for what a command was asked to write: before the first of them the folder is looked at.
 * @param named how the user named the folder
 * @throws ConfigurationError as `assertWritable`, and ReportWriteError
 */
export function writeAsked(
  contents: Readonly<Record<string, Content>>,
  directory: string,
  named?: string,
): Promise<{ readonly files: readonly string[] }> {
  assertWritable(directory, Object.keys(contents), named);
  return writeFiles(contents, directory);
}

/**
 * Appends lines to a file that a pipeline names in a variable.
 * @throws ConfigurationError that names both where it cannot be written
 */
export function appendFor(variable: string, file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`${variable}: ${file} cannot be written (${code})`, { cause });
  }
}

/** A model itself. JSON escapes and the escapes of `visibleLines` are the same, so nothing is lost. */
export const renderJson = (model: object): string => [...jsonPieces(model)].join('');

/** As `renderJson`, by pieces: two spaces in front of each member, and of the lists that a model is made of an item on each line. */
export function* jsonPieces(model: object): Generator<string> {
  const pieceOf = (value: unknown, space?: number): string => visibleLines(JSON.stringify(value, null, space));
  let before = '{';
  for (const [name, value] of Object.entries(model)) {
    if (value === undefined) continue;
    const head = `${before}\n  ${pieceOf(name)}: `;
    before = ',';
    if (!Array.isArray(value) || value.length === 0) {
      yield `${head}${pieceOf(value, 2).replaceAll('\n', '\n  ')}`;
      continue;
    }
    for (const [at, item] of value.entries()) yield `${at === 0 ? `${head}[` : ','}\n    ${pieceOf(item)}`;
    yield '\n  ]';
  }
  yield before === '{' ? '{}\n' : '\n}\n';
}

async function attempt(path: string, write: () => unknown, written: readonly string[] = []): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new ReportWriteError(path, error, [...written]);
  }
}

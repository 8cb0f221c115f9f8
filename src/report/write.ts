import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../engine/files.js';
import { renderBadge } from './badge.js';
import { renderEvidence } from './evidence.js';
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

/**
 * Writes all projections of a report below `directory`, which is created when missing. Each file appears under its
 * name only when it is whole; files that stand there under other names are left alone.
 *
 * @returns Paths of the files written, in the order of writing.
 * @throws ReportWriteError
 */
export async function writeReports(report: Report, directory: string): Promise<{ readonly files: readonly string[] }> {
  // One is made when the one before is written: a target may fill each of them with tens of megabytes.
  const contents: Readonly<Record<string, Content>> = {
    'report.json': () => renderJson(report),
    'index.html': () => renderHtml(report),
    'junit.xml': () => renderJunit(report),
    'results.sarif': () => renderSarif(report),
    'summary.md': () => renderSummary(report),
    'badge.svg': () => renderBadge(report),
    'evidence.jsonl': () => renderEvidence(report),
  };
  return writeFiles(contents, directory);
}

/** What stands in a file, or what makes it. */
type Content = string | (() => string);

/**
 * Writes files below `directory` as `writeReports` does.
 *
 * @param contents content of each file by its name, in the order of writing
 * @throws ReportWriteError
 */
export async function writeFiles(
  contents: Readonly<Record<string, Content>>,
  directory: string,
): Promise<{ readonly files: readonly string[] }> {
  await attempt(directory, () => mkdir(directory, { recursive: true }));
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
 * Appends the Markdown summary to the step summary file of a CI job.
 *
 * @throws ReportWriteError
 */
export async function appendStepSummary(report: Report, file: string): Promise<void> {
  await attempt(file, () => appendFile(file, renderSummary(report)));
}

/** A model itself. JSON escapes and the escapes of `visibleLines` are the same, so nothing is lost. */
export function renderJson(model: object): string {
  return `${visibleLines(JSON.stringify(model, null, 2))}\n`;
}

async function attempt(path: string, write: () => unknown, written: readonly string[] = []): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new ReportWriteError(path, error, [...written]);
  }
}

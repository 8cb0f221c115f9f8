import { existsSync } from 'node:fs';
import path from 'node:path';
import { isFolder } from '../../engine/files.js';
import type { Report } from '../../report/model.js';
import { renderJson, writeAsked } from '../../report/write.js';
import type { NamedReport } from './compare-reports.js';
import { renderComparison } from './html/page.js';
import { renderComparisonMarkdown } from './markdown.js';
import type { Comparison } from './model.js';

/**
 * A report with the way to its page, where that lies beside it.
 * @param place the report, or the folder that holds it
 * @param folder in which the comparison will be read
 */
export function withPageOf(place: string, report: Report, folder: string): NamedReport {
  const page = path.resolve(isFolder(place) ? place : path.dirname(place), 'index.html');
  const told = { file: place, report };
  return existsSync(page) ? { ...told, page: path.relative(folder, page).split(path.sep).join('/') } : told;
}

/**
 * Writes the comparison below `directory`, which is created when missing, as `writeAsked` writes.
 * @returns paths of the files: the page, the model, the Markdown
 * @throws ConfigurationError where it cannot be written, and ReportWriteError
 */
export async function writeComparison(
  comparison: Comparison,
  directory: string,
): Promise<{ readonly files: readonly string[] }> {
  return writeAsked(
    {
      'comparison.html': renderComparison(comparison),
      'comparison.json': renderJson(comparison),
      'comparison.md': renderComparisonMarkdown(comparison),
    },
    directory,
  );
}

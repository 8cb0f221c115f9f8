import { renderJson, writeFiles } from '../../report/write.js';
import { renderComparison } from './html/page.js';
import { renderComparisonMarkdown } from './markdown.js';
import type { Comparison } from './model.js';

/**
 * Writes the comparison below `directory`, which is created when missing, as `writeReports` writes a report.
 * @returns paths of the files: the page, the model, the Markdown
 * @throws ReportWriteError
 */
export async function writeComparison(
  comparison: Comparison,
  directory: string,
): Promise<{ readonly files: readonly string[] }> {
  return writeFiles(
    {
      'comparison.html': renderComparison(comparison),
      'comparison.json': renderJson(comparison),
      'comparison.md': renderComparisonMarkdown(comparison),
    },
    directory,
  );
}

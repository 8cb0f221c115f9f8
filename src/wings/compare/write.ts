import { renderJson, writeAsked } from '../../report/write.js';
import { renderComparison } from './html/page.js';
import { renderComparisonMarkdown } from './markdown.js';
import type { Comparison } from './model.js';

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

import { loadContract } from '../../../cancel/contract.js';
import type { Report } from '../../../report/model.js';
import { examine, parseFiles } from '../examine.js';
import { loadOwnership } from '../ownership/load.js';
import { renderDocPage } from './page.js';

/** What a view of pages is made from. */
export interface ViewChoice {
  /** Pages, and includes that stand in them. */
  readonly files: readonly string[];
  /** Ownership files besides those of the suite. */
  readonly ownership: readonly string[];
}

/**
 * `doc.html`: pages with the verdicts of a run.
 * @throws ConfigurationError when a file is no such page, or an ownership file is not as it has to be
 */
export async function renderView(report: Report, { files, ownership }: ViewChoice): Promise<string> {
  const parsed = await parseFiles(files);
  const { pages } = examine(parsed, null);
  return renderDocPage({
    report,
    contract: loadContract(report.target.edition),
    ownership: loadOwnership(ownership),
    pages: parsed.pages.map((page, index) => ({ page, findings: pages[index]?.findings ?? [] })),
  });
}

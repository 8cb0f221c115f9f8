/**
 * The only door of the wing that reads pages of the documentation. It loads nothing before it is used: the wing brings a parser of
 * Markdown along, and most commands never ask for it.
 */
import type { Contract } from '../../engine/contract/types.js';
import type { Report } from '../../report/model.js';
import type { ViewChoice } from './html/write.js';
import type { DocReport } from './model.js';
import type { DocFormat } from './output/formats.js';
import type { Coverage } from './ownership/coverage.js';
import type { NamedReport, Suggestion } from './suggest/suggest.js';

export type { DocReport } from './model.js';

/**
 * Reads pages of the documentation, and says where each disagrees with itself, its translation and an edition.
 * @param files pages, and includes that stand in them
 * @param editionId edition to hold the pages against; null: none
 * @throws ConfigurationError when a file is no such page, or the edition is unknown
 */
export async function examineFiles(files: readonly string[], editionId: string | null): Promise<DocReport> {
  const { examine, parseFiles } = await import('./examine.js');
  return examine(await parseFiles(files), editionId);
}

/** What was read, for other programs. */
export async function renderDoc(report: DocReport, format: DocFormat): Promise<string> {
  const { renderers } = await import('./output/formats.js');
  return renderers[format](report);
}

/** What was read, for a terminal. */
export async function renderDocTerminal(report: DocReport, options: { readonly colour: boolean }): Promise<string> {
  const terminal = await import('./output/terminal.js');
  return terminal.renderDocTerminal(report, options);
}

/** What was read, in every format for other programs: name of the file and content. */
export async function docFiles(report: DocReport): Promise<Readonly<Record<string, string>>> {
  const formats = await import('./output/formats.js');
  return formats.docFiles(report);
}

/** A correction of pages, and what the pages say as they are. */
export interface Corrected {
  readonly suggestion: Suggestion;
  readonly pages: DocReport['pages'];
}

/**
 * Proposes a correction of pages from what a run saw.
 * @throws ConfigurationError when the run saw no success or several statuses, or a file is no page of the operation
 */
export async function correct(files: readonly string[], run: NamedReport, contract: Contract): Promise<Corrected> {
  const { examine, parseFiles } = await import('./examine.js');
  const { suggest } = await import('./suggest/suggest.js');
  const parsed = await parseFiles(files);
  const suggestion = suggest(parsed, run, contract);
  return { suggestion, pages: examine(parsed, null).pages };
}

/**
 * Says of each page which of its sentences somebody owns.
 * @param ownership files besides those of the suite
 * @throws ConfigurationError when a file is no such page, or an ownership file is not as it has to be
 */
export async function coverFiles(files: readonly string[], ownership: readonly string[]): Promise<readonly Coverage[]> {
  const { parseFiles } = await import('./examine.js');
  const { coverageOf } = await import('./ownership/coverage.js');
  const { loadOwnership } = await import('./ownership/load.js');
  const owners = loadOwnership(ownership);
  return (await parseFiles(files)).pages.map((page) => coverageOf(page, owners));
}

/** The counts, and where each sentence stands that nobody owns. */
export async function renderCoverage(coverages: readonly Coverage[]): Promise<string> {
  const coverage = await import('./ownership/coverage.js');
  return coverage.renderCoverage(coverages);
}

/** An ownership file with a row to fill in for each sentence that nobody owns. */
export async function renderOwnershipDraft(coverages: readonly Coverage[]): Promise<string> {
  const coverage = await import('./ownership/coverage.js');
  return coverage.renderOwnershipDraft(coverages);
}

/**
 * `doc.html`: pages with the verdicts of a run.
 * @throws ConfigurationError when a file is no such page, or an ownership file is not as it has to be
 */
export async function renderView(report: Report, choice: ViewChoice): Promise<string> {
  const view = await import('./html/write.js');
  return view.renderView(report, choice);
}

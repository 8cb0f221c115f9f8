import path from 'node:path';
import { isatty } from 'node:tty';
import picocolors from 'picocolors';
import { ConfigurationError } from '../../engine/errors.js';
import { loadContract } from '../../engine/contract/load.js';
import type { DocReport } from '../../wings/doc/model.js';
import { readReport } from '../../report/read.js';
import { visible } from '../../report/visible.js';
import { writeFiles } from '../../report/write.js';
import { exitCodes, foundExitCode } from '../../engine/verdict/outcome.js';

interface DocFlags {
  readonly edition?: string;
  readonly format: 'text' | 'yaml' | 'json' | 'sarif';
  readonly out?: string;
  readonly suggest?: string;
  readonly coverage?: boolean;
  readonly draft?: boolean;
  readonly ownership?: readonly string[];
}

const exitCodeFor = (found: boolean): number => (found ? foundExitCode : exitCodes.conformant);

/** The reader of pages brings a parser along that no other command needs. */
const loadExamination = () => import('../../wings/doc/examine.js');

/** `doc`: what a page of the documentation says, and where it disagrees with itself. */
export async function doc(files: readonly string[], flags: DocFlags): Promise<number> {
  if (flags.suggest !== undefined) return suggestFor(files, flags.suggest, flags.out);
  return flags.coverage === true ? cover(files, flags) : read(files, flags);
}

async function read(files: readonly string[], flags: DocFlags): Promise<number> {
  const { examine, parseFiles } = await loadExamination();
  const { docFiles } = await import('../../wings/doc/output/formats.js');
  const report = examine(await parseFiles(files), flags.edition ?? null);
  process.stdout.write(await printed(report, flags.format));
  if (flags.out !== undefined) tellWritten(await writeFiles(docFiles(report), path.resolve(flags.out)));
  return exitCodeFor(report.pages.some(({ findings }) => findings.length > 0));
}

async function printed(report: DocReport, format: DocFlags['format']): Promise<string> {
  if (format !== 'text') return (await import('../../wings/doc/output/formats.js')).renderers[format](report);
  const { renderDocTerminal } = await import('../../wings/doc/output/terminal.js');
  return renderDocTerminal(report, { colour: picocolors.isColorSupported && isatty(process.stdout.fd) });
}

function tellWritten({ files }: { readonly files: readonly string[] }): void {
  process.stderr.write(`Wrote ${files.map((file) => visible(path.relative(process.cwd(), file))).join(', ')}\n`);
}

async function suggestFor(files: readonly string[], place: string, out: string | undefined): Promise<number> {
  if (out === undefined) {
    throw new ConfigurationError('--suggest writes page.diff and overlay.yaml: say into which folder with --out <dir>');
  }
  const report = readReport(place);
  const { examine, parseFiles } = await loadExamination();
  const { suggest } = await import('../../wings/doc/suggest/suggest.js');
  const run = { name: place, report };
  const parsed = await parseFiles(files);
  const { observed, diff, edits, overlay } = suggest(parsed, run, loadContract(report.target.edition));
  for (const { file, closestEditions } of examine(parsed, null).pages) {
    if (closestEditions.includes(report.target.edition)) continue;
    const closest = closestEditions.join(' or ');
    process.stderr.write(
      `${visible(file)} is closest to ${closest}, and the run was judged by ${report.target.edition}\n`,
    );
  }
  const seen = `The run saw ${observed.status} in each of ${observed.count} successes.`;
  const lines = edits.map(({ file, what }) => `  ${file}: ${what}`);
  const head = lines.length === 0 ? `${seen} The page says so: nothing to correct.` : `${seen} To correct:`;
  process.stdout.write(`${[head, ...lines].map(visible).join('\n')}\n`);
  tellWritten(await writeFiles({ 'page.diff': diff, 'overlay.yaml': overlay }, path.resolve(out)));
  return exitCodeFor(lines.length > 0);
}

async function cover(files: readonly string[], { ownership = [], draft = false }: DocFlags): Promise<number> {
  const { parseFiles } = await loadExamination();
  const { coverageOf, renderCoverage, renderOwnershipDraft } = await import('../../wings/doc/ownership/coverage.js');
  const { loadOwnership } = await import('../../wings/doc/ownership/load.js');
  const owners = loadOwnership(ownership);
  const coverages = (await parseFiles(files)).pages.map((page) => coverageOf(page, owners));
  process.stdout.write(draft ? renderOwnershipDraft(coverages) : renderCoverage(coverages));
  return exitCodeFor(coverages.some(({ unowned }) => unowned.length > 0));
}

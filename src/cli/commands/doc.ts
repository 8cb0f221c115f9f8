import path from 'node:path';
import { ConfigurationError } from '../../engine/errors.js';
import { loadContract } from '../../cancel/contract.js';
import {
  correct,
  coverFiles,
  docFiles,
  examineFiles,
  renderCoverage,
  renderDoc,
  renderDocTerminal,
  renderOwnershipDraft,
  type DocReport,
} from '../../wings/doc/index.js';
import type { Io, Printer } from '../../hosts/io.js';
import { readReport } from '../../report/read.js';
import { visible } from '../../report/visible.js';
import { writeAsked } from '../../report/write.js';
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

/** `doc`: what a page of the documentation says, and where it disagrees with itself. */
export async function doc(io: Io, files: readonly string[], flags: DocFlags): Promise<number> {
  if (flags.suggest !== undefined) return suggestFor(io, files, { ...flags, suggest: flags.suggest });
  return flags.coverage === true ? cover(io, files, flags) : read(io, files, flags);
}

async function read({ stdout, stderr }: Io, files: readonly string[], flags: DocFlags): Promise<number> {
  const report = await examineFiles(files, flags.edition ?? null);
  stdout.write(await printed(report, flags.format, stdout.colour));
  if (flags.out !== undefined) tellWritten(stderr, await writeAsked(await docFiles(report), path.resolve(flags.out)));
  return exitCodeFor(report.pages.some(({ findings }) => findings.length > 0));
}

async function printed(report: DocReport, format: DocFlags['format'], colour: boolean): Promise<string> {
  if (format !== 'text') return renderDoc(report, format);
  return renderDocTerminal(report, { colour });
}

function tellWritten(stderr: Printer, { files }: { readonly files: readonly string[] }): void {
  stderr.write(`Wrote ${files.map((file) => visible(path.relative(process.cwd(), file))).join(', ')}\n`);
}

async function suggestFor(
  { stdout, stderr }: Io,
  files: readonly string[],
  { suggest: place, out }: DocFlags & { readonly suggest: string },
): Promise<number> {
  if (out === undefined) {
    throw new ConfigurationError('--suggest writes page.diff and overlay.yaml: say into which folder with --out <dir>');
  }
  const report = readReport(place);
  const { suggestion, pages } = await correct(files, { name: place, report }, loadContract(report.target.edition));
  const { observed, diff, edits, overlay } = suggestion;
  for (const { file, closestEditions } of pages) {
    if (closestEditions.includes(report.target.edition)) continue;
    const closest = closestEditions.join(' or ');
    stderr.write(`${visible(file)} is closest to ${closest}, and the run was judged by ${report.target.edition}\n`);
  }
  const seen = `The run saw ${observed.status} in each of ${observed.count} successes.`;
  const lines = edits.map(({ file, what }) => `  ${file}: ${what}`);
  const head = lines.length === 0 ? `${seen} The page says so: nothing to correct.` : `${seen} To correct:`;
  stdout.write(`${[head, ...lines].map(visible).join('\n')}\n`);
  tellWritten(stderr, await writeAsked({ 'page.diff': diff, 'overlay.yaml': overlay }, path.resolve(out)));
  return exitCodeFor(lines.length > 0);
}

async function cover(
  { stdout }: Io,
  files: readonly string[],
  { ownership = [], draft = false }: DocFlags,
): Promise<number> {
  const coverages = await coverFiles(files, ownership);
  stdout.write(await (draft ? renderOwnershipDraft(coverages) : renderCoverage(coverages)));
  return exitCodeFor(coverages.some(({ unowned }) => unowned.length > 0));
}

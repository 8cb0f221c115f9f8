import path from 'node:path';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import picocolors from 'picocolors';
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

/** `doc`: what a page of the documentation says, and where it disagrees with itself. */
export function docCommand(): Command {
  return new Command('doc')
    .description(
      "read a page of the documentation in Microsoft's Markdown: its contract, and where it contradicts itself, its translation or an edition",
    )
    .argument('<files...>', 'pages, in any language; and the includes that stand in them, such as permission tables')
    .option('--edition <id>', 'say where the page drifts from this edition, too')
    .addOption(
      new Option('--format <name>', 'what is printed').choices(['text', 'yaml', 'json', 'sarif']).default('text'),
    )
    .option('--out <dir>', 'also write doc.yaml, doc.json and doc.sarif into this folder')
    .option('--suggest <report>', 'write page.diff and overlay.yaml into --out: what this run saw, put into the page')
    .option('--coverage', 'say whether every sentence has an owner: a requirement, or a reason for having none')
    .option('--draft', 'with --coverage: print rows to fill in for what has no owner')
    .addOption(ownershipOption())
    .action(doc);
}

/** Ownership files besides those of the suite. */
export const ownershipOption = (): Option =>
  new Option('--ownership <file>', 'owners of the sentences of a page of your own; may be repeated').argParser(
    (file: string, before: readonly string[] | undefined) => [...(before ?? []), file],
  );

async function doc(files: readonly string[], flags: DocFlags): Promise<void> {
  if (flags.suggest !== undefined) await suggestFor(files, flags.suggest, flags.out);
  else if (flags.coverage === true) await cover(files, flags);
  else await read(files, flags);
}

async function read(files: readonly string[], flags: DocFlags): Promise<void> {
  const report = await examineFiles(files, flags.edition ?? null);
  process.stdout.write(await printed(report, flags.format));
  if (flags.out !== undefined) tellWritten(await writeFiles(await docFiles(report), path.resolve(flags.out)));
  process.exitCode = exitCodeFor(report.pages.some(({ findings }) => findings.length > 0));
}

async function printed(report: DocReport, format: DocFlags['format']): Promise<string> {
  if (format !== 'text') return renderDoc(report, format);
  return renderDocTerminal(report, { colour: picocolors.isColorSupported && isatty(process.stdout.fd) });
}

function tellWritten({ files }: { readonly files: readonly string[] }): void {
  process.stderr.write(`Wrote ${files.map((file) => visible(path.relative(process.cwd(), file))).join(', ')}\n`);
}

async function suggestFor(files: readonly string[], place: string, out: string | undefined): Promise<void> {
  if (out === undefined) {
    throw new ConfigurationError('--suggest writes page.diff and overlay.yaml: say into which folder with --out <dir>');
  }
  const report = readReport(place);
  const { suggestion, pages } = await correct(files, { name: place, report }, loadContract(report.target.edition));
  const { observed, diff, edits, overlay } = suggestion;
  for (const { file, closestEditions } of pages) {
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
  process.exitCode = exitCodeFor(lines.length > 0);
}

async function cover(files: readonly string[], { ownership = [], draft = false }: DocFlags): Promise<void> {
  const coverages = await coverFiles(files, ownership);
  process.stdout.write(await (draft ? renderOwnershipDraft(coverages) : renderCoverage(coverages)));
  process.exitCode = exitCodeFor(coverages.some(({ unowned }) => unowned.length > 0));
}

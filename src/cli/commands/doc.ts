import path from 'node:path';
import { isatty } from 'node:tty';
import { Command, Option } from 'commander';
import picocolors from 'picocolors';
import { examine, parseFiles } from '../../doc/examine.js';
import type { DocReport } from '../../doc/model.js';
import { docFiles, renderers, type DocFormat } from '../../doc/output/formats.js';
import { renderDocTerminal } from '../../doc/output/terminal.js';
import { visible } from '../../report/visible.js';
import { writeFiles } from '../../report/write.js';

interface DocFlags {
  readonly edition?: string;
  readonly format: DocFormat | 'text';
  readonly out?: string;
}

const findingsExitCode = 1;

/** `doc`: what a page of the documentation says, and where it disagrees with itself. */
export function docCommand(): Command {
  return new Command('doc')
    .description(
      "read a page of the documentation in Microsoft's Markdown: its contract, and where it contradicts itself, its translation or an edition",
    )
    .argument('<files...>', 'pages, in any language; and the includes that stand in them, such as permission tables')
    .option('--edition <id>', 'say where the page drifts from this edition, too')
    .addOption(
      new Option('--format <name>', 'what is printed').choices(['text', ...Object.keys(renderers)]).default('text'),
    )
    .option('--out <dir>', 'also write doc.yaml, doc.json and doc.sarif into this folder')
    .addHelpText(
      'after',
      '\nEnds with exit code 0 when nothing was found, with 1 when something was, and with 2 when a file is no such page.',
    )
    .action(doc);
}

async function doc(files: readonly string[], flags: DocFlags): Promise<void> {
  const report = examine(await parseFiles(files), flags.edition ?? null);
  process.stdout.write(printed(report, flags.format));
  if (flags.out !== undefined) {
    const { files: written } = await writeFiles(docFiles(report), path.resolve(flags.out));
    process.stderr.write(`Wrote ${written.map((file) => visible(path.relative(process.cwd(), file))).join(', ')}\n`);
  }
  const found = report.pages.some(({ findings }) => findings.length > 0);
  process.exitCode = found ? findingsExitCode : 0;
}

function printed(report: DocReport, format: DocFlags['format']): string {
  if (format !== 'text') return renderers[format](report);
  return renderDocTerminal(report, { colour: picocolors.isColorSupported && isatty(process.stdout.fd) });
}

import path from 'node:path';
import { Command } from 'commander';
import { renderHtml } from '../../report/html/page.js';
import { readReport } from '../../report/read.js';
import { visible } from '../../report/visible.js';
import { writeFiles } from '../../report/write.js';
import { ownershipOption } from './doc.js';

interface ReportFlags {
  readonly doc?: readonly string[];
  readonly ownership?: readonly string[];
  readonly out?: string;
}

/** `report`: the pages of a finished run once more, from its report.json; with --doc, the documentation as a view of it. */
export function reportCommand(): Command {
  return new Command('report')
    .description(
      'write index.html of a finished run anew from its report.json, and pages of the documentation with its verdicts',
    )
    .argument('[report]', 'folder of a finished run, or its report.json', 'reports')
    .option('--doc <files...>', 'pages of the documentation, shown in doc.html with the verdicts of the run')
    .addOption(ownershipOption())
    .option('--out <dir>', 'folder to write into (default: beside the report.json)')
    .action(report);
}

async function report(place: string, { doc = [], ownership = [], out }: ReportFlags): Promise<void> {
  const read = readReport(place);
  const folder = out ?? (place.endsWith('.json') ? path.dirname(place) : place);
  const { renderView } = await import('../../wings/doc/index.js');
  const contents = {
    'index.html': renderHtml(read),
    ...(doc.length === 0 ? {} : { 'doc.html': await renderView(read, { files: doc, ownership }) }),
  };
  const { files } = await writeFiles(contents, path.resolve(folder));
  process.stdout.write(`Wrote ${files.map((file) => visible(path.relative(process.cwd(), file))).join(', ')}\n`);
}

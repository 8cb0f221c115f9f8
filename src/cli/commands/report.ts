import path from 'node:path';
import type { Io } from '../../hosts/io.js';
import { renderHar } from '../../report/har.js';
import { renderHtml } from '../../report/html/page.js';
import { shownPath } from '../../engine/files.js';
import { readReport } from '../../report/read.js';
import { visible } from '../../report/visible.js';
import { writeAsked } from '../../report/write.js';
import { exitCodes } from '../../engine/verdict/outcome.js';

interface ReportFlags {
  readonly doc?: readonly string[];
  readonly ownership?: readonly string[];
  readonly har?: boolean;
  readonly out?: string;
}

/** `report`: the pages of a finished run once more, from its report.json; with --doc, the documentation as a view of it, with --har, its exchanges for tools that show traffic. */
export async function report(
  { stdout }: Io,
  place: string,
  { doc = [], ownership = [], har = false, out }: ReportFlags,
): Promise<number> {
  const read = readReport(place);
  const folder = out ?? (place.endsWith('.json') ? path.dirname(place) : place);
  const { renderView } = await import('../../wings/doc/index.js');
  const contents = {
    'index.html': renderHtml(read),
    ...(doc.length === 0 ? {} : { 'doc.html': await renderView(read, { files: doc, ownership }) }),
    ...(har ? { 'evidence.har': renderHar(read) } : {}),
  };
  const { files } = await writeAsked(contents, path.resolve(folder), out === undefined ? shownPath(folder) : undefined);
  stdout.write(`Wrote ${files.map((file) => visible(path.relative(process.cwd(), file))).join(', ')}\n`);
  return exitCodes.conformant;
}

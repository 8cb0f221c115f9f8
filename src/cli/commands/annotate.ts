import path from 'node:path';
import { isFolder } from '../../engine/files.js';
import { exitCodes } from '../../engine/verdict/outcome.js';
import type { Io } from '../../hosts/io.js';
import { outputsOf, renderAnnotations, renderOutputs } from '../../report/annotations.js';
import type { Pipeline } from '../../report/pipelines.js';
import { readReport } from '../../report/read.js';
import { appendFor } from '../../report/write.js';

/** `annotate`: a finished run in the words that a pipeline understands. */
export function annotate({ stdout }: Io, place: string, flags: { readonly for: Pipeline }): number {
  const report = readReport(place);
  const folder = isFolder(place) ? place : path.dirname(place);
  const paths = { report: path.join(folder, 'report.json'), sarif: path.join(folder, 'results.sarif') };
  const outputs = renderOutputs({ ...outputsOf(report), ...paths }, flags.for);
  const file = process.env['GITHUB_OUTPUT'];
  const toFile = flags.for === 'github' && file !== undefined;
  const printed = [...renderAnnotations(report, flags.for), ...(flags.for === 'azure' ? outputs : [])];
  (stdout.command ?? stdout.write)(printed.map((line) => `${line}\n`).join(''));
  if (toFile) appendFor('GITHUB_OUTPUT', file, outputs.map((line) => `${line}\n`).join(''));
  return exitCodes.conformant;
}

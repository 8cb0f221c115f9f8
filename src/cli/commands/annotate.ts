import { appendFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { ConfigurationError } from '../../engine/errors.js';
import { outputsOf, pipelines, renderAnnotations, renderOutputs, type Pipeline } from '../../report/annotations.js';
import { readReport } from '../../report/read.js';

/** `annotate`: a finished run in the words that a pipeline understands. */
export function annotateCommand(): Command {
  return new Command('annotate')
    .description('print the failed requirements of a finished run as annotations of a pipeline, and set its outputs')
    .argument('[report]', 'report.json of a run, or the folder that holds it', 'reports')
    .addOption(new Option('--for <pipeline>', 'whose commands').choices(pipelines).makeOptionMandatory())
    .addHelpText(
      'after',
      `
Outputs: outcome, provable and proven (in percent), report and sarif (paths); for github they go to the file that
GITHUB_OUTPUT names.`,
    )
    .action(annotate);
}

function annotate(place: string, flags: { readonly for: Pipeline }): void {
  const report = readReport(place);
  const folder = statSync(place).isDirectory() ? place : path.dirname(place);
  const paths = { report: path.join(folder, 'report.json'), sarif: path.join(folder, 'results.sarif') };
  const outputs = renderOutputs({ ...outputsOf(report), ...paths }, flags.for);
  const file = process.env['GITHUB_OUTPUT'];
  const toFile = flags.for === 'github' && file !== undefined;
  const printed = [...renderAnnotations(report, flags.for), ...(flags.for === 'azure' ? outputs : [])];
  process.stdout.write(printed.map((line) => `${line}\n`).join(''));
  if (toFile) append(file, outputs);
}

function append(file: string, lines: readonly string[]): void {
  try {
    appendFileSync(file, lines.map((line) => `${line}\n`).join(''));
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    throw new ConfigurationError(`GITHUB_OUTPUT: ${file} cannot be written (${code})`, { cause });
  }
}

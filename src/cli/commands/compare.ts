import path from 'node:path';
import {
  compareReports,
  mostRuns,
  renderComparisonTerminal,
  withPageOf,
  writeComparison,
} from '../../wings/compare/index.js';
import { ConfigurationError } from '../../engine/errors.js';
import { packageVersion } from '../../engine/package.js';
import type { Io } from '../../hosts/io.js';
import { readReport } from '../../report/read.js';
import { exitCodes, foundExitCode } from '../../engine/verdict/outcome.js';

interface CompareFlags {
  readonly out: string;
}

/** `compare`: what differs between runs, and why. */
export async function compare({ stdout }: Io, places: readonly string[], flags: CompareFlags): Promise<number> {
  if (places.length < 2) {
    throw new ConfigurationError(`${places[0] ?? 'nothing'}: only one run is named; name two or more, the base first`);
  }
  if (places.length > mostRuns) {
    throw new ConfigurationError(`${places.length} runs are named; compare at most ${mostRuns} at once`);
  }
  const out = path.resolve(flags.out);
  const given = places.map((place) => withPageOf(place, readReport(place), out));
  const comparison = compareReports(given, packageVersion());
  const { files } = await writeComparison(comparison, out);
  const pagePath = path.relative(process.cwd(), files[0] ?? flags.out);
  stdout.write(renderComparisonTerminal(comparison, { colour: stdout.colour, pagePath }));
  return comparison.same ? exitCodes.conformant : foundExitCode;
}

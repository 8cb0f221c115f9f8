import { isatty } from 'node:tty';
import { Command } from 'commander';
import picocolors from 'picocolors';
import { readBundle, rejudge, renderRejudged, type Bundle, type Rejudged } from '../../wings/rejudge/index.js';
import { exitCodes, foundExitCode } from '../../engine/verdict/outcome.js';
import { oneReadingOption, readFlags, type ContractFlags } from '../options.js';

interface JudgeFlags extends Pick<ContractFlags, 'reading'> {
  readonly json?: boolean;
}

/** `judge`: every verdict of a finished run once more, from its evidence. */
export function judgeCommand(): Command {
  return new Command('judge')
    .description(
      'recompute every verdict of a finished run from its evidence, offline, and say where the report differs',
    )
    .argument(
      '[bundle]',
      'folder of a finished run, or its report.json; evidence.jsonl is taken from beside it',
      'reports',
    )
    .addOption(oneReadingOption())
    .option('--json', 'as JSON')
    .action(judge);
}

function judge(place: string, flags: JudgeFlags): void {
  const chosen = readFlags(flags).readings ?? null;
  const bundle = readBundle(place);
  const rejudged = rejudge(bundle, chosen);
  const exitCode = exitCodeOf(rejudged);
  const colour = picocolors.isColorSupported && isatty(process.stdout.fd);
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(asData(bundle, rejudged, exitCode), null, 2)}\n`
      : renderRejudged(bundle, rejudged, { colour, exitCode }),
  );
  process.exitCode = exitCode;
}

function exitCodeOf({ differences, other }: Rejudged): number {
  if (differences.length > 0) return foundExitCode;
  return other?.report.run.exitCode ?? exitCodes.conformant;
}

function asData({ name, report }: Bundle, { again, differences, other }: Rejudged, exitCode: number): object {
  const { outcome, explanation } = again.run;
  return {
    report: name,
    run: report.run.id,
    equal: differences.length === 0,
    exitCode,
    recomputed: { outcome, exitCode: again.run.exitCode, explanation, provable: again.provable, proven: again.proven },
    differences,
    ...(other === null ? {} : { underReadings: dataOf(other) }),
  };
}

function dataOf({ chosen, report, changes }: NonNullable<Rejudged['other']>): object {
  const { run, provable, proven, target } = report;
  const { outcome, exitCode, explanation } = run;
  return { chosen, readings: target.readings, outcome, exitCode, explanation, provable, proven, changes };
}

import { readBundle, rejudge, renderRejudged, type Bundle, type Rejudged } from '../../wings/rejudge/index.js';
import { exitCodes, foundExitCode } from '../../engine/verdict/outcome.js';
import { sealOf } from '../../report/seal.js';
import type { Io } from '../../hosts/io.js';
import { readFlags, type ContractFlags } from '../flags.js';

interface JudgeFlags extends Pick<ContractFlags, 'reading'> {
  readonly json?: boolean;
  readonly verify?: boolean;
}

/** `judge`: every verdict of a finished run once more, from its evidence. */
export function judge({ stdout }: Io, place: string, flags: JudgeFlags): number {
  const chosen = readFlags(flags).readings ?? null;
  const bundle = readBundle(place);
  const rejudged = rejudge(bundle, chosen);
  const exitCode = exitCodeOf(rejudged);
  stdout.write(
    flags.json
      ? `${JSON.stringify(asData(bundle, rejudged, exitCode), null, 2)}\n`
      : renderRejudged(bundle, rejudged, { colour: stdout.colour, exitCode, verify: flags.verify === true }),
  );
  return exitCode;
}

function exitCodeOf({ differences, other }: Rejudged): number {
  if (differences.length > 0) return foundExitCode;
  return other?.report.run.exitCode ?? exitCodes.conformant;
}

function asData(bundle: Bundle, { again, differences, other }: Rejudged, exitCode: number): object {
  const { name, report } = bundle;
  const { outcome, explanation } = again.run;
  return {
    report: name,
    run: report.run.id,
    equal: differences.length === 0,
    exitCode,
    recomputed: { outcome, exitCode: again.run.exitCode, explanation, provable: again.provable, proven: again.proven },
    differences,
    seal: sealOf(bundle),
    ...(other === null ? {} : { underReadings: dataOf(other) }),
  };
}

function dataOf({ chosen, report, changes }: NonNullable<Rejudged['other']>): object {
  const { run, provable, proven, target } = report;
  const { outcome, exitCode, explanation } = run;
  return { chosen, readings: target.readings, outcome, exitCode, explanation, provable, proven, changes };
}

import { RunEnding } from '../../../src/hosts/ending.js';
import { expect } from './cli.js';
import { endedRun, startCounted } from './ended-runs.js';

/**
 * By their number in a run: the first creations and what follows them, calls of controls and of cases, and those of the clean-up of
 * some of these.
 */
const numbers = [14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 60, 61, 62, 63, 64, 65, 66, 67, 131, 172];

/** Into how many shares they are divided. */
export const shares = 3;

/** A share of the calls: as many seeds in a row as there are shares have them all. */
export const callsInTurn = (seed: number): readonly number[] =>
  numbers.filter((_, at) => at % shares === seed % shares);

/** How the cases of a run are carried out. */
export interface Manner {
  readonly lanes: number;
  readonly expensive: boolean;
}

/** All manners in which there may be calls beside each other or not: where requests are shared there is one lane (run-lanes.spec.ts). */
export const manners: readonly Manner[] = [
  { lanes: 1, expensive: false },
  { lanes: 4, expensive: false },
  { lanes: 1, expensive: true },
];

/** Enough cases to be ended among them. */
export const only = /^(?:effect|err|perm|resp|robust)-(?!cell)/;

/** Long, so that it is the end of the run and never a time-out that ends a call. */
export const timeoutMs = 60_000;

/** Ends a run when each of these calls is on its way, and holds that nothing is left of what it created. */
export async function expectNothingLeft(
  folder: string,
  calls: readonly number[],
  { lanes, expensive }: Manner,
): Promise<void> {
  for (const number of calls) {
    const ending = new RunEnding(timeoutMs);
    const served = await startCounted((passing) => {
      if (passing.number !== number) return 'pass';
      ending.reachBound();
      // The call is carried out, and its answer comes too late.
      return { afterMs: 10 };
    });
    const report = await endedRun(folder, { ...served.target, expensive, timeoutMs }, { lanes, only, ending }).finally(
      () => served.close(),
    );
    expect(report.run).toMatchObject({ exitCode: 3, outcome: 'incomplete', partial: true });
    expect(report.totals.checks.failed).toBe(0);
    expect({ number, left: served.left() }).toEqual({ number, left: [] });
  }
}

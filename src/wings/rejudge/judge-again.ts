import { wordInWords } from '../../engine/address.js';
import { ConfigurationError } from '../../engine/errors.js';
import type { Contract, Readings } from '../../engine/contract/types.js';
import type { Report } from '../../report/model.js';
import { typedCommand } from '../../engine/typed.js';
import { resolveReadings } from '../../target/readings.js';
import type { Bundle } from './bundle.js';
import { changesBetween, type Change } from './changes.js';
import { compareEvidence, compareOrder, differencesBetween } from './differences.js';
import type { Difference } from './difference.js';
import { compareFiles, compareForms } from './files.js';
import { rebuildEvidence } from './rebuild.js';
import { reportAgain } from './report-again.js';

/** A run judged under other readings than its own. */
export interface OtherReadings {
  /** The readings that were chosen, by clause. */
  readonly chosen: Readings;
  readonly report: Report;
  readonly changes: readonly Change[];
}

/** A finished run, judged once more. */
export interface Rejudged {
  /** The report that the evidence gives under the readings of the run. */
  readonly again: Report;
  /** Where the report at hand is another one; empty when nowhere. */
  readonly differences: readonly Difference[];
  /** Null when no other readings were asked for. */
  readonly other: OtherReadings | null;
}

/**
 * Recomputes every verdict of a finished run from its evidence, and holds the report, and the files that were made of it, against them. Pure.
 * @param chosen readings to judge by instead of the run's, by clause; null for none
 * @throws ConfigurationError for an unknown clause or reading, or one that decides what is sent
 */
export function rejudge(bundle: Bundle, chosen: Readings | null): Rejudged {
  const { report, contract } = bundle;
  const recorded = report.target.readings;
  if (chosen) assertJudgeable(contract, recorded, chosen);
  const evidence = rebuildEvidence(bundle, recorded);
  const again = reportAgain(evidence, bundle, recorded);
  const held = compareEvidence(bundle, evidence);
  const differences = [
    ...held,
    // Once the two files differ, the order of one of them says nothing more.
    ...(held.length === 0 ? compareOrder(bundle, again) : []),
    ...differencesBetween(report, again),
    ...(bundle.written === null ? [] : compareForms(bundle.written, bundle)),
    ...compareFiles(bundle.files, report),
  ];
  return { again, differences, other: chosen && underOther(bundle, again, chosen) };
}

function underOther(bundle: Bundle, again: Report, chosen: Readings): OtherReadings {
  const readings = { ...bundle.report.target.readings, ...chosen };
  const report = reportAgain(rebuildEvidence(bundle, readings), bundle, readings);
  return { chosen, report, changes: changesBetween(again, report) };
}

function assertJudgeable(contract: Contract, recorded: Readings, chosen: Readings): void {
  const where = (id: string, name: string): string => `--reading ${wordInWords(id)}=${wordInWords(name)}`;
  resolveReadings(contract, [{ readings: chosen, where }]);
  const id = contract.endpoint.collectionClause;
  const name = chosen[id];
  if (name === undefined || recorded[id] === name) return;
  throw new ConfigurationError(
    `${where(id, name)}: ${id} decides what is sent, and this run sent it by ${recorded[id] ?? 'none'}; it takes a run: ${typedCommand()} run --reading ${id}=${name}`,
  );
}

import { wordInWords } from '../../engine/address.js';
import { ConfigurationError } from '../../engine/errors.js';
import type { Contract, Level, Readings } from '../../engine/contract/types.js';
import type { Report } from '../../report/model.js';
import type { VerdictWord } from '../../engine/evidence/verdicts.js';
import { typedCommand } from '../../engine/typed.js';
import { reportOfEvidence } from '../../report/assemble/report-of.js';
import { resolveReadings } from '../../target/readings.js';
import type { RunEvidence } from '../../engine/verdict/judge-run.js';
import type { Bundle } from './bundle.js';
import { compareEvidence, compareOrder, differencesBetween } from './differences.js';
import type { Difference } from './difference.js';
import { compareFiles, compareForms } from './files.js';
import { rebuildEvidence } from './rebuild.js';

/** A verdict that is another one under other readings. */
export interface Change {
  readonly about: 'requirement' | 'check';
  readonly id: string;
  readonly title: string;
  /** Of a requirement. */
  readonly level?: Level;
  readonly from: VerdictWord;
  readonly to: VerdictWord;
  /** What speaks against it, or why nothing could be told. */
  readonly because: string | null;
}

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

/** The report that evidence gives, as plain data; what judging does not give is taken from the report at hand. */
function reportAgain(evidence: RunEvidence, { report: given, proof }: Bundle, readings: Readings): Report {
  const { run, target, basis } = given;
  const report = reportOfEvidence(evidence, {
    runId: run.id,
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    target: {
      ...target,
      readings,
      expensive: basis?.sharedRequests === true,
      fewestCases: basis?.fewestCases === true,
      ...(basis?.gatewayStatuses && { gatewayStatuses: basis.gatewayStatuses }),
      ...(basis?.between && { between: basis.between }),
    },
    baseUrl: target.baseUrl,
    // Both stand in the configuration already.
    claimHints: {},
    remarks: null,
    ...(given.provenance && { provenance: given.provenance }),
    knownToCatch: new Map(given.checks.map(({ id, knownToCatch }) => [id, knownToCatch])),
    proof,
  });
  // What another matrix explained is taken as it stands.
  const causes = proof === null ? given.causes : report.causes;
  // Exchanges are plain data already, and most of it.
  const { exchanges } = report;
  // No evidence speaks of earlier runs.
  const { history } = given;
  const taken = { ...(causes && { causes }), ...(history && { history }) };
  const rest = JSON.parse(JSON.stringify({ ...report, exchanges: [], ...taken })) as Report;
  return { ...rest, exchanges };
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

function changesBetween(before: Report, after: Report): readonly Change[] {
  return [
    ...changed('requirement', before.requirements, after.requirements),
    ...changed('check', before.checks, after.checks),
  ];
}

type Judged = Pick<Report['requirements'][number], 'id' | 'title' | 'verdict' | 'reason'> & {
  readonly level?: Level;
  readonly findings?: Report['checks'][number]['findings'];
};

function changed(about: Change['about'], before: readonly Judged[], after: readonly Judged[]): readonly Change[] {
  const former = new Map(before.map(({ id, verdict }) => [id, verdict]));
  return after.flatMap(({ id, title, level, verdict, reason, findings }) => {
    const from = former.get(id);
    if (from === undefined || from === verdict) return [];
    const because = findings?.[0]?.message ?? reason ?? null;
    return [{ about, id, title, ...(level === undefined ? {} : { level }), from, to: verdict, because }];
  });
}

import { ConfigurationError } from '../../engine/errors.js';
import type { Report } from '../../report/model.js';
import { steady } from '../../engine/verdict/fingerprint.js';
import { changedChecks, type Compared } from './checks.js';
import { driftOf } from './drift.js';
import { indexRun, type IndexedRun } from './indexed.js';
import type {
  CauseKind,
  Circumstance,
  ComparedRequirement,
  ComparedRun,
  Comparison,
  ComparisonTotals,
} from './model.js';
import { comparedRequirements } from './rows.js';
import { causeMeanings } from './words.js';

/** A report and where it was read. */
export interface NamedReport {
  readonly file: string;
  readonly report: Report;
  /** Path of its page from the folder of the comparison, where one lies there. */
  readonly page?: string;
}

/** Each run that is compared is held in memory whole, some 20 MB of it: of more, nobody knows whether there is enough. */
export const mostRuns = 100;

/**
 * Holds runs against each other; the first one is the base. Pure.
 * @param given two reports or more, at most `mostRuns`
 * @param version of the suite that compares
 * @throws ConfigurationError when no requirement was carried out by two of the runs
 */
export function compareReports(given: readonly NamedReport[], version: string): Comparison {
  const runs = given.map(({ report }) => indexRun(report));
  const compared: Compared = { runs, letters: given.map((_, index) => letterOf(index)) };
  const changes = changedChecks(compared);
  const requirements = comparedRequirements(compared, changes);
  if (requirements.every(({ state }) => state === 'left-out')) {
    const files = given.map(({ file }) => file).join(', ');
    throw new ConfigurationError(
      `${files}: no requirement was carried out by two of these runs; compare runs of the same areas`,
    );
  }
  const caseOf = new Map(runs.flatMap(({ report }) => report.checks.map(({ id, caseId }) => [id, caseId])));
  const drift = driftOf(runs, new Set(changes.map(({ id }) => caseOf.get(id) ?? '')));
  const circumstances = circumstancesOf(runs);
  const checks = new Set(runs.flatMap((run) => [...run.checks.keys()])).size;
  const totals = totalsOf({ requirements, changes, drift }, checks);
  return {
    schemaVersion: 1,
    suite: { name: 'cancel-conformance', version },
    same:
      changes.length === 0 &&
      totals.requirements.same + totals.requirements.leftOut === requirements.length &&
      drift.length === 0 &&
      !circumstances.some(({ counts }) => counts),
    runs: given.map(comparedRun),
    circumstances,
    totals,
    requirements,
    changes,
    drift,
  };
}

/** A to Z, then AA, AB and so on. */
export const letterOf = (index: number): string =>
  `${index < alphabet ? '' : letterOf(Math.floor(index / alphabet) - 1)}${String.fromCharCode('A'.charCodeAt(0) + (index % alphabet))}`;

const alphabet = 26;

function comparedRun({ file, report, page }: NamedReport, index: number): ComparedRun {
  const { run, target, suite, provable, proven } = report;
  return {
    letter: letterOf(index),
    file,
    ...(page === undefined ? {} : { page }),
    id: run.id,
    startedAt: run.startedAt,
    suiteVersion: suite.version,
    target: { name: target.name, baseUrl: target.baseUrl },
    edition: target.edition,
    readings: target.readings,
    outcome: run.outcome,
    exitCode: run.exitCode,
    partial: run.partial,
    areas: run.areas,
    provable,
    proven,
  };
}

/** Keys of the configuration that stand elsewhere, or name files of the machine that ran. */
const toldElsewhere = new Set(['target', 'edition', 'readings']);

/** What the runs do not have in common besides the target. */
function circumstancesOf(runs: readonly IndexedRun[]): readonly Circumstance[] {
  const targets = runs.map(({ report }) => report.target);
  const clauses = new Set(targets.flatMap(({ readings }) => Object.keys(readings)));
  const keys = new Set(targets.flatMap(({ configuration }) => Object.keys(configuration)));
  const judged = [
    { name: 'edition', values: targets.map(({ edition }) => edition), counts: true },
    ...[...clauses].map((clause) => ({
      name: `reading ${clause}`,
      values: targets.map(({ readings }) => readings[clause] ?? null),
      counts: true,
    })),
  ];
  const told = [
    { name: 'suite version', values: runs.map(({ report }) => report.suite.version), counts: false },
    ...[...keys]
      .filter((key) => !toldElsewhere.has(key))
      .map((key) => ({
        name: key,
        values: targets.map(({ configuration }) => configuration[key] ?? null),
        counts: false,
      })),
  ];
  return [...judged, ...told].filter(({ values }) => new Set(values.map((value) => value && steady(value))).size > 1);
}

function totalsOf(
  { requirements, changes, drift }: Pick<Comparison, 'requirements' | 'changes' | 'drift'>,
  checks: number,
): ComparisonTotals {
  const inState = (state: ComparedRequirement['state']): number =>
    requirements.filter((row) => row.state === state).length;
  return {
    requirements: {
      all: requirements.length,
      same: inState('same'),
      differing: inState('differs'),
      differingBelow: inState('differs-below'),
      leftOut: inState('left-out'),
    },
    checks: { all: checks, changed: changes.length },
    causes: countCauses(requirements),
    drift: { all: drift.length, silent: drift.filter(({ silentPlaces }) => silentPlaces > 0).length },
  };
}

function countCauses(requirements: readonly ComparedRequirement[]): Readonly<Record<CauseKind, number>> {
  const count = (kind: CauseKind): number => requirements.filter(({ causes }) => causes.includes(kind)).length;
  return Object.fromEntries((Object.keys(causeMeanings) as CauseKind[]).map((kind) => [kind, count(kind)])) as Record<
    CauseKind,
    number
  >;
}

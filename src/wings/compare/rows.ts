import type { RequirementReport } from '../../report/model.js';
import { causeOfRow } from './causes.js';
import { differing, lettersOf, type Compared } from './checks.js';
import type { IndexedRun } from './indexed.js';
import type { Cause, CauseKind, ChangedCheck, ComparedRequirement, RequirementInRun } from './model.js';
import { causeMeanings } from './words.js';

const causeOrder = Object.keys(causeMeanings) as readonly CauseKind[];

/** Every requirement that any run knows, in the order of the first run that has it. Pure. */
export function comparedRequirements(
  compared: Compared,
  changes: readonly ChangedCheck[],
): readonly ComparedRequirement[] {
  const { runs } = compared;
  const ids = new Set(runs.flatMap(({ report }) => report.requirements.map(({ id }) => id)));
  return [...ids].flatMap((id) => {
    const known = runs.find(({ requirements }) => requirements.has(id))?.requirements.get(id);
    return known ? [comparedRequirement(known, compared, changes)] : [];
  });
}

function comparedRequirement(
  { id, level, area, title }: RequirementReport,
  compared: Compared,
  changes: readonly ChangedCheck[],
): ComparedRequirement {
  const { runs } = compared;
  const inRuns = runs.map((run) => requirementInRun(run.requirements.get(id), run));
  const changed = changes.filter(({ requirementIds }) => requirementIds.includes(id));
  const own = ownCauses(id, { compared, inRuns, changed });
  const kinds = [...own, ...changed.flatMap(({ causes }) => causes)].map(({ kind }) => kind);
  return {
    id,
    level,
    area,
    title,
    runs: inRuns,
    state: stateOf(inRuns, kinds.length > 0),
    causes: causeOrder.filter((kind) => kinds.includes(kind)),
    own,
    changes: changed.map((check) => check.id),
  };
}

function stateOf(inRuns: readonly RequirementInRun[], hasCause: boolean): ComparedRequirement['state'] {
  const taking = inRuns.filter(({ verdict }) => verdict !== 'left-out');
  const seen = new Set(taking.map(({ verdict, waived }) => `${verdict} ${String(waived)}`));
  if (seen.size > 1) return 'differs';
  if (hasCause) return 'differs-below';
  return taking.length < 2 ? 'left-out' : 'same';
}

interface RowParts {
  readonly compared: Compared;
  readonly inRuns: readonly RequirementInRun[];
  readonly changed: readonly ChangedCheck[];
}

/** What differs about a row itself: its text or level, or a verdict that no check accounts for. */
function ownCauses(id: string, { compared, inRuns, changed }: RowParts): readonly Cause[] {
  const identity = (run: IndexedRun): string => {
    const row = run.requirements.get(id);
    return JSON.stringify(row && [row.verdict, row.waived === true, row.level, row.statement]);
  };
  return differing(compared.runs, inRuns, identity).flatMap(({ run, against, pair }): Cause[] => {
    const isTold = changed.some(({ causes }) => causes.some((cause) => cause.run === run));
    if (isTold) return [];
    return [{ run, against, ...causeOfRow(id, { ...pair, letters: lettersOf(compared, against, run) }) }];
  });
}

function requirementInRun(row: RequirementReport | undefined, run: IndexedRun): RequirementInRun {
  if (!row) return { verdict: run.report.run.partial ? 'left-out' : 'absent', waived: false };
  if (isLeftOut(row, run)) return { verdict: 'left-out', waived: false };
  return { verdict: row.verdict, waived: row.waived === true };
}

/** Of a partial run: a row that the filter left out, or of which the run says no more than that cases are missing. */
function isLeftOut(
  { verdict, area, checks }: RequirementReport,
  { report, cases, checks: known }: IndexedRun,
): boolean {
  const { partial, areas } = report.run;
  if (!partial || verdict !== 'inconclusive') return false;
  if (areas !== null && !areas.includes(area)) return true;
  return checks.some((id) => {
    const item = cases.get(known.get(id)?.caseId ?? '');
    return item !== undefined && item.blocked !== null && item.startedAt === '';
  });
}

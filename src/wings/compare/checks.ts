import type { CheckReport } from '../../report/model.js';
import { cut } from '../../report/excerpt.js';
import { steady } from '../../engine/verdict/fingerprint.js';
import { causeOfCheck, chainOf } from './causes.js';
import type { IndexedRun } from './indexed.js';
import type { Cause, ChangedCheck, CheckInRun } from './model.js';

const longestText = 300;

/** All runs, and what each is called. */
export interface Compared {
  readonly runs: readonly IndexedRun[];
  readonly letters: readonly string[];
}

/** The checks that are not the same in all runs that carried them out, in the order of the first run that has them. Pure. */
export function changedChecks(compared: Compared): readonly ChangedCheck[] {
  const { runs } = compared;
  const ids = new Set(runs.flatMap(({ report }) => report.checks.map(({ id }) => id)));
  return [...ids].flatMap((id) => {
    const known = runs.find(({ checks }) => checks.has(id))?.checks.get(id);
    if (!known) return [];
    const inRuns = runs.map((run) => checkInRun(run.checks.get(id), run));
    const causes = differing(runs, inRuns, (run) => identityOf(run.checks.get(id))).map(
      ({ run, against, pair }): Cause => ({
        run,
        against,
        ...causeOfCheck(id, { ...pair, letters: lettersOf(compared, against, run) }),
      }),
    );
    const { title, requirementIds } = known;
    return causes.length === 0 ? [] : [{ id, title, requirementIds, runs: inRuns, causes }];
  });
}

/** How two of the runs are called. */
export const lettersOf = ({ letters }: Compared, before: number, after: number): readonly [string, string] => [
  letters[before] ?? '?',
  letters[after] ?? '?',
];

/** A run that differs from the first one that was not left out. */
interface Difference {
  readonly run: number;
  readonly against: number;
  readonly pair: { readonly before: IndexedRun; readonly after: IndexedRun };
}

/** The runs that differ from the first one that took part; those that were left out have no part in it. */
export function differing(
  runs: readonly IndexedRun[],
  inRuns: readonly Pick<CheckInRun, 'verdict'>[],
  identity: (run: IndexedRun) => string,
): readonly Difference[] {
  const against = inRuns.findIndex(({ verdict }) => verdict !== 'left-out');
  const before = runs[against];
  if (before === undefined) return [];
  const wanted = identity(before);
  return runs.flatMap((after, run) => {
    const isOut = run <= against || inRuns[run]?.verdict === 'left-out';
    return isOut || identity(after) === wanted ? [] : [{ run, against, pair: { before, after } }];
  });
}

/** Two checks of the same identity say the same; reasons differ in ids and times by nature. */
function identityOf(check: CheckReport | undefined): string {
  if (!check) return 'absent';
  const { verdict, fingerprint, waivedFor, reason } = check;
  return JSON.stringify([verdict, fingerprint, waivedFor, reason === undefined ? null : steady(reason)]);
}

function checkInRun(check: CheckReport | undefined, run: IndexedRun): CheckInRun {
  if (!check || isLeftOut(check, run)) {
    const verdict = check !== undefined || run.report.run.partial ? 'left-out' : 'absent';
    return { verdict, waived: false, reason: null, finding: null };
  }
  const [finding] = check.findings;
  return {
    verdict: check.verdict,
    waived: (check.waivedFor ?? []).length > 0,
    reason: check.reason === undefined ? null : cut(check.reason, longestText),
    finding: finding === undefined ? null : cut(finding.message, longestText),
  };
}

/** Of a run that was filtered or interrupted: what it cannot tell because a case never began. */
function isLeftOut(check: CheckReport, run: IndexedRun): boolean {
  if (!run.report.run.partial || check.verdict !== 'inconclusive') return false;
  return chainOf(check.caseId, run).some((id) => {
    const item = run.cases.get(id);
    return item === undefined || (item.blocked !== null && item.startedAt === '');
  });
}

import { verdictWords } from '../words.js';
import type { VerdictWord } from '../model.js';
import type { PastRun } from '../../engine/models/report.js';

/** What a run said of a requirement; `absent` where it says nothing of it. */
export type HistoryVerdict = VerdictWord | 'absent';

/**
 * Where a requirement stands after a row of runs: exactly one of these.
 * - `untold`: no run passed or failed it.
 * - `flaky`: it changed three times or more.
 * - `new`: it failed in the last run that told it, and passed in those before, or none did.
 * - `back`: it failed in the last run that told it, not in the one before, but earlier.
 * - `failing`: it failed in the last two that told it or more.
 * - `repaired`: it passed in the last run that told it, and failed in the one before.
 * - `passing`: it passed in the last two that told it, or in the only one.
 */
export type RowState = 'new' | 'back' | 'failing' | 'flaky' | 'repaired' | 'passing' | 'untold';

/** A requirement over the runs. */
export interface RowHistory {
  readonly id: string;
  /** In the order of the runs. */
  readonly verdicts: readonly HistoryVerdict[];
  readonly state: RowState;
  /** How often it went from passed to failed or back. What could not be told lies between and changes nothing. */
  readonly changes: number;
  /** True where the last verdict that was told is a failure. */
  readonly fails: boolean;
  /** For how many runs that told it the last verdict has held; 0 where none did. */
  readonly runs: number;
  /** Index of the run with which that began; null where none told it. */
  readonly since: number | null;
  /** How many runs, the last one among them, tried it in vain; 0 where that told it, or did not try. */
  readonly untold: number;
}

/** So many changes are no longer a beginning and an end, but a habit. */
export const fewestOfFlaky = 3;

/** The verdict of each requirement in a run. */
const verdictsOf = ({ verdicts }: Pick<PastRun, 'verdicts'>): ReadonlyMap<string, VerdictWord> =>
  new Map(verdictWords.flatMap((word) => (verdicts[word] ?? []).map((id) => [id, word] as const)));

/** Every requirement of which one of the runs says anything, by its id. @param runs the latest last */
export function rowHistories(runs: readonly Pick<PastRun, 'verdicts'>[]): readonly RowHistory[] {
  const known = runs.map(verdictsOf);
  const ids = new Set(known.flatMap((verdicts) => [...verdicts.keys()]));
  return [...ids].toSorted().map((id) =>
    rowHistory(
      id,
      known.map((verdicts): HistoryVerdict => verdicts.get(id) ?? 'absent'),
    ),
  );
}

/** What a row of verdicts makes of a requirement. */
export function rowHistory(id: string, verdicts: readonly HistoryVerdict[]): RowHistory {
  const told = [...verdicts.entries()].filter(([, verdict]) => verdict === 'passed' || verdict === 'failed');
  const changes = told.filter(([, verdict], at) => at > 0 && verdict !== told[at - 1]?.[1]).length;
  const last = told.at(-1)?.[1];
  const before = told.findLastIndex(([, verdict]) => verdict !== last);
  const runs = told.length - 1 - before;
  const fails = last === 'failed';
  return {
    id,
    verdicts,
    state: stateOf({ last, changes, runs }),
    changes,
    fails,
    runs,
    since: told[before + 1]?.[0] ?? null,
    untold: verdicts.length - 1 - verdicts.findLastIndex((verdict) => verdict !== 'inconclusive'),
  };
}

interface Told {
  readonly last: HistoryVerdict | undefined;
  readonly changes: number;
  readonly runs: number;
}

function stateOf({ last, changes, runs }: Told): RowState {
  if (last === undefined) return 'untold';
  if (changes >= fewestOfFlaky) return 'flaky';
  if (last === 'failed') {
    if (runs > 1) return 'failing';
    return changes > 1 ? 'back' : 'new';
  }
  return runs === 1 && changes > 0 ? 'repaired' : 'passing';
}

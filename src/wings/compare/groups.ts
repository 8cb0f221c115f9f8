import { groupBy } from '../../report/digest.js';
import type { ChangedCheck, ComparedRequirement, Comparison } from './model.js';

/** Changed checks that say the same: the same in each run, for the same reasons. */
export interface ChangeGroup {
  /** The first of them, for all. */
  readonly example: ChangedCheck;
  readonly checks: readonly ChangedCheck[];
}

/** The changed checks of a requirement; those that say the same stand together. */
export function changeGroups({ changes }: ComparedRequirement, comparison: Comparison): readonly ChangeGroup[] {
  const wanted = new Set(changes);
  const checks = comparison.changes.filter(({ id }) => wanted.has(id));
  const groups = groupBy(checks, ({ title, runs, causes }) => JSON.stringify([title, runs, causes]));
  return [...groups.values()].flatMap((group) => {
    const [example] = group;
    return example ? [{ example, checks: group }] : [];
  });
}

/** Whether a requirement that has to be met, or should, fails in a run and did not in the base. */
export const isNew = ({ level, runs: [base, ...others] }: ComparedRequirement): boolean =>
  level !== 'MAY' && base?.verdict !== 'failed' && others.some(({ verdict }) => verdict === 'failed');

/** The requirements in one of these states, in the order of the catalogue; those first that fail and did not in the base. */
export function rowsIn(
  { requirements }: Comparison,
  ...states: readonly ComparedRequirement['state'][]
): readonly ComparedRequirement[] {
  const found = states.flatMap((state) => requirements.filter((row) => row.state === state));
  return [...found.filter(isNew), ...found.filter((row) => !isNew(row))];
}

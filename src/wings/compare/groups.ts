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

/** The requirements in one of these states, in the order of the catalogue; those of which the verdict differs first. */
export function rowsIn(
  { requirements }: Comparison,
  ...states: readonly ComparedRequirement['state'][]
): readonly ComparedRequirement[] {
  return states.flatMap((state) => requirements.filter((row) => row.state === state));
}

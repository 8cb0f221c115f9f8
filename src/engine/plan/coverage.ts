import type { Requirement } from '../contract/types.js';
import { checkId } from '../case.js';
import type { Endpoint } from '../endpoint.js';

/** A check as it is declared: what is demanded, and the rows that it judges. */
export interface DeclaredCheck {
  readonly id: string;
  readonly verb: string;
  readonly requirementIds: readonly string[];
}

/** What is missing between the rows and the checks; both empty when nothing is. */
export interface CoverageGaps {
  /** Ids of rows that no check judges. */
  readonly rowsWithoutCheck: readonly string[];
  /** Checks that judge a row which does not exist, each with that row. */
  readonly checksWithoutRow: readonly string[];
}

/** Every check of the cases, and the one on the run as a whole. */
export function declaredChecks({ groups, wholeRun }: Pick<Endpoint, 'groups' | 'wholeRun'>): readonly DeclaredCheck[] {
  const ofCases = groups.flatMap(({ cases }) =>
    cases.flatMap((entry) =>
      entry.then.map((expectation) => ({
        id: checkId(entry.id, expectation),
        verb: expectation.verb,
        requirementIds: expectation.requirementIds,
      })),
    ),
  );
  const { verb, requirementId } = wholeRun;
  return [...ofCases, { id: `${wholeRun.case.id}/${verb}`, verb, requirementIds: [requirementId] }];
}

/** Holds rows and checks against each other: each row must be judged by a check, each check must judge rows that exist. Pure. */
export function coverageGaps(
  rows: readonly Pick<Requirement, 'id'>[],
  checks: readonly Pick<DeclaredCheck, 'id' | 'requirementIds'>[],
): CoverageGaps {
  const known = new Set(rows.map(({ id }) => id));
  const judged = new Set(checks.flatMap(({ requirementIds }) => requirementIds));
  return {
    rowsWithoutCheck: [...known].filter((id) => !judged.has(id)),
    checksWithoutRow: checks.flatMap(({ id, requirementIds }) => {
      return requirementIds.filter((row) => !known.has(row)).map((row) => `${id}: ${row}`);
    }),
  };
}

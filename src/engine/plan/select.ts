import { partsOfCheckId } from '../case.js';
import { ConfigurationError, suggestion } from '../errors.js';
import { onlyCases, type Plan } from './plan.js';

/**
 * The part of a plan that is about certain requirements, cases or checks, and the controls that it rests on.
 * @param named ids of requirements, cases or checks
 * @param where what they were given by, for the error
 * @throws ConfigurationError for an id of which the plan has nothing
 */
export function selected(plan: Plan, named: readonly string[], where: string): Plan {
  if (named.length === 0) throw new ConfigurationError(`${where}: name at least one requirement, case or check`);
  const chosen = plan.groups.flatMap(({ cases }) => cases);
  const idsOf = (name: string): readonly string[] =>
    chosen
      .filter(({ id, then }) => {
        const isOfRow = then.some(({ requirementIds }) => requirementIds.includes(name.toUpperCase()));
        return isOfRow || id === partsOfCheckId(name).caseId;
      })
      .map(({ id }) => id);
  const rows = new Set(chosen.flatMap(({ then }) => then.flatMap(({ requirementIds }) => requirementIds)));
  const known = [...rows, ...chosen.map(({ id }) => id)];
  const ids = named.flatMap((name) => {
    const meant = idsOf(name);
    if (meant.length > 0) return meant;
    throw new ConfigurationError(
      `${where} ${name}: no requirement, case or check of this run${nearest(name, known)}; docs/coverage.md has all of them`,
    );
  });
  return onlyCases(plan, [...new Set(ids)]);
}

/** Hundreds of ids are no help: the nearest one, or nothing. */
function nearest(name: string, known: readonly string[]): string {
  const hint = suggestion(/^cancel-/i.test(name) ? name.toUpperCase() : partsOfCheckId(name).caseId, known);
  return hint.startsWith('; did you mean') ? hint.replace(/\?$/, '') : '';
}

import { checkId, partsOfCheckId, type Case } from '../case.js';
import { ConfigurationError, nearest } from '../errors.js';
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
      .filter((entry) => namesOf(entry).has(/^cancel-/i.test(name) ? name.toUpperCase() : name))
      .map(({ id }) => id);
  const ids = named.flatMap((name) => {
    const meant = idsOf(name);
    if (meant.length > 0) return meant;
    throw new ConfigurationError(
      `${where} ${name}: no requirement, case or check of this run${nearestId(name, chosen)}; docs/coverage.md has all of them`,
    );
  });
  return onlyCases(plan, [...new Set(ids)]);
}

/** All that a case can be chosen by: its requirements, itself, its checks. */
const namesOf = ({ id, then }: Case): ReadonlySet<string> =>
  new Set([id, ...then.flatMap((one) => [...one.requirementIds, checkId(id, one)])]);

/** A hint at the id that was likely meant. */
function nearestId(name: string, chosen: readonly Case[]): string {
  const { caseId } = partsOfCheckId(name);
  const checks = chosen.find(({ id }) => id === caseId)?.then.map((one) => checkId(caseId, one));
  const known = new Set(checks ?? chosen.flatMap((entry) => [...namesOf(entry)].filter((one) => !one.includes('/'))));
  // Pages of the documents leave the first word out.
  const word = /^(?:cancel-)?[a-z]+-\d{3}$/i.test(name)
    ? `CANCEL-${name.toUpperCase().replace(/^CANCEL-/, '')}`
    : checks
      ? name
      : caseId;
  return nearest(word, [...known]).replace(/\?$/, '');
}

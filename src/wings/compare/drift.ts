import { cut } from '../../report/excerpt.js';
import { groupBy } from '../../report/digest.js';
import { steady } from '../../engine/verdict/fingerprint.js';
import type { IndexedRun } from './indexed.js';
import type { Drift } from './model.js';
import { differ, sightingsOf, type Sighting } from './sightings.js';

const longestValue = 300;

/**
 * Everything that was seen differently, whatever became of the verdicts; what is the same in many places is one entry. Pure.
 * @param changedCases ids of the cases of which a check changed: there the verdicts tell already
 */
export function driftOf(runs: readonly IndexedRun[], changedCases: ReadonlySet<string>): readonly Drift[] {
  const cases = new Set(runs.flatMap(({ facts }) => [...facts.keys()]));
  const seen = [...cases].flatMap((caseId) => sightingsOf(caseId, runs));
  const all = [...seen, ...observationDrift(runs, seen), ...contestedDrift(runs)];
  const groups = groupBy(all, ({ aspect, name, values }) => JSON.stringify([aspect, name, values]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { aspect, name, values } = first;
    const silentPlaces = group.filter(({ caseId }) => !changedCases.has(caseId)).length;
    return [{ aspect, name, values, places: group.map(({ place }) => place), silentPlaces }];
  });
}

/** Observations that differ, unless the answers or readings of their case have told the same already. */
function observationDrift(runs: readonly IndexedRun[], seen: readonly Sighting[]): readonly Sighting[] {
  const told = new Set(seen.map(({ caseId }) => caseId));
  const observed = runs.map(observationsByCase);
  const keys = new Set(observed.flatMap((one) => [...one.keys()]));
  return [...keys].flatMap((key): Sighting[] => {
    const [name, caseId] = split(key, ':');
    // In a run that did not carry out the case, the observation is missing for that reason.
    const values = observed.map((one) => one.get(key) ?? null);
    if (told.has(caseId) || !differ(values)) return [];
    const shown = values.map((value) => value && cut(value, longestValue));
    return [{ aspect: 'observation', name, values: shown, place: caseId, caseId }];
  });
}

/** What was observed by kind and case. Of several answers the order is left out: calls may be made at once. */
function observationsByCase({ report }: IndexedRun): ReadonlyMap<string, string> {
  const groups = groupBy(report.observations, ({ key }) => key.replace(/\.\d+$/, ''));
  const inWords = (values: readonly string[]): string => values.map(steady).sort().join(', ');
  return new Map(Array.from(groups, ([key, group]) => [key, inWords(group.map(({ value }) => value))]));
}

/** The clauses about which the runs saw different things, as far as they could look at the same. */
function contestedDrift(runs: readonly IndexedRun[]): readonly Sighting[] {
  const ids = new Set(runs.flatMap(({ report }) => report.contested.map(({ id }) => id)));
  return [...ids].flatMap((id): Sighting[] => {
    const clauses = runs.map(({ report }) => report.contested.find((clause) => clause.id === id));
    const places = new Set(clauses.flatMap((clause) => clause?.seenIn ?? []));
    const values = clauses.map((clause, index) => {
      // Where a case was left out that showed something elsewhere, what is missing says nothing about the target.
      const sawAll = [...places].every((caseId) => runs[index]?.facts.has(caseId));
      return sawAll && clause && clause.observed !== null ? cut(steady(clause.observed), longestValue) : null;
    });
    return differ(values) ? [{ aspect: 'contested', name: id, values, place: id, caseId: id }] : [];
  });
}

function split(key: string, at: string): readonly [string, string] {
  const index = key.indexOf(at);
  return index === -1 ? [key, key] : [key.slice(0, index), key.slice(index + at.length)];
}

import type { Case } from '../case.js';
import type { Contract } from '../contract/types.js';
import { ownerOf } from '../endpoint.js';
import { strangersIn } from './arranged.js';
import type { Plan } from './plan.js';
import { mustBeRefused } from './spared.js';

/** What a bound on requests leaves of a plan. */
export interface Within {
  /** Requests that all of it takes. */
  readonly takes: number;
  /** Ids of the requirements that a case beyond the bound is about. */
  readonly beyond: readonly string[];
}

/**
 * What a run that shares its requests takes on a target that accepts all that it may, and what it could not tell with fewer. Goes
 * through the plan as a run does: bystanders are kept for a group, an untouched request is lent again. Pure.
 * @param most the bound
 * @param costOf how many requests one in a status takes; null for a status that is not made
 */
export function within(
  { controls, groups, carriedBy }: Plan,
  contract: Contract,
  { most, costOf }: { readonly most: number; readonly costOf: (status: string) => number | null },
): Within {
  const { endpoint } = contract;
  const idle = new Map<string, number>();
  const beyond = new Set<string>();
  let takes = 0;
  const take = (status: string, owner: string): boolean => {
    const key = `${status} ${owner}`;
    const left = idle.get(key) ?? 0;
    if (left === 0) takes += costOf(status) ?? 0;
    else idle.set(key, left - 1);
    return left > 0 || takes <= most;
  };
  const give = (status: string, owner: string): void => {
    const key = `${status} ${owner}`;
    idle.set(key, (idle.get(key) ?? 0) + 1);
  };
  const strangerTo = (owner: string): string =>
    strangersIn(endpoint.personas).find((persona) => persona !== owner) ?? owner;
  const done = new Set<string>();
  for (const cases of [...controls.map((entry) => [entry]), ...groups.map((group) => group.cases)]) {
    const kept = new Set<string>();
    for (const entry of cases.filter(isCarriedOut)) {
      const owner = ownerOf(entry, contract);
      const { status } = entry.given;
      if (!kept.has(owner)) for (const of of [owner, strangerTo(owner)]) take(endpoint.bystanderStatus, of);
      kept.add(owner);
      const [first] = entry.then;
      if (!take(status, owner)) for (const id of first?.requirementIds ?? []) beyond.add(id);
      if (mustBeRefused(entry, contract)) give(status, owner);
      done.add(entry.id);
    }
    for (const owner of kept) for (const of of [owner, strangerTo(owner)]) give(endpoint.bystanderStatus, of);
  }
  return { takes, beyond: [...beyond].sort() };

  function isCarriedOut({ id, given }: Case): boolean {
    return !done.has(id) && !carriedBy.has(id) && costOf(given.status) !== null;
  }
}

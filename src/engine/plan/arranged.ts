import type { Case, CaseGroup } from '../case.js';
import { bystanderStatus } from './bystanders.js';
import type { Economy } from './alike.js';
import { groupBy } from './group-by.js';
import { mustBeRefused } from './spared.js';

/** Numbers by status, then by owner. */
type Owned = Readonly<Record<string, Readonly<Record<string, number>>>>;

const ownerOf = (entry: Case): string => entry.given.requestor ?? 'requestor';

/** Owners of the two bystanders of a requestor's request, as long as the target has both users. */
const bystanderOwners = (requestor: string): readonly string[] => [
  requestor,
  requestor === 'otherUser' ? 'requestor' : 'otherUser',
];

/**
 * How many requests a run arranges.
 * @param shared true where requests are shared: then the numbers are upper bounds, reached when every call that may
 *   succeed does
 */
export function countArranged(economy: Economy, shared: boolean): Owned {
  const counts = new Map<string, Map<string, number>>();
  const add = (status: string, owner: string, count: number): void => {
    const owners = counts.get(status) ?? new Map<string, number>();
    counts.set(status, owners.set(owner, (owners.get(owner) ?? 0) + count));
  };
  for (const [status, owner, count] of shared ? subjectsShared(economy) : subjects(economy)) add(status, owner, count);
  for (const [owner, count] of shared ? bystandersShared(economy) : bystanders(economy)) {
    add(bystanderStatus, owner, count);
  }
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(sorted.map(([status, owners]) => [status, Object.fromEntries(owners)]));
}

type Count = readonly [status: string, owner: string, count: number];

/** Every case that is carried out, once. */
function carriedOut({ groups, controls, carriedBy }: Economy): readonly Case[] {
  const all = [...controls, ...groups.flatMap(({ cases }) => cases)].filter(({ id }) => !carriedBy.has(id));
  return [...new Map(all.map((entry) => [entry.id, entry])).values()];
}

const subjects = (economy: Economy): readonly Count[] =>
  carriedOut(economy).map((entry) => [entry.given.status, ownerOf(entry), 1]);

/** A call that may succeed uses its request up; all that must be refused share one. */
function subjectsShared(economy: Economy): readonly Count[] {
  const kinds = groupBy(carriedOut(economy), (entry) => `${entry.given.status} ${ownerOf(entry)}`);
  return [...kinds.values()].map((cases): Count => {
    const usedUp = cases.filter((entry) => !mustBeRefused(entry)).length;
    const [first] = cases as [Case, ...Case[]];
    return [first.given.status, ownerOf(first), usedUp + (usedUp < cases.length ? 1 : 0)];
  });
}

/** A keeper of frames has its own bystanders for every requestor: one keeper for each control, one for each group. */
function keepers({ groups, controls, carriedBy }: Economy): readonly (readonly string[])[] {
  const early = new Set(controls.map(({ id }) => id));
  const late = (group: CaseGroup): readonly Case[] =>
    group.cases.filter(({ id }) => !early.has(id) && !carriedBy.has(id));
  return [...controls.map((entry) => [entry]), ...groups.map(late)].map((cases) => [...new Set(cases.map(ownerOf))]);
}

const bystanders = (economy: Economy): readonly (readonly [string, number])[] =>
  keepers(economy).flatMap((owners) => owners.flatMap(bystanderOwners).map((owner) => [owner, 1] as const));

/** One keeper follows the other, so no more are needed than the one that needs most. */
function bystandersShared(economy: Economy): readonly (readonly [string, number])[] {
  const most = new Map<string, number>();
  for (const owners of keepers(economy)) {
    for (const [owner, all] of groupBy(owners.flatMap(bystanderOwners), (name) => name)) {
      most.set(owner, Math.max(most.get(owner) ?? 0, all.length));
    }
  }
  return [...most];
}

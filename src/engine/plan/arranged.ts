import type { Case, CaseGroup } from '../case.js';
import { ownerOf, type Endpoint } from '../endpoint.js';
import type { CarriedOut } from './alike.js';
import { groupBy } from './group-by.js';
import { mustBeRefused } from './spared.js';

/** Numbers by status, then by owner. */
type Owned = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What counting depends on besides the cases. */
interface Circumstances {
  /** True where requests are shared. */
  readonly expensive: boolean;
  readonly endpoint: Endpoint;
}

/**
 * How many requests a run arranges. Where requests are shared the numbers are upper bounds, reached when every call that may
 * succeed does.
 */
export function countArranged(carried: CarriedOut, from: Circumstances): Owned {
  const counts = new Map<string, Map<string, number>>();
  const add = ([status, owner, count]: Count): void => {
    const owners = counts.get(status) ?? new Map<string, number>();
    counts.set(status, owners.set(owner, (owners.get(owner) ?? 0) + count));
  };
  const { expensive } = from;
  (expensive ? subjectsShared(carried, from) : subjects(carried, from)).forEach(add);
  (expensive ? bystandersShared(carried, from) : bystanders(carried, from)).forEach(add);
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(sorted.map(([status, owners]) => [status, Object.fromEntries(owners)]));
}

type Count = readonly [status: string, owner: string, count: number];

/** Owners of the two bystanders of a requestor's request, as long as the target has the preferred users. */
function bystanderOwners(requestor: string, { personas }: Endpoint): readonly string[] {
  const [stranger = requestor] = strangersIn(personas).filter((persona) => persona !== requestor);
  return [requestor, stranger];
}

/** Users who may own the bystander of another requestor, the preferred one first. */
export const strangersIn = (personas: Endpoint['personas']): readonly string[] =>
  Object.entries(personas)
    .flatMap(([name, { standsBy }]) => (standsBy === undefined ? [] : [{ name, standsBy }]))
    .sort((a, b) => a.standsBy - b.standsBy)
    .map(({ name }) => name);

/** Every case that is carried out, once. */
function carriedOut({ groups, controls, carriedBy }: CarriedOut): readonly Case[] {
  const all = [...controls, ...groups.flatMap(({ cases }) => cases)].filter(({ id }) => !carriedBy.has(id));
  return [...new Map(all.map((entry) => [entry.id, entry])).values()];
}

const subjects = (carried: CarriedOut, from: Circumstances): readonly Count[] =>
  carriedOut(carried).map((entry) => [entry.given.status, ownerOf(entry, from), 1]);

/** A call that may succeed uses its request up; all that must be refused share one. */
function subjectsShared(carried: CarriedOut, from: Circumstances): readonly Count[] {
  const kinds = groupBy(carriedOut(carried), (entry) => `${entry.given.status} ${ownerOf(entry, from)}`);
  return [...kinds.values()].map((cases): Count => {
    const usedUp = cases.filter((entry) => !mustBeRefused(entry, from.endpoint)).length;
    const [first] = cases as [Case, ...Case[]];
    return [first.given.status, ownerOf(first, from), usedUp + (usedUp < cases.length ? 1 : 0)];
  });
}

/** Owners of the bystanders of each keeper of frames: one keeper for each control, one for each group. */
function bystandersOfKeepers({ groups, controls, carriedBy }: CarriedOut, from: Circumstances): readonly string[][] {
  const early = new Set(controls.map(({ id }) => id));
  const late = (group: CaseGroup): readonly Case[] =>
    group.cases.filter(({ id }) => !early.has(id) && !carriedBy.has(id));
  const keepers = [...controls.map((entry) => [entry]), ...groups.map(late)];
  return keepers.map((cases) => {
    const requestors = new Set(cases.map((entry) => ownerOf(entry, from)));
    return [...requestors].flatMap((requestor) => bystanderOwners(requestor, from.endpoint));
  });
}

const bystanders = (carried: CarriedOut, from: Circumstances): readonly Count[] =>
  bystandersOfKeepers(carried, from)
    .flat()
    .map((owner) => [from.endpoint.bystanderStatus, owner, 1]);

/** One keeper follows the other, so no more are needed than the one that needs most. */
function bystandersShared(carried: CarriedOut, from: Circumstances): readonly Count[] {
  const most = new Map<string, number>();
  for (const owners of bystandersOfKeepers(carried, from)) {
    for (const [owner, all] of groupBy(owners, (name) => name)) {
      most.set(owner, Math.max(most.get(owner) ?? 0, all.length));
    }
  }
  return [...most].map(([owner, count]) => [from.endpoint.bystanderStatus, owner, count]);
}

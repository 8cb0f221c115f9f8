import type { Case, CaseGroup } from '../case.js';
import type { Edition } from '../contract/types.js';
import { ownerOf, type Endpoint } from '../endpoint.js';
import type { CarriedOut } from './alike.js';
import { groupBy } from './group-by.js';
import { mustBeRefused, mustSucceed } from './spared.js';

/** Numbers by status, then by owner. */
type Owned = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What counting depends on besides the cases. */
interface Circumstances {
  /** True where requests are shared. */
  readonly expensive: boolean;
  readonly endpoint: Endpoint;
  readonly edition: Edition;
}

/**
 * How many requests a run arranges. Where requests are shared the numbers are upper bounds, reached when every call that may
 * succeed does.
 */
export function countArranged(carried: CarriedOut, from: Circumstances): Owned {
  const { expensive } = from;
  return owned([
    ...(expensive ? subjectsShared(carried, from, (entry) => !mustBeRefused(entry, from)) : subjects(carried, from)),
    ...(expensive ? bystandersShared(carried, from) : bystanders(carried, from)),
  ]);
}

/** How many requests a run takes in any case where they are shared: those of calls that must succeed, and those that stand by. */
export const countNeeded = (carried: CarriedOut, from: Omit<Circumstances, 'expensive'>): Owned =>
  owned([
    ...subjectsShared(carried, from, (entry) => mustSucceed(entry, from.endpoint)),
    ...bystandersShared(carried, { ...from, expensive: true }),
  ]);

/** Numbers by status and owner, added up and in order. */
function owned(all: readonly Count[]): Owned {
  const counts = new Map<string, Map<string, number>>();
  for (const [status, owner, count] of all) {
    const owners = counts.get(status) ?? new Map<string, number>();
    counts.set(status, owners.set(owner, (owners.get(owner) ?? 0) + count));
  }
  const sorted = [...counts].sort(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(sorted.map(([status, owners]) => [status, Object.fromEntries(owners)]));
}

type Count = readonly [status: string, owner: string, count: number];

/**
 * The status of the bystanders of a subject: its own where that can be cancelled, so that a cancel of all that are alike
 * shows, else the endpoint's usual one. Not one that a request is in for a moment only: it would change by itself.
 */
export const bystanderStatusOf = (
  subjectStatus: string,
  { endpoint, edition }: Pick<Circumstances, 'endpoint' | 'edition'>,
): string =>
  edition.cancellable.includes(subjectStatus) && !isPassing(subjectStatus, endpoint)
    ? subjectStatus
    : endpoint.bystanderStatus;

/** Whether a request is in a status for a moment only. */
export const isPassing = (status: string, { passingStatuses }: Pick<Endpoint, 'passingStatuses'>): boolean =>
  passingStatuses.includes(status.toLowerCase());

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

/** Cells of a group share a subject as long as nothing touches it, as nothing may; not in a status that passes by itself. */
function subjects(carried: CarriedOut, from: Circumstances): readonly Count[] {
  const all = carriedOut(carried);
  const isShared = ({ cell, given }: Case): boolean => cell !== undefined && !isPassing(given.status, from.endpoint);
  const shared = new Map(
    carried.groups.flatMap(({ title, cases }) =>
      cases.flatMap((entry) =>
        isShared(entry) ? [[`${title} ${entry.given.status} ${ownerOf(entry, from)}`, entry] as const] : [],
      ),
    ),
  );
  const alone = all.filter((entry) => !isShared(entry));
  return [...alone, ...shared.values()].map((entry) => [entry.given.status, ownerOf(entry, from), 1]);
}

/** A call that succeeds uses its request up; all that are refused share one. */
function subjectsShared(
  carried: CarriedOut,
  from: Omit<Circumstances, 'expensive'>,
  isUsedUp: (entry: Case) => boolean,
): readonly Count[] {
  const kinds = groupBy(carriedOut(carried), (entry) => `${entry.given.status} ${ownerOf(entry, from)}`);
  return [...kinds.values()].map((cases): Count => {
    const usedUp = cases.filter(isUsedUp).length;
    const [first] = cases as [Case, ...Case[]];
    return [first.given.status, ownerOf(first, from), usedUp + (usedUp < cases.length ? 1 : 0)];
  });
}

/** Status and owner of the bystanders of each keeper of frames: one keeper for each control, one for each group. */
function bystandersOfKeepers({ groups, controls, carriedBy }: CarriedOut, from: Circumstances): readonly Kept[][] {
  const early = new Set(controls.map(({ id }) => id));
  const late = (group: CaseGroup): readonly Case[] =>
    group.cases.filter(({ id }) => !early.has(id) && !carriedBy.has(id));
  const keepers = [...controls.map((entry) => [entry]), ...groups.map(late)];
  return keepers.map((cases) => {
    const kinds = new Map(cases.map((entry) => [keyOf(entry, from), entry]));
    return [...kinds.values()].flatMap((entry) => {
      const status = statusFor(entry, from);
      return bystanderOwners(ownerOf(entry, from), from.endpoint).map((owner): Kept => ({ status, owner }));
    });
  });
}

interface Kept {
  readonly status: string;
  readonly owner: string;
}

const keyOf = (entry: Case, from: Circumstances): string => `${statusFor(entry, from)} ${ownerOf(entry, from)}`;

/** Where requests are dear, and for cells, all bystanders are in the usual status. */
const statusFor = ({ given, cell }: Case, from: Circumstances): string =>
  from.expensive || cell !== undefined ? from.endpoint.bystanderStatus : bystanderStatusOf(given.status, from);

const bystanders = (carried: CarriedOut, from: Circumstances): readonly Count[] =>
  bystandersOfKeepers(carried, from)
    .flat()
    .map(({ status, owner }) => [status, owner, 1]);

/** One keeper follows the other, so no more are needed than the one that needs most. */
function bystandersShared(carried: CarriedOut, from: Circumstances): readonly Count[] {
  const most = new Map<string, number>();
  for (const kept of bystandersOfKeepers(carried, from)) {
    for (const [owner, all] of groupBy(kept, (one) => one.owner)) {
      most.set(owner, Math.max(most.get(owner) ?? 0, all.length));
    }
  }
  return [...most].map(([owner, count]) => [from.endpoint.bystanderStatus, owner, count]);
}

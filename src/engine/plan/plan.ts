import { createHash } from 'node:crypto';
import { callsOf, controlsOf, type Case, type CaseGroup, type Expectation } from '../case.js';
import { countArranged, isPassing } from './arranged.js';
import { carriedOutOnce, type CarriedOut } from './alike.js';
import { mustBeRefused, sparedCases } from './spared.js';
import { isOfEdition, isOpen, rowOf } from '../contract/rows.js';
import type { Area, Contract, Edition, Level } from '../contract/types.js';
import type { Endpoint } from '../endpoint.js';

/** What a run will do: a pure function of contract, target and filter. */
export interface Plan {
  readonly groups: readonly CaseGroup[];
  /** Where requests are expensive: cases that are told from the record of another one, which sends the same call. */
  readonly carriedBy: ReadonlyMap<string, string>;
  /** Cases that are carried out before all others, because others are told by them. */
  readonly controls: readonly Case[];
  /** All cases by id, controls included. */
  readonly cases: ReadonlyMap<string, Case>;
  /** Cases that are left out to create as few requests as the verdicts allow, by id. */
  readonly spared: ReadonlyMap<string, Case>;
  /** The areas that were asked for; null for all. */
  readonly areas: readonly Area[] | null;
  /** The cases that were asked for; null for all. */
  readonly only: readonly string[] | null;
  readonly counts: {
    readonly cases: number;
    readonly checks: number;
    /** Calls of the cancel path, whatever their method. */
    readonly probes: number;
    /** Requests to be arranged, by status; at most, where requests are shared. */
    readonly arranged: Readonly<Record<string, number>>;
    /** The same by status, then by the persona who owns them. */
    readonly owned: Readonly<Record<string, Readonly<Record<string, number>>>>;
  };
  /** SHA-256 over what would be sent; changes when the plan does. */
  readonly hash: string;
}

/** What a plan depends on besides the contract. */
export interface PlannedFor {
  readonly edition: string;
  /** Null for the embedded target, whose port is known once it runs. */
  readonly baseUrl: string | null;
  readonly readings: Readonly<Record<string, string>>;
  /** True: requests are hard to come by, so they are shared where nothing touched them. */
  readonly expensive: boolean;
  /** True: each created request counts, so what decides nothing is spared. */
  readonly fewestCases: boolean;
  /** True: gates are tried where the documents show them, and in no other cell. */
  readonly withoutCells?: boolean;
  /** What a run may do at most where it needs approval: whoever approves a plan approves this. */
  readonly bounds?: object;
}

/**
 * Plans a run. Sends nothing.
 * @param areas judge only rows of these areas; controls run all the same
 */
export function planRun(contract: Contract, target: PlannedFor, areas: readonly Area[] | null = null): Plan {
  const { endpoint } = contract;
  // A dear target keeps the smallest set that tells every row.
  const isKept = ({ cell }: Case): boolean => cell === undefined || !(target.expensive || target.withoutCells === true);
  const narrowedGroups = endpoint.groups
    .filter(({ closing }) => closing !== true || !target.expensive)
    .map((group) => ({
      ...group,
      cases: group.cases
        .filter(isKept)
        .flatMap((entry) => narrowed(entry, contract, areas))
        // Whoever vouches for others is asked whatever areas are judged.
        .filter(({ then }) => then.length > 0 || group.closing === true),
    }))
    .filter((group) => group.cases.length > 0);
  // Where nothing is judged, nobody has to be vouched for.
  const groups = narrowedGroups.some(({ closing }) => closing !== true) ? narrowedGroups : [];
  const planned = groups.flatMap((group) => group.cases);
  const controlIds = new Set(planned.flatMap(controlsOf));
  const all = new Map(endpoint.groups.flatMap((group) => group.cases).map((entry) => [entry.id, entry]));
  const controls = [...controlIds].flatMap((id) => {
    const known = planned.find((entry) => entry.id === id);
    const unjudged = all.get(id);
    return known ? [known] : unjudged ? [{ ...unjudged, then: [] }] : [];
  });
  const whole = target.expensive
    ? carriedOutOnce({ groups: byUse(groups, contract), controls })
    : { groups, controls, carriedBy: new Map() };
  const { carried, spared } = target.fewestCases
    ? withoutSpared(whole, contract)
    : { carried: whole, spared: new Map() };
  const cases = casesOf(carried);
  const counts = countsOf(carried, {
    cases: [...cases.values()],
    expensive: target.expensive,
    endpoint,
    edition: contract.edition,
  });
  const identity = {
    edition: target.edition,
    baseUrl: target.baseUrl,
    readings: target.readings,
    cases: [...cases.values()],
    ...(target.bounds ? { live: target.bounds } : {}),
  };
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return { ...carried, cases, spared, areas, only: null, counts, hash };
}

/**
 * Where requests are shared, what must be refused comes before what may use a request up, and that before what must: then the
 * fewest requests are needed, in whatever order the endpoint declares its groups.
 */
function byUse(groups: readonly CaseGroup[], contract: Contract): readonly CaseGroup[] {
  const { endpoint } = contract;
  const mustSucceed = ({ then }: Case): boolean =>
    then.some(({ verb }) => endpoint.verbs[verb]?.demandsSuccess === true);
  const useOf = (entry: Case): number => (mustBeRefused(entry, contract) ? 0 : mustSucceed(entry) ? 2 : 1);
  return [0, 1, 2].flatMap((use) =>
    groups
      .map((group) => ({ ...group, cases: group.cases.filter((entry) => useOf(entry) === use) }))
      .filter(({ cases }) => cases.length > 0),
  );
}

/** What is in its status for a moment only is raced for first: a request that has moved on by then still serves those after it. */
const passing = (groups: readonly CaseGroup[], endpoint: Endpoint): readonly Case[] =>
  groups.flatMap(({ cases }) => cases.filter(({ given }) => isPassing(given.status, endpoint)));

const casesOf = ({ groups, controls }: Pick<CarriedOut, 'groups' | 'controls'>): ReadonlyMap<string, Case> =>
  new Map([...controls, ...groups.flatMap(({ cases }) => cases)].map((entry) => [entry.id, entry]));

/** Leaves out what decides nothing that other cases do not decide as well: for targets where each created request counts. */
function withoutSpared(
  carried: CarriedOut,
  contract: Contract,
): { readonly carried: CarriedOut; readonly spared: ReadonlyMap<string, Case> } {
  const all = casesOf(carried);
  const levelOf = (id: string): Level | undefined => {
    const row = rowOf(contract, id);
    return row && (row.spareable || isOpen(row)) ? 'MAY' : row?.level;
  };
  const ids = new Set(sparedCases({ ...carried, cases: [...all.values()] }, { levelOf, contract }));
  const isKept = ({ id }: Case): boolean => !ids.has(id);
  const groups = carried.groups
    .map((group) => ({ ...group, cases: group.cases.filter(isKept) }))
    .filter(({ cases }) => cases.length > 0);
  return {
    carried: {
      ...carried,
      groups,
      controls: [...passing(groups, contract.endpoint), ...carried.controls.filter(isKept)],
    },
    spared: new Map([...all].filter(([id]) => ids.has(id))),
  };
}

/** Whether something was left out of a plan on demand: then no claim can be made. */
export const isFiltered = ({ areas, only }: Pick<Plan, 'areas' | 'only'>): boolean => areas !== null || only !== null;

/** A plan with some of its cases only, and the controls that these rest on. Its counts and hash stay those of the whole. */
export function onlyCases(plan: Plan, ids: readonly string[]): Plan {
  const groups = plan.groups
    .map((group) => ({ ...group, cases: group.cases.filter(({ id }) => ids.includes(id)) }))
    .filter((group) => group.cases.length > 0);
  const chosen = groups.flatMap((group) => group.cases);
  const controls = plan.controls.filter(({ id }) => chosen.some((entry) => controlsOf(entry).includes(id)));
  const cases = new Map([...controls, ...chosen].map((entry) => [entry.id, entry]));
  return { ...plan, groups, controls, cases, only: ids };
}

/** The case with the checks that are asked for and apply to the edition; nothing when it is of another edition. */
function narrowed(entry: Case, contract: Contract, areas: readonly Area[] | null): readonly Case[] {
  if (!isOfEdition(entry, contract)) return [];
  const inAreas = ({ requirementIds }: Expectation): boolean =>
    areas === null || requirementIds.some((id) => areas.includes(rowOf(contract, id)?.area ?? ''));
  const then = entry.then.filter(inAreas);
  return [{ ...entry, then }];
}

function countsOf(
  carried: CarriedOut,
  {
    cases,
    ...from
  }: {
    readonly cases: readonly Case[];
    readonly expensive: boolean;
    readonly endpoint: Endpoint;
    readonly edition: Edition;
  },
): Plan['counts'] {
  const owned = countArranged(carried, from);
  const sum = (owners: Readonly<Record<string, number>>): number =>
    Object.values(owners).reduce((total, count) => total + count, 0);
  return {
    cases: cases.length,
    checks: cases.reduce((total, entry) => total + entry.then.length, 0),
    probes: cases
      .filter((entry) => !carried.carriedBy.has(entry.id))
      .reduce((total, entry) => total + callsOf(entry), 0),
    arranged: Object.fromEntries(Object.entries(owned).map(([status, owners]) => [status, sum(owners)])),
    owned,
  };
}

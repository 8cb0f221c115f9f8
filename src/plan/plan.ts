import { createHash } from 'node:crypto';
import type { Case, CaseGroup, Expectation } from '../checks/case.js';
import { caseGroups } from '../checks/catalogue.js';
import { applicable } from '../contract/load.js';
import type { Area, Contract } from '../contract/types.js';
import type { Target } from '../target/target.js';

/** What a run will do: a pure function of contract, target and filter. */
export interface Plan {
  readonly groups: readonly CaseGroup[];
  /** Cases that are carried out before all others, because others are told by them. */
  readonly controls: readonly Case[];
  /** All cases by id, controls included. */
  readonly cases: ReadonlyMap<string, Case>;
  /** The areas that were asked for; null for all. */
  readonly areas: readonly Area[] | null;
  readonly counts: {
    readonly cases: number;
    readonly checks: number;
    /** Calls of the cancel path, whatever their method. */
    readonly probes: number;
    /** Requests to be arranged, by status. */
    readonly arranged: Readonly<Record<string, number>>;
  };
  /** SHA-256 over what would be sent; changes when the plan does. */
  readonly hash: string;
}

/** The status of bystanders: cancellable, so that a cancel that goes astray shows. */
export const bystanderStatus = 'pendingApproval';

/**
 * Plans a run. Sends nothing.
 * @param areas judge only rows of these areas; controls run all the same
 */
export function planRun(contract: Contract, target: Target, areas: readonly Area[] | null = null): Plan {
  const groups = caseGroups
    .map((group) => ({ ...group, cases: group.cases.flatMap((entry) => narrowed(entry, contract, areas)) }))
    .filter((group) => group.cases.length > 0);
  const planned = groups.flatMap((group) => group.cases);
  const controlIds = new Set(planned.flatMap((entry) => (entry.control ? [entry.control.caseId] : [])));
  const all = new Map(caseGroups.flatMap((group) => group.cases).map((entry) => [entry.id, entry]));
  const controls = [...controlIds].flatMap((id) => {
    const known = planned.find((entry) => entry.id === id);
    const unjudged = all.get(id);
    return known ? [known] : unjudged ? [{ ...unjudged, then: [] }] : [];
  });
  const cases = new Map([...controls, ...planned].map((entry) => [entry.id, entry]));
  const counts = countsOf({ groups, controls, cases: [...cases.values()] });
  const identity = {
    edition: target.edition,
    baseUrl: target.baseUrl,
    readings: target.readings,
    cases: [...cases.values()],
  };
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  return { groups, controls, cases, areas, counts, hash };
}

/** The case with the checks that are asked for and apply to the edition; nothing when none is left. */
function narrowed(entry: Case, contract: Contract, areas: readonly Area[] | null): readonly Case[] {
  const rows = new Map(contract.requirements.map((row) => [row.id, row]));
  const applies = (id: string): boolean => {
    const row = rows.get(id);
    return row !== undefined && applicable(row, contract.edition.id);
  };
  // A case that rests on a row of another edition is that edition's.
  if (!entry.then.every(({ requirementIds }) => requirementIds.every(applies))) return [];
  const inAreas = ({ requirementIds }: Expectation): boolean =>
    areas === null || requirementIds.some((id) => areas.includes(rows.get(id)?.area ?? 'STATE'));
  const then = entry.then.filter(inAreas);
  return then.length > 0 ? [{ ...entry, then }] : [];
}

interface Planned {
  readonly groups: readonly CaseGroup[];
  readonly controls: readonly Case[];
  readonly cases: readonly Case[];
}

function countsOf({ groups, controls, cases }: Planned): Plan['counts'] {
  const arranged = new Map<string, number>();
  const add = (status: string, count: number): void => void arranged.set(status, (arranged.get(status) ?? 0) + count);
  for (const entry of cases) add(entry.given.status, 1);
  const frames = groups.reduce((sum, group) => sum + framesOf(group, controls), controls.length);
  add(bystanderStatus, 2 * frames);
  return {
    cases: cases.length,
    checks: cases.reduce((sum, entry) => sum + entry.then.length, 0),
    probes: cases.reduce((sum, entry) => sum + entry.when.length, 0),
    arranged: Object.fromEntries([...arranged].sort(([a], [b]) => a.localeCompare(b))),
  };
}

/** Bystanders are shared by the cases of a group that have the same requestor; a control has its own. */
const framesOf = (group: CaseGroup, controls: readonly Case[]): number => {
  const others = group.cases.filter((entry) => !controls.some((control) => control.id === entry.id));
  return new Set(others.map((entry) => entry.given.requestor ?? 'requestor')).size;
};

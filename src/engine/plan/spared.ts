import type { Case, Probe } from '../case.js';
import type { Contract, Level } from '../contract/types.js';
import type { Endpoint } from '../endpoint.js';
import { groupBy } from './group-by.js';

/** What a plan consists of before anything is spared. */
interface Unspared {
  /** Every case, controls included, each once, in the order of the plan. */
  readonly cases: readonly Case[];
  readonly controls: readonly Case[];
  /** Id of a case to the id of the case whose record tells it, too. */
  readonly carriedBy: ReadonlyMap<string, string>;
}

/** Cases that are carried out once for all that are told from them. */
interface Unit {
  readonly id: string;
  readonly cases: readonly Case[];
  /** The unit that has to succeed first. */
  readonly control: string | null;
  /** Whether a conformant target may accept the call, which uses the request up. */
  readonly costly: boolean;
}

/** Whether a case is about a refusal. */
export const isAboutRefusal = ({ then }: Case, { verbs }: Pick<Endpoint, 'verbs'>): boolean =>
  then.some(({ verb }) => verbs[verb]?.demandsRefusal === true);

/**
 * Whether the contract leaves a target no choice but to refuse every call of a case: then the request stays as it was, and can be
 * shared. One that breaks no gate may be accepted, whatever is asked of those beside it.
 */
export function mustBeRefused(entry: Case, { endpoint, edition }: Pick<Contract, 'endpoint' | 'edition'>): boolean {
  const { when, then, given } = entry;
  const isAllowed = (probe: Probe): boolean => endpoint.brokenGates(probe, given, edition).size === 0;
  const mayBeAccepted =
    then.some(({ verb }) => endpoint.verbs[verb]?.mootWhereAllowed === true) && when.some(isAllowed);
  return isAboutRefusal(entry, endpoint) && !mayBeAccepted;
}

/** Whether the contract has a target accept the call of a case, which uses its request up. */
export const mustSucceed = ({ then }: Case, { verbs }: Pick<Endpoint, 'verbs'>): boolean =>
  then.some(({ verb }) => verbs[verb]?.demandsSuccess === true || verbs[verb]?.needsSuccess === true);

/**
 * Which cases to leave out where every created request counts. Each requirement that can fail or warn is still told by at
 * least one case; where several tell it, those that use no request up come first, then those that were declared first.
 * Observations (MAY) that would need a request of their own are spared: they decide nothing.
 * @param levelOf the level of a row in force for the target
 * @returns ids of the cases that are spared
 */
export function sparedCases(
  plan: Unspared,
  {
    levelOf,
    contract,
  }: { readonly levelOf: (requirementId: string) => Level | undefined; readonly contract: Contract },
): readonly string[] {
  const units = unitsOf(plan, contract);
  const kept = new Set<string>();
  const told = new Set<string>();
  const keep = (unit: Unit): void => {
    kept.add(unit.id);
    for (const row of rowsOf(unit)) told.add(row);
  };
  const decides = (unit: Unit): boolean => [...rowsOf(unit)].some((row) => !told.has(row) && levelOf(row) !== 'MAY');

  for (const unit of units.filter(({ costly, control }) => !costly && control === null)) keep(unit);
  const refused = groupBy(
    units.filter(({ costly, control }) => !costly && control !== null),
    ({ control }) => control ?? '',
  );
  // A control stands behind many refusals or behind few; the many tell what the few would.
  const byDependents = [...refused].sort(([, a], [, b]) => b.length - a.length);
  for (const [controlId, dependents] of byDependents) {
    const control = units.find(({ id }) => id === controlId);
    if (control && [control, ...dependents].some(decides)) [control, ...dependents].forEach(keep);
  }
  for (const unit of units.filter(({ costly }) => costly)) {
    const control = units.find(({ id }) => id === unit.control);
    if (!decides(unit)) continue;
    keep(unit);
    if (control) keep(control);
  }
  return units.filter(({ id }) => !kept.has(id)).flatMap(({ cases }) => cases.map(({ id }) => id));
}

function unitsOf({ cases, carriedBy }: Unspared, contract: Contract): readonly Unit[] {
  const carrierOf = (id: string): string => carriedBy.get(id) ?? id;
  const alike = groupBy(cases, ({ id }) => carrierOf(id));
  return [...alike].map(([id, all]) => {
    const controlId = all.find(({ control }) => control !== undefined)?.control?.caseId;
    return {
      id,
      cases: all,
      control: controlId === undefined ? null : carrierOf(controlId),
      costly: !all.some((entry) => mustBeRefused(entry, contract) && entry.given.removed !== true),
    };
  });
}

const rowsOf = ({ cases }: Unit): ReadonlySet<string> =>
  new Set(cases.flatMap(({ then }) => then.flatMap(({ requirementIds }) => requirementIds)));

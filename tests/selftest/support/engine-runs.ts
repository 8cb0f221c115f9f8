import { knownToCatch } from '../../../src/engine/contract/kill-matrix.js';
import type { Area, Contract } from '../../../src/engine/contract/types.js';
import type { Waiver } from '../../../src/engine/contract/waivers.js';
import { onlyCases, planRun, type Plan } from '../../../src/engine/plan/plan.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import type { Target, TargetChoice } from '../../../src/target/target.js';

/** Who is tested, and by what. */
interface Resolved {
  readonly target: Target;
  readonly contract: Contract;
}

/** How the embedded target differs from the one without a target file. */
export interface Differing
  extends Pick<TargetChoice, 'edition' | 'readings'>, Partial<Omit<Target, keyof TargetChoice>> {
  readonly fault?: string | readonly string[];
  readonly variant?: string;
}

/** The embedded target, altered. */
export function embeddedWith({ edition, readings, fault, variant, ...members }: Differing = {}): Resolved {
  const { target, contract } = resolveTarget(
    { ...(edition === undefined ? {} : { edition }), ...(readings === undefined ? {} : { readings }) },
    {},
  );
  const embedded = { ...(fault === undefined ? {} : { fault }), ...(variant === undefined ? {} : { variant }) };
  return { target: { ...target, embedded, ...members }, contract };
}

/** What of the suite is carried out, and how; what is left out is as in a whole run. */
export interface Part {
  /** The areas whose rows are judged. */
  readonly areas?: readonly Area[] | null;
  /** The cases that are carried out, with the controls that they rest on; `but cells` are those of which there are few. */
  readonly cases?: readonly string[] | 'but cells';
  /** True: the target is judged as a whole, but gates are tried in a few of their cells only. */
  readonly fewCells?: boolean;
  readonly waivers?: readonly Waiver[];
  /** True: known mistakes are held against what failed. */
  readonly explained?: boolean;
  /** Default: one, for how fast this machine answers decides nothing. */
  readonly lanes?: number;
}

/** Ids of the cases that are no cells. */
export const butCells = ({ cases }: Plan): readonly string[] =>
  [...cases.values()].filter(({ cell }) => cell === undefined).map(({ id }) => id);

/** Of so many cells one is kept: some of each kind, in what is shown of them, too. */
const ofCells = 24;

/**
 * The plan as one of a suite that has fewer cells: it is a whole one, which `judge` cannot plan anew.
 * @param turn which ones are kept: any so many turns in a row have them all
 */
export function withFewCells(plan: Plan, turn = 0): Plan {
  const cells = [...plan.cases.values()].filter(({ cell }) => cell !== undefined);
  const kept = cells.flatMap(({ id }, at) => (at % ofCells === turn % ofCells ? [id] : []));
  return { ...onlyCases(plan, [...butCells(plan), ...kept]), only: null };
}

/**
 * A run in this process, for its verdicts and its report alone: nothing is written or printed.
 */
export function runOn(
  { target, contract }: Resolved,
  { areas = null, cases, fewCells = false, waivers = [], lanes = 1, explained = false }: Part = {},
): Promise<Report> {
  const planned = planRun(contract, target, areas);
  const whole = fewCells ? withFewCells(planned) : planned;
  const plan = cases === undefined ? whole : onlyCases(whole, cases === 'but cells' ? butCells(whole) : cases);
  const known = explained ? { known: knownToCatch(contract.edition.id) } : {};
  return runInProcess({ target, contract, plan, waivers }, { lanes, ...known });
}

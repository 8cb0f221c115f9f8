import type { Case, Probe } from '../case.js';
import { isOfEdition } from '../contract/rows.js';
import type { Contract } from '../contract/types.js';
import { isAboutRefusal } from './spared.js';

/**
 * Cases that must be refused and give a target another reason than the one they are about, or none: each call has to break
 * one gate more than its control, so that the order in which a target looks does not matter. Where answers are compared with
 * each other, any cause will do. Pure.
 * @returns what is wrong, in words; empty when nothing is. Each is the suite's own fault
 */
export function gateFlaws(contract: Contract): readonly string[] {
  const { endpoint, edition } = contract;
  const all = endpoint.groups.flatMap(({ cases }) => cases);
  const byId = new Map(all.map((entry) => [entry.id, entry]));
  const brokenBy = (probe: Probe, { given }: Case): ReadonlySet<string> => endpoint.brokenGates(probe, given, edition);
  /** A call that may be accepted, beside others that may not: what is demanded is demanded of those. */
  const isBesideOthers = (entry: Case, others: ReadonlySet<string>): boolean =>
    entry.then.some(({ verb }) => endpoint.verbs[verb]?.mootWhereAllowed === true) &&
    entry.when.some((probe) => [...brokenBy(probe, entry)].some((gate) => !others.has(gate)));
  const flawOf = (entry: Case, probe: Probe): string | null => {
    const control = byId.get(entry.control?.caseId ?? '');
    if (!control) return 'it has no control';
    const others = brokenBy(control.when[0], control);
    const own = [...brokenBy(probe, entry)].filter((gate) => !others.has(gate));
    const [gate] = own;
    if (own.length === 0 && isBesideOthers(entry, others)) return null;
    if (own.length !== 1) return `it breaks ${own.length === 0 ? 'no gate' : own.join(' and ')} more than its control`;
    return entry.cell && entry.cell.gate !== gate ? `it breaks ${gate ?? ''} and declares ${entry.cell.gate}` : null;
  };
  return all
    .filter((entry) => isAboutRefusal(entry, endpoint) && isOfEdition(entry, contract))
    .filter(({ then }) => !then.some(({ verb }) => endpoint.verbs[verb]?.comparesAnswers === true))
    .flatMap((entry) =>
      entry.when.flatMap((probe) => flawOf(entry, probe) ?? []).map((flaw) => `${entry.id}: ${flaw}`),
    );
}

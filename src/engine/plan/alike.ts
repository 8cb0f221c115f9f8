import type { Case, CaseGroup, Probe } from '../case.js';
import { groupBy } from './group-by.js';

/** What is carried out, and what is told from it. */
export interface CarriedOut {
  readonly groups: readonly CaseGroup[];
  readonly controls: readonly Case[];
  /** Id of a case to the id of the case whose record tells it, too. */
  readonly carriedBy: ReadonlyMap<string, string>;
}

/**
 * Spares requests where they are hard to come by: of the cases that send the same calls on the same given, one is carried
 * out for all. If any of them taps its connection, the one does: all else is seen there as well.
 */
export function carriedOutOnce({ groups, controls }: Pick<CarriedOut, 'groups' | 'controls'>): CarriedOut {
  const entries = [
    ...new Map([...controls, ...groups.flatMap(({ cases }) => cases)].map((entry) => [entry.id, entry])),
  ];
  const alike = groupBy(
    entries.map(([, entry]) => entry),
    whatIsDone,
  );
  const carriers = [...alike.values()].flatMap(([first, ...rest]) =>
    first && rest.length > 0 ? [carrierFor(first, rest)] : [],
  );
  const changed = new Map(carriers.map((carrier) => [carrier.id, carrier]));
  const carriedBy = new Map(
    [...alike.values()].flatMap(([first, ...rest]) => rest.map((entry) => [entry.id, first?.id ?? ''] as const)),
  );
  const asChanged = (entry: Case): Case => changed.get(entry.id) ?? entry;
  const early = [...controls, ...carriers.filter(({ id }) => !controls.some((control) => control.id === id))];
  return {
    groups: groups.map((group) => ({ ...group, cases: group.cases.map(asChanged) })),
    controls: early.map(asChanged).filter(({ id }) => !carriedBy.has(id)),
    carriedBy,
  };
}

/** What a case does, without how its answer is looked at. */
const whatIsDone = ({ given, opening, when, simultaneously, control }: Case): string =>
  JSON.stringify({
    given,
    opening,
    when: when.map((probe) => ({ ...probe, wire: undefined })),
    simultaneously,
    // A case behind a control must not become one.
    control: control?.caseId,
  });

function carrierFor(first: Case, rest: readonly Case[]): Case {
  const [call, ...more] = first.when.map((probe, index): Probe => {
    const wire = [first, ...rest].some(({ when }) => when[index]?.wire === true);
    return wire ? { ...probe, wire: true } : probe;
  });
  return { ...first, when: [call ?? first.when[0], ...more] };
}

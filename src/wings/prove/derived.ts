import { overlooking, idOfOverlooked } from '../../emulators/endpoint/faults/overlooked.js';
import type { Fault } from '../../emulators/endpoint/alterations.js';
import type { Case } from '../../engine/case.js';
import { isOfEdition } from '../../engine/contract/rows.js';
import type { Contract } from '../../engine/contract/types.js';
import { groupBy } from '../../engine/plan/group-by.js';

/** A derived fault, and the cases that could see it. */
export interface Derived {
  readonly fault: Fault;
  readonly cases: readonly string[];
}

type Cell = Case & { readonly cell: NonNullable<Case['cell']> };

/** Cells of the edition. */
const cellsOf = (contract: Contract): readonly Cell[] =>
  contract.endpoint.groups
    .flatMap(({ cases }) => cases)
    .filter((entry): entry is Cell => entry.cell !== undefined && isOfEdition(entry, contract));

/** Ids of the cells that look for a named fault; null for one that shows in what is no cell. Pure. */
export function cellsLookingFor({ column }: Fault, contract: Contract): readonly string[] | null {
  if (column === undefined) return null;
  const isOfColumn = ({ cell }: Cell): boolean => cell.dimension === column.dimension && cell.value === column.value;
  return cellsOf(contract)
    .filter(isOfColumn)
    .map(({ id }) => id);
}

/** What each cell of the edition guards against: its gate not being looked at in its column. Pure. */
export function derivedFaults(contract: Contract): readonly Derived[] {
  const alike = groupBy(cellsOf(contract), ({ cell }) => idOfOverlooked(cell));
  return [...alike.values()].map((own): Derived => {
    const [first] = own as [Cell, ...Cell[]];
    const rows = own.flatMap(({ then }) => then.flatMap(({ requirementIds }) => requirementIds));
    return { fault: overlooking(first.cell, [...new Set(rows)]), cases: own.map(({ id }) => id) };
  });
}

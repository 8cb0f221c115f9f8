import type { Case } from '../case.js';
import { isLate } from './late.js';
import type { Contract, OpenRow, Requirement } from './types.js';

/** What rows are asked of. */
type Rows = Pick<Contract, 'requirements' | 'edition'>;

const indexes = new WeakMap<readonly Requirement[], ReadonlyMap<string, Requirement>>();

/** The row of that id; undefined when there is none. */
export function rowOf({ requirements }: Pick<Rows, 'requirements'>, id: string): Requirement | undefined {
  const known = indexes.get(requirements) ?? new Map(requirements.map((row) => [row.id, row]));
  indexes.set(requirements, known);
  return known.get(id);
}

/** Whether a row applies to the contract's edition. */
export const applies = ({ editions }: Pick<Requirement, 'editions'>, { edition }: Pick<Rows, 'edition'>): boolean =>
  editions === 'all' || editions.includes(edition.id);

/** The rows that apply to the contract's edition, those included that came too late to score. */
export const applicableRows = (contract: Rows): readonly Requirement[] =>
  contract.requirements.filter((row) => applies(row, contract));

/** Whether the readings in force demand a row of nobody. */
export const isOpen = (row: Requirement): row is Requirement & { readonly open: OpenRow } =>
  row.open !== undefined && row.open.callers === undefined;

/** Why something is not demanded, in words. */
export const openReason = ({ clause, reading }: OpenRow): string =>
  `not demanded under the reading ${reading} of ${clause}`;

/** The rows of the contract's edition that score: those that came in time and that the readings in force demand. */
export const scoringRows = (contract: Rows): readonly Requirement[] =>
  applicableRows(contract).filter((row) => !isLate(row.since, contract.edition) && !isOpen(row));

/** Why a row demands nothing of a case under the readings in force; null where it does. */
export function opennessOf({ open }: Requirement, { when }: Pick<Case, 'when'>): string | null {
  if (!open || (open.callers && !when.every(({ persona }) => open.callers?.includes(persona)))) return null;
  return openReason(open);
}

/** Whether a case is one of the contract's edition: whatever rests on a row of another edition is that edition's. */
export const isOfEdition = ({ then }: Pick<Case, 'then'>, contract: Rows): boolean =>
  then.every(({ requirementIds }) =>
    requirementIds.every((id) => {
      const row = rowOf(contract, id);
      return row !== undefined && applies(row, contract);
    }),
  );

import type { Case } from '../case.js';
import { isLate } from './late.js';
import type { Contract, Requirement } from './types.js';

/** What rows are asked of. */
type Rows = Pick<Contract, 'requirements' | 'edition'>;

/** The row of that id; undefined when there is none. */
export const rowOf = ({ requirements }: Pick<Rows, 'requirements'>, id: string): Requirement | undefined =>
  requirements.find((row) => row.id === id);

/** Whether a row applies to the contract's edition. */
export const applies = ({ editions }: Pick<Requirement, 'editions'>, { edition }: Pick<Rows, 'edition'>): boolean =>
  editions === 'all' || editions.includes(edition.id);

/** The rows that apply to the contract's edition, those included that came too late to score. */
export const applicableRows = (contract: Rows): readonly Requirement[] =>
  contract.requirements.filter((row) => applies(row, contract));

/** The rows of the contract's edition that score. */
export const scoringRows = (contract: Rows): readonly Requirement[] =>
  applicableRows(contract).filter(({ since }) => !isLate(since, contract.edition));

/** Whether a case is one of the contract's edition: whatever rests on a row of another edition is that edition's. */
export const isOfEdition = ({ then }: Pick<Case, 'then'>, contract: Rows): boolean =>
  then.every(({ requirementIds }) =>
    requirementIds.every((id) => {
      const row = rowOf(contract, id);
      return row !== undefined && applies(row, contract);
    }),
  );

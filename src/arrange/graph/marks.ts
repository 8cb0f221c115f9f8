import { PrerequisiteError } from '../../engine/errors.js';
import { membersOf, type Members } from './calls.js';
import type { JournalledObject } from './journal.js';
import type { Tenant } from './tenant.js';

/** An object of a tenant is not what the journal says it is: it is left alone. */
export class ForeignError extends PrerequisiteError {
  override readonly name = 'ForeignError';
}

/**
 * Holds an object as the tenant shows it against the journal, which somebody may have written: what is to be cancelled or deleted
 * has to bear the mark of the run, and to stand in something that bears it.
 * @throws ForeignError that says what is another than the journal has it
 */
export function assertMarked(tenant: Tenant, { kind, id, name }: JournalledObject, shown: Members): void {
  const named = kind === 'request' ? 'justification' : 'displayName';
  const why = shown[named] === name ? strayIn(tenant, kind, shown) : `its ${named} there is not ${name}`;
  if (why !== null)
    throw new ForeignError(`left alone, for the ${kind} ${id} is none that the run of this journal made: ${why}`);
}

/** What an object stands in that is not the run's; null when all of it is. */
function strayIn(tenant: Tenant, kind: JournalledObject['kind'], shown: Members): string | null {
  const { calls, standing } = tenant.settings;
  const made = (what: 'catalog' | 'package', id: unknown): boolean =>
    typeof id === 'string' && calls.journal.sawMade(what, id);
  const usable = (id: unknown): boolean => made('package', id) || standing.some((known) => known.package === id);
  switch (kind) {
    case 'catalog':
      return null;
    case 'package':
      return made('catalog', shown['catalogId']) ? null : 'its catalog is another';
    case 'policy':
      return usable(shown['accessPackageId']) ? null : 'its access package is another';
    case 'request': {
      // Not every reading shows it; where one does, it has to be the run's.
      const id =
        membersOf(shown['accessPackageAssignment'])['accessPackageId'] ?? membersOf(shown['accessPackage'])['id'];
      return id === undefined || id === null || usable(id) ? null : 'its access package is another';
    }
  }
}

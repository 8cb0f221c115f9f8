import type { Kind } from './model.js';
import type { Tenant } from './tenant.js';

/** One object of the tenant, as the control side tells it. */
interface Seen {
  readonly kind: Kind;
  readonly id: string;
  /** True: it belongs to others. */
  readonly foreign: boolean;
  /** Display name, or the justification of a request. */
  readonly name: string | null;
  /** Of a request, in the page's camelCase. */
  readonly status?: string;
}

function objectsOf({ directory, requests }: Tenant): readonly Seen[] {
  const kinds = ['accessPackageCatalogs', 'accessPackages', 'accessPackageAssignmentPolicies'] as const;
  return [
    ...kinds
      .flatMap((kind) => directory.all(kind))
      .map(({ kind, id, foreign, displayName }) => ({
        ...{ kind, id, foreign, name: displayName },
      })),
    ...requests.all().map(({ id, foreign, status, justification }) => ({
      ...{ kind: 'accessPackageAssignmentRequests' as const, id, foreign, name: justification, status },
    })),
    ...requests.assigned().map(({ assignmentId, foreign, justification }) => ({
      ...{ kind: 'accessPackageAssignments' as const, id: assignmentId, foreign, name: justification },
    })),
  ];
}

/**
 * What the tenant holds.
 * @param foreign `true` or `false`: only what belongs to others, or only the rest; null: everything
 */
export function overview(tenant: Tenant, foreign: string | null): object {
  const all = objectsOf(tenant);
  const counts: Record<string, { own: number; foreign: number }> = {};
  for (const object of all) {
    const count = (counts[object.kind] ??= { own: 0, foreign: 0 });
    count[object.foreign ? 'foreign' : 'own'] += 1;
  }
  const objects = all.filter((object) => foreign === null || String(object.foreign) === foreign);
  return { counts, objects };
}

import { randomUUID } from 'node:crypto';
import type { Edition } from '../../engine/contract/types.js';
import { personas } from '../endpoint/personas.js';
import type { Seams } from '../endpoint/seams.js';
import type { TokenAuthority } from '../endpoint/tokens.js';
import type { AccessLog } from './accesses.js';
import type { TenantClock } from './clock.js';
import type { Mailbox } from './mailbox.js';
import type { Nuisances } from './nuisances.js';
import type { Kind, SetUpKind, SetUpObject } from './model.js';
import type { TenantSettings } from './settings.js';
import type { TenantStore } from './store.js';

/** All that one running tenant is and holds. */
export interface Tenant {
  readonly edition: Edition;
  readonly seams: Seams;
  readonly authority: TokenAuthority;
  readonly clock: TenantClock;
  readonly settings: TenantSettings;
  readonly nuisances: Nuisances;
  readonly requests: TenantStore;
  readonly directory: Directory;
  readonly accesses: AccessLog;
  readonly mailbox: Mailbox;
  /** Display names of the tenant's users by object id. */
  readonly users: Map<string, string>;
}

/** Catalogs, packages and policies, and the order in which everything came into being. */
export class Directory {
  readonly #objects = new Map<string, SetUpObject>();
  #sequence = 0;

  /** The next place in lists. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  add(object: Omit<SetUpObject, 'id' | 'sequence'> & { readonly id?: string }): SetUpObject {
    const kept = { id: randomUUID(), ...object, sequence: this.nextSequence() };
    this.#objects.set(kept.id, kept);
    return kept;
  }

  find(kind: SetUpKind, id: string): SetUpObject | null {
    const object = this.#objects.get(id);
    return object?.kind === kind ? object : null;
  }

  all(kind: SetUpKind): readonly SetUpObject[] {
    return [...this.#objects.values()].filter((object) => object.kind === kind);
  }

  /** What belongs to an object. */
  childrenOf(id: string): readonly SetUpObject[] {
    return [...this.#objects.values()].filter(({ parentId }) => parentId === id);
  }

  delete(id: string): void {
    this.#objects.delete(id);
  }
}

/** The users that the personas stand for. */
export function ownUsers(): Map<string, string> {
  return new Map(personas.flatMap(({ userId, displayName }) => (userId === null ? [] : [[userId, displayName]])));
}

/** Whether an object is there, and whether it belongs to others; null when it is not. */
export function whose(tenant: Tenant, kind: Kind, id: string): 'foreign' | 'own' | null {
  const object = lookUp(tenant, kind, id);
  if (object === null) return null;
  return object.foreign ? 'foreign' : 'own';
}

function lookUp({ requests, directory }: Tenant, kind: Kind, id: string): { readonly foreign: boolean } | null {
  switch (kind) {
    case 'accessPackageAssignmentRequests':
    case 'accessPackageAssignmentApprovals':
      return requests.get(id);
    case 'accessPackageAssignments':
      return requests.assigned().find(({ assignmentId }) => assignmentId === id) ?? null;
    case 'accessPackageCatalogs':
    case 'accessPackages':
    case 'accessPackageAssignmentPolicies':
      return directory.find(kind, id);
  }
}

import { PrerequisiteError } from '../../engine/errors.js';
import type { PolicyKind, PolicyUsers } from './bodies.js';
import { RefusedError } from './calls.js';
import type { Tenant } from './tenant.js';

/** An access package that stands ready, with the policies of it that do. */
interface StandingPackage {
  readonly package: string;
  readonly directPolicy?: string;
  readonly approvalPolicy?: string;
}

/** An access package with the policy that a request is to be made by. */
export interface OpenLane {
  readonly packageId: string;
  readonly policyId: string;
}

interface Lane {
  readonly packageId: Promise<string>;
  readonly policies: Map<PolicyKind, Promise<string>>;
}

/** How the names of catalogs begin that runs make; what such a catalog shows is that a run is at work. */
export const runPrefix = 'cancel-conformance run ';

/** More packages than any plan needs, even where each takes one request of a user only. */
const mostLanes = 40;

/**
 * Access packages and their policies: those that stand ready first, then the run's own, made when they are needed. All
 * requests go to the first one as long as the tenant lets them.
 */
export class Lanes {
  readonly #tenant: Tenant;
  readonly #users: PolicyUsers;
  readonly #lanes: Lane[];
  #catalog: Promise<string> | undefined;

  constructor(tenant: Tenant, users: PolicyUsers, standing: readonly StandingPackage[]) {
    this.#tenant = tenant;
    this.#users = users;
    this.#lanes = standing.map((known) => ({
      packageId: Promise.resolve(known.package),
      policies: new Map(
        Object.entries({ direct: known.directPolicy, approval: known.approvalPolicy }).flatMap(([kind, id]) =>
          id === undefined ? [] : [[kind as PolicyKind, Promise.resolve(id)] as const],
        ),
      ),
    }));
  }

  /** The first lane for a kind of policy besides those that refused. */
  async next(kind: PolicyKind, refused: readonly OpenLane[]): Promise<OpenLane> {
    await this.#open();
    for (let index = 0; index < mostLanes; index += 1) {
      const lane = (this.#lanes[index] ??= this.#newLane(index + 1));
      const packageId = await lane.packageId;
      if (refused.some((one) => one.packageId === packageId)) continue;
      const policy = lane.policies.get(kind) ?? this.#tenant.makePolicy(kind, packageId, this.#users);
      lane.policies.set(kind, policy);
      return { packageId, policyId: await policy };
    }
    throw new PrerequisiteError(`${mostLanes} access packages were refused one after the other`);
  }

  #newLane(serial: number): Lane {
    const packageId = this.#open().then((catalog) => {
      if (catalog !== '') return this.#tenant.makePackage(serial, catalog);
      throw new PrerequisiteError('the tenant lets the run make no catalog, and no standing package takes the request');
    });
    return { packageId, policies: new Map() };
  }

  /**
   * The run's catalog, which also shows other runs that this one is at work. Made once; a refusal is final.
   * @returns its id; empty when the tenant refuses one to a run that has packages standing ready
   */
  #open(): Promise<string> {
    return (this.#catalog ??= this.#makeCatalog());
  }

  async #makeCatalog(): Promise<string> {
    const { tag } = this.#tenant.settings.calls.journal.head;
    try {
      const id = await this.#tenant.makeCatalog(tag);
      // Two runs that began at the same moment see each other here; the one that began later gives way.
      const [first] = [...(await this.#tenant.catalogsNamed(runPrefix))].sort();
      if (first === undefined || first >= tag) return id;
      throw new PrerequisiteError(`another run is at work in this tenant: ${first}`);
    } catch (error) {
      if (error instanceof RefusedError && error.status === 403 && this.#lanes.length > 0) return '';
      throw error;
    }
  }
}

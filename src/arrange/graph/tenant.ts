import { UnreachableError } from '../../engine/errors.js';
import { isSegment, segment } from '../segment.js';
import type { JsonAnswer } from '../json-client.js';
import type { StateReading } from '../../engine/perform/provider.js';
import type { LiveTenant } from '../../target/live-tenant.js';
import { bounds } from '../../engine/bounds.js';
import { statusIn } from '../status.js';
import { poll } from '../../engine/patience.js';
import { policyBody, catalogBody, packageBody, type PolicyKind, type PolicyUsers } from './bodies.js';
import { membersOf, RefusedError, type Creation, type Members, type TenantCalls } from './calls.js';
import type { JournalledObject } from './journal.js';

/** What a tenant is used with. */
export interface TenantSettings {
  readonly calls: TenantCalls;
  readonly collection: string;
  /** Members of the resource that hold the status, the first one preferred (C-3). */
  readonly statusMembers: readonly string[];
  readonly arrangeAs: string;
  /** A persona, or `owner` for the user whose request it is. */
  readonly readAs: string;
  /** Access packages that stand ready, with their policies. */
  readonly standing: LiveTenant['standing'];
  /** Milliseconds that a request may take to reach a status, and an object to come or to go. */
  readonly patienceMs: number;
}

/** A request as it is to be made. */
type NewRequest = Omit<JournalledObject, 'id' | 'createdAs' | 'createdAt' | 'kind'>;

/** How long a tenant may not know everywhere what was just made there, in milliseconds: 20 seconds were seen. */
export const longestLagMs = 45_000;

const paths = {
  catalog: '/accessPackageCatalogs',
  package: '/accessPackages',
  policy: '/accessPackageAssignmentPolicies',
} as const;

/** What a request is shown with: who it is for, and what it gave. */
const expanded = '$expand=requestor,accessPackageAssignment';

/** An OData string literal. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The objects of a tenant, as far as a run needs them. All of it throws PrerequisiteError when the tenant does not do its part. */
export class Tenant {
  readonly settings: TenantSettings;
  /** When something was last made that requests rest on, by the monotonic clock. */
  #madeAtMs = Number.NEGATIVE_INFINITY;

  constructor(settings: TenantSettings) {
    this.settings = settings;
  }

  get #calls(): TenantCalls {
    return this.settings.calls;
  }

  get #tag(): string {
    return this.#calls.journal.head.tag;
  }

  /** A package of its own, without resources: whoever is assigned gains access to nothing. */
  async makePackage(serial: number, catalogId: string): Promise<string> {
    const name = `${this.#tag} package ${serial}`;
    return this.#make('package', name, packageBody(name, catalogId));
  }

  makeCatalog(name: string): Promise<string> {
    return this.#make('catalog', name, catalogBody(name));
  }

  makePolicy(kind: PolicyKind, packageId: string, users: PolicyUsers): Promise<string> {
    const name = `${this.#tag} ${kind} ${packageId}`;
    return this.#make('policy', name, policyBody(kind, { name, packageId }, users));
  }

  /**
   * Makes a request as a persona.
   * @throws RefusedError when the tenant refuses it, with 409 for one that it has already
   */
  makeRequest(as: string, object: NewRequest, body: object): Promise<string> {
    const createdAt = new Date().toISOString();
    return this.#create([400, 403, 404], {
      path: this.requestsPath,
      body,
      object: { ...object, kind: 'request', createdAs: as, createdAt },
      find: () => this.findRequest(as, object.name),
    });
  }

  get requestsPath(): string {
    return `/${this.settings.collection}`;
  }

  /** The request with a justification that a persona created; null when there is none. Looks at that persona's requests only. */
  async findRequest(createdAs: string, justification: string): Promise<string | null> {
    const { arrangeAs } = this.settings;
    // Of an application there is no "current user"; it finds its own by what they say.
    const own =
      createdAs === 'application'
        ? `${this.requestsPath}?$filter=${encodeURIComponent(`justification eq ${literal(justification)}`)}`
        : `${this.requestsPath}/filterByCurrentUser(on='createdBy')`;
    const by = createdAs === 'application' ? arrangeAs : createdAs;
    const [hit] = await this.#calls.list(by, own, (resource) => resource['justification'] === justification);
    return this.#idOf(hit, own, { kind: 'request', name: justification });
  }

  /** The object of that name; null when there is none. */
  async findNamed(kind: 'catalog' | 'package' | 'policy', name: string): Promise<string | null> {
    const filter = encodeURIComponent(`displayName eq ${literal(name)}`);
    const path = `${paths[kind]}?$filter=${filter}`;
    const [hit] = await this.#calls.list(this.settings.arrangeAs, path, ({ displayName }) => displayName === name);
    return this.#idOf(hit, path, { kind, name });
  }

  /**
   * The id of what was found; null when nothing was.
   * @throws UnreachableError for one that could lead elsewhere, or that is another object's
   */
  #idOf(hit: Members | undefined, path: string, object: Pick<JournalledObject, 'kind' | 'name'>): string | null {
    const id = hit?.['id'];
    if (typeof id !== 'string') return null;
    if (!isSegment(id))
      throw new UnreachableError(`GET ${path}: the id of what was found is not one segment of a path`);
    this.#calls.assertOwn(`GET ${path}`, id, object);
    return id;
  }

  /** Names of the catalogs that runs of this suite have in the tenant. */
  async catalogsNamed(prefix: string): Promise<readonly string[]> {
    const filter = encodeURIComponent(`startswith(displayName, ${literal(prefix)})`);
    const named = ({ displayName }: Members): boolean =>
      typeof displayName === 'string' && displayName.startsWith(prefix);
    const found = await this.#calls.list(this.settings.arrangeAs, `${paths.catalog}?$filter=${filter}`, named);
    return found.map(({ displayName }) => String(displayName));
  }

  async readRequest(id: string, owner: string | undefined): Promise<StateReading> {
    const { readAs } = this.settings;
    if (readAs === 'owner') return this.#readAsOwner(id, owner ?? 'requestor');
    const path = `${this.requestsPath}/${segment(id)}?${expanded}`;
    const answer = await this.#calls.read(readAs, path);
    if (answer.status === 404) return { found: false, status: null, resource: null };
    if (answer.status !== 200) throw this.#calls.unexpected(`GET ${path}`, answer, '200');
    return this.#reading(membersOf(answer.body), path);
  }

  /**
   * Requests for an access package, by their ids, as one listing shows them.
   * @throws UnreachableError when the tenant does not list them so
   */
  async readRequestsFor(packageId: string, ids: readonly string[]): Promise<ReadonlyMap<string, StateReading>> {
    const filter = encodeURIComponent(`accessPackage/id eq ${literal(packageId)}`);
    const path = `${this.requestsPath}?$filter=${filter}&${expanded}`;
    const hits = await this.#calls.list(this.settings.readAs, path, ({ id }) => ids.includes(String(id)));
    return new Map(hits.map((hit) => [String(hit['id']), this.#reading(hit, path)]));
  }

  /** Whoever holds SubjectAccess alone may not GET a request by its id, but may list their own. */
  async #readAsOwner(id: string, owner: string): Promise<StateReading> {
    const path = `${this.requestsPath}/filterByCurrentUser(on='target')?${expanded}`;
    const [hit] = await this.#calls.list(owner, path, (resource) => resource['id'] === id);
    return hit ? this.#reading(hit, path) : { found: false, status: null, resource: null };
  }

  #reading(resource: Members, path: string): StateReading {
    const { statusMembers } = this.settings;
    const status = statusIn(resource, statusMembers);
    if (JSON.stringify(resource).length > bounds.answer.bytes || (status ?? '').length > bounds.name.characters)
      throw new UnreachableError(`GET ${path}: the resource is larger than ${bounds.answer.bytes / 1024} KiB`);
    if (status !== null) return { found: true, status, resource: withoutAnnotations(resource) };
    throw new UnreachableError(`GET ${path}: the resource has no ${statusMembers.join(' and no ')}`);
  }

  /**
   * Reads a request again and again, ever slower, until `settled` says true.
   * @param patienceMs how long at most, in milliseconds; default: as long as the tenant may take
   * @returns the last reading, settled or not
   */
  waitFor(
    { id, owner }: { readonly id: string; readonly owner: string | undefined },
    settled: (reading: StateReading) => boolean,
    patienceMs = this.settings.patienceMs,
  ): Promise<StateReading> {
    return poll(() => this.readRequest(id, owner), { settled, patienceMs, clock: this.#calls.clock });
  }

  /** Denies a request that waits for approval. */
  async deny(id: string, approver: string): Promise<void> {
    const stepsPath = `/accessPackageAssignmentApprovals/${segment(id)}/steps`;
    const step = await this.#firstStep(stepsPath, approver);
    const answer = await this.#calls.act(approver, {
      verb: 'deny',
      kind: 'request',
      id,
      method: 'PATCH',
      path: `${stepsPath}/${segment(step)}`,
      body: { reviewResult: 'Deny', justification: this.#tag },
    });
    if (answer.status >= 300 && answer.status !== 409)
      throw this.#calls.unexpected(`PATCH ${stepsPath}`, answer, '204');
  }

  /** The approval of a request comes into being a moment after it waits for one. */
  async #firstStep(stepsPath: string, approver: string): Promise<string> {
    const answer = await poll(() => this.#calls.read(approver, stepsPath), {
      settled: (answer) => stepIn(answer) !== null || ![200, 404].includes(answer.status),
      patienceMs: this.settings.patienceMs,
      clock: this.#calls.clock,
    });
    const step = stepIn(answer);
    if (step === null) throw this.#calls.unexpected(`GET ${stepsPath}`, answer, '200 with a step');
    return step;
  }

  #make(kind: 'catalog' | 'package' | 'policy', name: string, body: object): Promise<string> {
    const createdAs = this.settings.arrangeAs;
    return this.#create(kind === 'catalog' ? [] : [400, 404], {
      path: paths[kind],
      body,
      object: { kind, name, createdAs, createdAt: new Date().toISOString() },
      find: () => this.findNamed(kind, name),
    });
  }

  /** Creates; again for a while when it is refused with a status that a tenant gives as long as what was just made is not everywhere yet. */
  async #create(premature: readonly number[], creation: Creation): Promise<string> {
    const { clock } = this.#calls;
    const lagMs = Math.min(this.settings.patienceMs, longestLagMs) - (clock.nowMs() - this.#madeAtMs);
    const made = await poll(() => this.#createOrRefusal(creation), {
      settled: (made) => typeof made === 'string' || !premature.includes(made.status),
      patienceMs: lagMs,
      clock,
    });
    if (typeof made === 'string') return made;
    throw made;
  }

  async #createOrRefusal(creation: Creation): Promise<string | RefusedError> {
    try {
      const { id } = await this.#calls.create(creation);
      if (creation.object.kind !== 'request') this.#madeAtMs = this.#calls.clock.nowMs();
      return id;
    } catch (error) {
      if (error instanceof RefusedError) return error;
      throw error;
    }
  }

  /** Where an object is read and deleted. */
  pathOf({ kind, id }: Pick<JournalledObject, 'kind' | 'id'>): string {
    return `${kind === 'request' ? this.requestsPath : paths[kind]}/${segment(id)}`;
  }

  /**
   * A catalog, package or policy as it is in the tenant; null when it is not there.
   * @throws UnreachableError when the tenant does not say
   */
  async readObject(object: Pick<JournalledObject, 'kind' | 'id'>): Promise<Members | null> {
    const path = this.pathOf(object);
    const answer = await this.#calls.read(this.settings.arrangeAs, path);
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw this.#calls.unexpected(`GET ${path}`, answer, '200');
    return membersOf(answer.body);
  }
}

/** A resource as it is, whatever answer it stood in. */
const withoutAnnotations = (resource: Members): Record<string, unknown> =>
  Object.fromEntries(Object.entries(resource).filter(([name]) => !name.startsWith('@odata.')));

function stepIn({ status, body }: JsonAnswer): string | null {
  const { value } = membersOf(body);
  const { id } = membersOf(Array.isArray(value) ? value[0] : undefined);
  return status === 200 && typeof id === 'string' && isSegment(id) ? id : null;
}

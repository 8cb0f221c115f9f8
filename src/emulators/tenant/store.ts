import { RequestStore, type StoredRequest } from '../endpoint/store.js';
import type { TenantClock } from './clock.js';
import { advance, type Entered } from './life.js';
import { isAssigned, isFinal, type TenantRequest } from './model.js';
import type { TenantSettings } from './settings.js';

/** The tenant's requests. Whoever looks at one finds it as it stands by the tenant's clock. */
export class TenantStore extends RequestStore {
  readonly #clock: TenantClock;
  readonly #settings: TenantSettings;
  /** When an assignment by a policy, or to a package, was last taken away. */
  readonly #takenMs = new Map<string, number>();
  /** Ids of those that may still change by themselves. */
  readonly #open = new Set<string>();

  readonly #entered: Entered;

  /** @param entered told of each request that enters a status */
  constructor(clock: TenantClock, settings: TenantSettings, entered: Entered) {
    super();
    this.#entered = entered;
    this.#clock = clock;
    this.#settings = settings;
  }

  override get(id: string): TenantRequest | null {
    this.#settle();
    return asTenantRequest(super.get(id));
  }

  override all(): readonly TenantRequest[] {
    this.#settle();
    return super.all().filter(isTenantRequest);
  }

  override replace(previous: StoredRequest, next: StoredRequest): boolean {
    this.#settle();
    return super.replace(previous, next);
  }

  override put(record: StoredRequest): void {
    const before = super.get(record.id);
    // The embedded target changes the status and knows nothing of the tenant's clock.
    const entered = before !== null && before.status !== record.status ? { sinceMs: this.#clock.now() } : {};
    super.put({ ...record, ...entered });
    if (before?.status !== record.status && isTenantRequest(record)) this.#entered({ ...record, ...entered });
    if (!isFinal(record)) this.#open.add(record.id);
  }

  /** Requests whose assignments are there. */
  assigned(): readonly TenantRequest[] {
    return this.all().filter(isAssigned);
  }

  /** When the last assignment of a policy or package was taken away, by the tenant's clock; null: none was. */
  lastTakenMs(id: string): number | null {
    this.#settle();
    return this.#takenMs.get(id) ?? null;
  }

  /** Takes every step that is due. */
  #settle(): void {
    const nowMs = this.#clock.now();
    for (const id of this.#open) {
      const request = asTenantRequest(super.get(id));
      if (request === null || isFinal(request)) {
        this.#open.delete(id);
        continue;
      }
      const next = advance(request, { nowMs, delays: this.#settings.delays, entered: this.#entered });
      if (next === request) continue;
      super.put(next);
      if (next.removes && next.status === 'delivered') this.#takeAway(next.assignmentId, next.sinceMs);
    }
  }

  #takeAway(assignmentId: string, takenMs: number): void {
    const holder = super
      .all()
      .filter(isTenantRequest)
      .find((request) => !request.removes && request.assignmentId === assignmentId);
    if (holder === undefined) return;
    for (const id of [holder.policyId, holder.packageId]) this.#takenMs.set(id, takenMs);
    const taken: TenantRequest = { ...holder, removed: true };
    super.put(taken);
  }
}

function isTenantRequest(request: StoredRequest): request is TenantRequest {
  return 'policyId' in request;
}

function asTenantRequest(request: StoredRequest | null): TenantRequest | null {
  return request !== null && isTenantRequest(request) ? request : null;
}

import { randomUUID } from 'node:crypto';

/** The user who made a request. */
export interface Requestor {
  readonly userId: string;
  readonly displayName: string;
}

/** An assignment request as the service keeps it. Records are never changed, only replaced. */
export interface StoredRequest {
  /** GUID in lower case. */
  readonly id: string;
  readonly requestor: Requestor | null;
  /** In the page's camelCase, such as `pendingApproval`. */
  readonly status: string;
  readonly requestType: string;
  readonly justification: string | null;
  /** ISO 8601, as all times here. */
  readonly createdAt: string;
  readonly completedAt: string | null;
}

/** How many requests are remembered that were deleted. */
const mostRemembered = 32;

/** All requests of one running target, in memory. */
export class RequestStore {
  readonly #records = new Map<string, StoredRequest>();
  #deleted: readonly StoredRequest[] = [];

  /** Adds a request in the given status. */
  create(status: string, requestor: Requestor): StoredRequest {
    const record: StoredRequest = {
      id: randomUUID(),
      requestor,
      status,
      requestType: 'UserAdd',
      justification: 'Access for the spring project',
      createdAt: new Date().toISOString(),
      completedAt: null,
    };
    this.put(record);
    return record;
  }

  get(id: string): StoredRequest | null {
    return this.#records.get(id) ?? null;
  }

  all(): readonly StoredRequest[] {
    return [...this.#records.values()];
  }

  /** Writes a record whatever was there. */
  put(record: StoredRequest): void {
    this.#records.set(record.id, record);
  }

  /**
   * Writes `next` only when the record is still the one that the writer looked at.
   * @returns false when somebody else was faster
   */
  replace(previous: StoredRequest, next: StoredRequest): boolean {
    if (this.#records.get(previous.id) !== previous) return false;
    this.put(next);
    return true;
  }

  /** @returns false when there was no such request */
  delete(id: string): boolean {
    const record = this.get(id);
    if (record === null) return false;
    this.#deleted = [...this.#deleted.slice(1 - mostRemembered), record];
    return this.#records.delete(id);
  }

  /** One of the requests that were deleted last, for whatever remembers it; null for any other. */
  deleted(id: string): StoredRequest | null {
    return this.#deleted.find((record) => record.id === id) ?? null;
  }
}

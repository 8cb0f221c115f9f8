import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PrerequisiteError } from '../../engine/errors.js';
import { cleanUp, type Leftover } from './clean-up.js';
import { readJournal, type JournalledObject } from './journal.js';
import type { Tenant } from './tenant.js';

/** How the names of catalogs begin that hold prepared requests. */
export const preparedPrefix = 'cancel-conformance prepared ';

const isPrepared = ({ kind, readyAt }: JournalledObject): boolean => kind === 'request' && readyAt !== undefined;

/** A batch of requests that `prepare` made, in a journal of its own. */
export interface Batch {
  readonly file: string;
  readonly requests: readonly JournalledObject[];
}

/**
 * The batches in a state folder that stand in a tenant.
 * @throws ConfigurationError when a file there is no journal
 */
export function readBatches(folder: string, tenant: string): readonly Batch[] {
  return journalsIn(folder, 'prepared')
    .map((file) => ({ file, state: readJournal(file) }))
    .filter(({ state }) => state.head.tenant === tenant)
    .map(({ file, state }) => ({ file, requests: state.standing.filter(isPrepared) }));
}

/** Journals in a state folder: of runs, or of what was prepared. */
export function journalsIn(folder: string, kind: 'run' | 'prepared'): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith(`${kind}-`) && name.endsWith('.jsonl'))
      .sort()
      .map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

/** Whether a prepared request can be used now, by an edition. */
export const isReady =
  (edition: string, nowMs: number) =>
  (request: JournalledObject): boolean =>
    request.edition === edition && Date.parse(request.readyAt ?? '') <= nowMs;

/** A batch within reach of a run. */
export interface OpenBatch {
  readonly tenant: Tenant;
  /** Its requests that are for the edition. */
  readonly requests: readonly JournalledObject[];
}

const readsEscalated = (status: string | null): boolean => status?.toLowerCase() === 'pendingapprovalescalated';

/** The prepared requests that a run may use up: each once. What is used is deleted at the end, the rest waits on. */
export class PreparedRequests {
  readonly #batches: readonly OpenBatch[];
  readonly #ready = new Map<string, { readonly owner: string; readonly batch: OpenBatch }>();
  readonly #used = new Map<string, OpenBatch>();

  constructor(batches: readonly OpenBatch[]) {
    this.#batches = batches;
  }

  /** Reads which of the requests are escalated by now; when that was to be is a guess only. */
  async look(): Promise<void> {
    for (const batch of this.#batches) {
      for (const { id, owner = '' } of batch.requests) {
        const { status } = await batch.tenant.readRequest(id, owner);
        if (readsEscalated(status)) this.#ready.set(id, { owner, batch });
      }
    }
  }

  /** How many can be used, once it was looked. */
  get ready(): number {
    return this.#ready.size;
  }

  /**
   * A request that reads pendingApprovalEscalated.
   * @throws PrerequisiteError when none that was prepared does
   */
  async take(owner: string): Promise<string> {
    const [id, known] = [...this.#ready].find(([, request]) => request.owner === owner) ?? [];
    if (id !== undefined && known) {
      this.#ready.delete(id);
      this.#used.set(id, known.batch);
      const { status } = await known.batch.tenant.readRequest(id, owner);
      if (readsEscalated(status)) return id;
    }
    throw new PrerequisiteError(
      `no prepared request of ${owner} reads pendingApprovalEscalated: run prepare a day before, with at least ${this.#used.size + 1}`,
    );
  }

  /** Announces a call on a prepared request; false when it is none. */
  intend(id: string, what: string): boolean {
    const batch = this.#used.get(id);
    batch?.tenant.settings.calls.journal.intendCall(what, 'request', id);
    return batch !== undefined;
  }

  /** Deletes what was used, and the packages of batches that are used up. */
  async close(cancelAs: string): Promise<readonly Leftover[]> {
    const leftovers: Leftover[] = [];
    try {
      for (const { tenant } of new Set(this.#used.values())) {
        leftovers.push(...(await cleanUp(tenant, cancelAs, ({ id }) => this.#used.has(id))));
        const { journal } = tenant.settings.calls;
        if (!journal.standing().some(isPrepared)) leftovers.push(...(await cleanUp(tenant, cancelAs)));
      }
    } finally {
      for (const { tenant } of this.#batches) tenant.settings.calls.close();
    }
    return leftovers;
  }
}

import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PrerequisiteError } from '../../contract/errors.js';
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
  /** Ids of its requests that are ready. */
  readonly ready: JournalledObject[];
}

/** The prepared requests that a run may use up: each once. What is used is deleted at the end, the rest waits on. */
export class PreparedRequests {
  readonly #batches: readonly OpenBatch[];
  readonly #used = new Map<string, OpenBatch>();
  readonly #unfit = new Set<string>();

  constructor(batches: readonly OpenBatch[]) {
    this.#batches = batches;
  }

  get ready(): number {
    return this.#batches.reduce((sum, { ready }) => sum + ready.length, 0);
  }

  /**
   * A request that reads pendingApprovalEscalated.
   * @throws PrerequisiteError when none that was prepared does
   */
  async take(owner: string): Promise<string> {
    for (const batch of this.#batches) {
      for (const { id } of batch.ready.filter((request) => request.owner === owner)) {
        if (this.#used.has(id) || this.#unfit.has(id)) continue;
        // Taken before it is read: whoever asks meanwhile must not be given the same one.
        this.#used.set(id, batch);
        const { status } = await batch.tenant.readRequest(id, owner);
        if (status?.toLowerCase() === 'pendingapprovalescalated') return id;
        this.#used.delete(id);
        this.#unfit.add(id);
      }
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
    for (const batch of new Set(this.#used.values())) {
      const { calls } = batch.tenant.settings;
      const { journal } = calls;
      leftovers.push(...(await cleanUp(batch.tenant, cancelAs, ({ id }) => this.#used.has(id))));
      if (!journal.standing().some(isPrepared)) leftovers.push(...(await cleanUp(batch.tenant, cancelAs)));
    }
    await Promise.all(this.#batches.map(({ tenant }) => tenant.settings.calls.close()));
    for (const { tenant } of this.#batches) tenant.settings.calls.journal.close();
    return leftovers;
  }
}

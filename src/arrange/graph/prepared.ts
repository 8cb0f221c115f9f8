import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ConfigurationError, PrerequisiteError } from '../../engine/errors.js';
import { inLanes } from '../../engine/in-lanes.js';
import { cleanUp, mostAtOnce, type Leftover } from './clean-up.js';
import { addressInWords } from '../../engine/address.js';
import { ForeignError, assertMarked } from './marks.js';
import { readJournal, type JournalHead, type JournalledObject } from './journal.js';
import type { Tenant } from './tenant.js';
import { installedCommand } from '../../engine/typed.js';
import { lacksDescriptors } from '../../engine/files.js';

/** How the names of catalogs begin that hold prepared requests. */
export const preparedPrefix = 'cancel-conformance prepared ';

export const isPrepared = ({ kind, readyAt }: JournalledObject): boolean => kind === 'request' && readyAt !== undefined;

/** A batch of requests that `prepare` made, in a journal of its own. */
export interface Batch {
  readonly file: string;
  readonly requests: readonly JournalledObject[];
}

/** What has to be the same for a journal to speak of a target. */
const kept = ['tenant', 'baseUrl', 'target'] as const;

/** Whom a journal speaks of. */
export type Spoken = Pick<JournalHead, (typeof kept)[number]>;

/** What a journal says otherwise than a target file, in words; null when nothing: its tokens are sent where that file says. */
export function differenceFrom(head: Spoken, given: Spoken): string | null {
  const what = kept.find((key) => head[key] !== given[key]);
  return what === undefined
    ? null
    : `was written for the ${what} ${addressInWords(head[what])}, but the target file says ${given[what]}`;
}

/**
 * The batches in a state folder that were made for a target.
 * @throws ConfigurationError when a file there is no journal
 */
export function readBatches(folder: string, given: Spoken): readonly Batch[] {
  return journalsIn(folder, 'prepared')
    .map((file) => ({ file, state: readJournal(file) }))
    .filter(({ state }) => differenceFrom(state.head, given) === null)
    .map(({ file, state }) => ({ file, requests: state.standing.filter(isPrepared) }));
}

/** Whether a file may be called so by a run or by what prepares one: nothing that means anything to a shell, or ends a line. */
export const isJournalName = (name: string): boolean => /^(?:run|prepared)-[\w.-]+\.jsonl$/.test(name);

/**
 * Journals in a state folder, which may not be there yet: of runs, or of what was prepared.
 * @throws ConfigurationError for a folder that cannot be read: what it holds is not nothing
 */
export function journalsIn(folder: string, kind: 'run' | 'prepared'): readonly string[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    if (lacksDescriptors(cause)) throw cause;
    const problem = code === 'ENOTDIR' ? 'no folder' : `cannot be read (${code})`;
    const where = 'where the state of runs has to be; name another folder under requests.state';
    throw new ConfigurationError(`${folder}: ${problem}, ${where}`, { cause });
  }
  return names
    .filter((name) => name.startsWith(`${kind}-`) && name.endsWith('.jsonl'))
    .sort()
    .map((name) => path.join(folder, name));
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

/** A prepared request that can be used. */
interface Ready {
  readonly owner: string;
  readonly batch: OpenBatch;
  readonly request: JournalledObject;
}

/** Whether a request is escalated by now, and the one that was prepared: a run cancels it, so the journal is not believed. */
async function isUsable(tenant: Tenant, request: JournalledObject): Promise<boolean> {
  const { status, resource } = await tenant.readRequest(request.id, request.owner);
  if (!readsEscalated(status)) return false;
  try {
    assertMarked(tenant, request, resource ?? {});
    return true;
  } catch (error) {
    if (error instanceof ForeignError) return false;
    throw error;
  }
}

/** The prepared requests that a run may use up: each once. What is used is deleted at the end, the rest waits on. */
export class PreparedRequests {
  readonly #batches: readonly OpenBatch[];
  readonly #ready = new Map<string, Ready>();
  readonly #used = new Map<string, OpenBatch>();

  constructor(batches: readonly OpenBatch[]) {
    this.#batches = batches;
  }

  /** Reads which of the requests are escalated by now; when that was to be is a guess only. */
  async look(): Promise<void> {
    const prepared = this.#batches.flatMap((batch) => batch.requests.map((request) => ({ batch, request })));
    const usable = await inLanes(prepared, mostAtOnce, ({ batch, request }) => isUsable(batch.tenant, request));
    for (const [at, { batch, request }] of prepared.entries()) {
      const { id, owner = '' } = request;
      if (usable[at] === true) this.#ready.set(id, { owner, batch, request });
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
      if (await isUsable(known.batch.tenant, known.request)) return id;
    }
    throw new PrerequisiteError(
      `no prepared request of ${owner} reads pendingApprovalEscalated: say ${installedCommand} prepare --target FILE --count ${this.#used.size + 1} a day before`,
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

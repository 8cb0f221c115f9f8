import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { cleanUp, settleUnanswered, type Leftover } from './clean-up.js';
import { isStillAwaited } from './ageing.js';
import { Journal, readJournal, type Ended, type JournalledObject } from './journal.js';
import { journalOfKilled } from './lock.js';
import { differenceFrom, journalsIn } from './prepared.js';
import { ConfigurationError, PrerequisiteError, StoppedError } from '../../engine/errors.js';
import { isFolder } from '../../engine/files.js';
import { registryFor } from '../../target/shown.js';
import type { LiveTenant } from '../../target/live-tenant.js';
import { fetchCredentials } from '../credentials.js';
import { openReach } from '../reach.js';
import { tenantOf } from './open.js';
import { isPrepared } from './prepared.js';
import type { Tenant } from './tenant.js';
import { systemClock, type Clock } from '../../engine/patience.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Target } from '../../target/target.js';

/** What became of one journal. */
export interface Recovered {
  readonly file: string;
  /** How many objects were deleted, and how many were not there any more. */
  readonly ended: Ended;
  readonly leftovers: readonly Leftover[];
  /** Why nothing could be done; null when it could. */
  readonly obstacle: string | null;
}

/** Journals of which nothing is left are kept this long, in milliseconds: for whoever wants to know what a run did. */
const keptMs = 30 * 24 * 3_600_000;

/**
 * The journals that a path stands for: one, or those of the runs in a state folder, of what was prepared there, and of what was
 * killed last.
 * @returns none where the run that was killed had not begun to write its own: then it changed nothing
 * @throws ConfigurationError when there is no such file, or somebody is still at work
 */
export function journalsAt(given: string, { state, tenant }: LiveTenant): readonly string[] {
  const killed = journalOfKilled(state, tenant);
  if (!existsSync(given)) {
    if (killed !== null && path.resolve(given) === killed) return [];
    throw new ConfigurationError(`${given}: no such journal; runs leave theirs in the state folder`);
  }
  if (!isFolder(given)) return [given];
  const last = killed !== null && existsSync(killed) ? [killed] : [];
  const folder = path.resolve(given);
  return [...new Set([...journalsIn(folder, 'run'), ...last, ...journalsIn(folder, 'prepared')])];
}

/**
 * Deletes the journals of a state folder that are old and of which nothing is left.
 * @returns how many
 * @throws ConfigurationError when one is none, or cannot be removed
 */
export function prune(folder: string, nowMs: number): number {
  const old = [...journalsIn(folder, 'run'), ...journalsIn(folder, 'prepared')].filter((file) => {
    const { head, standing, unanswered } = readJournal(file);
    return standing.length + unanswered.length === 0 && Date.parse(head.startedAt) < nowMs - keptMs;
  });
  for (const file of old) {
    try {
      rmSync(file);
    } catch (cause) {
      const { code = 'unknown' } = cause as NodeJS.ErrnoException;
      throw new ConfigurationError(`${file}: this old journal cannot be removed (${code}); remove it`, { cause });
    }
  }
  return old.length;
}

/**
 * Deletes from a tenant what a journal says a run made there and what is still there, after that run was killed.
 * @param parts with the clock that ends it; without one, nothing does
 * @param spares true: what was prepared, and can still be used, is left there
 * @throws ConfigurationError for a journal of another tenant or address
 */
export async function recover(
  parts: { readonly target: Target; readonly contract: Contract; readonly clock?: Clock },
  live: LiveTenant,
  { file, spares }: { readonly file: string; readonly spares: boolean },
): Promise<Recovered> {
  const { head, standing, unanswered } = readJournal(file);
  const baseUrl = parts.target.baseUrl ?? '';
  const differing = differenceFrom(head, { tenant: live.tenant, baseUrl, target: parts.target.name });
  if (differing !== null) throw new ConfigurationError(`${file}: ${differing}: give the target file of that run`);
  if (standing.length + unanswered.length === 0) return { file, ended: none, leftovers: [], obstacle: null };
  const { clock = systemClock } = parts;
  if (clock.signal.aborted)
    return { file, ended: none, leftovers: [], obstacle: new StoppedError(clock.signal.reason).message };
  const secrets = registryFor(parts.target);
  const { target: reach } = await openReach(parts.target, secrets, clock.signal);
  const credentials = await fetchCredentials({ ...parts, control: null, secrets, signal: clock.signal });
  const from = { ...parts, baseUrl, reach, credentials, secrets, clock };
  const tenant = tenantOf(from, live, Journal.reopen(file));
  const { calls } = tenant.settings;
  try {
    await settleUnanswered(tenant, unanswered);
    const { decider } = parts.contract.endpoint.cast;
    const usable = spares ? await usableIn(tenant) : new Set<string>();
    const isOver = ({ id, kind }: JournalledObject): boolean => kind === 'request' && !usable.has(id);
    const leftovers = await (usable.size === 0 ? cleanUp(tenant, decider) : cleanUp(tenant, decider, isOver));
    return { file, ended: calls.journal.ended, leftovers, obstacle: null };
  } catch (error) {
    if (!(error instanceof PrerequisiteError)) throw error;
    return { file, ended: calls.journal.ended, leftovers: [], obstacle: error.message };
  } finally {
    calls.close();
  }
}

const none: Ended = { deleted: 0, missing: 0 };

/** Ids of the prepared requests of a journal that a run may still use. */
async function usableIn(tenant: Tenant): Promise<ReadonlySet<string>> {
  const usable = new Set<string>();
  for (const { id, owner } of tenant.settings.calls.journal.standing().filter(isPrepared)) {
    const { status } = await tenant.readRequest(id, owner);
    if (isStillAwaited(status)) usable.add(id);
  }
  return usable;
}

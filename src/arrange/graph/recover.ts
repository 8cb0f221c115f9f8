import { existsSync } from 'node:fs';
import path from 'node:path';
import { cleanUp, settleUnanswered, type Leftover } from './clean-up.js';
import { Journal, readJournal } from './journal.js';
import { journalOfKilled } from './lock.js';
import { differenceFrom, journalsIn } from './prepared.js';
import { ConfigurationError, PrerequisiteError } from '../../engine/errors.js';
import { isFolder } from '../../engine/files.js';
import { registryFor } from '../../target/shown.js';
import type { LiveTenant } from '../../target/live-tenant.js';
import { fetchCredentials } from '../credentials.js';
import { openReach } from '../reach.js';
import { tenantOf } from './open.js';
import { systemClock } from '../../engine/patience.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Target } from '../../target/target.js';

/** What became of one journal. */
export interface Recovered {
  readonly file: string;
  /** Objects that were there and are gone now. */
  readonly removed: number;
  readonly leftovers: readonly Leftover[];
  /** Why nothing could be done; null when it could. */
  readonly obstacle: string | null;
}

/**
 * The journals that a path stands for: one, or those of the runs in a state folder, and of what was killed last there.
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
  return [...new Set([...journalsIn(path.resolve(given), 'run'), ...last])];
}

/**
 * Deletes from a tenant what a journal says a run made there and what is still there, after that run was killed.
 * @throws ConfigurationError for a journal of another tenant or address
 */
export async function recover(
  parts: { readonly target: Target; readonly contract: Contract },
  live: LiveTenant,
  file: string,
): Promise<Recovered> {
  const { head, standing, unanswered } = readJournal(file);
  const baseUrl = parts.target.baseUrl ?? '';
  const differing = differenceFrom(head, { tenant: live.tenant, baseUrl, target: parts.target.name });
  if (differing !== null) throw new ConfigurationError(`${file}: ${differing}: give the target file of that run`);
  if (standing.length + unanswered.length === 0) return { file, removed: 0, leftovers: [], obstacle: null };
  const secrets = registryFor(parts.target);
  const clock = systemClock;
  const { target: reach } = await openReach(parts.target, secrets);
  const credentials = await fetchCredentials({ ...parts, control: null, secrets, signal: clock.signal });
  const from = { ...parts, baseUrl, reach, credentials, secrets, clock };
  const tenant = tenantOf(from, live, Journal.reopen(file));
  const { calls } = tenant.settings;
  try {
    await settleUnanswered(tenant, unanswered);
    const before = calls.journal.standing().length;
    const leftovers = await cleanUp(tenant, parts.contract.endpoint.cast.decider);
    return { file, removed: before - leftovers.length, leftovers, obstacle: null };
  } catch (error) {
    if (!(error instanceof PrerequisiteError)) throw error;
    return { file, removed: 0, leftovers: [], obstacle: error.message };
  } finally {
    calls.close();
  }
}

import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { escalationMinutes, userAddBody } from './bodies.js';
import { cleanUp } from './clean-up.js';
import { RefusedError } from './calls.js';
import { Journal } from './journal.js';
import { preparedPrefix } from './prepared.js';
import type { Tenant } from './tenant.js';
import { PrerequisiteError } from '../../engine/errors.js';
import { registryFor } from '../../target/shown.js';
import type { LiveTenant } from '../../target/live-tenant.js';
import { openReach } from '../reach.js';
import { fetchCredentials } from '../credentials.js';
import { headOf, journalName, offerOfLive, policyUsers, tenantOf, type LiveParts } from './open.js';
import { boundless, type TimeBound } from '../../engine/patience.js';
import type { Contract } from '../../engine/contract/types.js';
import type { Target } from '../../target/target.js';
import { shellText } from '../../engine/shell.js';
import { typedCommand } from '../../engine/typed.js';

/** What was prepared. */
export interface Prepared {
  readonly requests: readonly string[];
  /** ISO 8601: the moment from which they can be used. */
  readonly readyAt: string;
}

/** A margin above the time after which the service escalates, in milliseconds: it looks now and then. */
const marginMs = 60 * 60_000;

/** A file for the journal of what is prepared now. */
export const preparedFile = ({ state }: LiveTenant): string =>
  path.join(state, journalName(new Date(), randomUUID()).replace(/^run-/, 'prepared-'));

/**
 * Makes requests that will be escalated a day from now, for a run then. They stand in a journal of their own in the state
 * folder; a run takes them from there, and recover deletes them.
 * @param parts with the bound on the time that it may take; without one, there is none
 * @param file the journal
 * @param count how many
 * @throws PrerequisiteError when the tenant does not let it; then nothing is left there
 */
export async function prepareAhead(
  parts: { readonly target: Target; readonly contract: Contract; readonly bound?: TimeBound },
  live: LiveTenant,
  { file, count }: { readonly file: string; readonly count: number },
): Promise<Prepared> {
  const secrets = registryFor(parts.target);
  const { target, contract, bound = boundless } = parts;
  const { clock } = bound;
  const { target: reach } = await openReach(target, secrets, clock.signal);
  const credentials = await fetchCredentials({ ...parts, control: null, secrets, signal: clock.signal });
  const from: LiveParts = { ...parts, baseUrl: target.baseUrl ?? '', reach, credentials, secrets, clock };
  const { owner, decider } = contract.endpoint.cast;
  if (!offerOfLive(live, from).personas.includes(owner)) {
    const credential = credentials[owner];
    const why =
      credential && 'missing' in credential ? credential.missing : `the token of ${owner} may make no requests`;
    throw new PrerequisiteError(why);
  }
  const users = policyUsers(from);
  const tag = preparedPrefix + path.basename(file, '.jsonl').replace(/^prepared-/, '');
  const tenant = tenantOf(from, live, Journal.begin(file, headOf(from, live, tag)));
  const readyAt = new Date(Date.now() + escalationMinutes * 60_000 + marginMs).toISOString();
  try {
    const catalog = await tenant.makeCatalog(tag);
    const requests: string[] = [];
    for (let serial = 1; serial <= count; serial += 1) {
      // One package each: a tenant may allow a user one open request for a package.
      const packageId = await tenant.makePackage(serial, catalog);
      const policyId = await tenant.makePolicy('escalation', packageId, users);
      const justification = `${tag} #${serial}`;
      const wanted = { targetId: users.requestors[0] ?? '', packageId, policyId, justification };
      const object = { name: justification, owner, readyAt, edition: contract.edition.id };
      requests.push(await tenant.makeRequest(owner, object, userAddBody(wanted)));
    }
    return { requests, readyAt };
  } catch (error) {
    bound.beginCleanUp();
    await undo(tenant, { error, file, decider });
    throw error;
  } finally {
    tenant.settings.calls.close();
  }
}

interface Undone {
  readonly error: unknown;
  readonly file: string;
  readonly decider: string;
}

async function undo(tenant: Tenant, { error, file, decider }: Undone): Promise<void> {
  const leftovers = await cleanUp(tenant, decider);
  if (leftovers.length === 0) return;
  const why = error instanceof RefusedError || error instanceof Error ? error.message : String(error);
  throw new PrerequisiteError(
    `${why}; ${leftovers.length} objects could not be deleted again; try it with: ${typedCommand()} recover ${shellText(file)} --target FILE`,
  );
}

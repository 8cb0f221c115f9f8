import { JsonClient, type JsonAnswer } from '../json-client.js';
import { segment } from '../segment.js';
import { statusIn } from '../status.js';
import { isStillAwaited, type PreparedState } from './ageing.js';
import { membersOf } from './calls.js';
import { usersOf, type LiveParts } from './open.js';
import { readBatches } from './prepared.js';
import { PrerequisiteError } from '../../engine/errors.js';
import type { LiveTenant } from '../../target/live-tenant.js';

/** What a look at a live tenant shows before a run. */
export interface LiveLook {
  /** Why a persona cannot do its part there, by the persona; nobody for whom nothing stands against it. */
  readonly troubles: ReadonlyMap<string, string>;
  /** The prepared requests, as they read now. */
  readonly prepared: readonly PreparedState[];
}

/** What each kind of persona needs, for whoever gets it. */
const needs = {
  arranges:
    'it needs EntitlementManagement.ReadWrite.All with consent, a role such as Identity Governance Administrator, and the tenant a licence for entitlement management',
  asks: 'it needs a permission of entitlement management with consent, and the tenant a licence for it',
} as const;

/**
 * Looks whether the personas can do their part in a live tenant, with one read for each, and how the requests read that were
 * prepared. Changes nothing, neither there nor in the state folder.
 */
export async function lookAtTenant(from: LiveParts, live: LiveTenant): Promise<LiveLook> {
  const { target, contract, credentials } = from;
  const tokenOf = (persona: string): string | null => {
    const credential = credentials[persona];
    return credential && 'token' in credential ? credential.token : null;
  };
  const read = async (persona: string, path: string): Promise<JsonAnswer | string> => {
    const client = new JsonClient({
      url: `${from.baseUrl}${contract.edition.servicePath}`,
      bearer: tokenOf(persona),
      timeoutMs: target.timeoutMs,
      secrets: from.secrets,
      reach: from.reach,
      clock: from.clock,
      hint: 'is the tenant reachable from here?',
    });
    try {
      return await client.call('GET', path);
    } catch (error) {
      if (error instanceof PrerequisiteError) return error.message;
      throw error;
    } finally {
      client.close();
    }
  };
  const troubles = new Map<string, string>();
  const look = async (persona: string, path: string, needed: string): Promise<void> => {
    if (tokenOf(persona) === null) return;
    const answer = await read(persona, path);
    if (typeof answer === 'string') troubles.set(persona, answer);
    else if (answer.status !== 200) troubles.set(persona, from.secrets.redact(`${inWords(path, answer)}; ${needed}`));
  };
  await look(live.arrangeAs, '/accessPackageCatalogs?$top=1', needs.arranges);
  const own = `/${target.collection}/filterByCurrentUser(on='target')?$top=1`;
  for (const persona of usersOf(credentials, contract).keys())
    if (persona !== live.arrangeAs) await look(persona, own, needs.asks);

  const head = { tenant: live.tenant, baseUrl: target.baseUrl ?? '', target: target.name };
  const prepared: PreparedState[] = [];
  for (const request of readBatches(live.state, head).flatMap(({ requests }) => requests)) {
    const answer = await read(live.arrangeAs, `/${target.collection}/${segment(request.id)}`);
    if (typeof answer === 'string' || ![200, 404].includes(answer.status)) continue;
    const { resource } = contract.edition;
    const status =
      answer.status === 404 ? null : statusIn(membersOf(answer.body), [resource.statusMember, resource.stateMember]);
    prepared.push({ request, status: status ?? 'not found', isUsable: isStillAwaited(status) });
  }
  return { troubles, prepared };
}

function inWords(path: string, { status, body }: JsonAnswer): string {
  const { code, message } = membersOf(membersOf(body)['error']);
  const said = [code, message].filter((text) => typeof text === 'string' && text !== '').join(': ');
  return `GET ${path} is answered ${status}${said === '' ? '' : ` (${said.slice(0, 300)})`}`;
}

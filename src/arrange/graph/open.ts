import path from 'node:path';
import { identityIn } from '../claims.js';
import { TenantCalls } from './calls.js';
import { Journal, type JournalHead } from './journal.js';
import { Lanes, runPrefix } from './lanes.js';
import { isReady, PreparedRequests, readBatches, type Batch } from './prepared.js';
import { GraphProvider, offerOfTenant } from './provider.js';
import { Tenant } from './tenant.js';
import { Turns } from './turns.js';
import type { PolicyUsers } from './bodies.js';
import type { Credentials, Offer, Remarks } from '../../engine/perform/provider.js';
import type { Reach } from '../../engine/exchange/reach.js';
import type { Clock } from '../../engine/patience.js';
import { PrerequisiteError } from '../../engine/errors.js';
import { together } from '../../engine/in-lanes.js';
import type { Contract } from '../../engine/contract/types.js';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import type { LiveTenant } from '../../target/live-tenant.js';
import type { Target } from '../../target/target.js';
import { shellText } from '../../engine/shell.js';
import { installedCommand } from '../../engine/typed.js';

/** What a live tenant is reached with. */
export interface LiveParts {
  readonly target: Target;
  readonly contract: Contract;
  readonly baseUrl: string;
  readonly reach: Reach;
  readonly credentials: Credentials;
  readonly secrets: SecretRegistry;
  readonly clock: Clock;
  /** Gives each call its turn; left out: calls of each journal have turns of their own. */
  readonly turns?: Turns;
}

/** Scopes with which a user can make requests of their own. */
const makingScopes = ['EntitlementManagement.ReadWrite.All', 'EntitlementMgmt-SubjectAccess.ReadWrite'];

/** User ids by the personas who may own requests, as far as there are tokens of theirs. Who decides about them owns none. */
export function usersOf(credentials: Credentials, { endpoint }: Contract): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(endpoint.personas).flatMap(([persona, { makesRequests }]) => {
      const user = makesRequests ? userOf(credentials, persona) : null;
      return user === null || !makingScopes.some((scope) => user.scopes.includes(scope))
        ? []
        : [[persona, user.id] as const];
    }),
  );
}

function userOf(
  credentials: Credentials,
  persona: string,
): { readonly id: string; readonly scopes: readonly string[] } | null {
  const credential = credentials[persona];
  if (!credential || !('token' in credential)) return null;
  const identity = identityIn(credential.token);
  if (identity === null || identity.application) return null;
  const id = credential.userId ?? identity.userId;
  return id === null ? null : { id, scopes: identity.scopes };
}

/** What can be arranged in a live tenant, told from tokens and from what was prepared. Sends nothing. */
export function offerOfLive(
  live: LiveTenant,
  { target, contract, credentials }: Pick<LiveParts, 'target' | 'contract' | 'credentials'>,
): Offer {
  const head = { tenant: live.tenant, baseUrl: target.baseUrl ?? '', target: target.name };
  const ready = readBatches(live.state, head).flatMap((batch) => readyIn(batch, contract)).length;
  return offerOfTenant(usersOf(credentials, contract), { ready });
}

const readyIn = ({ requests }: Batch, { edition }: Contract): Batch['requests'] =>
  requests.filter(isReady(edition.id, Date.now()));

/**
 * Opens a live tenant for a run: begins the journal, and looks whether another run is at work there.
 * @throws PrerequisiteError when the tenant cannot be worked in, with the reason
 */
export async function openLive(parts: LiveParts, live: LiveTenant, journalFile: string): Promise<GraphProvider> {
  const { target, contract } = parts;
  // What was prepared stands in journals of its own, in the same tenant.
  const from = { ...parts, turns: new Turns(live, parts.clock) };
  const { decider } = contract.endpoint.cast;
  for (const persona of new Set([live.arrangeAs, decider])) tokenOf(from, persona);
  const head = headOf(from, live, `${runPrefix}${path.basename(journalFile, '.jsonl').replace(/^run-/, '')}`);
  const tenant = tenantOf(from, live, Journal.begin(journalFile, head));
  const batches = readBatches(live.state, head).map((batch) => ({
    tenant: tenantOf(from, live, Journal.reopen(batch.file)),
    requests: batch.requests.filter(({ edition }) => edition === contract.edition.id),
  }));
  const prepared = new PreparedRequests(batches);
  const provider = new GraphProvider({
    tenant,
    lanes: new Lanes(tenant, policyUsers(from), live.standing),
    users: usersOf(from.credentials, contract),
    approver: decider,
    cancelAs: decider,
    mostCreated: live.mostCreated,
    prepared,
  });
  try {
    await together([assertAlone(tenant, target, live), prepared.look()]);
    return provider;
  } catch (error) {
    await provider.close();
    throw error;
  }
}

/** Catalogs of runs of this suite show that one is at work, or was killed. */
async function assertAlone(tenant: Tenant, { name }: Target, { state }: LiveTenant): Promise<void> {
  const [other] = await tenant.catalogsNamed(runPrefix);
  if (other === undefined) return;
  throw new PrerequisiteError(
    `another run is at work in the tenant of ${name}, or was killed there: the catalog "${other}" shows it. Wait for its end, or clean up with: ${installedCommand} recover ${shellText(state)} --target FILE, where that run kept its state`,
  );
}

/** A tenant within reach, on a journal. */
export function tenantOf(from: LiveParts, live: LiveTenant, journal: Journal): Tenant {
  const { target, contract } = from;
  const { servicePath, resource } = contract.edition;
  const calls = new TenantCalls({
    url: `${from.baseUrl}${servicePath}`,
    tokenOf: (persona) => tokenOf(from, persona),
    timeoutMs: target.timeoutMs,
    turns: from.turns ?? new Turns(live, from.clock),
    secrets: from.secrets,
    reach: from.reach,
    clock: from.clock,
    journal,
  });
  return new Tenant({
    calls,
    collection: target.collection,
    statusMembers: [resource.statusMember, resource.stateMember],
    arrangeAs: live.arrangeAs,
    readAs: live.readAs,
    standing: live.standing,
    patienceMs: live.patienceMs,
  });
}

function tokenOf({ credentials }: LiveParts, persona: string): string {
  const credential = credentials[persona];
  if (credential && 'token' in credential) return credential.token;
  throw new PrerequisiteError(credential?.missing ?? `no token for the persona ${persona}`);
}

/** Who may ask by the policies of a run, and who decides. */
export function policyUsers({ credentials, contract }: LiveParts): PolicyUsers {
  const users = usersOf(credentials, contract);
  const { decider } = contract.endpoint.cast;
  const approver = userOf(credentials, decider)?.id;
  if (approver === undefined)
    throw new PrerequisiteError(`no user id of ${decider}: its token is not delegated, or cannot be read`);
  return { requestors: [...users.values()], approver, escalationApprover: users.get('otherUser') ?? approver };
}

/** The first line of a journal. */
export function headOf({ target, contract, baseUrl }: LiveParts, live: LiveTenant, tag: string): JournalHead {
  return {
    journal: 'cancel-conformance-journal/1',
    tag,
    tenant: live.tenant,
    baseUrl,
    collection: target.collection,
    edition: contract.edition.id,
    target: target.name,
    startedAt: new Date().toISOString(),
  };
}

/** What the provider says of its part at the end, in words. */
export function remarksOf(provider: GraphProvider): Remarks {
  const { created, leftovers } = provider;
  return {
    'requests created': String(created),
    'left in the tenant':
      leftovers.length === 0 ? 'nothing' : leftovers.map(({ kind, id, why }) => `${kind} ${id}: ${why}`).join('; '),
  };
}

/** The name of a run's journal: it also tells runs apart. */
export const journalName = (startedAt: Date, id: string): string =>
  `run-${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}-${id.slice(0, 8)}.jsonl`;

import path from 'node:path';
import { identityIn } from '../claims.js';
import { TenantCalls } from './calls.js';
import { Journal, type JournalHead } from './journal.js';
import { Lanes, runPrefix } from './lanes.js';
import { isReady, PreparedRequests, readBatches, type Batch } from './prepared.js';
import { GraphProvider, offerOfTenant } from './provider.js';
import { Tenant } from './tenant.js';
import type { PolicyUsers } from './bodies.js';
import type { Offer } from '../../engine/perform/provider.js';
import { PrerequisiteError } from '../../engine/errors.js';
import type { Contract } from '../../engine/contract/types.js';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import type { Clock } from '../../engine/patience.js';
import type { LiveTenant } from '../../target/live-tenant.js';
import type { Target } from '../../target/target.js';
import type { Account, SessionParts, SessionState } from '../../engine/perform/session.js';

type Credentials = SessionState['credentials'];

/** What a live tenant is reached with. */
export interface LiveParts {
  readonly parts: Pick<SessionParts, 'target' | 'contract'>;
  readonly baseUrl: string;
  readonly credentials: Credentials;
  readonly secrets: SecretRegistry;
  /** Default: one that is never stopped. */
  readonly clock?: Clock | undefined;
}

/** Personas who may own requests on a live tenant; the administrator decides about them, so owns none. */
const owners = ['requestor', 'otherUser', 'subjectUser'] as const;

/** Scopes with which a user can make requests of their own. */
const makingScopes = ['EntitlementManagement.ReadWrite.All', 'EntitlementMgmt-SubjectAccess.ReadWrite'];

/** Who denies, and who cancels at the end. */
const decider = 'administrator';

/** User ids by the personas who may own requests, as far as there are tokens of theirs. */
function usersOf(credentials: Credentials): ReadonlyMap<string, string> {
  return new Map(
    owners.flatMap((persona) => {
      const user = userOf(credentials, persona);
      return user === null ? [] : [[persona, user] as const];
    }),
  );
}

function userOf(credentials: Credentials, persona: string): string | null {
  const credential = credentials[persona];
  if (!credential || !('token' in credential)) return null;
  const identity = identityIn(credential.token);
  if (identity === null || identity.application) return null;
  if (owners.some((owner) => owner === persona) && !makingScopes.some((scope) => identity.scopes.includes(scope)))
    return null;
  return credential.userId ?? identity.userId;
}

/** What can be arranged in a live tenant, told from tokens and from what was prepared. Sends nothing. */
export function offerOfLive(live: LiveTenant, contract: Contract, credentials: Credentials): Offer {
  const ready = readBatches(live.state, live.tenant).flatMap((batch) => readyIn(batch, contract)).length;
  return offerOfTenant(usersOf(credentials), { ready });
}

const readyIn = ({ requests }: Batch, { edition }: Contract): Batch['requests'] =>
  requests.filter(isReady(edition.id, Date.now()));

/**
 * Refuses tokens of another tenant than the one that may be touched: what they are for is then missing.
 * @returns the credentials, those of other tenants with the reason in their place
 */
export function ofTenant({ tenant }: LiveTenant, credentials: Credentials): Credentials {
  return Object.fromEntries(
    Object.entries(credentials).map(([persona, credential]) => {
      const found = 'token' in credential ? identityIn(credential.token) : null;
      // A personal account has a tenant of its own; that is what it is for.
      const foreign = found?.tenant != null && found.tenant.toLowerCase() !== tenant && persona !== 'personalAccount';
      const missing = `the token of ${persona} is of the tenant ${found?.tenant ?? ''}, but only ${tenant} may be touched (requests.tenant): sign in there, or correct the file`;
      return [persona, foreign ? { missing } : credential];
    }),
  );
}

/**
 * Opens a live tenant for a run: begins the journal, and looks whether another run is at work there.
 * @throws PrerequisiteError when the tenant cannot be worked in, with the reason
 */
export async function openLive(from: LiveParts, live: LiveTenant, journalFile: string): Promise<GraphProvider> {
  const { target, contract } = from.parts;
  for (const persona of new Set([live.arrangeAs, decider])) tokenOf(from, persona);
  const head = headOf(from, live, `${runPrefix}${path.basename(journalFile, '.jsonl').replace(/^run-/, '')}`);
  const tenant = tenantOf(from, live, Journal.begin(journalFile, head));
  const batches = readBatches(live.state, live.tenant).map((batch) => ({
    tenant: tenantOf(from, live, Journal.reopen(batch.file)),
    requests: batch.requests.filter(({ edition }) => edition === contract.edition.id),
  }));
  const prepared = new PreparedRequests(batches);
  const provider = new GraphProvider({
    tenant,
    lanes: new Lanes(tenant, policyUsers(from), live.standing),
    users: usersOf(from.credentials),
    approver: decider,
    cancelAs: decider,
    mostCreated: live.mostCreated,
    prepared,
  });
  try {
    await assertAlone(tenant, target);
    await prepared.look();
    return provider;
  } catch (error) {
    await provider.close();
    throw error;
  }
}

/** Catalogs of runs of this suite show that one is at work, or was killed. */
async function assertAlone(tenant: Tenant, { name }: Target): Promise<void> {
  const [other] = await tenant.catalogsNamed(runPrefix);
  if (other === undefined) return;
  throw new PrerequisiteError(
    `another run is at work in the tenant of ${name}, or was killed there: the catalog "${other}" shows it. Wait for its end, or clean up with recover and the journal of that run`,
  );
}

/** A tenant within reach, on a journal. */
export function tenantOf(from: LiveParts, live: LiveTenant, journal: Journal): Tenant {
  const { target, contract } = from.parts;
  const { servicePath, resource } = contract.edition;
  const calls = new TenantCalls({
    url: `${from.baseUrl}${servicePath}`,
    tokenOf: (persona) => tokenOf(from, persona),
    timeoutMs: target.timeoutMs,
    callsPerSecond: live.callsPerSecond,
    mostCalls: live.mostCalls,
    secrets: from.secrets,
    journal,
    clock: from.clock,
  });
  return new Tenant({
    calls,
    collection: target.collection,
    statusMembers: [resource.statusMember, resource.stateMember],
    arrangeAs: live.arrangeAs,
    readAs: live.readAs,
    patienceMs: live.patienceMs,
  });
}

function tokenOf({ credentials }: LiveParts, persona: string): string {
  const credential = credentials[persona];
  if (credential && 'token' in credential) return credential.token;
  throw new PrerequisiteError(credential?.missing ?? `no token for the persona ${persona}`);
}

/** Who may ask by the policies of a run, and who decides. */
export function policyUsers({ credentials }: LiveParts): PolicyUsers {
  const users = usersOf(credentials);
  const approver = userOf(credentials, decider);
  if (approver === null)
    throw new PrerequisiteError(`no user id of ${decider}: its token is not delegated, or cannot be read`);
  return { requestors: [...users.values()], approver, escalationApprover: users.get('otherUser') ?? approver };
}

/** The first line of a journal. */
export function headOf({ parts, baseUrl }: LiveParts, live: LiveTenant, tag: string): JournalHead {
  return {
    journal: 'cancel-conformance-journal/1',
    tag,
    tenant: live.tenant,
    baseUrl,
    collection: parts.target.collection,
    edition: parts.contract.edition.id,
    target: parts.target.name,
    startedAt: new Date().toISOString(),
  };
}

/** What the provider says of its part at the end, in words. */
export function accountOf(provider: GraphProvider): Account {
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

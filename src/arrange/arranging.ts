import { startBroker } from './broker.js';
import { ControlProvider } from './control.js';
import type { GraphProvider } from './graph/provider.js';
import { InventoryProvider } from './inventory.js';
import { JsonClient } from './json-client.js';
import { PooledProvider } from './pool.js';
import type { Offer, Provider } from '../engine/perform/provider.js';
import { PrerequisiteError } from '../engine/errors.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Clock } from '../engine/patience.js';
import type { LiveTenant } from '../target/live-tenant.js';
import { accountOf, openLive } from './graph/open.js';
import { noArranging, type Account, type SessionParts, type SessionState } from '../engine/perform/session.js';

/** What the arranging side is made from. */
export interface ArrangingParts {
  readonly parts: SessionParts;
  readonly baseUrl: string;
  /** The target's own control protocol; null when it has none. */
  readonly control: { readonly url: string; readonly key: string | null } | null;
  readonly credentials: SessionState['credentials'];
  readonly secrets: SecretRegistry;
  /** Default: one that is never stopped. */
  readonly clock?: Clock | undefined;
}

/** The arranging side of a run, reachable from all its processes. */
export interface ArrangingSide {
  readonly reach: SessionState['arranging'];
  /** What it says of its part, once it is closed; null when that is nothing. */
  readonly account: () => Account | null;
  /** What it offers, where it found that out when it was started. */
  readonly offer?: Offer;
  readonly close: () => Promise<void>;
}

/**
 * Starts the arranging side: the target's control protocol itself where requests are cheap, else a broker of the suite in
 * front of whatever gives them.
 * @throws PrerequisiteError when nobody can read requests back
 */
export async function startArranging(from: ArrangingParts): Promise<ArrangingSide> {
  const { target } = from.parts;
  if (target.requests.provider === 'graph') return startLive(from, target.requests);
  const inventory = target.requests.provider === 'inventory' ? inventoryOf(from) : null;
  if (inventory === null && !target.expensive) {
    const { url = '', key = null } = from.control ?? {};
    return { reach: { ...noArranging, url, key }, account: () => null, close: () => Promise.resolve() };
  }
  const source = inventory ?? controlOf(from);
  const provider: Provider = target.expensive ? new PooledProvider(source) : source;
  const broker = await startBroker(provider);
  return {
    reach: { ...noArranging, url: broker.url, key: broker.key, lends: true },
    account: () => inventory?.account() ?? null,
    close: () => broker.close(),
  };
}

/** A live tenant behind the broker, which is told of every call before it is sent. Without a journal nothing is done there. */
async function startLive(from: ArrangingParts, live: LiveTenant): Promise<ArrangingSide> {
  if (from.parts.journal === undefined) {
    return { reach: noArranging, account: () => null, close: () => Promise.resolve() };
  }
  const provider = await openLive(from, live, from.parts.journal);
  const broker = await startBroker(new PooledProvider(provider));
  return {
    reach: { url: broker.url, key: broker.key, lends: true, journals: true },
    offer: await provider.describe(),
    account: () => accountOf(provider),
    close: async () => {
      await broker.close();
      tellLeftovers(provider, from.parts.journal ?? '');
    },
  };
}

/** Whoever looks at the terminal learns what to do about it; the report says it, too. */
function tellLeftovers({ leftovers }: GraphProvider, journal: string): void {
  if (leftovers.length === 0) return;
  process.stderr.write(
    `${leftovers.length} objects are left in the tenant; delete them with: cancel-conformance recover ${journal} --target FILE\n`,
  );
}

/** The provider that speaks the target's own control protocol. */
export function controlOf({
  parts,
  control,
  secrets,
  clock,
}: Pick<ArrangingParts, 'parts' | 'control' | 'secrets' | 'clock'>): ControlProvider {
  const { url = '', key = null } = control ?? {};
  return new ControlProvider({ url, key, timeoutMs: parts.target.timeoutMs, secrets, clock });
}

function inventoryOf({ parts, baseUrl, credentials, secrets, clock }: ArrangingParts): InventoryProvider {
  const { target, contract } = parts;
  if (target.requests.provider !== 'inventory') throw new Error(`${target.name} has no inventory`);
  const { items, file, readAs } = target.requests;
  const credential = credentials[readAs];
  if (!credential || !('token' in credential)) {
    throw new PrerequisiteError(`requests cannot be read back: ${credential?.missing ?? `no token for ${readAs}`}`);
  }
  const { servicePath, resource } = contract.edition;
  const client = new JsonClient({
    url: `${baseUrl}${servicePath}/${target.collection}`,
    bearer: credential.token,
    timeoutMs: target.timeoutMs,
    secrets,
    hint: 'is the target running, and does it answer GET of a request there?',
    clock,
  });
  return new InventoryProvider({
    file,
    items,
    client,
    readAs,
    statusMembers: [resource.statusMember, resource.stateMember],
  });
}

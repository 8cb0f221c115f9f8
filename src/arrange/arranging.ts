import type { Contract } from '../engine/contract/types.js';
import { PrerequisiteError } from '../engine/errors.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Reach } from '../engine/exchange/reach.js';
import type { Clock } from '../engine/patience.js';
import type { Arranging, Credentials, Offer, Provider, Remarks } from '../engine/perform/provider.js';
import type { InventorySource, Target } from '../target/target.js';
import { ControlProvider } from './control.js';
import { InventoryProvider, offerOf, type UsedRequests } from './inventory.js';
import { JsonClient } from './json-client.js';
import { PooledProvider } from './pool.js';

/** The target's own control protocol, and what it offers. */
export interface ControlSide {
  readonly provider: ControlProvider;
  /** Null when it could not be asked. */
  readonly offer: Offer | null;
}

/** What the arranging side is made from. */
export interface ArrangingParts {
  readonly target: Target;
  readonly contract: Contract;
  readonly baseUrl: string;
  /** What stands before the target asks for. */
  readonly reach: Reach;
  /** Null when the target has no control protocol. */
  readonly control: ControlSide | null;
  readonly credentials: Credentials;
  readonly secrets: SecretRegistry;
  readonly clock: Clock;
  /** File in which a run on a live tenant writes down what it does there; null: nothing is done there. */
  readonly journal: string | null;
  /** What an inventory gave out before in this run. */
  readonly used?: UsedRequests;
}

/** The arranging side of a run, and how it ends. */
export interface ArrangingSide extends Arranging {
  /** What it remarks on its part; null when that is nothing. Complete once the provider is closed. */
  readonly remarks: () => Remarks | null;
}

/**
 * Starts the arranging side: the target's control protocol, an inventory, or a live tenant; shared where requests are hard to
 * come by.
 * @throws PrerequisiteError when nobody can read requests back
 */
export async function startArranging(from: ArrangingParts): Promise<ArrangingSide> {
  const { requests } = from.target;
  if (requests.provider === 'graph') {
    // Loaded where there is a tenant: every start of every other run would pay for it.
    const { liveSide } = await import('./graph/side.js');
    return liveSide(from, requests);
  }
  return requests.provider === 'inventory' ? inventorySide(from, requests) : controlSide(from);
}

const shared = (provider: Provider, { target: { expensive }, clock }: ArrangingParts): Provider =>
  expensive ? new PooledProvider(provider, clock) : provider;

const nothingKnown = {
  isOutOfReach: () => false,
  absenceOf: () => null,
  lackOf: () => null,
  movesOn: false,
  remarks: () => null,
} as const;

function controlSide(from: ArrangingParts): ArrangingSide {
  const { target, control } = from;
  if (!control) throw new Error(`${target.name} has no control protocol`);
  return {
    ...nothingKnown,
    provider: shared(control.provider, from),
    offer: control.offer,
    name: 'the control protocol',
    supplyOf: (persona) => `; offer it there, or ${namedInFile(persona)}`,
    forgets: true,
    makesForTokens: true,
  };
}

/** How to name the token of a persona, in words. */
export const namedInFile = (persona: string): string => `name a token under identities.${persona} of the target file`;

function inventorySide(from: ArrangingParts, source: InventorySource): ArrangingSide {
  const { items, file } = source;
  const inventory = new InventoryProvider(inventorySettings(from, source));
  return {
    ...nothingKnown,
    provider: shared(inventory, from),
    offer: offerOf(items),
    name: `the inventory ${file}`,
    supplyOf: () => '; list requests of theirs there',
    forgets: false,
    makesForTokens: false,
    lackOf: (status, owner) =>
      items.some((item) => item.status === status && item.owner === owner)
        ? null
        : `${file} lists no request with status ${status} of ${owner}`,
    remarks: () => inventory.remarks(),
  };
}

function inventorySettings(
  { target, contract, baseUrl, reach, credentials, secrets, clock, used }: ArrangingParts,
  { items, file, readAs }: InventorySource,
): ConstructorParameters<typeof InventoryProvider>[0] {
  const bearer = (): string => {
    const credential = credentials[readAs];
    if (credential && 'token' in credential) return credential.token;
    throw new PrerequisiteError(`requests cannot be read back: ${credential?.missing ?? `no token for ${readAs}`}`);
  };
  // Whoever cannot read cannot begin.
  bearer();
  const { servicePath, resource } = contract.edition;
  const client = new JsonClient({
    url: `${baseUrl}${servicePath}/${target.collection}`,
    bearer,
    timeoutMs: target.timeoutMs,
    secrets,
    reach,
    clock,
    hint: 'is the target running, and does it answer GET of a request there?',
  });
  const statusMembers = [resource.statusMember, resource.stateMember];
  const { readsDone } = contract.endpoint;
  return { file, items, client, readAs, statusMembers, readsDone, ...(used && { used }) };
}

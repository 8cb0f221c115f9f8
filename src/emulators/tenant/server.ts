import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edition } from '../../engine/contract/types.js';
import { alter, type Fault, type Variant } from '../endpoint/alterations.js';
import { callOf } from '../endpoint/call.js';
import { listenOnLoopback } from '../endpoint/loopback.js';
import { homeTenantId, personas } from '../endpoint/personas.js';
import { TokenAuthority } from '../endpoint/tokens.js';
import { send } from '../endpoint/wire.js';
import { platformForm } from './identity/id-tokens.js';
import { AccessLog } from './accesses.js';
import { Chance } from './chance.js';
import { TenantClock } from './clock.js';
import { answerControl, controlPath } from './control.js';
import { addForeignContent } from './foreign.js';
import { Mailbox } from './mailbox.js';
import type { TenantRequest } from './model.js';
import { Nuisances } from './nuisances.js';
import { faceOf, tenantSeams } from './seams.js';
import { answerService } from './service.js';
import { defaultDelays, type Delays, type Nuisance } from './choices.js';
import type { TenantSettings } from './settings.js';
import { TenantStore } from './store.js';
import { Directory, ownUsers, type Tenant } from './tenant.js';

/** What an extension of the tenant can work with. */
export interface TenantHost {
  readonly edition: Edition;
  /** Signs and verifies the tenant's tokens. */
  readonly authority: TokenAuthority;
  readonly tenantId: string;
  /** Such as `http://127.0.0.1:4010`. */
  readonly originUrl: () => string;
}

/** Answers calls at addresses that are neither the service's nor the control side's; false: it is none of its own. */
export type TenantExtension = (incoming: IncomingMessage, response: ServerResponse) => Promise<boolean>;

/** What the tenant is to be like. */
export interface TenantOptions {
  readonly edition: Edition;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Names by which it is called besides those of this machine, as behind a gateway; default: none. */
  readonly hosts?: readonly string[] | undefined;
  readonly variant?: Variant | undefined;
  /** Laid over the variant, one over the other. */
  readonly faults?: readonly Fault[] | undefined;
  /** Bearer key of the control side; without one it is open. */
  readonly controlKey?: string | undefined;
  /** Default: none. */
  readonly nuisances?: ReadonlySet<Nuisance> | undefined;
  readonly delays?: Partial<Delays> | undefined;
  /** What Retry-After asks for, in seconds; default 1. */
  readonly retryAfterS?: number | undefined;
  /** How many requests of other people the tenant holds; default 0. */
  readonly others?: number | undefined;
  /** Decides what looks like chance; default 1. */
  readonly seed?: number | undefined;
  /** The machine's clock, in milliseconds since 1970; default `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Asked in this order. */
  readonly extensions?: readonly ((host: TenantHost) => TenantExtension)[] | undefined;
}

/** A running tenant. */
export interface RunningTenant {
  /** What stands before `/identityGovernance`, such as `http://127.0.0.1:4010/beta`. */
  readonly baseUrl: string;
  readonly originUrl: string;
  /** Base URL of the control side. */
  readonly controlUrl: string;
  readonly tenantId: string;
  /** Moves the tenant's clock forward, in milliseconds. */
  readonly advanceClock: (ms: number) => void;
  /** Ends at once: open connections are cut. */
  readonly close: () => Promise<void>;
}

/** The tenant's users by persona. */
export const tenantPeople: readonly { readonly name: string; readonly userId: string }[] = personas.flatMap(
  ({ name, userId }) => (userId === null ? [] : [{ name, userId }]),
);

/**
 * Starts a small entitlement-management tenant on 127.0.0.1.
 * @throws Error when the port is taken
 */
export async function startTenant(options: TenantOptions): Promise<RunningTenant> {
  const tenant = build(options);
  let origin = '';
  const host: TenantHost = {
    edition: options.edition,
    authority: tenant.authority,
    tenantId: homeTenantId,
    originUrl: () => origin,
  };
  const extensions = (options.extensions ?? []).map((extend) => extend(host));
  const listening = await listenOnLoopback(
    (incoming, response) => serve({ tenant, extensions, controlKey: options.controlKey ?? null }, incoming, response),
    options.port ?? 0,
    { hosts: options.hosts },
  );
  origin = listening.origin;
  return {
    // A tenant is set up through beta, whichever API is judged.
    baseUrl: `${origin}/${options.edition.api}`,
    originUrl: origin,
    controlUrl: origin + controlPath,
    tenantId: homeTenantId,
    advanceClock: (ms) => {
      tenant.clock.advance(ms);
    },
    close: listening.close,
  };
}

function build(options: TenantOptions): Tenant {
  const { edition, variant, faults = [], others = 0, seed = 1 } = options;
  const clock = new TenantClock(options.now);
  const settings: TenantSettings = {
    nuisances: options.nuisances ?? new Set(),
    delays: { ...defaultDelays, ...options.delays },
    licensed: true,
    retryAfterS: options.retryAfterS ?? 1,
    turnedAwayPercent: 8,
  };
  const directory = new Directory();
  const mailbox = new Mailbox(directory);
  const entered = (request: TenantRequest): void => {
    mailbox.entered(request);
  };
  const parts = {
    edition,
    clock,
    settings,
    authority: new TokenAuthority(edition, platformForm),
    nuisances: new Nuisances(settings, clock, new Chance(seed)),
    requests: new TenantStore(clock, settings, entered),
    directory,
    mailbox,
    accesses: new AccessLog(),
    users: ownUsers(),
  };
  addForeignContent(parts, others, new Chance(seed));
  const alterations = [...(variant === undefined ? [] : [variant]), ...faults];
  return { ...parts, seams: alter(tenantSeams(parts), alterations) };
}

interface Served {
  readonly tenant: Tenant;
  readonly extensions: readonly TenantExtension[];
  readonly controlKey: string | null;
}

async function serve(served: Served, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { tenant, extensions, controlKey } = served;
  const target = incoming.url ?? '';
  if (isBelow(target, controlPath)) {
    await answerControl({ tenant, controlKey }, incoming, response);
    return;
  }
  for (const extension of isBelow(target, '/beta') || isBelow(target, '/v1.0') ? [] : extensions) {
    if (await extension(incoming, response)) return;
  }
  const call = callOf(
    {
      edition: faceOf(tenant.edition, isBelow(target, '/v1.0') ? 'v1.0' : 'beta'),
      store: tenant.requests,
      authority: tenant.authority,
    },
    incoming,
  );
  const answer = await answerService(tenant, call);
  send(answer, response);
  if (call.address.kind === 'action') tenant.seams.lateEffect(answer, call);
}

function isBelow(target: string, path: string): boolean {
  return target.startsWith(path) && ['', '/', '?'].includes(target.charAt(path.length));
}

import { ConfigurationError } from '../../engine/errors.js';
import type { TenantOptions } from '../../emulators/tenant/server.js';
import { defaultDelays, type Delays } from '../../emulators/tenant/choices.js';
import { readDelays, readNuisances } from '../../emulators/tenant/settings.js';
import { readWhole } from '../flags.js';

/** Options of `serve` that speak of a tenant. */
export interface TenantFlags {
  readonly tenant?: boolean;
  readonly nuisances?: string;
  readonly others?: string;
  readonly seed?: string;
  readonly delays?: string;
}

/** A server that runs, and what its user is told about it. */
export interface Serving {
  readonly lines: readonly string[];
  readonly close: () => Promise<void>;
}

/** Holds the secret by which the emulated tenant's application proves itself. */
const tenantSecretEnv = 'CANCEL_TENANT_SECRET';

/** Enough for any test, and few enough to be listed in a moment. */
const mostOthers = 100_000;
const highestSeed = 2 ** 31 - 1;

/** @throws ConfigurationError when an option of a tenant is given for a server that is none */
export function refuseTenantFlags({ nuisances, others, seed, delays }: TenantFlags): void {
  const given = Object.entries({ nuisances, others, seed, delays }).find(([, value]) => value !== undefined);
  if (given !== undefined) throw new ConfigurationError(`--${given[0]}: only a tenant has this; add --tenant`);
}

/** Starts the tenant. */
export async function serveTenant(options: TenantOptions, flags: TenantFlags): Promise<Serving> {
  const { startTenant, tenantPeople } = await import('../../emulators/tenant/server.js');
  const { identityExtension } = await import('../../emulators/tenant/identity/extension.js');
  const { emulatedClients } = await import('../../emulators/endpoint/personas.js');
  const secret = process.env[tenantSecretEnv] ?? null;
  const running = await startTenant({
    ...options,
    extensions: [identityExtension({ secret, controlKey: options.controlKey ?? null })],
    nuisances: readNuisances(namesIn(flags.nuisances ?? 'none')),
    others: readWhole('--others', flags.others ?? '0', [0, mostOthers]),
    seed: readWhole('--seed', flags.seed ?? '1', [0, highestSeed]),
    delays: delaysIn(flags.delays),
  });
  return {
    lines: [
      `base URL          ${running.baseUrl}`,
      `tenant id         ${running.tenantId}`,
      `control side      ${running.controlUrl}`,
      `authority         ${running.originUrl}`,
      `client of people  ${emulatedClients.people}`,
      `application       ${emulatedClients.application} (its secret: ${tenantSecretEnv})`,
      ...tenantPeople.map(({ name, userId }) => `${name.padEnd(24)}${userId}`),
    ],
    close: running.close,
  };
}

function namesIn(text: string): 'all' | 'none' | readonly string[] {
  return text === 'all' || text === 'none' ? text : text.split(',').map((name) => name.trim());
}

/** `500` is for every transition, `accepting=500,delivering=0` for some. */
function delaysIn(text: string | undefined): Delays {
  if (text === undefined) return defaultDelays;
  if (!text.includes('=')) {
    const ms = readWhole('--delays', text, [0, Number.MAX_SAFE_INTEGER]);
    return readDelays(Object.fromEntries(Object.keys(defaultDelays).map((name) => [name, ms])), defaultDelays);
  }
  const changes = text.split(',').map((pair) => {
    const [name = '', value = ''] = pair.split('=').map((part) => part.trim());
    return [name, readWhole(`--delays ${name}`, value, [0, Number.MAX_SAFE_INTEGER])];
  });
  return readDelays(Object.fromEntries(changes) as Record<string, unknown>, defaultDelays);
}

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Persona } from '../../../src/cancel/personas.js';
import { planRun, type Plan } from '../../../src/engine/plan/plan.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { LiveTenant } from '../../../src/target/live-tenant.js';
import type { Target } from '../../../src/target/target.js';
import { writeTarget } from './cli.js';
import { tenantId } from './live-tenant.js';
import type { TenantClient } from './tenant-client.js';

/** Everybody whom a live tenant can have. */
const ninePersonas = [
  'administrator',
  'requestor',
  'otherUser',
  'readOnlyAdministrator',
  'unscopedUser',
  'subjectUser',
  'personalAccount',
  'application',
  'expired',
] as const satisfies readonly Persona[];

/** What a target file says of a tenant in this process, besides the usual. */
interface Said {
  readonly personas?: readonly Persona[];
  readonly cannotArrange?: Readonly<Record<string, string>>;
  /** Members of `requests`. */
  readonly requests?: object;
  /** Further members of the file. */
  readonly more?: object;
}

type Resolved = ReturnType<typeof resolveTarget> & { readonly plan: Plan; readonly file: string };

/** A target file for a tenant in this process, with the tokens beside it, and what it resolves to. */
export async function tenantTarget(client: TenantClient, folder: string, said: Said = {}): Promise<Resolved> {
  const { personas = ninePersonas, cannotArrange, requests, more } = said;
  for (const name of personas) writeFileSync(path.join(folder, `${name}.token`), await client.tokenOf(name));
  const file = writeTarget(folder, {
    baseUrl: client.running.baseUrl,
    settleMs: 500,
    identities: Object.fromEntries(personas.map((name) => [name, { token: { file: `${name}.token` } }])),
    requests: { provider: 'graph', tenant: tenantId, callsPerSecond: 1000, patienceMs: 3000, ...requests },
    ...(cannotArrange && { cannotArrange }),
    ...more,
  });
  const resolved = resolveTarget({ target: file }, {});
  return { ...resolved, plan: planRun(resolved.contract, resolved.target), file };
}

/** The live tenant that a target is. */
export const liveIn = ({ requests }: Target): LiveTenant => {
  if (requests.provider !== 'graph') throw new Error('no live tenant');
  return requests;
};

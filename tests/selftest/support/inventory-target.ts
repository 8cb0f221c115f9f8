import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Area } from '../../../src/engine/contract/types.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { writeTarget, type ServedTarget } from './cli.js';

type Owned = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const { target: embedded, contract } = resolveTarget({});
const economical = { ...embedded, expensive: true };

const personas = Object.keys(embedded.tokens);

/** Posts JSON to a control protocol. */
export async function post(url: string, body: object): Promise<Record<string, string>> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return (await answer.json()) as Record<string, string>;
}

interface Stock {
  /** So many more of each kind than are asked for. */
  readonly spare?: number;
  /** The areas that will be judged; default: all. */
  readonly areas?: readonly Area[];
}

/** As many requests as a plan with shared ones asks for, made ready on a served target by hand. */
export async function stock({ controlUrl }: ServedTarget, { spare = 0, areas }: Stock = {}): Promise<Owned> {
  const owned: Record<string, Record<string, string[]>> = {};
  const needed = planRun(contract, economical, areas).counts.owned;
  for (const [status, owners] of Object.entries(needed)) {
    for (const [requestor, count] of Object.entries(owners)) {
      for (let made = 0; made < count + spare; made += 1) {
        const { id = '' } = await post(`${controlUrl}/requests`, { status, requestor });
        ((owned[status] ??= {})[requestor] ??= []).push(id);
      }
    }
  }
  return owned;
}

/** A target file on an inventory, what stands in it, and the variables that hold its tokens. */
export async function inventoryTarget(
  folder: string,
  served: ServedTarget,
  requests: Owned,
): Promise<{ file: string; members: object; environment: Record<string, string> }> {
  writeFileSync(path.join(folder, 'inventory.yaml'), JSON.stringify({ requests }));
  const tokens = personas.map(async (persona) => {
    return [`TOKEN_${persona}`, (await post(`${served.controlUrl}/tokens`, { persona }))['token'] ?? ''] as const;
  });
  const identities = Object.fromEntries(personas.map((persona) => [persona, { token: { env: `TOKEN_${persona}` } }]));
  const source = { provider: 'inventory', file: 'inventory.yaml' };
  const members = { baseUrl: served.baseUrl, requests: source, identities };
  const file = writeTarget(folder, members);
  return { file, members, environment: Object.fromEntries(await Promise.all(tokens)) };
}

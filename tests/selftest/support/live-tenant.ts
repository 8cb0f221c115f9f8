import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { personaNames as personas, type Persona } from '../../../src/cancel/personas.js';
import { test as base, writeTarget, type ServedTarget } from './cli.js';

export { expect } from '@playwright/test';

/** An object of the tenant, as its control side shows it. */
interface TenantObject {
  readonly kind: string;
  readonly id: string;
  readonly foreign: boolean;
  readonly name?: string;
  readonly status?: string;
}

/** A call that the tenant got. */
interface Access {
  readonly method: string;
  readonly target: string;
  readonly status: number;
  readonly touched: readonly { readonly kind: string; readonly id: string; readonly foreign: boolean }[];
}

/** The variable that holds a persona's token. */
const variableOf = (persona: Persona): string => `CANCEL_TOKEN_${persona.replace(/[A-Z]/g, '_$&').toUpperCase()}`;

/** A tenant in another process, and what a run on it needs. */
export class LiveTenant {
  readonly served: ServedTarget;
  readonly tokens: Readonly<Record<string, string>>;

  private constructor(served: ServedTarget, tokens: Readonly<Record<string, string>>) {
    this.served = served;
    this.tokens = tokens;
  }

  static async of(served: ServedTarget): Promise<LiveTenant> {
    const tokens = await Promise.all(
      personas.map(async (persona) => {
        const body = JSON.stringify({ persona });
        const { token } = (await control(served.origin, 'POST tokens', body)) as { token: string };
        return [variableOf(persona), token] as const;
      }),
    );
    return new LiveTenant(served, Object.fromEntries(tokens));
  }

  /**
   * Writes a target file for the tenant.
   * @param requests members of `requests` besides the usual ones
   * @param origin where the tenant is reached, when that is not its own address
   */
  target(folder: string, requests: object = {}, origin = this.served.origin): string {
    return this.targetWith(folder, requests, { baseUrl: `${origin}/beta` });
  }

  /** As `target`, with other members of the file. */
  targetWith(folder: string, requests: object, more: object): string {
    mkdirSync(folder, { recursive: true });
    return writeTarget(folder, {
      baseUrl: `${this.served.origin}/beta`,
      settleMs: 2000,
      identities: Object.fromEntries(personas.map((name) => [name, { token: { env: variableOf(name) } }])),
      requests: { provider: 'graph', tenant: tenantId, callsPerSecond: 500, patienceMs: 20_000, ...requests },
      ...more,
    });
  }

  /** What is in the tenant besides what it holds of other people. */
  async own(): Promise<readonly TenantObject[]> {
    return (await this.#objects()).filter(({ foreign }) => !foreign);
  }

  async foreign(): Promise<readonly TenantObject[]> {
    return (await this.#objects()).filter(({ foreign }) => foreign);
  }

  async accesses(): Promise<readonly Access[]> {
    const { accesses } = (await control(this.served.origin, 'GET accesses')) as { accesses: readonly Access[] };
    return accesses;
  }

  /** Moves the tenant's clock. */
  async advance(advanceMs: number): Promise<void> {
    await control(this.served.origin, 'POST clock', JSON.stringify({ advanceMs }));
  }

  async settings(changes: object): Promise<void> {
    await control(this.served.origin, 'PATCH settings', JSON.stringify(changes));
  }

  async #objects(): Promise<readonly TenantObject[]> {
    const { objects } = (await control(this.served.origin, 'GET objects')) as { objects: readonly TenantObject[] };
    return objects;
  }
}

/** What a run on an emulated tenant is approved by. */
export const approved = ['--approve', 'emulated'] as const;

/** The tenant's id: that of every work account's token. */
export const tenantId = '5f0e1d3a-7c2b-4e69-9a54-2d8c6b1f7e30';

async function control(origin: string, call: string, body?: string): Promise<unknown> {
  const [method = '', path = ''] = call.split(' ');
  const answer = await fetch(`${origin}/tenant/v1/${path}`, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'Content-Type': 'application/json' } }),
  });
  if (!answer.ok) throw new Error(`${call}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : await answer.json();
}

/** Every file below a folder. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Names of the files below a folder that hold one of the texts. */
export const filesWith = (folder: string, texts: readonly string[]): readonly string[] =>
  filesBelow(folder).filter((file) => texts.some((text) => readFileSync(file, 'utf8').includes(text)));

/** The journals of runs in a state folder, the latest last. */
export const journalsIn = (folder: string): readonly string[] =>
  filesBelow(folder)
    .filter((file) => /\/run-[^/]*\.jsonl$/.test(file))
    .sort();

type Serve = (args?: readonly string[]) => Promise<LiveTenant>;

/** Tests on a tenant that is a process of its own. */
export const test = base.extend<{ serveTenant: Serve }>({
  serveTenant: async ({ serve }, use) => {
    await use(async (args = []) => LiveTenant.of(await serve(['--tenant', ...args])));
  },
});

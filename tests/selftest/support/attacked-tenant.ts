import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadContract } from '../../../src/cancel/contract.js';
import { personaNames } from '../../../src/cancel/personas.js';
import { runCli, writeTarget } from './cli.js';
import { tenantId } from './live-tenant.js';
import { expect, test as base, type Members, type TenantClient } from './tenant-client.js';

/** An object of the tenant, as its control side shows it. */
interface Seen {
  readonly kind: string;
  readonly id: string;
  readonly name: string | null;
  readonly foreign: boolean;
  readonly status?: string;
}

/** The collection of each kind of object. */
export const collections: Readonly<Record<string, string>> = {
  catalog: 'accessPackageCatalogs',
  package: 'accessPackages',
  policy: 'accessPackageAssignmentPolicies',
  request: 'accessPackageAssignmentRequests',
};

/** The tag of the run whose journal is forged. */
export const tag = 'cancel-conformance run 20261129T120000Z-0badc0de';
/** Before any lag. */
export const longAgo = '2026-01-01T00:00:00.000Z';

/** A tenant in which 1,000 requests are other people's, and a target file of it. */
interface Scene {
  readonly client: TenantClient;
  readonly foreign: readonly Seen[];
  readonly head: Members;
  /** Carries `recover` out on a journal of these lines. */
  readonly recover: (
    lines: readonly (string | object)[],
  ) => Promise<{ readonly exitCode: number; readonly said: string }>;
  readonly state: string;
  readonly target: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** What is in the tenant of other people, or of callers. */
export const objectsIn = async (client: TenantClient, foreign: boolean): Promise<readonly Seen[]> =>
  (await client.control(`GET /objects?foreign=${String(foreign)}`)).body['objects'] as readonly Seen[];

/** Calls that changed something or were to, and named something foreign, or led to no place of the service. */
async function harmIn(client: TenantClient): Promise<readonly unknown[]> {
  const { accesses } = (await client.control('GET /accesses')).body as {
    readonly accesses: readonly {
      readonly method: string;
      readonly target: string;
      readonly touched: readonly { readonly foreign: boolean }[];
    }[];
  };
  return accesses.filter(
    ({ method, target, touched }) =>
      target.includes('users') ||
      // A test of these makes a package in a catalog; recover never does.
      (method !== 'GET' && !target.endsWith('/accessPackages') && touched.some(({ foreign }) => foreign)),
  );
}

/** Tests that end with a look at what is foreign: it is there, and nobody changed it. */
export const test = base.extend<{ scene: Scene }>({
  scene: async ({ start, folder }, use) => {
    const client = await start({ others: 1000, now: Date.now });
    const baseUrl = `${client.running.originUrl}/beta`;
    const variable = (persona: string): string => `CANCEL_TOKEN_${persona.toUpperCase()}`;
    const tokens = ['administrator', 'requestor', 'otherUser'] as const;
    const environment = Object.fromEntries(
      await Promise.all(tokens.map(async (name) => [variable(name), await client.tokenOf(name)] as const)),
    );
    const target = writeTarget(folder, {
      baseUrl,
      identities: Object.fromEntries(personaNames.map((name) => [name, { token: { env: variable(name) } }])),
      requests: { provider: 'graph', tenant: tenantId, callsPerSecond: 1000, patienceMs: 100, mostCalls: 50 },
    });
    const head = {
      journal: 'cancel-conformance-journal/1',
      ...{
        tag,
        tenant: tenantId,
        baseUrl,
        collection: 'accessPackageAssignmentRequests',
        edition: loadContract().edition.id,
      },
      ...{ target: 'target-under-test', startedAt: longAgo },
    };
    const state = path.join(folder, '.cancel-conformance');
    mkdirSync(state, { mode: 0o700 });
    let serial = 0;
    const recover: Scene['recover'] = async (lines) => {
      serial += 1;
      const file = path.join(state, `run-${serial}.jsonl`);
      const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
      writeFileSync(file, `${texts.join('\n')}\n`, { mode: 0o600 });
      const begin = performance.now();
      const { exitCode, stdout, stderr } = await runCli(['recover', file, '--target', target], {
        cwd: folder,
        environment,
      });
      expect(performance.now() - begin).toBeLessThan(5000);
      return { exitCode: exitCode ?? -1, said: stdout + stderr };
    };
    const foreign = await objectsIn(client, true);
    expect(foreign.filter(({ kind }) => kind === collections['request'])).toHaveLength(1000);
    await use({ client, foreign, head, recover, state, target, environment });
    // Whatever was tried.
    expect(await objectsIn(client, true)).toEqual(foreign);
    expect(await harmIn(client)).toEqual([]);
  },
});

/** Lines of a journal. */
export const intent = (create: Members, seq = 1): Members => ({
  ...{ seq, at: longAgo, intend: 'create' },
  create: {
    kind: 'request',
    name: `${tag} #1`,
    owner: 'requestor',
    createdAs: 'requestor',
    createdAt: longAgo,
    ...create,
  },
});
export const made = (id: unknown, seq = 1): Members => ({ seq, at: longAgo, made: id });

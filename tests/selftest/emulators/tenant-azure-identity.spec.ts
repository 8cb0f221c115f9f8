import { request } from 'node:http';
import { createServer } from 'node:https';
import { ClientSecretCredential, DeviceCodeCredential, type AccessToken } from '@azure/identity';
import { emulatedClients } from '../../../src/emulators/endpoint/personas.js';
import { identityExtension } from '../../../src/emulators/tenant/identity/extension.js';
import type { Persona } from '../../../src/cancel/personas.js';
import { authority, issuedBy } from '../support/certificates.js';
import { graphClientOf } from '../support/graph-client.js';
import { end, listen } from '../support/middleman.js';
import { expect, test as base, type TenantClient } from '../support/tenant-client.js';
import { tenantSecret } from '../support/tenant-sign-in.js';

const scope = 'https://graph.microsoft.com/.default';

/** The tenant with its identity platform, behind a front that speaks TLS: these clients take no other platform. */
interface Fronted {
  readonly client: TenantClient;
  /** As options of a credential have it. */
  readonly platform: {
    readonly authorityHost: string;
    readonly disableInstanceDiscovery: true;
    readonly tlsOptions: { readonly ca: string };
    readonly retryOptions: { readonly maxRetries: 0 };
  };
}

const ours = authority('an authority of ours');
const certificate = issuedBy(ours, { hosts: ['127.0.0.1'] });

const test = base.extend<{ fronted: Fronted }>({
  fronted: async ({ start }, use) => {
    const client = await start({
      now: Date.now,
      extensions: [identityExtension({ secret: tenantSecret, controlKey: null })],
    });
    const front = createServer({ key: certificate.key, cert: certificate.cert }, (incoming, outgoing) => {
      const { method, url = '/' } = incoming;
      const headers = { ...incoming.headers, 'x-forwarded-proto': 'https' };
      const passed = request(client.running.originUrl + url, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      incoming.pipe(passed);
    });
    const authorityHost = `https://127.0.0.1:${await listen(front)}`;
    const options = { disableInstanceDiscovery: true, retryOptions: { maxRetries: 0 } } as const;
    await use({ client, platform: { authorityHost, tlsOptions: { ca: ours.cert }, ...options } });
    await end(front);
  },
});

const catalogs = 'accessPackageCatalogs';

/** What the tenant answers to whoever makes a catalog with a token. */
const making = async ({ client }: Fronted, { token }: AccessToken): Promise<number> =>
  (await client.as('administrator', `POST ${catalogs}`, { token, body: { displayName: 'Trial' } })).status;

/** Signs a persona in on another device. */
async function enter({ client }: Fronted, userCode: string, persona: Persona | null): Promise<void> {
  const body = JSON.stringify({ userCode, persona });
  const { status } = await fetch(`${client.running.originUrl}/identity/v1/device`, { method: 'POST', body });
  expect(status).toBe(204);
}

const byDevice = (fronted: Fronted, persona: Persona | null): DeviceCodeCredential =>
  new DeviceCodeCredential({
    ...fronted.platform,
    tenantId: fronted.client.running.tenantId,
    clientId: emulatedClients.people,
    userPromptCallback: ({ userCode }) => void enter(fronted, userCode, persona),
  });

test.describe("Microsoft's own credentials", () => {
  test('of an application: its token is taken for one of an application', async ({ fronted }) => {
    const { tenantId } = fronted.client.running;
    const credential = new ClientSecretCredential(
      tenantId,
      emulatedClients.application,
      tenantSecret,
      fronted.platform,
    );
    const token = await credential.getToken(scope);
    expect(token.expiresOnTimestamp).toBeGreaterThan(Date.now() + 30 * 60_000);
    expect(await making(fronted, token)).toBe(201);
    const wrong = new ClientSecretCredential(tenantId, emulatedClients.application, 'another', fronted.platform);
    await expect(wrong.getToken(scope)).rejects.toThrow(/AADSTS7000215/);
  });

  test('of people by device code: each may do what that person may, and whoever declines gets none', async ({
    fronted,
  }) => {
    const administrator = byDevice(fronted, 'administrator');
    const token = await administrator.getToken(scope);
    expect(await making(fronted, token)).toBe(201);
    expect(await making(fronted, await byDevice(fronted, 'requestor').getToken(scope))).toBe(403);
    // Once signed in nobody is asked again, and the token is the same while it is good.
    expect((await administrator.getToken(scope)).token).toBe(token.token);
    await expect(byDevice(fronted, null).getToken(scope)).rejects.toThrow(/declined/);
  });

  test("carry the calls of Microsoft's own client for Graph", async ({ fronted }) => {
    const credential = byDevice(fronted, 'administrator');
    const graph = graphClientOf(fronted.client, async () => (await credential.getToken(scope)).token);
    const made = (await graph
      .api(`/identityGovernance/entitlementManagement/${catalogs}`)
      .post({ displayName: 'Trial' })) as object;
    expect(made).toMatchObject({ displayName: 'Trial' });
  });
});

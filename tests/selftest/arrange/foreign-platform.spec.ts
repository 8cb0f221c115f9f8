import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import Provider, { interactionPolicy, type Configuration } from 'oidc-provider';
import { platformCredential, type SignInPrompt } from '../../../src/arrange/identity/platform.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { PlatformGrant } from '../../../src/target/token-source.js';
import { expect, test as base } from '../support/cli.js';
import { end, listen } from '../support/middleman.js';

const people = '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10';
const application = '8a2e4b60-7d13-4f9a-b1c6-5e0f9d2c3b71';
const secretVariable = 'CANCEL_FOREIGN_SECRET';
const refreshVariable = 'CANCEL_FOREIGN_REFRESH_TOKEN';
const secret = 'kV8~self-test-secret.Q2';

/** Where a platform is found. */
interface Mounted {
  /** Path below which all of it is. */
  readonly mount: string;
  /** Where device codes are asked for, below that. */
  readonly devicePath: string;
}

/** The person of this platform signs in to whatever they are asked for. */
async function agreeing(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: 'somebody', clientId: String(params['client_id']) });
  grant.addOIDCScope('openid profile offline_access api');
  const consent = { grantId: await grant.save() };
  const login = { accountId: 'somebody' };
  await provider.interactionFinished(request, response, { login, consent, select_account: {} });
}

function policy(): interactionPolicy.DefaultPolicy {
  const prompts = interactionPolicy.base();
  prompts.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0);
  return prompts;
}

const configurationOf = ({ mount, devicePath }: Mounted): Configuration => ({
  clients: [
    {
      client_id: people,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      redirect_uris: ['http://localhost'],
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    },
    {
      client_id: application,
      client_secret: secret,
      token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: [],
      response_types: [],
      grant_types: ['client_credentials'],
    },
  ],
  cookies: { keys: ['a key of the self-tests'] },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    devInteractions: { enabled: false },
  },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  interactions: { policy: policy(), url: (_, { uid }) => `${mount}/interaction/${uid}` },
  scopes: ['openid', 'offline_access', 'profile', 'api'],
  routes: { device_authorization: devicePath },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
});

/** Where metadata are looked for in the tenant `t`. */
const mount = '/t/v2.0';

/** Longer than any token is good for. */
const longerThanAll = 100 * 24 * 3_600_000;

interface Foreign {
  readonly origin: string;
  /** Paths that were asked, in order. */
  readonly asked: string[];
}

/** An identity platform that others wrote, below a path. */
const test = base.extend<{ startForeign: (at: Partial<Mounted>) => Promise<Foreign> }>({
  startForeign: async ({}, use) => {
    const servers: ReturnType<typeof createServer>[] = [];
    await use(async (at) => {
      const mounted = { mount, devicePath: '/device/auth', ...at };
      const server = createServer();
      servers.push(server);
      const origin = `http://127.0.0.1:${await listen(server)}`;
      const provider = new Provider(origin + mounted.mount, configurationOf(mounted));
      const serve = provider.callback();
      const asked: string[] = [];
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        const url = request.url ?? '/';
        asked.push(url.split('?')[0] ?? '');
        if (url.startsWith(`${mounted.mount}/interaction/`)) {
          void agreeing(provider, request, response);
          return;
        }
        if (!url.startsWith(mounted.mount)) {
          response.writeHead(404).end('nothing');
          return;
        }
        // As frameworks mount it: the provider sees the path below its own.
        Object.assign(request, { originalUrl: url, url: url.slice(mounted.mount.length) || '/' });
        void serve(request, response);
      });
      return { origin, asked };
    });
    await Promise.all(servers.map((server) => end(server)));
  },
});

interface Asked {
  readonly grant: PlatformGrant;
  readonly clientId?: string;
  readonly prompt?: (shown: SignInPrompt) => void;
  readonly neededMs?: number;
}

const ask = ({ origin }: Foreign, { grant, clientId = people, prompt, neededMs = 0 }: Asked): Promise<string> =>
  platformCredential(
    { authority: origin, tenant: 't', clientId, scopes: ['api'], grant, where: 'target.yaml:1' },
    { persona: 'requestor', timeoutMs: 5000, neededMs, secrets: new SecretRegistry(), prompt: prompt ?? null },
  ).then(({ token }) => token);

const clientCredentials: PlatformGrant = { kind: 'clientCredentials', proof: { secret: { env: secretVariable } } };

test('client credentials are taken, and a wrong secret is told by the word of the standard', async ({
  startForeign,
}) => {
  const foreign = await startForeign({});
  process.env[secretVariable] = secret;
  expect((await ask(foreign, { grant: clientCredentials, clientId: application })).length).toBeGreaterThan(20);
  process.env[secretVariable] = `${secret}x`;
  await expect(ask(foreign, { grant: clientCredentials, clientId: application })).rejects.toThrow(
    /could not prove itself; check its secret \(invalid_client\)$/,
  );
});

test('a platform without metadata below the tenant is told as none', async ({ startForeign }) => {
  const foreign = await startForeign({ mount: '' });
  process.env[secretVariable] = secret;
  await expect(ask(foreign, { grant: clientCredentials, clientId: application })).rejects.toThrow(
    /\/t\/v2\.0\/\.well-known\/openid-configuration: the answer \(404\) is not JSON: is this an identity platform\?/,
  );
  expect(foreign.asked).toEqual(['/t/v2.0/.well-known/openid-configuration']);
});

/**
 * The person whose browser opens the address that is shown.
 * @param prompt what the platform is to ask; a plain provider grants offline_access only with consent (OpenID Connect Core section 11)
 */
const opening =
  (page: Page, prompt: string) =>
  async (shown: SignInPrompt): Promise<void> => {
    const address = new URL('address' in shown ? shown.address : '');
    address.searchParams.set('prompt', prompt);
    await page.goto(address.href);
    await expect(page.getByText('You may close this window')).toBeVisible();
  };

/** Asks, with a person at hand. */
async function askPerson(
  foreign: Foreign,
  asked: Asked,
  person: (shown: SignInPrompt) => Promise<void>,
): Promise<string> {
  let done: Promise<void> = Promise.resolve();
  const prompt = (shown: SignInPrompt): void => {
    done = person(shown);
  };
  const token = await ask(foreign, { ...asked, prompt });
  await done;
  return token;
}

/** The refresh token that is kept. */
const keptIn = (file: string): string =>
  /"[^"]*refreshtoken[^"]*":\{[^}]*"secret":"([^"]+)"/i.exec(readFileSync(file, 'utf8'))?.[1] ?? '';

test('a code from a browser, and refresh tokens that are good for one use', async ({ startForeign, page, folder }) => {
  const foreign = await startForeign({});
  const cache = path.join(folder, 'tokens.json');
  const grant: PlatformGrant = { kind: 'authorizationCode', cache };
  const first = await askPerson(foreign, { grant }, opening(page, 'select_account consent'));
  const token = `${mount}/token`;
  expect(foreign.asked.filter((place) => place === token)).toHaveLength(1);
  expect(await ask(foreign, { grant })).toBe(first);
  const used = keptIn(cache);
  // Renewed twice, by what is kept: the second time by the successor.
  const renewed = await ask(foreign, { grant, neededMs: longerThanAll });
  const again = await ask(foreign, { grant, neededMs: longerThanAll });
  expect(new Set([first, renewed, again]).size).toBe(3);
  expect(keptIn(cache)).not.toBe(used);
  // One that is brought along is as good; whoever brings the first one comes too late.
  const brought: PlatformGrant = { kind: 'refreshToken', token: { env: refreshVariable }, cache: null };
  process.env[refreshVariable] = keptIn(cache);
  expect((await ask(foreign, { grant: brought })).length).toBeGreaterThan(20);
  process.env[refreshVariable] = used;
  await expect(ask(foreign, { grant: brought })).rejects.toThrow(
    /the refresh token has expired or was revoked; .* \(invalid_grant\)$/,
  );
});

test('a provider that grants no offline_access renews nothing, and the message says so', async ({
  startForeign,
  page,
  folder,
}) => {
  const foreign = await startForeign({});
  const grant: PlatformGrant = { kind: 'authorizationCode', cache: path.join(folder, 'tokens.json') };
  const token = await askPerson(foreign, { grant }, opening(page, 'select_account'));
  expect(await ask(foreign, { grant })).toBe(token);
  await expect(ask(foreign, { grant, neededMs: longerThanAll })).rejects.toThrow(
    /does not know what is asked for: api; check scopes and cloud \(invalid_scope\)$/,
  );
});

for (const [what, at, says] of [
  ['at another place than the library asks at', {}, /\/t\/v2\.0\/devicecode: the answer \(404\) is not JSON/],
  [
    "by the standard's name, which the library does not send",
    { devicePath: '/devicecode' },
    /does not offer this grant \(unsupported_grant_type\)$/,
  ],
] as const) {
  test(`a device code ${what} cannot be had, and the message says so`, async ({ startForeign, folder }) => {
    const foreign = await startForeign(at);
    const grant: PlatformGrant = { kind: 'deviceCode', cache: path.join(folder, 'tokens.json') };
    await expect(ask(foreign, { grant, prompt: () => undefined })).rejects.toThrow(says);
  });
}

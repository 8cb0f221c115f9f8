import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { loadContract } from '../../../src/cancel/contract.js';
import { emulatedClients, homeTenantId } from '../../../src/emulators/endpoint/personas.js';
import { identityExtension } from '../../../src/emulators/tenant/identity/extension.js';
import {
  ask,
  codeOf,
  expect,
  longMs,
  requestBody,
  requests,
  setUp,
  test as base,
  type Members,
  type TenantAnswer,
  type TenantClient,
} from '../support/tenant-client.js';

/* What public records show of the service, which an emulator is to show as well. */

const secret = 'any-secret-with-1-digit';
const graph = 'https://graph.microsoft.com';

type Form = Readonly<Record<string, string>>;

/** A tenant with its identity platform. */
const test = base.extend<{ tenant: TenantClient }>({
  tenant: async ({ start }, use) => {
    await use(await start({ extensions: [identityExtension({ secret, controlKey: null })] }));
  },
});

const post = (client: TenantClient, path: string, form: Form): Promise<Response> =>
  fetch(client.running.originUrl + path, { method: 'POST', body: new URLSearchParams(form) });

const posted = async (client: TenantClient, call: string, form: Form): Promise<Form> =>
  (await (await post(client, `/${homeTenantId}/oauth2/v2.0/${call}`, form)).json()) as Form;

const people = { client_id: emulatedClients.people, scope: `${graph}/.default offline_access` };

const refresh = (client: TenantClient, token: string): Promise<Form> =>
  posted(client, 'token', { ...people, grant_type: 'refresh_token', refresh_token: token });

const setPolicy = (client: TenantClient, changes: object): Promise<Response> =>
  fetch(`${client.running.originUrl}/identity/v1/policy`, { method: 'PATCH', body: JSON.stringify(changes) });

/** Signs somebody in by the page that a person opens, and gives what the device then gets. */
async function signIn(client: TenantClient, persona: string): Promise<Form> {
  const begun = await posted(client, 'devicecode', people);
  const uri = new URL(begun['verification_uri'] ?? '');
  expect(uri.origin).toBe(client.running.originUrl);
  const page = await fetch(uri);
  expect(page.headers.get('content-type')).toContain('text/html');
  const names = [...(await page.text()).matchAll(/<(?:input|select|button)\b[^>]*\sname="(\w+)"/g)].map(
    ([, name]) => name,
  );
  expect(names).toEqual(['userCode', 'persona']);
  const typed = ` ${(begun['user_code'] ?? '').toLowerCase()} `;
  expect((await post(client, uri.pathname, { userCode: 'WRONG', persona })).status).toBe(404);
  expect(await (await post(client, uri.pathname, { userCode: typed, persona })).text()).toContain(
    'Go back to your device',
  );
  return posted(client, 'token', { ...people, grant_type: 'device_code', device_code: begun['device_code'] ?? '' });
}

test('tokens are signed with a published key, and say which client, whom and what', async ({ tenant }) => {
  const { access_token: token = '', id_token: idToken = '' } = await signIn(tenant, 'requestor');
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', kid: decodeProtectedHeader(idToken).kid });
  const keys = (await (await fetch(`${tenant.running.originUrl}/common/discovery/v2.0/keys`)).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys));
  expect(payload).toMatchObject({ appid: emulatedClients.people, sub: decodeJwt(idToken).sub });
  expect(payload['scp']).toBe('EntitlementManagement.ReadWrite.All openid profile');

  const granted = { client_id: emulatedClients.application, client_secret: secret, scope: `${graph}/.default` };
  const { access_token: own = '' } = await posted(tenant, 'token', { ...granted, grant_type: 'client_credentials' });
  expect(decodeJwt(own)).toMatchObject({ appid: emulatedClients.application, idtyp: 'app' });
});

test('each refresh brings another access token, which ends when it is said to', async ({ tenant }) => {
  const { refresh_token: token = '' } = await signIn(tenant, 'requestor');
  const [first, second] = [await refresh(tenant, token), await refresh(tenant, token)];
  expect(first['access_token']).not.toBe(second['access_token']);
  await setPolicy(tenant, { expiresInS: 90 });
  const { access_token: short = '', expires_in: seconds } = await refresh(tenant, token);
  const { iat = 0, exp = 0 } = decodeJwt(short);
  expect(exp - iat).toBe(90);
  expect(Number(seconds)).toBeGreaterThan(85);
  expect(Number(seconds)).toBeLessThanOrEqual(90);
});

test('where refresh tokens rotate, each is good for one use', async ({ tenant }) => {
  await setPolicy(tenant, { rotating: true });
  const { refresh_token: token = '' } = await signIn(tenant, 'requestor');
  const { refresh_token: next = '' } = await refresh(tenant, token);
  expect(await refresh(tenant, token)).toMatchObject({ error: 'invalid_grant' });
  expect((await refresh(tenant, next))['access_token']).toBeDefined();
});

test('the metadata of all tenants names none as the issuer', async ({ tenant }) => {
  const issuerOf = async (name: string): Promise<unknown> => {
    const url = `${tenant.running.originUrl}/${name}/v2.0/.well-known/openid-configuration`;
    return ((await (await fetch(url)).json()) as Members)['issuer'];
  };
  expect(await issuerOf('common')).toMatch(/\/\{tenantid\}\/v2\.0$/);
  expect(await issuerOf('contoso.example')).toContain(`/${homeTenantId}/v2.0`);
});

const challengeOf = ({ headers }: TenantAnswer): string => headers.get('www-authenticate') ?? '';

test('the challenge of a 401 is the recorded one; a revoked token learns what the next one has to show', async ({
  start,
}) => {
  const client = await start();
  const recorded =
    'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';
  for (const token of [null, 'wrong.token.here'])
    expect(challengeOf(await client.as('requestor', `GET ${requests}`, { token }))).toBe(recorded);

  await client.done('requestor', `GET ${requests}`);
  expect((await client.control('POST /revocations', { persona: 'requestor' })).status).toBe(200);
  for (const call of [`GET ${requests}`, `POST ${requests}/${homeTenantId}/cancel`]) {
    const refused = await client.as('requestor', call);
    expect(refused.status).toBe(401);
    const [, claims = ''] = /error="insufficient_claims", claims="([^"]+)"$/.exec(challengeOf(refused)) ?? [];
    expect(JSON.parse(Buffer.from(claims, 'base64').toString())).toMatchObject({ access_token: { nbf: {} } });
  }
  await client.done('otherUser', `GET ${requests}`);
  const { body } = await client.control('POST /tokens', { persona: 'requestor' });
  await client.done('requestor', `GET ${requests}`, { token: String(body['token']) });
});

test('answers say which collection they are about, and how much is in it', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const id = await ask(client, setting, { policy: 'approval' });
  const contextOf = async (path: string): Promise<unknown> =>
    (await client.done('administrator', `GET ${path}`))['@odata.context'];
  const metadata = `${client.running.originUrl}/beta/$metadata`;
  expect(await contextOf(requests)).toBe(`${metadata}#${requests}`);
  expect(await contextOf(`${requests}/${id}`)).toBe(`${metadata}#${requests}/$entity`);
  expect(await contextOf(`accessPackages/${setting.packageId}`)).toBe(`${metadata}#accessPackages/$entity`);

  const countOf = async (query: string): Promise<string> => {
    const url = `${client.running.originUrl}/beta/identityGovernance/entitlementManagement/${requests}/$count${query}`;
    const headers = { Authorization: `Bearer ${await client.tokenOf('administrator')}` };
    return (await fetch(url, { headers })).text();
  };
  expect(await countOf('')).toBe('1');
  expect(await countOf(`?$filter=${encodeURIComponent("justification eq 'none'")}`)).toBe('0');
});

test('who asks for themselves may name the package alone, where one policy lets them', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const sent = async (persona: 'requestor' | 'subjectUser' | 'otherUser'): Promise<TenantAnswer> => {
    const accessPackageAssignment = { accessPackageId: setting.packageId };
    const body = { ...requestBody(setting, { policy: 'open' }), accessPackageAssignment };
    return client.as(persona, `POST ${requests}`, { body });
  };
  expect((await sent('subjectUser')).status).toBe(201);
  expect(codeOf(await sent('requestor'))).toBe('InvalidModel');
  expect((await sent('otherUser')).status).toBe(403);
});

test('a cancel is answered as the example of the edition has it', async ({ start }) => {
  for (const [edition, status] of [
    ['beta-2021-05', 204],
    ['beta-2026-06', 200],
  ] as const) {
    const client = await start({ edition: loadContract(edition).edition });
    const id = await ask(client, await setUp(client), { policy: 'approval' });
    client.running.advanceClock(longMs);
    const body = { id, requestStatus: 'cancelled' };
    expect((await client.as('requestor', `POST ${requests}/${id}/cancel`, { body })).status).toBe(status);
  }
});

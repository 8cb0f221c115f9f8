import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet } from 'jose';
import {
  clientSecret,
  confidentialClient,
  expect,
  publicClient,
  tenantId,
  test,
  type RunningPlatform,
} from '../support/identity-platform.js';

type Members = Readonly<Record<string, unknown>>;

interface Answered {
  readonly status: number;
  readonly body: Members;
}

const graph = 'https://graph.microsoft.com/EntitlementManagement.ReadWrite.All';

async function post(
  { origin }: RunningPlatform,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<Answered> {
  const answer = await fetch(`${origin}/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  return { status: answer.status, body: (await answer.json()) as Members };
}

async function get({ origin }: RunningPlatform, path: string): Promise<Answered> {
  const answer = await fetch(`${origin}/${path}`);
  return { status: answer.status, body: (await answer.json()) as Members };
}

const token = (
  platform: RunningPlatform,
  form: Readonly<Record<string, string>>,
  tenant = tenantId,
): Promise<Answered> => post(platform, `${tenant}/oauth2/v2.0/token`, form);

const byRefreshToken = (platform: RunningPlatform, more: Readonly<Record<string, string>> = {}): Promise<Answered> =>
  token(platform, {
    grant_type: 'refresh_token',
    client_id: publicClient,
    refresh_token: platform.issueRefreshToken(publicClient, 'requestor'),
    scope: `${graph} openid profile offline_access`,
    ...more,
  });

async function approve({ origin }: RunningPlatform, body: object): Promise<number> {
  return (await fetch(`${origin}/identity/v1/device`, { method: 'POST', body: JSON.stringify(body) })).status;
}

test('the metadata name the endpoints as behind TLS', async ({ startIdentities }) => {
  const platform = await startIdentities();
  const base = `${platform.origin.replace('http:', 'https:')}/${tenantId}`;
  const { status, body } = await get(platform, `${tenantId}/v2.0/.well-known/openid-configuration`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    issuer: `${base}/v2.0`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
  });
  const { host } = new URL(platform.origin);
  const discovered = await get(platform, 'common/discovery/instance?api-version=1.1');
  expect(discovered.body).toMatchObject({ metadata: [{ preferred_network: host, aliases: [host] }] });
});

test('what is not for it is left to others', async ({ startIdentities }) => {
  const { origin } = await startIdentities();
  for (const [method, path] of [
    ['GET', '/beta/identityGovernance/entitlementManagement/accessPackages'],
    ['GET', `/${tenantId}/oauth2/v2.0/token`],
    ['POST', '/tenant/v1/device'],
    ['POST', '/identity/v1/other'],
  ] as const) {
    expect((await fetch(origin + path, { method })).status).toBe(404);
  }
});

test('a user gets a token for Graph, one about themselves, and a new refresh token', async ({ startIdentities }) => {
  const platform = await startIdentities();
  const first = await byRefreshToken(platform);
  expect(first.status).toBe(200);
  const { access_token: access, id_token: id, refresh_token: refresh, client_info: info, ...rest } = first.body;
  expect(decodeJwt(String(access))).toMatchObject({ scp: 'EntitlementManagement.ReadWrite.All', tid: tenantId });
  expect(rest).toMatchObject({ token_type: 'Bearer', scope: `${graph} openid profile` });
  expect(rest['expires_in']).toBeGreaterThan(3500);

  const keys = (await get(platform, `${tenantId}/discovery/v2.0/keys`)).body as unknown as JSONWebKeySet;
  const { payload } = await jwtVerify(String(id), createLocalJWKSet(keys), { audience: publicClient });
  const { oid } = decodeJwt(String(access));
  expect(payload).toMatchObject({ oid, tid: tenantId, preferred_username: 'requestor@contoso.example' });
  expect(JSON.parse(Buffer.from(String(info), 'base64url').toString())).toEqual({ uid: oid, utid: tenantId });

  // The one before stays good, and so is its successor.
  expect((await byRefreshToken(platform, { refresh_token: String(refresh) })).status).toBe(200);
  expect((await byRefreshToken(platform, { refresh_token: String(refresh) })).status).toBe(200);
});

test('a device code waits for its person, and serves once', async ({ startIdentities }) => {
  const platform = await startIdentities();
  const begun = await post(platform, `${tenantId}/oauth2/v2.0/devicecode`, { client_id: publicClient, scope: graph });
  expect(begun.body).toMatchObject({
    expires_in: 900,
    interval: 1,
    message: expect.stringContaining('To sign in'),
  });
  const { user_code: userCode, device_code: code } = begun.body;
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    client_id: publicClient,
    device_code: String(code),
    scope: graph,
  };
  expect((await token(platform, form)).body).toMatchObject({ error: 'authorization_pending', error_codes: [70016] });
  expect(await approve(platform, { userCode: 'NOSUCHONE', persona: 'requestor' })).toBe(404);
  expect(await approve(platform, { userCode, persona: 'nobody' })).toBe(404);
  expect(await approve(platform, { userCode, persona: 'personalAccount' })).toBe(404);
  expect(await approve(platform, { userCode, persona: 'requestor' })).toBe(204);
  expect(await approve(platform, { userCode, persona: 'otherUser' })).toBe(404);
  expect((await token(platform, form)).status).toBe(200);
  expect((await token(platform, form)).body).toMatchObject({ error: 'bad_verification_code' });
});

test('a refusal looks as the platform words it', async ({ startIdentities }) => {
  const platform = await startIdentities();
  const correlation = '11111111-2222-4333-8444-555555555555';
  platform.policy.secondFactor = true;
  const { status, body } = await byRefreshToken(platform, { 'client-request-id': correlation });
  expect(status).toBe(400);
  expect(body).toMatchObject({
    error: 'invalid_grant',
    suberror: 'basic_action',
    error_codes: [50076],
    correlation_id: correlation,
    error_description: expect.stringMatching(/^AADSTS50076: .* Trace ID: \S+ Correlation ID: 11111111-\S+ Timestamp: /),
  });
});

for (const [what, form, refusal] of [
  [
    'a password',
    { grant_type: 'password', client_id: publicClient, username: 'a', password: 'b' },
    { error: 'unsupported_grant_type', error_codes: [70003] },
  ],
  ['no grant at all', { client_id: publicClient }, { error: 'invalid_request', error_codes: [900144] }],
  [
    'an application without a proof',
    { grant_type: 'client_credentials', client_id: confidentialClient, scope: 'https://graph.microsoft.com/.default' },
    { error: 'invalid_client', error_codes: [7000218] },
  ],
  [
    'a client that is not registered',
    { grant_type: 'client_credentials', client_id: 'x' },
    { error: 'unauthorized_client', error_codes: [700016] },
  ],
  [
    'an assertion that is none',
    {
      grant_type: 'client_credentials',
      client_id: confidentialClient,
      client_assertion: 'x',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    },
    { error: 'invalid_client', error_codes: [700211] },
  ],
] as const) {
  test(`${what} is refused`, async ({ startIdentities }) => {
    const { status, body } = await token(await startIdentities(), form);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).toMatchObject(refusal);
    expect(body).not.toHaveProperty('access_token');
  });
}

test('tenants let in their own accounts only', async ({ startIdentities }) => {
  const platform = await startIdentities();
  const of = (persona: string): Readonly<Record<string, string>> => ({
    grant_type: 'refresh_token',
    client_id: publicClient,
    refresh_token: platform.issueRefreshToken(publicClient, persona),
    scope: graph,
  });
  expect((await token(platform, of('personalAccount'), 'consumers')).status).toBe(200);
  expect((await token(platform, of('requestor'), 'consumers')).status).toBe(400);
  expect((await token(platform, of('requestor'), 'organizations')).status).toBe(200);
  expect((await token(platform, of('requestor'), 'common')).status).toBe(200);
  expect((await token(platform, of('requestor'), 'contoso.example')).status).toBe(200);
  expect((await token(platform, of('requestor'), 'fabrikam.example')).body).toMatchObject({ error_codes: [90002] });
});

test('nobody consented to more than a persona holds', async ({ startIdentities }) => {
  const platform = await startIdentities();
  const refreshToken = platform.issueRefreshToken(publicClient, 'readOnlyAdministrator');
  expect((await byRefreshToken(platform, { refresh_token: refreshToken })).body).toMatchObject({
    error_codes: [65001],
    suberror: 'consent_required',
  });
});

test('an application by itself gets no token of a person', async ({ startIdentities }) => {
  const form = {
    grant_type: 'client_credentials',
    client_id: confidentialClient,
    client_secret: clientSecret,
    scope: 'https://graph.microsoft.com/.default',
  };
  const { body } = await token(await startIdentities(), form);
  expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'ext_expires_in', 'token_type']);
  expect(decodeJwt(String(body['access_token']))).toMatchObject({
    idtyp: 'app',
    roles: ['EntitlementManagement.ReadWrite.All'],
  });
});

test('the control side asks for its key and knows its own settings only', async ({ startIdentities }) => {
  const controlKey = 'self-test-control-key-1';
  const { origin, policy } = await startIdentities({ controlKey });
  const change = async (body: object, key: string): Promise<number> => {
    const headers = { authorization: `Bearer ${key}` };
    const answer = await fetch(`${origin}/identity/v1/policy`, {
      method: 'PATCH',
      headers,
      body: JSON.stringify(body),
    });
    return answer.status;
  };
  expect(await change({ blocked: true }, 'wrong')).toBe(401);
  expect(await change({ blokked: true }, controlKey)).toBe(404);
  expect(policy.blocked).toBe(false);
  expect(await change({ blocked: true, refreshTokens: 'ended' }, controlKey)).toBe(204);
  expect(policy.blocked).toBe(true);
});

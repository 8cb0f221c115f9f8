import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import {
  confidentialClient,
  expect,
  publicClient,
  tenantId,
  test,
  type RunningPlatform,
} from '../support/identity-platform.js';

const verifier = 'a-verifier-of-the-self-tests-that-is-long-enough-43';
const redirectUri = 'http://localhost:7';
const scope = 'https://graph.microsoft.com/EntitlementManagement.ReadWrite.All openid';

type Form = Readonly<Record<string, string>>;

/** An answer for a person: a page, or where the browser goes next. */
interface Led {
  readonly status: number;
  readonly body: string;
  readonly next: Readonly<Record<string, string>> | null;
}

async function authorize(
  { origin }: RunningPlatform,
  { changes = {}, form, tenant = tenantId }: { changes?: Form; form?: Form; tenant?: string } = {},
): Promise<Led> {
  const parameters = new URLSearchParams({
    ...{ client_id: publicClient, response_type: 'code', redirect_uri: redirectUri, scope, state: 'a state & more' },
    ...{ code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' },
    ...changes,
  });
  const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const address = `${origin}/${tenant}/oauth2/v2.0/authorize?${parameters.toString()}`;
  const answer = await fetch(address, { redirect: 'manual', ...sent });
  const location = answer.headers.get('location');
  return {
    status: answer.status,
    body: await answer.text(),
    next: location === null ? null : Object.fromEntries(new URL(location).searchParams),
  };
}

const codeOf = async (platform: RunningPlatform, changes: Form = {}): Promise<string> =>
  (await authorize(platform, { changes, form: { persona: 'requestor' } })).next?.['code'] ?? '';

async function redeem(
  { origin }: RunningPlatform,
  code: string,
  changes: Form = {},
): Promise<Readonly<Record<string, unknown>>> {
  const form = {
    ...{ grant_type: 'authorization_code', client_id: publicClient, code },
    ...{ redirect_uri: redirectUri, code_verifier: verifier, ...changes },
  };
  const address = `${origin}/${tenantId}/oauth2/v2.0/token`;
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(form) });
  return (await answer.json()) as Readonly<Record<string, unknown>>;
}

test('a person signs in on the page, and the code is good once, with its verifier', async ({ startIdentities }) => {
  const platform = await startIdentities();
  const page = await authorize(platform);
  expect(page).toMatchObject({ status: 200, next: null });
  expect(page.body).toContain('<option value="requestor">');
  expect(page.body).not.toContain('a state');
  const { next } = await authorize(platform, { form: { persona: 'requestor' }, changes: { nonce: 'once' } });
  expect(next?.['state']).toBe('a state & more');
  const code = next?.['code'] ?? '';
  const wrong = await redeem(platform, code, { code_verifier: `${verifier}x` });
  expect(wrong).toMatchObject({ error: 'invalid_grant', error_codes: [501481] });
  const given = await redeem(platform, code);
  expect(given).toMatchObject({
    token_type: 'Bearer',
    scope: expect.stringContaining('EntitlementManagement'),
  });
  expect(decodeJwt(given['id_token'] as string)).toMatchObject({ nonce: 'once', aud: publicClient });
  expect(await redeem(platform, code)).toMatchObject({ error: 'invalid_grant', error_codes: [54005] });
});

for (const [what, changes, error, number] of [
  ['without a verifier', { code_verifier: '' }, 'invalid_grant', 501481],
  ['with another redirect address', { redirect_uri: 'http://localhost:8' }, 'invalid_grant', 500112],
  ['with a code that was never given out', { code: 'x' }, 'invalid_grant', 70000],
  ['by a client that would have to prove itself', { client_id: confidentialClient }, 'invalid_client', 7000218],
] as const) {
  test(`a code is not redeemed ${what}`, async ({ startIdentities }) => {
    const platform = await startIdentities();
    expect(await redeem(platform, await codeOf(platform), changes)).toMatchObject({ error, error_codes: [number] });
  });
}

for (const [what, asked, status, number] of [
  ['a redirect address that is not registered', { changes: { redirect_uri: 'https://evil.example/' } }, 400, 50011],
  ['another path of this machine', { changes: { redirect_uri: `${redirectUri}/elsewhere` } }, 400, 50011],
  ['a redirect address that is none', { changes: { redirect_uri: 'here' } }, 400, 50011],
  ['an unknown client', { changes: { client_id: tenantId } }, 400, 700016],
  ['a client that nobody signs in to', { changes: { client_id: confidentialClient } }, 400, 50011],
  ['an unknown tenant', { tenant: 'nobody.example' }, 400, 90002],
] as const) {
  test(`${what} is told to the person, and the browser is sent nowhere`, async ({ startIdentities }) => {
    const led = await authorize(await startIdentities(), asked);
    expect(led).toMatchObject({ status, next: null });
    expect(led.body).toContain(`AADSTS${number}`);
    expect(led.body).not.toContain('evil.example');
  });
}

for (const [what, asked, error, number] of [
  ['no challenge', { changes: { code_challenge: '' } }, 'invalid_request', 50147],
  ['a plain challenge', { changes: { code_challenge_method: 'plain' } }, 'invalid_request', 50147],
  ['something else than a code', { changes: { response_type: 'token' } }, 'unsupported_response_type', 700054],
  ['a person who declines', { form: { persona: '' } }, 'access_denied', 65004],
] as const) {
  test(`${what} is told to the application`, async ({ startIdentities }) => {
    const { next } = await authorize(await startIdentities(), asked);
    expect(next).toMatchObject({ error, state: 'a state & more' });
    expect(next?.['error_description']).toContain(`AADSTS${number}: `);
    expect(next?.['code']).toBeUndefined();
  });
}

test('nobody signs in who is of another tenant, or without the key of the control side', async ({
  startIdentities,
}) => {
  const platform = await startIdentities({ controlKey: 'a-key' });
  expect((await authorize(platform)).body).toContain('type="password"');
  expect((await authorize(platform, { form: { persona: 'requestor', key: 'x' } })).status).toBe(401);
  const elsewhere = { form: { persona: 'personalAccount', key: 'a-key' } };
  expect(await authorize(platform, elsewhere)).toMatchObject({ status: 404, next: null });
  expect((await authorize(platform, { form: { persona: 'requestor', key: 'a-key' } })).status).toBe(302);
});

import { tenantIds } from '../../../src/emulators/endpoint/personas.js';
import { emulatedClients } from '../../../src/emulators/endpoint/personas.js';

/** The secret of the tenant's own application. */
export const tenantSecret = 'tenant~secret-of-the-self-tests.1';

/** The people of whom the platform gives tokens. */
export const people = ['administrator', 'requestor', 'otherUser'];

const [tenant = ''] = tenantIds;

/** Posts a form and gives the members of the answer. */
export async function postForm(
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  return (await answer.json()) as Readonly<Record<string, string>>;
}

/** A refresh token, as a person gets one who signs in on another device. */
async function signedIn(origin: string, persona: string): Promise<string> {
  const base = `${origin}/${tenant}/oauth2/v2.0`;
  const client = { client_id: emulatedClients.people, scope: 'https://graph.microsoft.com/.default offline_access' };
  const begun = await postForm(`${base}/devicecode`, client);
  const body = JSON.stringify({ userCode: begun['user_code'], persona });
  const { status } = await fetch(`${origin}/identity/v1/device`, { method: 'POST', body });
  if (status !== 204) throw new Error(`the device was answered ${status}`);
  const grant = { grant_type: 'device_code', device_code: begun['device_code'] ?? '' };
  return (await postForm(`${base}/token`, { ...client, ...grant }))['refresh_token'] ?? '';
}

/** Refresh tokens of all of them, by variable, with the secret of the application. */
export async function signInAll(origin: string): Promise<Readonly<Record<string, string>>> {
  const pairs = people.map(async (name) => [`TOKEN_${name}`, await signedIn(origin, name)] as const);
  return { ...Object.fromEntries(await Promise.all(pairs)), SECRET: tenantSecret };
}

/** Members of a target file whose tokens come from the platform at an authority, by these variables. */
export function platformIdentities(authority: string): object {
  const refreshed = people.map(
    (name) => [name, { token: { refreshToken: { token: { env: `TOKEN_${name}` } } } }] as const,
  );
  const application = { clientCredentials: { clientId: emulatedClients.application, secret: { env: 'SECRET' } } };
  return {
    identityPlatform: { tenant, clientId: emulatedClients.people, authority, cache: 'tokens.json' },
    identities: { ...Object.fromEntries(refreshed), application: { token: application } },
  };
}

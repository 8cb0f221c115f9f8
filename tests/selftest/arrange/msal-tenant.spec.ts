import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { emulatedClients, tenantIds } from '../../../src/emulators/endpoint/personas.js';

const secret = 'tenant~secret-of-the-self-tests.1';
const [tenant = ''] = tenantIds;

/** Posts a form and gives the members of the answer. */
async function post(url: string, form: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  return (await answer.json()) as Readonly<Record<string, string>>;
}

/** A refresh token, as a person gets one who signs in on another device. */
async function signedIn(origin: string, persona: string): Promise<string> {
  const base = `${origin}/${tenant}/oauth2/v2.0`;
  const client = { client_id: emulatedClients.people, scope: 'https://graph.microsoft.com/.default offline_access' };
  const begun = await post(`${base}/devicecode`, client);
  const body = JSON.stringify({ userCode: begun['user_code'], persona });
  expect((await fetch(`${origin}/identity/v1/device`, { method: 'POST', body })).status).toBe(204);
  const grant = { grant_type: 'device_code', device_code: begun['device_code'] ?? '' };
  return (await post(`${base}/token`, { ...client, ...grant }))['refresh_token'] ?? '';
}

test('the emulated tenant takes the tokens of its platform, each for what its holder may do', async ({
  serve,
  folder,
}) => {
  const { origin } = await serve(['--tenant'], { CANCEL_TENANT_SECRET: secret });
  const people = ['administrator', 'requestor', 'otherUser'];
  const tokens = Object.fromEntries(
    await Promise.all(people.map(async (name) => [`TOKEN_${name}`, await signedIn(origin, name)] as const)),
  );
  const identities = Object.fromEntries(
    people.map((name) => [name, { token: { refreshToken: { token: { env: `TOKEN_${name}` } } } }]),
  );
  const application = { clientCredentials: { clientId: emulatedClients.application, secret: { env: 'SECRET' } } };
  const file = writeTarget(folder, {
    baseUrl: `${origin}/beta`,
    requests: { provider: 'graph', tenant },
    identityPlatform: { tenant, clientId: emulatedClients.people, authority: origin, cache: 'tokens.json' },
    identities: { ...identities, application: { token: application } },
  });
  const { stdout, stderr } = await runCli(['doctor', '--target', file], {
    cwd: folder,
    environment: { ...tokens, SECRET: secret },
  });
  expect(stderr).toBe('');
  for (const name of people) expect(stdout).toMatch(new RegExp(`✓ ${name} from a refresh token .*: delegated, `));
  expect(stdout).toMatch(/✓ application from client credentials \(secret\) .*: application, /);

  const catalogs = `${origin}/beta/identityGovernance/entitlementManagement/accessPackageCatalogs`;
  const base = `${origin}/${tenant}/oauth2/v2.0/token`;
  const asked = { client_id: emulatedClients.people, scope: 'https://graph.microsoft.com/.default' };
  const statuses = await Promise.all(
    people.map(async (name) => {
      const grant = { grant_type: 'refresh_token', refresh_token: tokens[`TOKEN_${name}`] ?? '' };
      const { access_token: token } = await post(base, { ...asked, ...grant });
      const headers = { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ displayName: `of ${name}`, description: 'x', isExternallyVisible: false });
      return (await fetch(catalogs, { method: 'POST', headers, body })).status;
    }),
  );
  expect(statuses).toEqual([201, 403, 403]);
});

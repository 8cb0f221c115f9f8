import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { people, platformIdentities, postForm, signInAll, tenantSecret } from '../support/tenant-sign-in.js';
import { emulatedClients, tenantIds } from '../../../src/emulators/endpoint/personas.js';

const [tenant = ''] = tenantIds;

test('the emulated tenant takes the tokens of its platform, each for what its holder may do', async ({
  serve,
  folder,
}) => {
  const { origin } = await serve(['--tenant'], { CANCEL_TENANT_SECRET: tenantSecret });
  const tokens = await signInAll(origin);
  const requests = { provider: 'graph', tenant };
  const file = writeTarget(folder, { baseUrl: `${origin}/beta`, requests, ...platformIdentities(origin) });
  const { stdout, stderr } = await runCli(['doctor', '--target', file], {
    cwd: folder,
    environment: tokens,
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
      const { access_token: token } = await postForm(base, { ...asked, ...grant });
      const headers = { authorization: `Bearer ${token ?? ''}`, 'content-type': 'application/json' };
      const body = JSON.stringify({ displayName: `of ${name}`, description: 'x', isExternallyVisible: false });
      return (await fetch(catalogs, { method: 'POST', headers, body })).status;
    }),
  );
  expect(statuses).toEqual([201, 403, 403]);
});

import { resolveTarget } from '../../../src/hosts/target.js';
import type { TokenSource } from '../../../src/target/target.js';
import { expect, runCli, test, writeTarget } from '../support/cli.js';

const clientId = '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10';
const reached = { baseUrl: 'http://127.0.0.1:4010/beta', requests: { provider: 'control' } };
const common = { tenant: 'contoso.example', clientId, cache: 'tokens.json' };
const secret = { secret: { env: 'SELF_TEST_SECRET' } };

for (const [what, identityPlatform, identities, says] of [
  [
    'no tenant',
    { clientId, cache: 'x' },
    { requestor: { token: { deviceCode: {} } } },
    /identities\.requestor\.token\.deviceCode: tenant is missing; set it there, or under identityPlatform for all/,
  ],
  [
    'no client',
    { tenant: 'x', cache: 'x' },
    { requestor: { token: { deviceCode: {} } } },
    /deviceCode: clientId is missing/,
  ],
  [
    'nowhere to keep what came of a device code',
    { tenant: 'x', clientId },
    { requestor: { token: { deviceCode: {} } } },
    /deviceCode: cache is missing/,
  ],
  [
    'a persona without a usual scope',
    common,
    { similarScopeUser: { token: { deviceCode: {} } } },
    /scopes is missing: there is no usual one for the persona similarScopeUser/,
  ],
  [
    'an application without a proof',
    common,
    { application: { token: { clientCredentials: {} } } },
    /clientCredentials: give exactly one of secret, certificate, assertion\n/,
  ],
  [
    'two proofs',
    common,
    { application: { token: { clientCredentials: { ...secret, assertion: { env: 'Y' } } } } },
    /give exactly one of secret, certificate, assertion, not secret and assertion\n/,
  ],
  [
    'an application of many tenants',
    { ...common, tenant: 'organizations' },
    { application: { token: { clientCredentials: secret } } },
    /tenant: an application gets tokens of one tenant, so name it by id or domain instead of organizations/,
  ],
  [
    'an authority without encryption',
    { ...common, authority: 'http://login.example' },
    { requestor: { token: { deviceCode: {} } } },
    /plain http would carry secrets in the clear; use https/,
  ],
  [
    'an authority with a path',
    { ...common, authority: 'https://login.example/x' },
    { requestor: { token: { deviceCode: {} } } },
    /identityPlatform\.authority: .* is not what it has to be: Origin of an identity platform/,
  ],
  [
    'a misspelt cloud',
    { ...common, cloud: 'usGow' },
    { requestor: { token: { deviceCode: {} } } },
    /"usGow" is not allowed; did you mean usGov\?/,
  ],
  [
    'a secret in the file itself',
    common,
    { application: { token: { clientCredentials: { secret: 'abc' } } } },
    /clientCredentials\.secret: must be a mapping of keys to values, such as \{ env: NAME \}/,
  ],
  ['a password', common, { requestor: { token: { password: {} } } }, /token\.password: unknown key/],
  [
    'two sources',
    common,
    { requestor: { token: { deviceCode: {}, env: 'X' } } },
    /identities\.requestor\.token: must NOT have more than 1 properties/,
  ],
] as const) {
  test(`a target file with ${what} is refused`, async ({ folder }) => {
    const file = writeTarget(folder, { ...reached, identityPlatform, identities });
    const { exitCode, stdout, stderr } = await runCli(['plan', '--target', file], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^target\.yaml:1: /);
    expect(stderr).toMatch(says);
  });
}

/** The tokens that a target file asks the platform for. */
function tokensOf(folder: string, identityPlatform: object): Readonly<Record<string, TokenSource>> {
  const identities = {
    administrator: { token: { deviceCode: {} } },
    readOnlyAdministrator: { token: { deviceCode: {} } },
    unscopedUser: { token: { deviceCode: { scopes: ['https://own.example/Some.Scope'] } } },
    subjectUser: { token: { deviceCode: { tenant: 'fabrikam.example' } } },
    application: { token: { clientCredentials: secret } },
  };
  const { target } = resolveTarget({ target: writeTarget(folder, { ...reached, identityPlatform, identities }) }, {});
  return target.tokens;
}

for (const [cloud, login, graph] of [
  ['global', 'https://login.microsoftonline.com', 'https://graph.microsoft.com'],
  ['usGov', 'https://login.microsoftonline.us', 'https://graph.microsoft.us'],
  ['usGovDoD', 'https://login.microsoftonline.us', 'https://dod-graph.microsoft.us'],
  ['china', 'https://login.chinacloudapi.cn', 'https://microsoftgraph.chinacloudapi.cn'],
] as const) {
  test(`the cloud ${cloud} has its own platform and its own Graph`, ({ folder }) => {
    expect(tokensOf(folder, { ...common, cloud })).toMatchObject({
      administrator: { platform: { authority: login, scopes: [`${graph}/EntitlementManagement.ReadWrite.All`] } },
      readOnlyAdministrator: { platform: { scopes: [`${graph}/EntitlementManagement.Read.All`] } },
      unscopedUser: { platform: { tenant: 'contoso.example', scopes: ['https://own.example/Some.Scope'] } },
      subjectUser: {
        platform: { tenant: 'fabrikam.example', scopes: [`${graph}/EntitlementMgmt-SubjectAccess.ReadWrite`] },
      },
      application: { platform: { authority: login, scopes: [`${graph}/.default`] } },
    });
  });
}

test('the cloud is global when none is named', ({ folder }) => {
  expect(tokensOf(folder, common)).toEqual(tokensOf(folder, { ...common, cloud: 'global' }));
});

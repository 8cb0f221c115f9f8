import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadContract } from '../../../src/cancel/contract.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { Persona } from '../../../src/emulators/endpoint/personas.js';
import { TokenAuthority } from '../../../src/emulators/endpoint/tokens.js';
import { applicationCertificate } from '../support/application-certificate.js';
import { runCli, runSuite } from '../support/cli.js';
import {
  clientSecret,
  confidentialClient,
  expect,
  publicClient,
  test,
  writeIdentities,
  type Named,
  type RunningPlatform,
} from '../support/identity-platform.js';

const refreshToken = { token: { env: 'SELF_TEST_REFRESH_TOKEN' } };
const asRequestor = { requestor: { token: { refreshToken } } };

/** The requestor's refresh token as its environment. */
const requestorOf = (platform: RunningPlatform): Named => ({
  identities: asRequestor,
  environment: { SELF_TEST_REFRESH_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') },
});

/** Names of the parts of a token cache. */
function partsOf(folder: string): readonly string[] {
  const { parts } = JSON.parse(readFileSync(path.join(folder, 'tokens.json'), 'utf8')) as { parts: object };
  return Object.keys(parts).map((key) => key.split(' ')[0] ?? '');
}

/** Fails for every text that holds a secret in any form. */
function expectNoSecret(platform: RunningPlatform, texts: Readonly<Record<string, string>>): void {
  const registry = new SecretRegistry();
  expect(platform.secrets.size).toBeGreaterThan(0);
  for (const secret of platform.secrets) registry.register(secret, 'secret');
  for (const [name, text] of Object.entries(texts)) expect(registry.find(text), name).toEqual([]);
}

test.describe('a refresh token', () => {
  test('is used once and its successors are kept, for their owner alone', async ({
    startIdentities,
    doctor,
    folder,
  }) => {
    const platform = await startIdentities();
    const named = requestorOf(platform);
    const first = await doctor(platform, named);
    expect(first.stdout).toMatch(
      /✓ requestor from a refresh token .*: delegated, EntitlementManagement.ReadWrite.All, tenant \S+, user 1b7e3a62-\S+, for \S+, good for 5\d min/,
    );
    expect(first.exitCode).toBe(3);
    expect(statSync(path.join(folder, 'tokens.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).sort()).toEqual(['target.yaml', 'tokens.json']);

    // Good for long enough: nobody is asked.
    const second = await doctor(platform, named);
    expect(second.stdout).toContain('✓ requestor from a refresh token');
    expect(platform.asked).toHaveLength(1);

    // Each further start uses what the one before it left.
    platform.policy.expiresInS = 600;
    for (const start of ['third', 'fourth']) {
      writeFileSync(path.join(folder, 'tokens.json'), ageing(path.join(folder, 'tokens.json')));
      expect((await doctor(platform, named)).stdout, start).toContain('✓ requestor from a refresh token');
    }
    const used = platform.asked.map((asked) => asked.refreshToken);
    expect(used).toHaveLength(3);
    expect(new Set(used).size).toBe(3);
    expectNoSecret(platform, { stdout: first.stdout + second.stdout, stderr: first.stderr + second.stderr });
  });

  test('is used anew when another one is put in its place', async ({ startIdentities, doctor, folder }) => {
    const platform = await startIdentities();
    await doctor(platform, requestorOf(platform));
    platform.endRefreshTokens('ended');
    const other = requestorOf(platform);
    const { stdout } = await doctor(platform, other);
    expect(stdout).toContain('✓ requestor from a refresh token');
    expect(platform.asked.at(-1)?.refreshToken).toBe(other.environment?.['SELF_TEST_REFRESH_TOKEN']);
    expect(partsOf(folder)).toEqual(['requestor']);
  });

  test('serves without a cache, and then leaves nothing behind', async ({
    startIdentities,
    doctor,
    folder,
    embedded,
  }) => {
    const platform = await startIdentities();
    const named = requestorOf(platform);
    const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named });
    const target = JSON.parse(readFileSync(file, 'utf8')) as { identityPlatform: { cache?: string } };
    delete target.identityPlatform.cache;
    writeFileSync(file, JSON.stringify(target));
    const { stdout } = await runCli(['doctor', '--target', file], {
      cwd: folder,
      environment: named.environment ?? {},
    });
    expect(stdout).toContain('✓ requestor from a refresh token');
    expect(readdirSync(folder)).toEqual(['target.yaml']);
    // The doctor of the fixture asks with a cache: the file differs in nothing else.
    expect((await doctor(platform, named)).stdout).toContain('kept in ');
  });
});

/** A token cache whose access tokens have ended. */
function ageing(file: string): string {
  return readFileSync(file, 'utf8').replaceAll(/"(expires_on|extended_expires_on)":"\d+"/g, '"$1":"1000000000"');
}

test.describe('client credentials', () => {
  const asApplication = (proof: object): Named['identities'] => ({
    application: { token: { clientCredentials: { clientId: confidentialClient, ...proof } } },
  });

  test('prove themselves by a secret', async ({ startIdentities, doctor, folder }) => {
    const platform = await startIdentities();
    const { stdout, stderr } = await doctor(platform, {
      identities: asApplication({ secret: { env: 'SELF_TEST_SECRET' } }),
      environment: { SELF_TEST_SECRET: clientSecret },
    });
    expect(stdout).toMatch(
      /✓ application from client credentials \(secret\) .*: application, EntitlementManagement.ReadWrite.All, tenant \S+, for \S+, good for/,
    );
    expect(platform.asked.map(({ grant }) => grant)).toEqual(['client_credentials']);
    expect(readdirSync(folder)).toEqual(['target.yaml']);
    expectNoSecret(platform, { stdout, stderr });
  });

  test('prove themselves by a certificate, with its key in one file or two', async ({
    startIdentities,
    doctor,
    folder,
  }) => {
    const platform = await startIdentities();
    const { key, cert } = applicationCertificate;
    writeFileSync(path.join(folder, 'both.pem'), cert + key);
    writeFileSync(path.join(folder, 'cert.pem'), cert);
    writeFileSync(path.join(folder, 'key.pem'), key);
    for (const certificate of [{ file: 'both.pem' }, { file: 'cert.pem', key: 'key.pem' }]) {
      const { stdout, stderr } = await doctor(platform, { identities: asApplication({ certificate }) });
      expect(stderr).toBe('');
      expect(stdout).toContain('✓ application from client credentials (certificate)');
      expectNoSecret(platform, { stdout });
    }
  });

  test('prove themselves by the token of a trusted issuer', async ({ startIdentities, doctor, folder }) => {
    const platform = await startIdentities();
    const file = path.join(folder, 'pipeline.jwt');
    writeFileSync(file, await platform.assertion(600));
    const { stdout, stderr } = await doctor(platform, {
      identities: asApplication({ assertion: { file: 'pipeline.jwt' } }),
    });
    expect(stdout).toContain('✓ application from client credentials (assertion)');
    expectNoSecret(platform, { stdout, stderr });
  });
});

test.describe('the token cache', () => {
  test('is refused while others may read it', async ({ startIdentities, doctor, folder }) => {
    const platform = await startIdentities();
    await doctor(platform, requestorOf(platform));
    chmodSync(path.join(folder, 'tokens.json'), 0o644);
    const { exitCode, stdout, stderr } = await doctor(platform, requestorOf(platform));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(
      /^\S+tokens\.json: others than its owner may use it \(mode 644\).*; say chmod 600 \S+tokens\.json\n$/,
    );
  });

  for (const [what, content] of [
    ['no JSON', 'x'],
    ['another format', '{"format":"other","parts":{}}'],
    ['parts that are none', '{"format":"cancel-conformance-tokens/1","parts":{"a":1}}'],
  ] as const) {
    test(`is left alone when it holds ${what}`, async ({ startIdentities, doctor, folder }) => {
      const platform = await startIdentities();
      const file = path.join(folder, 'tokens.json');
      writeFileSync(file, content, { mode: 0o600 });
      const { exitCode, stderr } = await doctor(platform, requestorOf(platform));
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^\S+tokens\.json: is no token cache of this suite; name another file, or remove it\n$/);
      expect(readFileSync(file, 'utf8')).toBe(content);
    });
  }

  test('needs a folder that exists', async ({ startIdentities, doctor }) => {
    const platform = await startIdentities();
    const { exitCode, stderr } = await doctor(platform, {
      ...requestorOf(platform),
      common: { cache: 'no/such/tokens.json' },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^\S+tokens\.json: tokens cannot be kept there: its folder does not exist\n$/);
  });

  test('loses nothing when two processes write it at once', async ({ startIdentities, embedded, folder }) => {
    const platform = await startIdentities();
    const pairs = [
      ['administrator', 'requestor'],
      ['otherUser', 'readOnlyAdministrator'],
    ];
    const doctors = pairs.map(async (pair, index) => {
      const environment = Object.fromEntries(
        pair.map((persona) => [`SELF_TEST_${persona}`, platform.issueRefreshToken(publicClient, persona)]),
      );
      const identities = Object.fromEntries(
        pair.map((persona) => [persona, { token: { refreshToken: { token: { env: `SELF_TEST_${persona}` } } } }]),
      );
      const own = path.join(folder, String(index));
      mkdirSync(own);
      const named = { identities, common: { cache: '../tokens.json' } };
      const file = writeIdentities(own, platform, { baseUrl: embedded.baseUrl, named });
      return runCli(['doctor', '--target', file], { cwd: own, environment });
    });
    for (const { stderr } of await Promise.all(doctors)) expect(stderr).toBe('');
    expect([...partsOf(folder)].sort()).toEqual(pairs.flat().sort());
    expect(readdirSync(folder).sort()).toEqual(['0', '1', 'tokens.json']);
  });

  test('outlives the lock of a process that was ended', async ({ startIdentities, doctor, folder }) => {
    const platform = await startIdentities();
    const lock = path.join(folder, 'tokens.json.lock');
    writeFileSync(lock, '1');
    utimesSync(lock, 0, 0);
    expect((await doctor(platform, requestorOf(platform))).stdout).toContain('✓ requestor from a refresh token');
    expect(readdirSync(folder).sort()).toEqual(['target.yaml', 'tokens.json']);
  });
});

test('the doctor doubts two personas that are one person', async ({ startIdentities, doctor }) => {
  const { edition } = loadContract();
  // Another token each time, as the real platform gives them.
  const issue = async (persona: Persona): Promise<string> => (await TokenAuthority.create(edition)).issue(persona);
  const platform = await startIdentities({ issue });
  const { stdout } = await doctor(platform, {
    identities: { ...asRequestor, otherUser: { token: { refreshToken: { ...refreshToken, cache: 'other.json' } } } },
    environment: { SELF_TEST_REFRESH_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') },
  });
  expect(stdout).toMatch(/! requestor from a refresh token .*: is the same user as otherUser \(/);
  expect(stdout).toMatch(/! otherUser from a refresh token .*: is the same user as requestor \(/);
});

test('a run with tokens of the platform can tell all that they are for, and leaves none of them in what it writes', async ({
  startIdentities,
  serve,
  folder,
}) => {
  const served = await serve();
  const tokenOf = async (persona: string): Promise<string> => {
    const answer = await fetch(`${served.controlUrl}/tokens`, { method: 'POST', body: JSON.stringify({ persona }) });
    return ((await answer.json()) as { readonly token: string }).token;
  };
  const platform = await startIdentities({ issue: ({ name }) => tokenOf(name) });
  const users = [
    'administrator',
    'requestor',
    'otherUser',
    'readOnlyAdministrator',
    'unscopedUser',
    'personalAccount',
    'similarScopeUser',
  ];
  const special: Readonly<Record<string, object>> = {
    personalAccount: { tenant: 'consumers' },
    similarScopeUser: { scopes: ['https://graph.microsoft.com/EntitlementManagement.ReadWrite.AllPrincipals'] },
  };
  const identities = Object.fromEntries(
    users.map((name) => [name, { token: { refreshToken: { token: { env: `SELF_TEST_${name}` }, ...special[name] } } }]),
  );
  const file = writeIdentities(folder, platform, {
    baseUrl: served.baseUrl,
    named: {
      identities: {
        ...identities,
        application: {
          token: { clientCredentials: { clientId: confidentialClient, secret: { env: 'SELF_TEST_SECRET' } } },
        },
        expired: { token: { env: 'SELF_TEST_EXPIRED' } },
      },
    },
  });
  const environment = {
    ...Object.fromEntries(users.map((name) => [`SELF_TEST_${name}`, platform.issueRefreshToken(publicClient, name)])),
    SELF_TEST_SECRET: clientSecret,
    SELF_TEST_EXPIRED: await tokenOf('expired'),
  };
  const args = ['--target', file, '--area', 'PERM,AUTH'];
  const { report, stdout, stderr, out } = await runSuite(args, { cwd: folder, environment });
  expect(stderr).toBe('');
  expect(report.checks.filter(({ verdict }) => verdict === 'failed' || verdict === 'inconclusive')).toEqual([]);
  expect(report.checks.filter(({ verdict }) => verdict === 'passed').length).toBeGreaterThan(30);
  const written = readdirSync(out).map((name) => [name, readFileSync(path.join(out, name), 'utf8')] as const);
  expect(written.length).toBeGreaterThan(4);
  expectNoSecret(platform, { stdout, stderr, ...Object.fromEntries(written) });
  expect(readdirSync(folder).sort()).toEqual(['report', 'target.yaml', 'tokens.json']);
});

test('a run ends with exit code 2 and one message when the platform refuses what the target file says', async ({
  startIdentities,
  embedded,
  folder,
}) => {
  const platform = await startIdentities();
  const identities = {
    application: {
      token: { clientCredentials: { clientId: confidentialClient, secret: { env: 'SELF_TEST_SECRET' } } },
    },
  };
  const file = writeIdentities(folder, platform, { baseUrl: embedded.baseUrl, named: { identities } });
  const wrong = 'not~the-secret-9';
  const { exitCode, stdout, stderr } = await runSuite(['--target', file], {
    cwd: folder,
    environment: { SELF_TEST_SECRET: wrong },
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(
    /^target\.yaml:1: identities\.application\.token\.clientCredentials: the client secret of \S+ is wrong; .* \(AADSTS7000215\)\n$/,
  );
});

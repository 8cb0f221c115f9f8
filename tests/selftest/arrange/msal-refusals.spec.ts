import { createServer, type RequestListener } from 'node:http';
import {
  clientSecret,
  confidentialClient,
  expect,
  publicClient,
  test,
  uncertifiedClient,
  type Named,
  type RunningPlatform,
} from '../support/identity-platform.js';
import { applicationCertificate } from '../support/application-certificate.js';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { closedPort, end, listen } from '../support/middleman.js';

interface Refused {
  /** What is wrong on the platform. */
  readonly spoil?: (platform: RunningPlatform) => void;
  readonly named: (platform: RunningPlatform) => Named | Promise<Named>;
  readonly exitCode: 2 | 3;
  readonly says: RegExp;
}

const user =
  (common: object = {}, source: object = {}) =>
  (platform: RunningPlatform): Named => ({
    identities: { requestor: { token: { refreshToken: { token: { env: 'SELF_TEST_TOKEN' }, ...source } } } },
    common,
    environment: { SELF_TEST_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') },
  });

const application = (credentials: object, environment: Record<string, string> = {}): Named => ({
  identities: { application: { token: { clientCredentials: { clientId: confidentialClient, ...credentials } } } },
  environment,
});

const secret = { secret: { env: 'SELF_TEST_SECRET' } };
const assertion = { assertion: { env: 'SELF_TEST_ASSERTION' } };

const refused: Readonly<Record<string, Refused>> = {
  'a wrong tenant id': {
    named: user({ tenant: '00000000-0000-4000-8000-0000000000a1' }),
    exitCode: 2,
    says: /http:\/\/127\.0\.0\.1:\d+ knows no tenant 00000000-0000-4000-8000-0000000000a1; check tenant, and cloud or authority \(AADSTS90002\)/,
  },
  'an unknown application': {
    named: user({ clientId: '00000000-0000-4000-8000-0000000000a2' }),
    exitCode: 2,
    says: /knows no application 00000000-0000-4000-8000-0000000000a2; .* \(AADSTS700016\)/,
  },
  'a wrong secret': {
    named: () => application(secret, { SELF_TEST_SECRET: `${clientSecret}x` }),
    exitCode: 2,
    says: /the client secret of \S+ is wrong; give the value of the secret, not its id \(AADSTS7000215\)/,
  },
  'an assertion that nothing is registered for': {
    named: async (platform) =>
      application(
        { ...assertion, clientId: uncertifiedClient },
        { SELF_TEST_ASSERTION: await platform.assertion(600) },
      ),
    exitCode: 2,
    says: /no federated credential of the application \S+ matches the assertion; .* \(AADSTS700211\)/,
  },
  'an assertion that has expired': {
    named: async (platform) => application(assertion, { SELF_TEST_ASSERTION: await platform.assertion(-600) }),
    exitCode: 3,
    says: /the assertion has expired; .* \(AADSTS700024\)/,
  },
  'an application that needs to prove itself': {
    named: user({ clientId: confidentialClient }),
    exitCode: 2,
    says: /takes no sign-in without a secret; allow public client flows .* \(AADSTS7000218\)/,
  },
  'a resource that is none': {
    named: user({}, { scopes: ['https://graph.example/User.Read'] }),
    exitCode: 2,
    says: /does not know what is asked for: https:\/\/graph\.example\/User\.Read; .* \(AADSTS500011\)/,
  },
  'a scope that is not the default one, of an application': {
    named: () =>
      application({ ...secret, scopes: ['https://graph.microsoft.com/User.Read'] }, { SELF_TEST_SECRET: clientSecret }),
    exitCode: 2,
    says: /does not know what is asked for: .* \(AADSTS1002012\)/,
  },
  'an expired refresh token': {
    named: (platform) => {
      const named = user()(platform);
      platform.endRefreshTokens('ended');
      return named;
    },
    exitCode: 3,
    says: /the refresh token has expired or was revoked; get a new refresh token and put it where the target file says \(AADSTS700082\)/,
  },
  'a revoked refresh token': {
    named: (platform) => {
      const named = user()(platform);
      platform.endRefreshTokens('revoked');
      return named;
    },
    exitCode: 3,
    says: /the refresh token has expired or was revoked; .* \(AADSTS70008\)/,
  },
  'a refresh token of another client': {
    named: (platform) => ({
      ...user()(platform),
      environment: { SELF_TEST_TOKEN: platform.issueRefreshToken(uncertifiedClient, 'requestor') },
    }),
    exitCode: 3,
    says: /the refresh token has expired or was revoked; .* \(AADSTS70000\)/,
  },
  'a missing consent': {
    spoil: ({ policy }) => (policy.withoutConsent = true),
    named: user(),
    exitCode: 3,
    says: /nobody has consented that the application \S+ gets https:\/\/graph\.microsoft\.com\/EntitlementManagement\.ReadWrite\.All; an administrator .* \(AADSTS65001\)/,
  },
  'a second factor that is due': {
    spoil: ({ policy }) => (policy.secondFactor = true),
    named: user(),
    exitCode: 3,
    says: /the tenant asks for a second factor \(MFA\), which nobody can give here; .* \(AADSTS50076\)/,
  },
  'a policy that blocks': {
    spoil: ({ policy }) => (policy.blocked = true),
    named: user(),
    exitCode: 3,
    says: /a Conditional Access policy of the tenant blocks it; .* \(AADSTS53003\)/,
  },
  'a variable that is not set': {
    named: () => application(secret),
    exitCode: 3,
    says: /the environment variable SELF_TEST_SECRET is not set/,
  },
};

/** Lines that say so. */
const telling = (text: string, says: RegExp): readonly string[] => text.split('\n').filter((line) => says.test(line));

/**
 * Where it is told, by exit code: a mistake in the target file on standard error and nothing beside it; a persona without a
 * token once among the identities and once among what a run could not tell.
 */
const places = {
  2: { told: 'stderr', silent: 'stdout', times: 1 },
  3: { told: 'stdout', silent: 'stderr', times: 2 },
} as const;

for (const [what, { spoil = () => undefined, named, exitCode, says }] of Object.entries(refused)) {
  const { told, silent, times } = places[exitCode];

  test(`${what} ends in exit code ${exitCode} with one message`, async ({ startIdentities, doctor }) => {
    const platform = await startIdentities();
    spoil(platform);
    const ended = await doctor(platform, await named(platform));
    expect(ended.exitCode).toBe(exitCode);
    expect(telling(ended[told], says)).toHaveLength(times);
    expect(ended[silent]).toBe('');
    expect(ended[told]).not.toMatch(/Trace ID|Correlation ID|eyJ/);
  });
}

test('a mistake in the target file is told in one line', async ({ startIdentities, doctor }) => {
  const platform = await startIdentities();
  const { stderr } = await doctor(platform, user({ tenant: 'nowhere.example' })(platform));
  expect(stderr).toMatch(/^target\.yaml:1: identities\.requestor\.token\.refreshToken: .*\n$/);
});

test('a certificate that is not registered ends in exit code 2 with one message', async ({
  startIdentities,
  doctor,
  folder,
}) => {
  const platform = await startIdentities();
  writeFileSync(path.join(folder, 'both.pem'), applicationCertificate.cert + applicationCertificate.key);
  const { exitCode, stderr } = await doctor(
    platform,
    application({ certificate: { file: 'both.pem' }, clientId: uncertifiedClient }),
  );
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^target\.yaml:1: \S+: the certificate is none that is registered .* \(AADSTS700027\)\n$/);
});

for (const [what, listener, says] of [
  [
    'is busy',
    (_, response) => response.writeHead(503, { 'Retry-After': '0' }).end('{}'),
    /http:\S+ is busy or out of order \(status 503\); try again later/,
  ],
  [
    'is a web page',
    (_, response) => response.end('<html>'),
    /the answer \(200\) is not JSON: is this an identity platform\?/,
  ],
  [
    'leads elsewhere',
    (_, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end('{}'),
    /refused the token \(status 302\)/,
  ],
  ['never answers', () => undefined, /no answer within 500 ms; is the identity platform reachable from here\?/],
  ['never ends its answer', (_, response) => response.write(' '.repeat(100_000)), /the answer is larger than 32 KiB/],
] as const satisfies readonly (readonly [string, RequestListener, RegExp])[]) {
  test(`a platform that ${what} leaves the persona without a token`, async ({ startIdentities, doctor }) => {
    const platform = await startIdentities();
    const server = createServer(listener);
    const origin = `http://127.0.0.1:${await listen(server)}`;
    const named = { ...user({ authority: origin })(platform), more: { timeoutMs: 500 } };
    const { exitCode, stdout, stderr } = await doctor(platform, named);
    await end(server);
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect(stdout).toMatch(says);
  });
}

test('a platform that is not there leaves the persona without a token', async ({ startIdentities, doctor }) => {
  const platform = await startIdentities();
  const authority = `http://127.0.0.1:${await closedPort()}`;
  const { exitCode, stdout } = await doctor(platform, user({ authority })(platform));
  expect(exitCode).toBe(3);
  expect(
    telling(stdout, /requestor: .*: connection refused; is the identity platform reachable from here\?/),
  ).toHaveLength(2);
});

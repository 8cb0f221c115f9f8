import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { ConfigurationError, UnreachableError } from '../../../src/engine/errors.js';
import { peers, tlsTrouble } from '../../../src/engine/evidence/trouble.js';
import { errorOfRefusal, meansOf, type Means } from '../../../src/arrange/identity/refusals.js';
import type { PlatformGrant, PlatformToken } from '../../../src/target/token-source.js';
import { expect, publicClient, test, type RunningPlatform } from '../support/identity-platform.js';
import { end, listen } from '../support/middleman.js';

const file = { file: 'a' };

const grants: Readonly<Record<Means, PlatformGrant>> = {
  deviceCode: { kind: 'deviceCode', cache: 'tokens.json' },
  authorizationCode: { kind: 'authorizationCode', cache: 'tokens.json' },
  refreshToken: { kind: 'refreshToken', token: file, cache: null },
  secret: { kind: 'clientCredentials', proof: { secret: file } },
  certificate: { kind: 'clientCredentials', proof: { certificate: { file: 'a', key: 'a', passphrase: null } } },
  assertion: { kind: 'clientCredentials', proof: { assertion: file } },
};

const tokenBy = (means: Means): PlatformToken => ({
  authority: 'https://login.example',
  tenant: 'contoso.example',
  clientId: publicClient,
  scopes: ['https://graph.example/.default'],
  grant: grants[means],
  where: 'target.yaml:1',
});

/** In the place of a word: the platform answers with a 503. */
const outOfOrder = 'out_of_order';

/** What a refusal comes to: exit code 2, 3, or 3 because the platform is out of order; and what is said. */
function toldOf(means: Means, code: number | null, error = ''): readonly [kind: string, says: string] {
  const status = error === outOfOrder ? 503 : 400;
  const codes = code === null ? [] : [code];
  const told = errorOfRefusal({ status, error, suberror: '', codes }, tokenBy(means));
  const kind = told instanceof ConfigurationError ? '2' : told instanceof UnreachableError ? 'busy' : '3';
  return [kind, told.message];
}

/** Those of people. */
const people: readonly Means[] = ['deviceCode', 'authorizationCode', 'refreshToken'];

const kinds = Object.keys(grants) as readonly Means[];

/** What the platform's numbers come to, by what the token was asked for with. */
const table: readonly (readonly [code: number, means: readonly Means[], kind: string, says: RegExp])[] = [
  [90002, kinds, '2', /knows no tenant contoso\.example; check tenant/],
  [700016, kinds, '2', /knows no application .*; check clientId/],
  [7000229, kinds, '3', /has no service principal in the tenant .*; an administrator of the tenant consents/],
  [650052, kinds, '3', /has no service principal in the tenant/],
  [7000112, kinds, '3', /is disabled in the tenant contoso\.example; an administrator of the tenant enables it/],
  [7000215, ['secret'], '2', /the client secret of .* is wrong; give the value/],
  [7000215, people, '2', /takes no sign-in without a secret; allow public client flows/],
  [7000215, ['certificate'], '2', /the certificate is none that is registered/],
  [7000222, ['secret'], '2', /the client secret of .* has expired; make a new one/],
  [7000222, ['certificate'], '2', /the certificate .* is not valid at this time; make a new one, and check the clock/],
  [700027, ['certificate'], '2', /the certificate is none that is registered/],
  [700027, ['assertion'], '2', /no federated credential of .* matches the assertion; compare issuer/],
  [700024, ['assertion'], '3', /the assertion has expired; it has to be made anew/],
  [700024, ['certificate'], '2', /the certificate .* check the clock of this machine/],
  [700213, ['assertion'], '2', /no federated credential/],
  [7000218, people, '2', /allow public client flows/],
  [700025, ['secret'], '2', /registered as a public client, .* name another application for secret/],
  [700025, ['certificate'], '2', /name another application for certificate/],
  [500011, kinds, '2', /does not know what is asked for: https:\/\/graph\.example\/\.default/],
  [700082, ['refreshToken'], '3', /the refresh token has expired or was revoked; get a new refresh token/],
  [
    700082,
    ['deviceCode'],
    '3',
    /what was kept of the sign-in has expired or was revoked; sign in with doctor --sign-in/,
  ],
  [50173, ['deviceCode', 'authorizationCode'], '3', /what was kept of the sign-in/],
  [
    900144,
    ['deviceCode', 'authorizationCode', 'secret', 'certificate', 'assertion'],
    '2',
    /misses something in what it was asked; check/,
  ],
  [900144, ['refreshToken'], '3', /what was given as a refresh token is none/],
  [65001, kinds, '3', /nobody has consented/],
  [50105, people, '3', /the person is not assigned to the application .* assigns them/],
  [501051, ['secret', 'certificate', 'assertion'], '3', /is not assigned to a role of https:\/\/graph\.example/],
  [50020, people, '3', /the person has no account in the tenant contoso\.example; .* guest/],
  [50034, people, '3', /the person has no account in the tenant/],
  [50057, people, '3', /the account of the person is disabled/],
  [50053, ['refreshToken'], '3', /the account of the person is locked; wait/],
  [50055, ['deviceCode'], '3', /the password of the person has expired; .* doctor --sign-in/],
  [50076, ['refreshToken'], '3', /asks for a second factor \(MFA\)/],
  [53000, ['deviceCode', 'refreshToken'], '3', /wants a managed device; use a refresh token of a sign-in on such/],
  [53000, ['authorizationCode'], '3', /wants a managed device; sign in on one/],
  [53003, ['deviceCode'], '3', /blocks it; many tenants block the device code flow/],
  [
    53003,
    ['authorizationCode', 'refreshToken', 'secret', 'certificate', 'assertion'],
    '3',
    /blocks it; ask its administrator/,
  ],
  [50194, kinds, '2', /gets no tokens under contoso\.example; give the id or a domain of its own tenant/],
  [65004, ['deviceCode', 'authorizationCode'], '3', /the sign-in was declined/],
  [50011, ['authorizationCode'], '2', /add the redirect address http:\/\/localhost to its registration/],
  [500112, ['authorizationCode'], '2', /may not send people back to this machine/],
  [54005, ['authorizationCode'], '3', /was used already or has expired; sign in with doctor --sign-in/],
  [501481, ['authorizationCode'], '3', /not of the sign-in that was begun here \(PKCE\)/],
  [70020, ['deviceCode'], '3', /nobody entered the code in time/],
  [90033, kinds, 'busy', /https:\/\/login\.example is busy or out of order \(AADSTS90033\); try again later/],
  [50196, kinds, 'busy', /is busy or out of order/],
];

for (const [code, means, kind, says] of table) {
  test(`AADSTS${code} says what to do for ${means.length === kinds.length ? 'every grant' : means.join(', ')}`, () => {
    for (const one of means) {
      const [told, words] = toldOf(one, code);
      expect(words).toMatch(says);
      expect(words).toMatch(new RegExp(String.raw`^target\.yaml:1: .*\(AADSTS${code}\)`));
      expect(told).toBe(kind);
    }
  });
}

/** Words that are about one thing, and who alone may be told them. */
const reserved: readonly (readonly [RegExp, readonly Means[]])[] = [
  [/the client secret of/, ['secret']],
  [/the certificate/, ['certificate']],
  [/the assertion/, ['assertion']],
  [/^\S+: (?:the|what was given as a) refresh token/, ['refreshToken']],
  [/the person|second factor|sign in /, people],
  [/the code/, ['deviceCode']],
  [/declined|what was kept of the sign-in/, ['deviceCode', 'authorizationCode']],
  [/what came back|redirect address/, ['authorizationCode']],
];

test('no number and no word is told to a grant that it makes no sense for', () => {
  const codes = [...new Set([...table.map(([code]) => code), 70008, 70000, 9002313, 700030, 50012, 16000, 90072])];
  const words = ['invalid_client', 'invalid_grant', 'access_denied', 'expired_token', 'interaction_required'];
  const refusals: (readonly [number | null, string])[] = [
    ...codes.map((code) => [code, ''] as const),
    ...codes.flatMap((code) => words.map((word) => [code, word] as const)),
    ...words.map((word) => [null, word] as const),
  ];
  for (const means of kinds) {
    for (const [code, word] of refusals) {
      const [, says] = toldOf(means, code, word);
      const others = reserved.filter(([pattern, whose]) => pattern.test(says) && !whose.includes(means));
      expect(others, `${means}, ${code ?? word}: ${says}`).toEqual([]);
    }
  }
});

test('the word decides where a number means nothing for the grant, and without both the refusal alone is told', () => {
  expect(toldOf('secret', 700082, 'invalid_client')[1]).toMatch(
    /could not prove itself; check its secret \(AADSTS700082\)/,
  );
  expect(toldOf('certificate', null, 'invalid_client')[1]).toMatch(/check its certificate \(invalid_client\)/);
  expect(toldOf('deviceCode', null, 'invalid_client')[1]).toMatch(/allow public client flows/);
  expect(toldOf('secret', 50076)).toEqual([
    '3',
    'target.yaml:1: https://login.example refused the token (AADSTS50076)',
  ]);
  expect(toldOf('assertion', null, 'temporarily_unavailable')[0]).toBe('busy');
  expect(toldOf('secret', 7000215, outOfOrder)[0]).toBe('busy');
});

test('the certificate of the platform is not called the one of the target', () => {
  const error = Object.assign(new Error(), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  expect(tlsTrouble(error, peers.platform)).toMatch(
    /^the certificate of the identity platform .*; give the identity platform a certificate/,
  );
  expect(meansOf(tokenBy('certificate'))).toBe('certificate');
});

/** A platform that names itself in another way than the one that it stands before. */
async function namedOtherwise(platform: RunningPlatform, nameFor: (port: number) => string) {
  const server = createServer((incoming, response) => {
    void (async () => {
      const { method = 'GET', url = '', headers } = incoming;
      const sent = method === 'GET' ? {} : { body: await text(incoming) };
      const type = { 'Content-Type': headers['content-type'] ?? 'text/plain' };
      const answer = await fetch(platform.origin + url, { method, headers: type, ...sent });
      const said = await answer.text();
      const origin = `https://${new URL(platform.origin).host}`;
      response.writeHead(answer.status, { 'Content-Type': 'application/json' });
      response.end(said.replaceAll(origin, nameFor(port)));
    })();
  });
  const port = await listen(server);
  return { port, close: () => end(server) };
}

for (const [what, nameFor, host] of [
  ['by http', (port) => `http://127.0.0.1:${port}`, '127.0.0.1'],
  ['by another name of this machine', (port) => `http://localhost:${port}`, '127.0.0.1'],
  ['as the target file does not', (port) => `https://127.0.0.1:${port}`, 'localhost'],
] as const satisfies readonly (readonly [string, (port: number) => string, string])[]) {
  test(`a platform on this machine that names itself ${what} gives out tokens`, async ({ startIdentities, doctor }) => {
    const platform = await startIdentities();
    const { port, close } = await namedOtherwise(platform, nameFor);
    const { stdout, stderr } = await doctor(platform, {
      identities: { requestor: { token: { refreshToken: { token: { env: 'SELF_TEST_TOKEN' } } } } },
      common: { authority: `http://${host}:${port}` },
      environment: { SELF_TEST_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') },
    });
    await close();
    expect(stderr).toBe('');
    expect(stdout).toMatch(/✓ requestor from a refresh token of \S+ for the client/);
    expect(platform.asked).toHaveLength(1);
  });
}

test('a platform that says that it is another one is told so, and gets nothing', async ({
  startIdentities,
  doctor,
}) => {
  const platform = await startIdentities();
  const { port, close } = await namedOtherwise(platform, () => 'http://login.elsewhere.example');
  const { exitCode, stdout, stderr } = await doctor(platform, {
    identities: { requestor: { token: { refreshToken: { token: { env: 'SELF_TEST_TOKEN' } } } } },
    common: { authority: `http://127.0.0.1:${port}` },
    environment: { SELF_TEST_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') },
  });
  await close();
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toBe(
    `target.yaml:1: identities.requestor.token.refreshToken: the platform at http://127.0.0.1:${port} says that it is http://login.elsewhere.example; set authority to that, or have the platform say http://127.0.0.1:${port}\n`,
  );
  expect(platform.asked).toEqual([]);
});

test('the address that is shown is the one that was spoken to', async ({ startIdentities, doctor }) => {
  const platform = await startIdentities();
  const server = createServer((_, response) => response.end('<html>'));
  const authority = `http://127.0.0.1:${await listen(server)}`;
  const { stdout } = await doctor(platform, {
    identities: { requestor: { token: { refreshToken: { token: { env: 'SELF_TEST_TOKEN' } } } } },
    common: { authority },
    environment: { SELF_TEST_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') },
  });
  await end(server);
  expect(stdout).toContain(`GET ${authority}/`);
  expect(stdout).not.toContain('https://127.0.0.1');
});

import path from 'node:path';
import { expect } from '@playwright/test';
import { platformCredential } from '../../../src/arrange/identity/platform.js';
import { PrerequisiteError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { PlatformGrant } from '../../../src/target/token-source.js';
import { deep, many, test, within, type Respond } from '../support/attacks.js';

const token = 'made-up-token-of-the-self-tests.1';

const metadataOf = (origin: string): object => ({
  ...{
    token_endpoint: `${origin}/t/oauth2/v2.0/token`,
    issuer: `${origin}/t/v2.0`,
    authorization_endpoint: `${origin}/t/a`,
  },
  ...{ device_authorization_endpoint: `${origin}/t/oauth2/v2.0/devicecode`, jwks_uri: `${origin}/t/keys` },
});

const platforms: Readonly<Record<string, Respond>> = {
  ...Object.fromEntries(
    [{}, [], null, 7, 'text', '{"a":', JSON.parse(deep(60)) as unknown].map((body) => [
      `${JSON.stringify(body).slice(0, 20)} to everything`,
      () => body ?? 'null',
    ]),
  ),
  'more than it may': () => `{"a":${many('1', 30_000)}}`,
  ...Object.fromEntries(
    [
      null,
      7,
      {},
      [],
      '::',
      '',
      'file:///etc/passwd',
      'https://evil.example/token',
      'http://evil.example/token',
      'http://127.0.0.1@evil.example/token',
    ].flatMap((place) =>
      ['token_endpoint', 'issuer'].map((member): [string, Respond] => [
        `${JSON.stringify(place)} as its ${member}`,
        (url, origin) =>
          url.includes('.well-known') ? { ...metadataOf(origin.replace('http:', 'https:')), [member]: place } : {},
      ]),
    ),
  ),
  ...Object.fromEntries(
    [
      {},
      { access_token: 7 },
      { access_token: '' },
      { access_token: {} },
      { access_token: 'x'.repeat(20_000) },
      { access_token: 'word' },
      { access_token: 'a b\nc' },
      { access_token: token, expires_in: 'x' },
      { access_token: token, expires_in: 1e308 },
      { access_token: token, expires_in: {} },
      { access_token: token, id_token: 'x' },
      { error: {} },
      { error: 'x'.repeat(20_000) },
      ...['scope', 'token_type', 'error_description', 'client_info', 'refresh_token', 'id_token'].flatMap((member) =>
        [5, [], {}, null].map((value) => ({ access_token: token, [member]: value })),
      ),
      { access_token: token, client_info: 'bnVsbA' },
      { access_token: token, client_info: '%%' },
      { access_token: token, refresh_in: -1 },
    ].map((body): [string, Respond] => [
      `the token ${JSON.stringify(body).slice(0, 50)}`,
      (url, origin) =>
        url.includes('.well-known')
          ? metadataOf(origin.replace('http:', 'https:'))
          : { token_type: 'Bearer', expires_in: 3600, ...body },
    ]),
  ),
};

const grant: PlatformGrant = { kind: 'clientCredentials', proof: { secret: { env: 'CANCEL_ATTACK_SECRET' } } };

for (const [what, respond] of Object.entries(platforms)) {
  test(`an identity platform that answers ${what} is trouble of the platform`, async ({ answering }) => {
    const { origin } = await answering(respond);
    process.env['CANCEL_ATTACK_SECRET'] = 'kV8~self-test-secret.Q2';
    const asked = platformCredential(
      {
        authority: origin,
        tenant: 't',
        clientId: '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10',
        scopes: ['https://graph.example/.default'],
        grant,
        where: 'target.yaml:1',
      },
      { persona: 'application', timeoutMs: 2000, neededMs: 0, secrets: new SecretRegistry(), prompt: null },
    );
    const error = await within(() => asked.catch((caught: unknown) => caught));
    // A platform that calls itself by another name is told to the user as what it may be: the wrong authority.
    const isTold =
      error instanceof PrerequisiteError || (error instanceof Error && error.message.includes('says that it is'));
    expect(isTold, String(error)).toBe(true);
    expect(String(error)).not.toContain('self-test-secret');
    expect(String(error).length).toBeLessThan(1000);
  });
}

const code = {
  device_code: 'x'.repeat(40),
  user_code: 'ABCD-EFGH',
  verification_uri: 'https://x.example/d',
  expires_in: 3,
};

for (const [what, body] of [
  ...[1e9, 0, -1, 'abc', '', null, {}, []].map(
    (interval) => [`an interval of ${JSON.stringify(interval)}`, { ...code, interval }] as const,
  ),
  ...Object.keys(code).flatMap((member) =>
    [undefined, null, {}].map((value) => [`${member} ${JSON.stringify(value)}`, { ...code, [member]: value }] as const),
  ),
] as const) {
  test(`a device code with ${what} is trouble of the platform, and nobody is asked to enter it`, async ({
    answering,
    folder,
  }) => {
    let calls = 0;
    const { origin } = await answering((url, at) => {
      if (url.includes('.well-known')) return metadataOf(at.replace('http:', 'https:'));
      calls += 1;
      return url.includes('/devicecode') ? body : { error: 'authorization_pending' };
    });
    const prompted: unknown[] = [];
    const asked = platformCredential(
      {
        authority: origin,
        tenant: 't',
        clientId: '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10',
        scopes: ['https://graph.example/.default'],
        grant: { kind: 'deviceCode', cache: path.join(folder, 'cache.json') },
        where: 'target.yaml:1',
      },
      {
        ...{ persona: 'requestor', timeoutMs: 2000, neededMs: 0, secrets: new SecretRegistry() },
        prompt: (shown) => prompted.push(shown),
      },
    );
    const error = await within(() => asked.catch((caught: unknown) => caught));
    expect(error, String(error)).toBeInstanceOf(PrerequisiteError);
    expect(String(error)).toMatch(/what the platform answers as \w+ is none/);
    expect([calls, prompted]).toEqual([1, []]);
  });
}

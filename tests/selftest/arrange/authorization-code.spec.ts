import { request } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { platformCredential, type Asking } from '../../../src/arrange/identity/platform.js';
import { answerOnLoopback } from '../../../src/arrange/identity/redirect.js';
import { ConfigurationError, PrerequisiteError, StoppedError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { systemClock } from '../../../src/engine/patience.js';
import { expect, publicClient, tenantId, test, type RunningPlatform } from '../support/identity-platform.js';
import { test as attacked } from '../support/attacks.js';

interface Page {
  readonly status: number;
  readonly body: string;
}

/** A call as anybody on this machine can make it. */
async function call(address: string, { method = 'GET', host }: { method?: string; host?: string } = {}): Promise<Page> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method, family: 4, ...(host !== undefined && { headers: { Host: host } }) });
    sent.on('error', reject).on('response', (answer) => {
      void text(answer).then((body) => {
        resolve({ status: answer.statusCode ?? 0, body });
      });
    });
    sent.end();
  });
}

/** The person at the browser: chooses who they are on the platform's page, and is sent on from there. */
async function choose(address: string, persona: string): Promise<string> {
  expect((await fetch(address)).status).toBe(200);
  const sent = await fetch(address, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ persona }) });
  expect(sent.status).toBe(302);
  return sent.headers.get('location') ?? '';
}

/** Where the answer is to come to, and the state that it has to have. */
function expectedBy(address: string): { readonly redirectUri: string; readonly state: string } {
  const { searchParams } = new URL(address);
  return { redirectUri: searchParams.get('redirect_uri') ?? '', state: searchParams.get('state') ?? '' };
}

type Visit = (address: string) => Promise<unknown>;

/** Asks for the requestor's token; `visit` is the person who was shown an address. */
async function signIn(
  { origin }: Pick<RunningPlatform, 'origin'>,
  {
    folder,
    visit,
    more = {},
  }: { readonly folder: string; readonly visit: Visit | null; readonly more?: Partial<Asking> },
): Promise<{ readonly token: string | null; readonly error: Error | null; readonly secrets: SecretRegistry }> {
  const secrets = new SecretRegistry();
  let visited: Promise<unknown> = Promise.resolve();
  const prompt: Asking['prompt'] = (shown) => {
    visited = 'address' in shown && visit !== null ? visit(shown.address) : Promise.resolve();
  };
  try {
    const { token } = await platformCredential(
      {
        authority: origin,
        tenant: tenantId,
        clientId: publicClient,
        scopes: ['https://graph.microsoft.com/EntitlementManagement.ReadWrite.All'],
        grant: { kind: 'authorizationCode', cache: path.join(folder, 'tokens.json') },
        where: 'target.yaml:1',
      },
      { persona: 'requestor', timeoutMs: 5000, neededMs: 0, secrets, prompt: visit && prompt, ...more },
    );
    return { token, error: null, secrets };
  } catch (error) {
    return { token: null, error: error as Error, secrets };
  } finally {
    await visited;
  }
}

test('a code from the browser becomes a token once, and what came of it is kept', async ({
  startIdentities,
  folder,
}) => {
  const platform = await startIdentities();
  const shown: string[] = [];
  const pages: Page[] = [];
  const first = await signIn(platform, {
    folder,
    visit: async (address) => {
      shown.push(address);
      pages.push(await call(await choose(address, 'requestor')));
    },
  });
  expect(first.error).toBeNull();
  const [address = ''] = shown;
  expect(address.startsWith(`${platform.origin}/${tenantId}/oauth2/v2.0/authorize?`)).toBe(true);
  const { searchParams } = new URL(address);
  expect(Object.fromEntries(searchParams)).toMatchObject({
    code_challenge_method: 'S256',
    prompt: 'select_account',
    response_type: 'code',
  });
  expect(searchParams.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+$/);
  expect(searchParams.get('state')?.length).toBeGreaterThan(40);
  expect(pages).toEqual([{ status: 200, body: expect.stringContaining('You may close this window') }]);
  // Code, verifier and tokens are known to the registry; the address that was shown holds none of them.
  for (const secret of platform.secrets) expect(first.secrets.find(secret)).not.toEqual([]);
  expect(platform.secrets.size).toBeGreaterThan(4);
  expect(first.secrets.find(address)).toEqual([]);
  // Nobody listens any longer.
  await expect(call(searchParams.get('redirect_uri') ?? '')).rejects.toThrow(/ECONNREFUSED/);

  const second = await signIn(platform, { folder, visit: null });
  expect(second.token).toBe(first.token);
  expect(platform.asked.map(({ grant }) => grant)).toEqual(['authorization_code']);
});

test('without a person the persona has no token, and the message says what to do', async ({
  startIdentities,
  folder,
}) => {
  const { error } = await signIn(await startIdentities(), { folder, visit: null });
  expect(error).toBeInstanceOf(PrerequisiteError);
  expect(error?.message).toMatch(/nobody has signed in yet; sign in with doctor --sign-in/);
});

const foreign = '<script>alert(1)</script> AADSTS50105: call +1 555 0100';

for (const [what, answer, status, says] of [
  [
    'a person who declines',
    async (address) => choose(address, ''),
    200,
    /the sign-in was declined by .* \(AADSTS65004\)$/,
  ],
  [
    'access_denied with words of others',
    (address) => {
      const { redirectUri, state } = expectedBy(address);
      return `${redirectUri}/?${new URLSearchParams({ error: 'access_denied', error_description: '<b>call</b>', state }).toString()}`;
    },
    200,
    /the sign-in was declined by the person who was asked \(access_denied\)$/,
  ],
  [
    'a refusal that is known by its number',
    (address) => {
      const { redirectUri, state } = expectedBy(address);
      return `${redirectUri}/?${new URLSearchParams({ error: foreign, error_description: foreign, state }).toString()}`;
    },
    200,
    /the person is not assigned to the application .* \(AADSTS50105\)$/,
  ],
  [
    'two codes',
    (address) => {
      const { redirectUri, state } = expectedBy(address);
      return `${redirectUri}/?code=a&code=b&state=${state}`;
    },
    200,
    /refused the token \(status 400\)$/,
  ],
  [
    'a state of another sign-in',
    (address) => `${expectedBy(address).redirectUri}/?code=stolen-code-of-somebody&state=${'x'.repeat(43)}`,
    400,
    /the answer of another sign-in \(its state is not the one that was sent\), and was not used; .* open the address that it shows$/,
  ],
  ['no state', (address) => `${expectedBy(address).redirectUri}/?code=stolen-code-of-somebody`, 400, /another sign-in/],
  [
    'two states',
    (address) => {
      const { redirectUri, state } = expectedBy(address);
      return `${redirectUri}/?code=stolen-code-of-somebody&state=${state}&state=x`;
    },
    400,
    /another sign-in/,
  ],
] as const satisfies readonly (readonly [string, (address: string) => string | Promise<string>, number, RegExp])[]) {
  test(`${what}: the message says so, nothing is redeemed, and the page has no word of others`, async ({
    startIdentities,
    folder,
  }) => {
    const platform = await startIdentities();
    const pages: Page[] = [];
    const { error } = await signIn(platform, {
      folder,
      visit: async (address) => pages.push(await call(await answer(address))),
    });
    expect(error).toBeInstanceOf(PrerequisiteError);
    expect(error?.message).toMatch(says);
    expect(error?.message).not.toMatch(/script|555|<b>|stolen/);
    expect(pages.map((page) => page.status)).toEqual([status]);
    expect(pages[0]?.body).not.toMatch(/script|555|<b>|stolen|AADSTS/);
    expect(platform.asked).toEqual([]);
  });
}

test('what is no answer ends nothing, and gets nothing', async ({ startIdentities, folder }) => {
  const platform = await startIdentities();
  const seen: number[] = [];
  const { error } = await signIn(platform, {
    folder,
    visit: async (address) => {
      const { redirectUri, state } = expectedBy(address);
      const answer = `code=stolen-code-of-somebody&state=${state}`;
      for (const [at, how] of [
        ['/favicon.ico', {}],
        ['/', {}],
        [`/other?${answer}`, {}],
        [`//evil.example/?${answer}`, {}],
        [`/?${answer}`, { method: 'POST' }],
        [`/?${answer}`, { method: 'HEAD' }],
        [`/?${answer}`, { host: 'rebound.example' }],
        [`/?state=${state}`, {}],
      ] as const) {
        seen.push((await call(`${redirectUri}${at}`, how)).status);
      }
      await call(await choose(address, 'requestor'));
    },
  });
  expect(error).toBeNull();
  expect(seen).toEqual(Array.from({ length: 8 }, () => 404));
});

test('a window that is closed is waited for no longer than a person has time', async () => {
  let address = '';
  const answer = await answerOnLoopback({
    invite: ({ redirectUri }) => {
      address = redirectUri;
      return Promise.resolve();
    },
    patienceMs: 20,
    clock: systemClock,
  });
  expect(answer).toEqual({ kind: 'nobody', redirectUri: address });
  await expect(call(address)).rejects.toThrow(/ECONNREFUSED/);
});

test('a sign-in that is waited for ends with what ends the run', async ({ startIdentities, folder }) => {
  const stop = new AbortController();
  const { error } = await signIn(await startIdentities(), {
    folder,
    visit: () => {
      stop.abort('SIGINT');
      return Promise.resolve();
    },
    more: { signal: stop.signal },
  });
  expect(error).toBeInstanceOf(StoppedError);
});

for (const [what, policy, says] of [
  ['blocks it', { blocked: true }, /a Conditional Access policy of the tenant blocks it; .* \(AADSTS53003\)/],
  ['has not consented', { withoutConsent: true }, /nobody has consented .* \(AADSTS65001\)/],
] as const) {
  test(`a tenant that ${what} is told as such`, async ({ startIdentities, folder }) => {
    const platform = await startIdentities();
    Object.assign(platform.policy, policy);
    const visit: Visit = async (address) => call(await choose(address, 'requestor'));
    expect((await signIn(platform, { folder, visit })).error?.message).toMatch(says);
  });
}

attacked('people are sent to no other place than the target file names', async ({ answering, folder }) => {
  const { origin } = await answering((_, at) => {
    const base = `${at.replace('http:', 'https:')}/t`;
    return {
      ...{ token_endpoint: `${base}/token`, issuer: `${base}/v2.0`, jwks_uri: `${base}/keys` },
      ...{ authorization_endpoint: 'https://login.evil.example/authorize', end_session_endpoint: `${base}/out` },
    };
  });
  const shown: string[] = [];
  const { error } = await signIn(
    { origin },
    {
      folder,
      visit: (address) => {
        shown.push(address);
        return Promise.resolve();
      },
    },
  );
  expect(error instanceof PrerequisiteError || error instanceof ConfigurationError).toBe(true);
  expect(error?.message).toContain('people are sent to');
  expect(shown).toEqual([]);
});

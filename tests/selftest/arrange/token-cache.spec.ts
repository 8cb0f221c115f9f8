import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TokenCacheContext } from '@azure/msal-node';
import { TokenCache } from '../../../src/arrange/identity/cache.js';
import { platformCredential } from '../../../src/arrange/identity/platform.js';
import { bounds } from '../../../src/engine/bounds.js';
import { ConfigurationError, PrerequisiteError } from '../../../src/engine/errors.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { Clock } from '../../../src/engine/patience.js';
import { startFakeClock } from '../support/fake-clock.js';
import { expect, publicClient, test } from '../support/identity-platform.js';

const format = 'cancel-conformance-tokens/1';
const authority = 'http://127.0.0.1:1';
const [tenant, clientId] = ['a-tenant', 'a-client'];
/** Under which name the part of the persona below is kept. */
const key = `requestor ${authority}/${tenant} ${clientId}`;

/** What the library says when it has something to keep. */
const changed = (state: string): TokenCacheContext =>
  ({ cacheHasChanged: true, tokenCache: { serialize: () => state } }) as unknown as TokenCacheContext;

/** Keeps something in a cache of the folder. */
async function keep(folder: string, clock: Clock, state = '{"AccessToken":{}}'): Promise<void> {
  const cache = new TokenCache({ file: path.join(folder, 'cache.json'), key, register: () => undefined, clock });
  await cache.afterCacheAccess(changed(state));
}

const lockOf = (folder: string): string => path.join(folder, 'cache.json.lock');

/** What may stand where the lock has to be, and is none. */
const noLocks: Readonly<Record<string, (lock: string) => void>> = {
  'a folder': (lock) => {
    mkdirSync(lock);
  },
  'a folder with something in it': (lock) => mkdirSync(path.join(lock, 'x'), { recursive: true }),
  'a link to nothing': (lock) => {
    symlinkSync('/nonexistent', lock);
  },
  'a link to a file': (lock) => {
    symlinkSync('/etc/passwd', lock);
  },
};

for (const [what, make] of Object.entries(noLocks)) {
  test(`${what} in the place of the lock is named, and nobody waits for it`, async ({ folder }) => {
    const { clock, waits } = startFakeClock();
    make(lockOf(folder));
    const kept = keep(folder, clock);
    await expect(kept).rejects.toThrow(ConfigurationError);
    await expect(kept).rejects.toThrow(
      /cache\.json\.lock: a (?:folder|symbolic link), where the lock .*; remove it, or/,
    );
    expect(waits).toEqual([]);
  });
}

test('a lock from the future counts from when it was first seen', async ({ folder }) => {
  const { clock, waits } = startFakeClock();
  writeFileSync(lockOf(folder), '1');
  utimesSync(lockOf(folder), 4_102_444_800, 4_102_444_800);
  await keep(folder, clock);
  const waited = waits.reduce((sum, ms) => sum + ms, 0);
  expect(waited).toBeGreaterThanOrEqual(10_000);
  expect(waited).toBeLessThan(11_000);
  expect(existsSync(lockOf(folder))).toBe(false);
  expect(JSON.parse(readFileSync(path.join(folder, 'cache.json'), 'utf8'))).toMatchObject({ parts: { [key]: {} } });
});

test('others who hold the lock one after the other are waited for within a bound', async ({ folder }) => {
  const { clock, waits } = startFakeClock();
  const other = (): void => {
    rmSync(lockOf(folder), { force: true });
    writeFileSync(lockOf(folder), '1');
    // Each in another file, whatever the system makes of its number.
    utimesSync(lockOf(folder), Date.now() / 1000, 4_102_444_800 + waits.length);
  };
  other();
  const busy: Clock = {
    nowMs: () => clock.nowMs(),
    pause: async (ms) => {
      await clock.pause(ms);
      other();
    },
    signal: clock.signal,
  };
  const kept = keep(folder, busy);
  await expect(kept).rejects.toThrow(PrerequisiteError);
  await expect(kept).rejects.toThrow(/cache\.json\.lock: other processes have held this lock for 30 s.*; try again/);
  expect(waits.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(31_000);
  expect(existsSync(lockOf(folder))).toBe(true);
});

const account = {
  ...{ home_account_id: 'o.t', environment: '127.0.0.1:1', realm: 't', local_account_id: 'o', username: 'u' },
  authority_type: 'MSSTS',
};

/** Parts that no run keeps. */
const noParts: Readonly<Record<string, unknown>> = {
  'a number': 5,
  'a list': [],
  'a token that is null': { AccessToken: { x: null } },
  'tokens that are a number': { AccessToken: 5 },
  'tokens that are a list': { RefreshToken: [{}] },
  'tokens that are null': { IdToken: null },
  'a secret that is an object': { RefreshToken: { x: { secret: {} } } },
  'an account that is null': { Account: { x: null } },
  'accounts that are texts': { Account: ['x'] },
  'an account whose id is a number': { Account: { x: { ...account, home_account_id: 5 } } },
  'profiles that are no list': { Account: { x: { ...account, tenantProfiles: {} } } },
  'profiles of all kinds': { Account: { x: { ...account, tenantProfiles: ['x', 5, null] } } },
  'a profile that is null in JSON': { Account: { x: { ...account, tenantProfiles: ['null'] } } },
  'a profile that is nested deep': { Account: { x: { ...account, tenantProfiles: ['['.repeat(100_000)] } } },
  'metadata that is null': { AppMetadata: { x: null } },
  'an entry of a name that every object has': { AccessToken: { hasOwnProperty: {} } },
};

const open = (folder: string): TokenCache =>
  new TokenCache({ file: path.join(folder, 'cache.json'), key, register: () => undefined });

for (const [what, part] of Object.entries(noParts)) {
  test(`a cache with ${what} is none, whosever part it is`, ({ folder }) => {
    const file = path.join(folder, 'cache.json');
    for (const name of [key, 'other', '__proto__']) {
      writeFileSync(file, `{"format":"${format}","parts":{${JSON.stringify(name)}:${JSON.stringify(part)}}}`, {
        mode: 0o600,
      });
      expect(() => open(folder), name).toThrow(
        new ConfigurationError(`${file}: is no token cache of this suite; name another file, or remove it`),
      );
    }
  });
}

test('a cache of more than anybody keeps is refused before it is made', ({ folder }) => {
  const file = path.join(folder, 'cache.json');
  const { values, bytes, levels } = bounds.tokenCache;
  const holds = (content: string): void => {
    writeFileSync(file, `{"format":"${format}","parts":{"other":{"x":${content}}}}`, { mode: 0o600 });
  };
  holds(`[${'{},'.repeat(values / 3)}{}]`);
  expect(() => open(folder)).not.toThrow();
  const refusals: Readonly<Record<string, RegExp>> = {
    [`[${'{},'.repeat(values)}{}]`]: /has more than 20,000 values, and is no token cache of this suite; name another/,
    [`${'['.repeat(levels)}${']'.repeat(levels)}`]:
      /is nested deeper than 10 levels, and is no token cache of this suite/,
    [`"${'x'.repeat(bytes)}"`]:
      /larger than 4 MiB, .*; it is no token cache of this suite; name another file, or remove/,
  };
  for (const [content, words] of Object.entries(refusals)) {
    holds(content);
    expect(() => open(folder)).toThrow(words);
  }
});

test('nothing is kept that could not be read again', async ({ folder }) => {
  const { clock } = startFakeClock();
  const unnamed = keep(folder, clock, JSON.stringify({ Account: { x: { ...account, realm: 5 } } }));
  await expect(unnamed).rejects.toThrow(PrerequisiteError);
  const large = keep(folder, clock, JSON.stringify({ x: 'x'.repeat(bounds.tokenCache.bytes) }));
  await expect(large).rejects.toThrow(/holds so many tokens that no more can be kept there; name another file/);
  expect(existsSync(path.join(folder, 'cache.json'))).toBe(false);
  expect(existsSync(lockOf(folder))).toBe(false);
});

/** What only the library can tell, by its own words: nobody is asked, for nobody listens there. */
const unreadable: Readonly<Record<string, object>> = {
  'an id token that is none': {
    Account: {
      'o.t-127.0.0.1:1-t': { ...account, tenantProfiles: ['{"tenantId":"t","localAccountId":"o"}'] },
    },
    IdToken: {
      [`o.t-127.0.0.1:1-idtoken-${clientId}-t---`]: {
        ...{ home_account_id: 'o.t', environment: '127.0.0.1:1', realm: 't', client_id: clientId, secret: 'x' },
        credential_type: 'IdToken',
      },
    },
  },
};

for (const [what, part] of Object.entries(unreadable)) {
  test(`a cache at which the library fails, as at ${what}, is none`, async ({ folder }) => {
    const cache = path.join(folder, 'cache.json');
    writeFileSync(cache, JSON.stringify({ format, parts: { [key]: part } }), { mode: 0o600 });
    const grant = { kind: 'deviceCode', cache } as const;
    const token = {
      authority,
      tenant,
      clientId,
      scopes: ['https://graph.microsoft.com/.default'],
      grant,
      where: 'x:1',
    };
    const asking = {
      persona: 'requestor',
      timeoutMs: 1000,
      neededMs: 1000,
      secrets: new SecretRegistry(),
      prompt: null,
    };
    await expect(platformCredential(token, asking)).rejects.toThrow(
      new ConfigurationError(`${cache}: is no token cache of this suite; name another file, or remove it`),
    );
  });
}

test('a command that takes a token from a cache ends with exit code 2 where the cache or its lock is none', async ({
  startIdentities,
  doctor,
  folder,
}) => {
  const platform = await startIdentities();
  const [cache, lock] = ['tokens.json', 'tokens.json.lock'].map((name) => path.join(folder, name));
  const token = { refreshToken: { token: { env: 'SELF_TEST_REFRESH_TOKEN' } } };
  const ended = async (): Promise<unknown> => {
    const environment = { SELF_TEST_REFRESH_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') };
    return doctor(platform, { identities: { requestor: { token } }, environment });
  };
  mkdirSync(lock ?? '');
  expect(await ended()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /^\S+tokens\.json\.lock: a folder, where the lock of the token cache has to be; .*\n$/,
    ),
  });
  rmSync(lock ?? '', { recursive: true });
  writeFileSync(cache ?? '', `{"format":"${format}","parts":{"other":{"AccessToken":{"x":null}}}}`, { mode: 0o600 });
  expect(await ended()).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /^\S+tokens\.json: is no token cache of this suite; name another file, or remove it\n$/,
    ),
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { platformCredential } from '../../../src/arrange/identity/platform.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import type { Credential } from '../../../src/engine/perform/provider.js';
import { expect, publicClient, tenantId, test, type RunningPlatform } from '../support/identity-platform.js';

const hourMs = 3_600_000;

/** Gets the requestor's token; one that is to last longer than any does is renewed each time. */
function tokenOf(platform: RunningPlatform, folder: string, refreshToken: string): Promise<Credential> {
  process.env['SELF_TEST_ROTATING_TOKEN'] = refreshToken;
  return platformCredential(
    {
      authority: platform.origin,
      tenant: tenantId,
      clientId: publicClient,
      scopes: ['https://graph.microsoft.com/EntitlementManagement.ReadWrite.All'],
      grant: {
        kind: 'refreshToken',
        token: { env: 'SELF_TEST_ROTATING_TOKEN' },
        cache: path.join(folder, 'tokens.json'),
      },
      where: 'target.yaml',
    },
    { persona: 'requestor', timeoutMs: 10_000, neededMs: 2 * hourMs, secrets: new SecretRegistry(), prompt: null },
  );
}

test('where a refresh token is good for one use, renewals at once do not end the sign-in', async ({
  startIdentities,
  folder,
}) => {
  const platform = await startIdentities();
  platform.policy.rotating = true;
  const first = platform.issueRefreshToken(publicClient, 'requestor');
  const tokens = [(await tokenOf(platform, folder, first)).token];
  for (let round = 0; round < 3; round += 1) {
    const both = await Promise.all([tokenOf(platform, folder, first), tokenOf(platform, folder, first)]);
    tokens.push(...both.map(({ token }) => token));
  }
  expect(new Set(tokens).size).toBe(tokens.length);
  // One that was refused is none that is kept.
  const used = platform.asked.map(({ refreshToken }) => refreshToken ?? '');
  expect(used.length).toBeGreaterThan(new Set(used).size);
  const kept = readFileSync(path.join(folder, 'tokens.json'), 'utf8');
  expect(used.filter((token) => kept.includes(token))).toEqual([]);
});

test('where a sign-in was revoked, no successor comes, and that is said', async ({ startIdentities, folder }) => {
  const platform = await startIdentities();
  const first = platform.issueRefreshToken(publicClient, 'requestor');
  await tokenOf(platform, folder, first);
  platform.endRefreshTokens('revoked');
  await expect(tokenOf(platform, folder, first)).rejects.toThrow(/AADSTS70008/);
});

import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli, writeTarget, type CliExit } from './cli.js';
import {
  clientSecret,
  commonSettings,
  confidentialClient,
  expect,
  publicClient,
  test,
  type RunningPlatform,
} from './identity-platform.js';

const refreshToken = { token: { env: 'SELF_TEST_REFRESH_TOKEN' } };

test.describe('doctor gets tokens', () => {
  test('by a refresh token, which it keeps for its owner alone and then renews from there', async ({
    startIdentities,
    serve,
    folder,
  }) => {
    const platform = await startIdentities();
    const { baseUrl } = await serve();
    const file = writeTarget(folder, {
      baseUrl,
      requests: { provider: 'control' },
      identityPlatform: commonSettings(platform),
      identities: { requestor: { token: { refreshToken } } },
    });
    const environment = { SELF_TEST_REFRESH_TOKEN: platform.issueRefreshToken(publicClient, 'requestor') };
    const first = await runCli(['doctor', '--target', file], { cwd: folder, environment });
    console.log(first.stdout, first.stderr);
    expect(first.exitCode).toBe(3);
    expect(statSync(path.join(folder, 'tokens.json')).mode & 0o777).toBe(0o600);
    console.log(readFileSync(path.join(folder, 'tokens.json'), 'utf8').slice(0, 600));
  });
});

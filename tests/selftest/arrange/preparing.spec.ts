import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { approved, tenantId } from '../support/live-tenant.js';
import { closedPort } from '../support/middleman.js';

test('nothing is prepared without the token of whoever is to own it, and what is missing is told', async ({
  folder,
}) => {
  const file = writeTarget(folder, {
    baseUrl: `http://127.0.0.1:${await closedPort()}/beta`,
    identities: { requestor: { token: { env: 'TOKEN_THAT_NOBODY_SETS' } } },
    requests: { provider: 'graph', tenant: tenantId },
  });
  const { exitCode, stderr } = await runCli(['prepare', ...approved, '--target', file], { cwd: folder });
  expect(stderr).toBe(
    'Nothing was prepared: no token for the persona requestor: the environment variable TOKEN_THAT_NOBODY_SETS is not set\n',
  );
  expect(exitCode).toBe(3);
});

import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, type AddressInfo } from 'node:net';
import path from 'node:path';
import { createServer } from 'node:tls';
import { issuedBy } from '../support/certificates.js';
import { expect, runCli, runSuite, spawnCli, test, verdictsOf, writeTarget, type FinishedRun } from '../support/cli.js';
import { filesBelow, ours, secret } from '../support/gateway.js';
import { tenantId } from '../support/live-tenant.js';
import { startProxy } from '../support/proxy.js';
import { platformIdentities, signInAll, tenantSecret } from '../support/tenant-sign-in.js';

/** Speaks TLS for a server that does not. @returns its port */
async function secureFront(to: string, hosts: readonly string[]): Promise<{ port: number; close: () => void }> {
  const server = createServer(issuedBy(ours, { hosts }), (socket) => {
    const behind = connect(Number(new URL(to).port), '127.0.0.1');
    for (const [one, other] of [
      [socket, behind],
      [behind, socket],
    ] as const) {
      one
        .on('error', () => other.destroy())
        .on('close', () => other.destroy())
        .pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test('a tenant and its platform that a proxy alone reaches are judged as without it, and no secret gets out', async ({
  serve,
  folder,
}) => {
  const names = ['tenant.test', 'login.test'];
  const { origin } = await serve(['--tenant', '--delays', '50', ...names.flatMap((name) => ['--host', name])], {
    CANCEL_TENANT_SECRET: tenantSecret,
  });
  const front = await secureFront(origin, names);
  const proxy = await startProxy();
  writeFileSync(path.join(folder, 'ca.pem'), ours.cert);
  const settled = { settleMs: 2000, requests: { provider: 'graph', tenant: tenantId, callsPerSecond: 500 } };
  const carry = async (name: string, more: object, environment: Record<string, string>): Promise<FinishedRun> => {
    const cwd = path.join(folder, name);
    mkdirSync(cwd);
    const file = writeTarget(cwd, { ...settled, ...more });
    const asked = ['--target', file, '--area', 'RESP'];
    const { stdout } = await runCli(['plan', '--json', ...asked], { cwd, environment });
    const { hash } = JSON.parse(stdout) as { readonly hash: string };
    return runSuite([...asked, '--approve', hash], { cwd, environment }, spawnCli);
  };
  const [tenantAt, loginAt] = names.map((name) => `https://${name}:${front.port}`);
  const tokens = await signInAll(origin);
  const behind = await carry(
    'behind',
    { baseUrl: `${tenantAt}/beta`, ...platformIdentities(loginAt ?? '') },
    {
      ...tokens,
      HTTPS_PROXY: `http://user:${secret.proxy}@${proxy.host}`,
      NODE_EXTRA_CA_CERTS: path.join(folder, 'ca.pem'),
    },
  );
  const without = await carry(
    'without',
    { baseUrl: `${origin}/beta`, ...platformIdentities(origin) },
    await signInAll(origin),
  );
  front.close();
  await proxy.close();

  expect(behind.report.totals.must, behind.stdout + behind.stderr).toMatchObject({ failed: 0, passed: 6 });
  expect(verdictsOf(behind.report)).toEqual(verdictsOf(without.report));
  expect(behind.exitCode).toBe(without.exitCode);
  expect(new Set(proxy.asked.map(({ authority }) => authority))).toEqual(
    new Set(names.map((name) => `${name}:${front.port}`)),
  );
  expect(proxy.passedOn).toEqual([]);
  expect(behind.report.target.configuration['proxy']).toBe(
    `http://${proxy.host} to ${tenantAt}; http://${proxy.host} to ${loginAt}`,
  );
  const hidden = [...Object.values(tokens), secret.proxy, Buffer.from(`user:${secret.proxy}`).toString('base64')];
  // What the platform gave is kept where the target file says, for its user alone.
  const files = filesBelow(path.join(folder, 'behind')).filter(([name]) => name !== 'tokens.json');
  expect(files.length).toBeGreaterThan(5);
  for (const [name, text] of [...files, ['printed', behind.stdout + behind.stderr] as const]) {
    expect(
      hidden.filter((one) => text.includes(one)),
      name,
    ).toEqual([]);
    expect(text, name).not.toMatch(/eyJ[\w-]{20,}\.[\w-]{20,}\./);
  }
});

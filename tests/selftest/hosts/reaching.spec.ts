import { existsSync } from 'node:fs';
import path from 'node:path';
import { issuedBy } from '../support/certificates.js';
import { expect, runCli, runSuite, test, writeTarget } from '../support/cli.js';
import {
  environment,
  filesBelow,
  gateway,
  headers,
  hidden,
  ours,
  secret,
  server,
  targetOf,
  tls,
  writeMaterial,
} from '../support/gateway.js';
import { closedPort, startMiddleman } from '../support/middleman.js';
import { notUp } from '../support/mistakes/targets.js';
import { startProxy } from '../support/proxy.js';

for (const { what, decide, certified, more = {}, proxied = false } of [
  { what: 'a gateway', decide: gateway, more: { headers } },
  {
    what: 'mutual TLS',
    certified: { ...issuedBy(ours, { hosts: ['localhost'] }), host: 'localhost', ca: ours.cert },
    more: { tls },
  },
  { what: 'a proxy', certified: server, more: { tls: { ca: 'ca.pem' } }, proxied: true },
] satisfies readonly {
  readonly what: string;
  readonly decide?: typeof gateway;
  readonly certified?: NonNullable<Parameters<typeof startMiddleman>[1]>['certified'];
  readonly more?: object;
  readonly proxied?: boolean;
}[]) {
  test(`behind ${what} is judged as without, and not without what it asks for`, async ({ folder }) => {
    writeMaterial(folder);
    const proxy = await startProxy();
    const middleman = await startMiddleman(decide ?? (() => 'pass'), certified && { certified });
    const variables = { ...environment, ...(proxied ? { HTTPS_PROXY: proxy.host } : {}) };
    const carry = (members: object, own: typeof variables): ReturnType<typeof runSuite> =>
      runSuite(['--target', targetOf(middleman, folder, members), '--area', 'RESP'], { cwd: folder, environment: own });
    const behind = (await carry(more, variables)).report;
    const without = (await carry({}, environment)).report;
    await middleman.close();
    await proxy.close();
    const told = ({ totals }: typeof behind): object => ({ failed: totals.must.failed, passed: totals.must.passed });
    expect(told(behind)).toEqual({ failed: 0, passed: 6 });
    expect(told(without)).toEqual({ failed: 0, passed: 0 });
    expect(without.run.exitCode).toBe(3);
    expect(proxy.asked.length > 0).toBe(proxied);
  });
}

test('doctor waits, too, and takes no answer of a gateway in the place of a target for one', async ({ folder }) => {
  let count = 0;
  const middleman = await startMiddleman(() => {
    count += 1;
    return count < 3 ? { status: 503, body: 'not yet' } : 'pass';
  });
  const file = targetOf(middleman, folder, { gatewayStatuses: [503] });
  const { exitCode, stderr, stdout } = await runCli(['doctor', '--target', file, '--wait', '60'], { cwd: folder });
  await middleman.close();
  expect(exitCode, stdout).toBe(0);
  expect(count).toBeGreaterThan(3);
  // Where no terminal is nobody watches.
  expect(stderr).toBe('');
});

for (const [name, ...rest] of [['run', '--out', 'report'], ['doctor']]) {
  test(`${name ?? ''} says in three lines that a target did not come up, and begins nothing`, async ({ folder }) => {
    const address = `http://127.0.0.1:${await closedPort()}`;
    const args = [name ?? '', ...rest, '--target', address, '--wait', '1'];
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: notUp.code, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `${address}/beta${notUp.says.slice(1)}`,
      expect.stringMatching(/^At last: .*ECONNREFUSED/),
      'Is it being started, and is the address right? Give it longer with --wait, or look at it with doctor.',
      '',
    ]);
    expect(existsSync(path.join(folder, 'report', 'report.json'))).toBe(false);
  });
}

test('a proxy that wants credentials leaves the run incomplete, and the report says that it is the proxy', async ({
  folder,
}) => {
  const proxy = await startProxy(() => 407);
  const file = writeTarget(folder, { baseUrl: 'https://target.test/beta', requests: { provider: 'control' } });
  const HTTPS_PROXY = `http://user:${secret.proxy}@${proxy.host}`;
  const run = await runSuite(['--target', file, '--area', 'RESP'], { cwd: folder, environment: { HTTPS_PROXY } });
  const doctor = await runCli(['doctor', '--target', file], { cwd: folder, environment: { HTTPS_PROXY } });
  await proxy.close();
  expect([run.exitCode, doctor.exitCode]).toEqual([3, 3]);
  expect(run.report.run.explanation).toContain(`the proxy http://${proxy.host} does not take the credentials`);
  expect(doctor.stdout).toContain(`proxy              http://${proxy.host} to https://target.test`);
  for (const [name, text] of [...filesBelow(run.out), ['printed', run.stdout + doctor.stdout] as const]) {
    expect(
      hidden.filter((one) => text.includes(one)),
      name,
    ).toEqual([]);
  }
});

test('the embedded target goes through no proxy, and is not waited for', async ({ folder }) => {
  const nowhere = `http://127.0.0.1:${await closedPort()}`;
  const variables = { HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, ALL_PROXY: nowhere };
  const { report } = await runSuite(['--area', 'RESP', '--wait', '1'], { cwd: folder, environment: variables });
  expect(report.totals.must).toMatchObject({ failed: 0, passed: 6 });
  expect(report.basis).not.toHaveProperty('between');
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createServer } from 'node:https';
import { expect, runSuite, spawnCli, test, verdictsOf, writeTarget, type FinishedRun } from '../support/cli.js';
import { selfSigned } from '../support/hostile-certificate.js';
import { messageTo, settings, ways } from '../support/loopback-peer.js';
import { end, listen, startMiddleman, type Middleman } from '../support/middleman.js';

/** A peer over TLS, and how many requests came to it. */
interface TlsPeer extends Middleman {
  readonly arrived: () => number;
}

async function startTlsPeer(host = selfSigned.host): Promise<TlsPeer> {
  let count = 0;
  const middleman = await startMiddleman(
    () => {
      count += 1;
      return 'pass';
    },
    { certified: { ...selfSigned, host } },
  );
  return { ...middleman, arrived: () => count };
}

/** Runs the suite in a process that trusts the certificate as a user would have it do. */
function runTrusting(args: readonly string[], folder: string): Promise<FinishedRun> {
  const file = path.join(folder, 'issuer.pem');
  writeFileSync(file, selfSigned.cert);
  return runSuite(args, { cwd: folder, environment: { NODE_EXTRA_CA_CERTS: file } }, spawnCli);
}

for (const { what, host, carry, told, remedy } of [
  {
    what: 'is self-signed',
    host: 'localhost',
    carry: (args, folder) => runSuite(args, { cwd: folder }),
    told: /self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    remedy: 'NODE_EXTRA_CA_CERTS',
  },
  {
    what: 'is made out to another name',
    host: '127.0.0.1',
    carry: runTrusting,
    told: /made out to another name \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    remedy: 'valid for the host in its URL',
  },
] satisfies readonly { readonly carry: typeof runTrusting; readonly [name: string]: unknown }[]) {
  test(`is incomplete for a certificate that ${what}, and says what to do`, async ({ folder }) => {
    const peer = await startTlsPeer(host);
    const { exitCode, report, stdout } = await carry(['--target', writeTarget(folder, peer.target)], folder);
    await peer.close();
    expect(exitCode).toBe(3);
    expect(report.totals.must.failed).toBe(0);
    expect(report.run.explanation).toMatch(told);
    expect(report.run.explanation).toContain(remedy);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('certificate of the target does not verify');
    expect(peer.arrived()).toBe(0);
  });
}

test('tells over https with a certificate that verifies what it tells without', async ({ folder, embeddedRun }) => {
  const peer = await startTlsPeer();
  const target = writeTarget(folder, { ...peer.target, timeoutMs: 10_000 });
  const { report, stderr } = await runTrusting(['--target', target, '--area', 'RESP'], folder);
  await peer.close();
  const verdicts = verdictsOf(embeddedRun.report);
  expect(report.checks.filter(({ id, verdict }) => verdict !== verdicts[id])).toEqual([]);
  expect(report.totals.must.passed).toBeGreaterThan(0);
  // What follows a 204 was looked at, too.
  expect(report.exchanges.some(({ response }) => response?.strayBytes === 0)).toBe(true);
  expect(stderr).not.toContain('Warning');
});

for (const [way, send] of ways) {
  test(`sends nothing over ${way} to a peer whose certificate does not verify`, async () => {
    let bytes = 0;
    const server = createServer(selfSigned);
    server.on('secureConnection', (socket: TLSSocket) => {
      socket.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
    });
    server.on('tlsClientError', () => undefined);
    const origin = `https://localhost:${await listen(server)}`;
    const { response, noAnswer, request } = await send(messageTo(origin), settings());
    await end(server);
    expect({ response, bytes, method: request.method }).toEqual({ response: null, bytes: 0, method: 'POST' });
    expect(noAnswer?.reason).toBe('unreachable');
    expect(noAnswer?.message).toMatch(/certificate of the target does not verify.*NODE_EXTRA_CA_CERTS/);
  });
}

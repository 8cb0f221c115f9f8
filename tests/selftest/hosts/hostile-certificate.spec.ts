import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createServer } from 'node:https';
import { expect } from '@playwright/test';
import { writeTarget } from '../support/cli.js';
import { selfSigned } from '../support/hostile-certificate.js';
import { boundMs, measured, mostMiB, test } from '../support/hostile-run.js';
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

/** Trusts the certificate as a user would. */
function trusting(folder: string): Readonly<Record<string, string>> {
  const file = path.join(folder, 'issuer.pem');
  writeFileSync(file, selfSigned.cert);
  return { NODE_EXTRA_CA_CERTS: file };
}

for (const { what, host, trust, told, remedy } of [
  {
    what: 'is self-signed',
    host: 'localhost',
    trust: () => ({}),
    told: /self-signed \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    remedy: 'NODE_EXTRA_CA_CERTS',
  },
  {
    what: 'is made out to another name',
    host: '127.0.0.1',
    trust: trusting,
    told: /made out to another name \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    remedy: 'valid for the host in its URL',
  },
]) {
  test(`is incomplete for a certificate that ${what}, and says what to do`, async ({ folder }) => {
    const peer = await startTlsPeer(host);
    const environment = trust(folder);
    const run = await measured(['--target', writeTarget(folder, peer.target)], { folder, environment });
    await peer.close();
    expect(run.exitCode).toBe(3);
    expect(run.report.totals.must.failed).toBe(0);
    expect(run.report.run.explanation).toMatch(told);
    expect(run.report.run.explanation).toContain(remedy);
    expect(run.stdout).toContain('certificate of the target does not verify');
    expect(peer.arrived()).toBe(0);
    expect(run.durationMs).toBeLessThan(boundMs(0));
    expect(run.took.peakMiB).toBeLessThan(mostMiB);
  });
}

test('conforms over https with a certificate that verifies', async ({ folder }) => {
  const peer = await startTlsPeer();
  const target = { ...peer.target, timeoutMs: 10_000 };
  const run = await measured(['--target', writeTarget(folder, target)], { folder, environment: trusting(folder) });
  await peer.close();
  expect({ exitCode: run.exitCode, explanation: run.report.run.explanation }).toMatchObject({ exitCode: 0 });
  // What follows a 204 was looked at, too.
  expect(run.report.exchanges.some(({ response }) => response?.strayBytes === 0)).toBe(true);
  expect(run.stderr).not.toContain('Warning');
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

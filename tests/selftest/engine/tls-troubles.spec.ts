import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { expect } from '@playwright/test';
import { JsonClient } from '../../../src/arrange/json-client.js';
import { tlsTrouble } from '../../../src/engine/evidence/trouble.js';
import { exchange } from '../../../src/engine/exchange/client.js';
import type { TlsMaterial } from '../../../src/engine/exchange/reach.js';
import { authority, issuedBy, type Certified } from '../support/certificates.js';
import { closing, messageTo, settings, test } from '../support/loopback-peer.js';
import { end, listen } from '../support/middleman.js';

const trusted = authority('an authority of ours');
const unknown = authority('an authority of somebody');
const forLocalhost = { hosts: ['localhost', '127.0.0.1'] };
const good = issuedBy(trusted, forLocalhost);

/** A server that answers 204 to whoever gets through. */
const secure = (certified: Certified, options: ServerOptions = {}): Server =>
  createServer({ cert: certified.cert, key: certified.key, ...options }, (_, response) => response.writeHead(204).end())
    // What the other side finds wrong is told there.
    .on('tlsClientError', () => undefined);

const asking: ServerOptions = { requestCert: true, rejectUnauthorized: true, ca: trusted.cert };
const ofOurs: TlsMaterial = { ca: trusted.cert };
const showing = ({ cert, key }: Certified): TlsMaterial => ({ ...ofOurs, cert, key });

interface Row {
  readonly what: string;
  readonly server: () => Server;
  readonly scheme?: 'http';
  readonly tls?: TlsMaterial;
  readonly told: RegExp;
}

const rows: readonly Row[] = [
  {
    what: 'speaks plain http',
    server: () => createPlainServer((_, response) => response.writeHead(204).end()),
    told: /^the target does not speak TLS there: if it speaks plain http, write http:\/\//,
  },
  {
    what: 'asks for a client certificate and gets none',
    server: () => secure(good, asking),
    told: /^the target asks for a client certificate: set tls\.cert and tls\.key/,
  },
  {
    what: 'asks for one over TLS 1.2',
    server: () => secure(good, { ...asking, maxVersion: 'TLSv1.2' }),
    told: /^the target ended the handshake: it asks for a client certificate \(tls\.cert and tls\.key/,
  },
  {
    what: 'speaks an old TLS only',
    server: () => secure(good, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }),
    told: /^the target speaks no version of TLS that is known here/,
  },
  {
    what: 'has a certificate of an authority that is not known',
    server: () => secure(issuedBy(unknown, forLocalhost)),
    told: /its issuer is not known here \(\w+\), so nothing was sent; set tls\.ca in the target file .* NODE_EXTRA_CA_CERTS$/,
  },
  {
    what: 'has a certificate that has expired',
    server: () => secure(issuedBy(trusted, { ...forLocalhost, years: [2000, 2001] })),
    told: /does not verify: it has expired \(CERT_HAS_EXPIRED\)/,
  },
  {
    what: 'has a certificate that is not valid yet',
    server: () => secure(issuedBy(trusted, { ...forLocalhost, years: [2048, 2049] })),
    told: /does not verify: it is not valid yet \(CERT_NOT_YET_VALID\)/,
  },
  {
    what: 'has a certificate for another name',
    server: () => secure(issuedBy(trusted, { hosts: ['elsewhere.test'] })),
    told: /made out to another name \(ERR_TLS_CERT_ALTNAME_INVALID\).*; give the target a certificate that is valid for the host/,
  },
];

for (const { what, server: start, scheme = 'https', tls = ofOurs, told } of rows) {
  test(`says in the same words each time that the target ${what}`, async () => {
    const server = start();
    const origin = `${scheme}://localhost:${await listen(server)}`;
    const reach = { headers: [], tls };
    const own = settings();
    const seen: string[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { response, noAnswer } = await exchange(messageTo(origin), { ...own, reach });
      expect(response).toBeNull();
      expect(noAnswer?.reason).toBe('unreachable');
      seen.push(noAnswer?.message ?? '');
    }
    expect(new Set(seen).size, seen.join('\n')).toBe(1);
    expect(seen[0]).toMatch(told);
    expect(seen[0]).not.toMatch(/[\dA-F]{8}:/);
    // The arranging side says the same.
    const client = new JsonClient({
      url: origin,
      bearer: null,
      hint: '',
      reach,
      timeoutMs: 5000,
      secrets: own.secrets,
    });
    await expect(client.call('GET', '/')).rejects.toThrow(seen[0] ?? '');
    client.close();
    await end(server);
  });
}

test('says that the target speaks TLS where plain http was sent, when it answers with an alert', async ({ peer }) => {
  // Fatal, protocol_version: as servers of OpenSSL answer what is none of theirs.
  const { origin } = await peer(closing(Buffer.from([0x15, 0x03, 0x01, 0, 2, 2, 70])));
  const { noAnswer } = await exchange(messageTo(origin), settings());
  const message = 'the target speaks TLS there: write https:// in its address';
  expect(noAnswer).toEqual({ reason: 'unreachable', message });
  const client = new JsonClient({ url: origin, bearer: null, hint: '', timeoutMs: 5000, secrets: settings().secrets });
  await expect(client.call('PUT', '/', {})).rejects.toThrow(message);
  client.close();
});

test('shows its certificate to whoever asks, and resumes no session of another one', async () => {
  const server = secure(good, asking);
  const seen: unknown[] = [];
  server.on('secureConnection', (socket: TLSSocket) => {
    seen.push([socket.getPeerCertificate().subject.CN, socket.isSessionReused()]);
  });
  const origin = `https://localhost:${await listen(server)}`;
  const [one, another] = ['one', 'another'].map((name) => showing(issuedBy(trusted, { name })));
  for (const tls of [one, one, another]) {
    const { response, noAnswer } = await exchange(messageTo(origin), {
      ...settings(),
      reach: { headers: [], tls: tls ?? {} },
    });
    expect(noAnswer).toBeNull();
    expect(response?.status).toBe(204);
  }
  await end(server);
  expect(seen).toEqual([
    ['one', false],
    ['one', true],
    ['another', false],
  ]);
});

for (const { code, message = '', told } of [
  { code: 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', told: /does not take the client certificate/ },
  { code: 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', told: /does not take the client certificate/ },
  { code: 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', told: /does not take the client certificate/ },
  { code: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', told: /asks for a client certificate/ },
  { code: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME', told: /has no certificate for the host/ },
  {
    code: 'EPROTO',
    message:
      'write EPROTO 80B25D0A7F7F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../s3.c:354:',
    told: /does not speak TLS there/,
  },
  { code: 'ERR_SSL_SOMETHING_NEW', told: /came to no agreement over TLS \(something new\)/ },
] satisfies readonly { readonly code: string; readonly message?: string; readonly told: RegExp }[]) {
  test(`puts ${code} into words, however the library calls it`, () => {
    const words = tlsTrouble(Object.assign(new Error(message), { code })) ?? '';
    expect(words).toMatch(told);
    expect(words).not.toMatch(/error:|[\dA-F]{8}/);
  });
}

test('takes no other trouble of the network for one of TLS', () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'HPE_INVALID_CONSTANT', '']) {
    expect(tlsTrouble(Object.assign(new Error('read failed'), { code }))).toBeNull();
  }
});

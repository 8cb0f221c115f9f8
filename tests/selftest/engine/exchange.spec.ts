import { wireOver } from '../../../src/engine/exchange/tap.js';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTcpServer, Socket, type AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import type { Exchange, HeaderPair } from '../../../src/engine/evidence/records.js';
import { exchange } from '../../../src/engine/exchange/client.js';
import { barrierFor } from '../../../src/engine/exchange/message.js';
import { closing, messageTo, settings, staying, tapped, test, token, ways } from '../support/loopback-peer.js';

const noContent = 'HTTP/1.1 204 No Content\r\nrequest-id: r-1\r\n\r\n';

/** The bytes that the evidence says were sent. */
function bytesOf({ method, requestTarget, headers, body }: Exchange['request']): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${method} ${requestTarget} HTTP/1.1\r\n${lines}\r\n${body?.text ?? ''}`;
}

test('requests at one moment stand open together, and end together', async () => {
  const seen: string[] = [];
  const server = createServer((incoming, response) => {
    seen.push('head');
    incoming.resume().on('end', () => {
      seen.push('end');
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const barrier = barrierFor(3);
  const sent = Array.from({ length: 3 }, () =>
    exchange(messageTo(origin, { body: Buffer.from('{"id":"1"}') }), { ...settings(), barrier: barrier() }),
  );
  const answers = await Promise.all(sent);
  server.close();
  expect(answers.map(({ response }) => response?.status)).toEqual([204, 204, 204]);
  expect(answers.map(({ request }) => request.body?.text)).toEqual(Array.from({ length: 3 }, () => '{"id":"1"}'));
  expect(seen).toEqual(['head', 'head', 'head', 'end', 'end', 'end']);
});

test('a body in chunks is sent in two, and kept in the evidence as what they hold', async () => {
  const read: string[] = [];
  const server = createServer((incoming, response) => {
    read.push(incoming.headers['transfer-encoding'] ?? '', incoming.headers['content-length'] ?? 'no length');
    incoming.setEncoding('utf8').on('data', (chunk: string) => read.push(chunk));
    incoming.on('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const message = messageTo(origin, { body: Buffer.from('{"id":"1","x":"é"}'), framing: 'chunked' });
  const { request, response } = await exchange(message, settings());
  server.close();
  expect(response?.status).toBe(204);
  expect(read.slice(0, 2)).toEqual(['chunked', 'no length']);
  expect(read.slice(2).join('')).toBe('{"id":"1","x":"é"}');
  expect(request.body?.text).toBe('{"id":"1","x":"é"}');
});

for (const [way, send] of ways) {
  test.describe(`over ${way}`, () => {
    test('the bytes recorded are the bytes received', async ({ peer }) => {
      const server = await peer(closing(noContent));
      const requestTarget = '/beta/a%2Fb/../c%20d/cancel?x=%C3%A4&y';
      const headers: readonly HeaderPair[] = [
        ['User-Agent', 'a/1'],
        ['X-Empty', ''],
        ['x-twice', '1'],
        ['X-Twice', '2'],
        ['content-type', 'application/json'],
      ];
      const message = messageTo(server.origin, { requestTarget, headers, body: Buffer.from('{"id":"ä €"}') });
      const { request } = await send(message, settings());
      expect(server.received.map((bytes) => bytes.toString('utf8'))).toEqual([bytesOf(request)]);
      expect(request.url).toBe(server.origin + requestTarget);
      expect(request.headers).toEqual(expect.arrayContaining(headers.filter(([name]) => name !== 'X-Empty')));
    });

    for (const method of ['GET', 'HEAD', 'DELETE', 'POST']) {
      test(`${method} without a body sends none, and says so`, async ({ peer }) => {
        const server = await peer(closing('HTTP/1.1 405 Not Allowed\r\nAllow: POST\r\nContent-Length: 0\r\n\r\n'));
        const { request, response } = await send(messageTo(server.origin, { method, body: null }), settings());
        expect(server.received.map(String)).toEqual([bytesOf(request)]);
        expect(request.body?.bytes ?? 0).toBe(0);
        expect(response?.status).toBe(405);
      });
    }

    test('what the server of the platform reads is what was recorded', async () => {
      const server = createServer((incoming, response) => {
        incoming.resume();
        incoming.on('end', () => response.writeHead(204).end());
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const asked = once(server, 'request') as Promise<[IncomingMessage]>;
      const { request, response } = await send(messageTo(origin), settings());
      const [incoming] = await asked;
      server.close();
      expect(response?.status).toBe(204);
      expect(incoming.rawHeaders).toEqual(request.headers.flat());
      expect([incoming.method, incoming.url]).toEqual([request.method, request.requestTarget]);
    });

    test('header names keep their casing, their order and their repetitions', async ({ peer }) => {
      const lines = ['WWW-Authenticate: Bearer', 'www-authenticate: Basic', 'X-ODD:  spaced  ', 'Content-Length: 0'];
      const server = await peer(closing(`HTTP/1.1 401 No\r\n${lines.join('\r\n')}\r\n\r\n`));
      const { response } = await send(messageTo(server.origin), settings());
      expect(response?.headers).toEqual([
        ['WWW-Authenticate', 'Bearer'],
        ['www-authenticate', 'Basic'],
        ['X-ODD', 'spaced'],
        ['Content-Length', '0'],
      ]);
    });

    for (const status of [301, 302, 303, 307, 308]) {
      test(`a redirect with ${status} is an answer and is not followed`, async ({ peer }) => {
        const second = await peer(closing(noContent));
        const head = `HTTP/1.1 ${status} Elsewhere\r\nLocation: ${second.origin}/there\r\nContent-Length: 0\r\n\r\n`;
        const first = await peer(closing(head));
        const { response } = await send(messageTo(first.origin), settings());
        expect(response?.status).toBe(status);
        expect(first.received).toHaveLength(1);
        expect(second.received).toEqual([]);
      });
    }

    test('an answer is decoded from no coding: compressed bytes stay as they came', async ({ peer }) => {
      const bomb = Buffer.from('H4sIAAAAAAAAA0tMTAQA/nRnHwMAAAA=', 'base64');
      const head = `HTTP/1.1 400 No\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
      const server = await peer(closing(Buffer.concat([Buffer.from(head), bomb])));
      const { response } = await send(messageTo(server.origin), settings());
      expect(response?.body).toMatchObject({ encoding: 'base64', bytes: bomb.length, text: bomb.toString('base64') });
    });

    test('nothing that the caller or the answer holds shows a token', async ({ peer }) => {
      const echo = `HTTP/1.1 403 No\r\nX-Echo: Bearer ${token}\r\nContent-Length: ${token.length}\r\n\r\n${token}`;
      const server = await peer(closing(echo));
      const sent = await send(
        messageTo(server.origin, {
          requestTarget: `/x?access_token=${encodeURIComponent(token)}`,
          headers: [['authorization', `Bearer ${token}`]],
          body: Buffer.from(JSON.stringify({ token })),
        }),
        settings(),
      );
      expect(server.received[0]?.toString()).toContain(`authorization: Bearer ${token}`);
      expect(JSON.stringify(sent)).not.toContain(token.split('.')[2]);
      expect(sent.request.requestTarget).toBe('/x?access_token=‹token:requestor›');
      expect(sent.request.headers).toContainEqual(['authorization', 'Bearer ‹token:requestor›']);
      expect(sent.request.body?.text).toBe('{"token":"‹token:requestor›"}');
      expect(sent.response?.body.text).toBe('‹token:requestor›');
      expect(sent.response?.headers).toContainEqual(['X-Echo', 'Bearer ‹token:requestor›']);
    });

    test('a refused connection is no answer', async () => {
      const server = createTcpServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      const sent = await send(messageTo(`http://127.0.0.1:${port}`), settings());
      expect(sent.response).toBeNull();
      expect(sent.noAnswer?.reason).toBe('connection-refused');
      expect(sent.request).toMatchObject({ method: 'POST', requestTarget: '/beta/requests/1/cancel' });
      expect(sent.request.body?.text).toBe('{"id":"1"}');
    });
  });
}

test.describe('content behind a 204', () => {
  for (const [what, answer] of [
    ['in one piece', closing(`${noContent}{"stray":1}`)],
    ['and the connection left open', staying(`${noContent}{"stray":1}`)],
  ] as const) {
    test(`is counted over a tapped connection: ${what}`, async ({ peer }) => {
      const { response } = await tapped(messageTo((await peer(answer)).origin), settings());
      expect(response).toMatchObject({ status: 204, strayBytes: 11, body: { text: '', bytes: 0 } });
    });

    test(`is hidden by the platform, and an exchange says that it did not look: ${what}`, async ({ peer }) => {
      const { response } = await exchange(messageTo((await peer(answer)).origin), settings());
      expect(response).toMatchObject({ status: 204, strayBytes: null, body: { text: '', bytes: 0 } });
    });
  }

  test('is counted when it comes in a segment of its own', async ({ peer }) => {
    const server = await peer((socket) => {
      socket.setNoDelay(true);
      socket.write(noContent, () => setImmediate(() => socket.end('late')));
    });
    const { response } = await tapped(messageTo(server.origin), settings());
    expect(response).toMatchObject({ status: 204, strayBytes: 4 });
  });
});

test('a connection that is kept is listened to by the streams of its calls as long as these last', async () => {
  const socket = new Socket();
  for (let call = 0; call < 12; call += 1) {
    const wire = wireOver(socket);
    const closed = once(wire, 'close');
    wire.destroy();
    await closed;
  }
  expect(['data', 'end', 'close'].map((name) => socket.listenerCount(name))).toEqual(
    ['data', 'end', 'close'].map((name) => new Socket().listenerCount(name)),
  );
});

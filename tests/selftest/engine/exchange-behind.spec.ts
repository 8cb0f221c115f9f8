import { expect } from '@playwright/test';
import { closing, inPieces, messageTo, settings, staying, tapped, test } from '../support/loopback-peer.js';

const ok = 'HTTP/1.1 200 OK\r\n';

/** Far less than any other bound, far more than a busy machine needs to notice that the time is over. */
const patienceMs = 3000;

test.describe('bytes behind a head that nothing may follow', () => {
  const no = 'HTTP/1.1 204 No Content\r\n';
  for (const [what, bytes, strayBytes, status = 204] of [
    ['none', `${no}\r\n`, 0],
    ['some', `${no}\r\nabc`, 3],
    ['an announced length', `${no}Content-Length: 3\r\n\r\nabc`, 3],
    ['a length alone', `${no}Content-Length: 3\r\n\r\n`, 0],
    ['chunks', `${no}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`, 13],
    ['an empty chunked body', `${no}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 5],
    ['another answer', `${no}\r\n${ok}\r\n`, 19],
    ['an end of line', `${no}\r\n\r\n`, 2],
    ['an old version', 'HTTP/1.0 204 No Content\r\n\r\nabc', 3],
    ['a 304', 'HTTP/1.1 304 Same\r\nContent-Length: 3\r\n\r\nabc', 3, 304],
    ['interim answers before', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n${no}\r\nabc`, 3],
    ['ends of lines before', `\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\r\n${no}A: b\r\n\r\nabc`, 3],
  ] as const) {
    for (const [how, answer] of [
      ['closed', closing(bytes)],
      ['left open', staying(bytes)],
      ['one byte at a time', inPieces(Buffer.from(bytes))],
    ] as const) {
      test(`are counted: ${what}, ${how}`, async ({ peer }) => {
        const { response, durationMs } = await tapped(messageTo((await peer(answer)).origin), settings(30_000));
        expect(response).toMatchObject({ status, strayBytes, body: { text: '', bytes: 0, truncated: false } });
        expect(durationMs).toBeLessThan(patienceMs);
      });
    }
  }

  test('are counted even if the connection is reset behind them', async ({ peer }) => {
    const server = await peer((socket) => {
      socket.write(`${no}\r\nabc`, () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    expect((await tapped(messageTo(server.origin), settings())).response?.strayBytes).toBe(3);
  });

  test('are counted in every segment, though the platform takes the first one for no HTTP', async ({ peer }) => {
    const server = await peer((socket) => {
      socket.setNoDelay(true);
      socket.write(`${no}\r\nabc`, () => setTimeout(() => socket.end('defgh'), 20));
    });
    expect((await tapped(messageTo(server.origin), settings())).response?.strayBytes).toBe(8);
  });

  test('are waited for a moment only, and the peer is left', async ({ peer }) => {
    const server = await peer((socket) => {
      socket.write(`${no}\r\n`);
      const drip = setInterval(() => socket.write('x'), 10);
      socket.on('close', () => {
        clearInterval(drip);
      });
    });
    const { response, durationMs } = await tapped(messageTo(server.origin), settings(30_000));
    await server.left;
    expect(response?.strayBytes).toBeGreaterThan(0);
    expect(durationMs).toBeLessThan(patienceMs);
  });

  test('are not told when the run was ended before any came: some might have', async ({ peer }) => {
    const run = new AbortController();
    const server = await peer((socket) => {
      socket.write(`${no}\r\n`, () =>
        setTimeout(() => {
          run.abort();
        }, 20),
      );
    });
    const { response } = await tapped(messageTo(server.origin), { ...settings(30_000), signal: run.signal });
    expect(response).toMatchObject({ status: 204, strayBytes: null });
  });

  test('are not asked for behind any other status', async ({ peer }) => {
    const server = await peer(closing(`${ok}Content-Length: 2\r\n\r\n{}abc`));
    const { response } = await tapped(messageTo(server.origin), settings());
    expect(response).toMatchObject({ status: 200, strayBytes: null, body: { text: '{}' } });
  });
});

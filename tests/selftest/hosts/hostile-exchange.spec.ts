import { expect } from '@playwright/test';
import { captureBody, captureCapBytes } from '../../../src/engine/exchange/capture.js';
import { headCapBytes, headCapLines, transferCapBytes } from '../../../src/engine/exchange/message.js';
import { writeEndlessly } from '../support/hostile-answers.js';
import { closing, messageTo, settings, tapped, test, ways } from '../support/loopback-peer.js';

const ok = 'HTTP/1.1 200 OK\r\n';
const empty = `${ok}Content-Length: 0\r\n`;

for (const [way, send] of ways) {
  test.describe(`over ${way}`, () => {
    for (const [what, headers] of [
      ['a header as long as a head may be', `X-Long: ${'x'.repeat(headCapBytes)}\r\n`],
      ['one line more than a head may have', 'a: b\r\n'.repeat(headCapLines)],
    ] as const) {
      test(`${what} is no answer, and says why`, async ({ peer }) => {
        const server = await peer(closing(`${empty}${headers}\r\n`));
        const { response, noAnswer } = await send(messageTo(server.origin), settings());
        expect(response).toBeNull();
        expect(noAnswer).toEqual({
          reason: 'protocol-error',
          message: 'the head of the answer is larger than 32 KiB or has more than 500 lines',
        });
      });
    }

    test('as many header lines as a head may have are all kept', async ({ peer }) => {
      const server = await peer(closing(`${empty}${'a: b\r\n'.repeat(headCapLines - 1)}\r\n`));
      const { response } = await send(messageTo(server.origin), settings());
      expect(response?.headers).toHaveLength(headCapLines);
    });

    for (const [what, pieces] of [
      ['in one piece', ['HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\n\r\n', `${empty}\r\n`]],
      ['cut within its first line', ['HTTP/1', '.1 1', '00 Continue\r\nX: y\r\n\r', '\nHTT', `P${empty.slice(4)}\r\n`]],
    ] as const) {
      test(`an interim answer ${what} is passed over`, async ({ peer }) => {
        const server = await peer((socket) => {
          socket.setNoDelay(true);
          const next = (at: number): void => {
            if (at === pieces.length) socket.end();
            else socket.write(pieces[at] ?? '', () => setImmediate(next, at + 1));
          };
          next(0);
        });
        expect((await send(messageTo(server.origin), settings())).response?.status).toBe(200);
      });
    }

    for (const [what, head, unit] of [
      ['announced', `${ok}Content-Length: 99999999999\r\n\r\n`, 'x'],
      ['chunked', `${ok}Transfer-Encoding: chunked\r\n\r\n`, `fff\r\n${'x'.repeat(4095)}\r\n`],
    ] as const) {
      test(`of an ${what} body without end the beginning is kept`, async ({ peer }) => {
        const server = await peer((socket) => {
          writeEndlessly(socket, head, unit);
        });
        const { response } = await send(messageTo(server.origin), settings(30_000));
        await server.left;
        expect(response).toMatchObject({ status: 200, body: { truncated: true, text: 'x'.repeat(captureCapBytes) } });
        expect(response?.body.bytes).toBeGreaterThan(transferCapBytes / 2);
      });
    }
  });
}

test('content without end behind a 204 is counted up to the cap', async ({ peer }) => {
  const server = await peer((socket) => {
    writeEndlessly(socket, 'HTTP/1.1 204 No Content\r\n\r\n');
  });
  const { response } = await tapped(messageTo(server.origin), settings(30_000));
  await server.left;
  expect(response).toMatchObject({ status: 204, body: { bytes: 0, truncated: false } });
  expect(response?.strayBytes).toBeGreaterThan(transferCapBytes);
  expect(response?.strayBytes).toBeLessThan(2 * transferCapBytes);
});

test('no interim answers are so many that bytes behind a 204 are miscounted', async ({ peer }) => {
  const interim = `HTTP/1.1 103 Hints\r\nLink: ${'x'.repeat(99)}\r\n\r\n`.repeat(5000);
  const server = await peer(closing(`${interim}HTTP/1.1 204 No Content\r\n\r\nabc`));
  const { response } = await tapped(messageTo(server.origin), settings());
  expect(response).toMatchObject({ status: 204, strayBytes: 3 });
});

for (const [what, character] of [
  ['control characters', '\u0000'],
  ['reordering characters', '\u202e'],
  ['emoji', '\u{1f600}'],
  ['ends of lines', '\n'],
] as const) {
  test(`a body of ${what} takes no more room in a report than any other, and loses no half`, () => {
    const bytes = Buffer.from(character.repeat(captureCapBytes + 1));
    const { text, truncated } = captureBody(bytes, settings().secrets);
    expect(truncated).toBe(true);
    expect(text.length % character.length).toBe(0);
    const escaped = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (found) => (found === '\n' ? found : '\\u0000'));
    expect(Buffer.byteLength(escaped)).toBeLessThanOrEqual(captureCapBytes);
    expect(Buffer.byteLength(escaped)).toBeGreaterThan(captureCapBytes - 10);
  });
}

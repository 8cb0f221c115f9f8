import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { expect } from '@playwright/test';
import type { NoAnswerReason } from '../../../src/engine/evidence/records.js';
import { captureCapBytes } from '../../../src/engine/exchange/capture.js';
import { transferCapBytes } from '../../../src/engine/exchange/message.js';
import {
  closing,
  inPieces,
  messageTo,
  settings,
  staying,
  test,
  token,
  ways,
  type Answer,
} from '../support/loopback-peer.js';

const ok = 'HTTP/1.1 200 OK\r\n';
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`;
const withLength = (body: string | Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${ok}Content-Length: ${body.length}\r\n\r\n`), Buffer.from(body)]);

interface Framing {
  readonly what: string;
  readonly answer: Answer;
  readonly body: string;
  readonly status?: number;
}

/** Answers in every framing of RFC 9112 section 6, each with what must be read of it. */
const framings: readonly Framing[] = [
  { what: 'a length', answer: closing(withLength('{"a":1}')), body: '{"a":1}' },
  { what: 'a length, and the connection left open', answer: staying(withLength('{"a":1}')), body: '{"a":1}' },
  { what: 'Content-Length: 0', answer: closing(withLength('')), body: '' },
  { what: 'Content-Length: 0, and the connection left open', answer: staying(withLength('')), body: '' },
  { what: 'an empty chunked body', answer: closing(`${chunked}0\r\n\r\n`), body: '' },
  { what: 'an empty chunked body, and the connection left open', answer: staying(`${chunked}0\r\n\r\n`), body: '' },
  { what: 'chunks', answer: closing(`${chunked}3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n`), body: 'abc0123456789' },
  { what: 'chunks and a trailer', answer: staying(`${chunked}3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n`), body: 'abc' },
  { what: 'the end of the connection', answer: closing(`${ok}\r\nuntil the end`), body: 'until the end' },
  { what: 'the end of the connection and no content', answer: closing(`${ok}\r\n`), body: '' },
  { what: 'HTTP/1.0', answer: closing('HTTP/1.0 200 OK\r\n\r\nold'), body: 'old' },
  { what: 'HTTP/1.0 with a length', answer: staying('HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nold'), body: 'old' },
  {
    what: 'an interim answer before it',
    answer: closing(`HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n${ok}\r\nx`),
    body: 'x',
  },
  { what: '304 without content', answer: staying('HTTP/1.1 304 Same\r\nETag: "x"\r\n\r\n'), body: '', status: 304 },
  { what: '204 without a length', answer: staying('HTTP/1.1 204 No Content\r\n\r\n'), body: '', status: 204 },
  { what: 'one byte at a time', answer: inPieces(withLength('{"a":1}')), body: '{"a":1}' },
  { what: 'chunks, one byte at a time', answer: inPieces(Buffer.from(`${chunked}3\r\nabc\r\n0\r\n\r\n`)), body: 'abc' },
];

interface Silence {
  readonly what: string;
  readonly answer: Answer;
  readonly reason: NoAnswerReason;
}

const silences: readonly Silence[] = [
  { what: 'closes at once', answer: closing(''), reason: 'connection-closed' },
  { what: 'closes within the head', answer: closing(`${ok}Content-Le`), reason: 'connection-closed' },
  {
    what: 'closes within announced content',
    answer: closing(`${ok}Content-Length: 9\r\n\r\n{`),
    reason: 'connection-closed',
  },
  { what: 'closes within a chunk', answer: closing(`${chunked}9\r\nabc`), reason: 'connection-closed' },
  { what: 'resets the connection', answer: (socket) => socket.resetAndDestroy(), reason: 'connection-closed' },
  { what: 'says nothing', answer: () => undefined, reason: 'timeout' },
  { what: 'stops within the head', answer: staying(`${ok}X-A: `), reason: 'timeout' },
  { what: 'stops within announced content', answer: staying(`${ok}Content-Length: 9\r\n\r\n{`), reason: 'timeout' },
  { what: 'never ends content without a length', answer: staying(`${ok}\r\nabc`), reason: 'timeout' },
  { what: 'drips for ever', answer: dripping, reason: 'timeout' },
  { what: 'does not speak HTTP', answer: closing('SSH-2.0-x\r\n\r\n'), reason: 'protocol-error' },
];

const timeoutMs = 250;
/** Far less than any other bound, far more than a busy machine needs to notice that the time is over. */
const patienceMs = 3000;

for (const [way, send] of ways) {
  test.describe(`over ${way}`, () => {
    for (const { what, answer, body, status = 200 } of framings) {
      test(`reads an answer with ${what}`, async ({ peer }) => {
        const { response, noAnswer, durationMs } = await send(messageTo((await peer(answer)).origin), settings(30_000));
        expect(noAnswer).toBeNull();
        expect(response?.status).toBe(status);
        expect(response?.body).toEqual({ text: body, encoding: 'utf8', bytes: body.length, truncated: false });
        expect(durationMs).toBeLessThan(patienceMs);
      });
    }

    for (const { what, answer, reason } of silences) {
      test(`tells ${reason} of a peer that ${what}`, async ({ peer }) => {
        const sent = await send(messageTo((await peer(answer)).origin), settings(timeoutMs));
        expect(sent.response).toBeNull();
        expect(sent.noAnswer?.reason).toBe(reason);
        expect(sent.durationMs).toBeLessThan(timeoutMs + patienceMs);
      });
    }

    test('leaves a peer that never answers', async ({ peer }) => {
      const server = await peer(() => undefined);
      await send(messageTo(server.origin), settings(timeoutMs));
      await server.left;
      expect(server.received).toHaveLength(1);
    });

    test('an endless body is capped, and the peer is left', async ({ peer }) => {
      const server = await peer(endless(`${ok}\r\n`));
      const { response, durationMs } = await send(messageTo(server.origin), settings(30_000));
      await server.left;
      expect(response?.body.truncated).toBe(true);
      expect(response?.body.bytes).toBeGreaterThan(transferCapBytes);
      expect(response?.body.bytes).toBeLessThan(2 * transferCapBytes);
      expect(response?.body.text).toHaveLength(captureCapBytes);
      expect(durationMs).toBeLessThan(patienceMs);
    });

    for (const [what, head] of [
      ['head', `${ok}X-Long: `],
      ['chunked body', chunked],
      ['announced body', `${ok}Content-Length: 99999999999\r\n\r\n`],
    ] as const) {
      test(`an endless ${what} ends in time, and the peer is left`, async ({ peer }) => {
        const server = await peer(endless(head, what === 'chunked body' ? 'fff\r\n' + 'x'.repeat(4095) + '\r\n' : 'x'));
        const { durationMs } = await send(messageTo(server.origin), settings(30_000));
        await server.left;
        expect(durationMs).toBeLessThan(patienceMs);
      });
    }

    test('no half of a secret is left where an endless body was cut', async ({ peer }) => {
      const secret = randomBytes(401).toString('base64url');
      const own = settings();
      own.secrets.register(secret, 'token:long');
      const server = await peer(endless(`${ok}\r\n`, `${secret} `));
      const { response } = await send(messageTo(server.origin), own);
      expect(response?.body.truncated).toBe(true);
      expect(response?.body.text).toMatch(/^(?:‹token:long› )+$/);
    });

    test('endless interim answers end in time, and the peer is left', async ({ peer }) => {
      const server = await peer(endless('', 'HTTP/1.1 102\r\n\r\n'));
      const { response, durationMs } = await send(messageTo(server.origin), settings(timeoutMs));
      await server.left;
      expect(response).toBeNull();
      expect(durationMs).toBeLessThan(timeoutMs + patienceMs);
    });

    test('invalid UTF-8 is captured as base64 without a token in it', async ({ peer }) => {
      const bytes = Buffer.concat([Buffer.from([0xff, 0xc3, 0x28]), Buffer.from(`${token} end`)]);
      const { response } = await send(messageTo((await peer(closing(withLength(bytes)))).origin), settings());
      expect(response?.body).toMatchObject({ encoding: 'base64', bytes: bytes.length, truncated: false });
      const captured = Buffer.from(response?.body.text ?? '', 'base64').toString('latin1');
      expect(captured).toBe('\xff\xc3(|token:requestor| end');
    });

    for (const [what, lead] of [
      ['text', 'x'],
      ['broken bytes', '\xff'],
    ] as const) {
      test(`secrets are replaced before ${what} is cut at the capture cap`, async ({ peer }) => {
        const text = lead.repeat(captureCapBytes - token.length / 2) + token + lead.repeat(99);
        const answer = closing(withLength(Buffer.from(text, 'latin1')));
        const { response } = await send(messageTo((await peer(answer)).origin), settings());
        expect(response?.body.truncated).toBe(true);
        expect(response?.body.bytes).toBe(text.length);
        const captured = Buffer.from(response?.body.text ?? '', what === 'text' ? 'utf8' : 'base64').toString('latin1');
        expect(captured).toContain('token:requestor');
        expect(captured).not.toContain(token.slice(0, 8));
      });
    }
  });
}

for (const [way, send] of ways) {
  test.describe(`what is no HTTP, over ${way}`, () => {
    test('reads the answer behind 100 Continue', async ({ peer }) => {
      const server = await peer(closing(`HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 0\r\n\r\n`));
      expect((await send(messageTo(server.origin), settings())).response?.status).toBe(200);
    });

    test('a whole answer counts even if the connection is reset behind it', async ({ peer }) => {
      const server = await peer((socket) => {
        socket.write(withLength('{}'), () => setImmediate(() => socket.resetAndDestroy()));
      });
      expect((await send(messageTo(server.origin), settings())).response?.body.text).toBe('{}');
    });

    test('a length with a sign is none, and what has it is no answer', async ({ peer }) => {
      const server = await peer(closing(`${ok}Content-Length: -5\r\n\r\n{}`));
      const { noAnswer } = await send(messageTo(server.origin), settings());
      expect(noAnswer?.reason).toBe('protocol-error');
    });

    for (const size of ['-6', '-1', '+3', '0x3', '', 'zz', '3 3', '1e999']) {
      test(`the chunk size "${size}" is no answer and ends in time`, async ({ peer }) => {
        const server = await peer(closing(`${chunked}${size}\r\nabc\r\n0\r\n\r\n`));
        const sent = await send(messageTo(server.origin), settings(timeoutMs));
        expect(sent.response).toBeNull();
        expect(sent.durationMs).toBeLessThan(timeoutMs + patienceMs);
      });
    }
  });

  test.describe(`a run that is ended, over ${way}`, () => {
    const ended = { reason: 'timeout', message: 'the run was ended before an answer came' };

    test('ends a call in flight at once, and leaves the peer', async ({ peer }) => {
      const run = new AbortController();
      const server = await peer(() => {
        run.abort();
      });
      const { response, noAnswer, request, durationMs } = await send(messageTo(server.origin), {
        ...settings(30_000),
        signal: run.signal,
      });
      await server.left;
      expect({ response, noAnswer, sent: request.body?.text }).toEqual({
        response: null,
        noAnswer: ended,
        sent: '{"id":"1"}',
      });
      expect(durationMs).toBeLessThan(patienceMs);
    });

    test('sends nothing', async ({ peer }) => {
      const server = await peer(closing(`${ok}\r\n`));
      const { noAnswer } = await send(messageTo(server.origin), { ...settings(), signal: AbortSignal.abort() });
      expect(noAnswer).toEqual(ended);
      expect(server.received).toEqual([]);
    });
  });
}

function dripping(socket: Socket): void {
  socket.write(ok);
  const drip = setInterval(() => socket.write('X-A: b\r\n'), 20);
  socket.on('close', () => {
    clearInterval(drip);
  });
}

/** Writes as fast as the other side reads, until it leaves. */
function endless(head: string, unit = 'x'): Answer {
  const block = unit.repeat(Math.ceil((64 * 1024) / unit.length));
  return (socket) => {
    const more = (): void => {
      while (socket.writable && socket.write(block));
    };
    socket.write(head);
    socket.on('drain', more);
    more();
  };
}

import { expect } from '@playwright/test';
import { KeptConnection } from '../../../src/engine/exchange/kept-connection.js';
import { overOneConnection } from '../../../src/engine/perform/opening.js';
import { messageTo, settings, tapped, test, type Answer } from '../support/loopback-peer.js';

const refused = 'HTTP/1.1 401 Unauthorized\r\n';
const none = 'HTTP/1.1 204 No Content\r\n\r\n';
const stray = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n';

/** Answers the first call with one text, and whatever comes then with another one. */
const inTurn =
  (first: string, then: string | null): Answer =>
  (socket) => {
    socket.once('data', () => {
      if (then === null) socket.resetAndDestroy();
      else socket.write(then);
    });
    socket.write(first);
  };

interface Row {
  readonly what: string;
  readonly answer: Answer;
  /** Status of the answer to the second call, or why there is none. */
  readonly second: number | string;
}

const rows: readonly Row[] = [
  { what: 'a length', answer: inTurn(`${refused}Content-Length: 2\r\n\r\n{}`, none), second: 204 },
  {
    what: 'chunks',
    answer: inTurn(`${refused}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`, none),
    second: 204,
  },
  { what: 'no content', answer: inTurn(none, none), second: 204 },
  {
    what: 'a length, and a second answer',
    answer: inTurn(`${refused}Content-Length: 2\r\n\r\n{}${stray}`, none),
    second: 400,
  },
  {
    what: 'chunks, and a second answer',
    answer: inTurn(`${refused}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n${stray}`, none),
    second: 400,
  },
  { what: 'no content, and a second answer', answer: inTurn(none + stray, none), second: 400 },
  {
    what: 'an interim answer, a length, and a second answer',
    answer: inTurn(`HTTP/1.1 103 Hints\r\n\r\n${refused}Content-Length: 0\r\n\r\n${stray}`, none),
    second: 400,
  },
  {
    what: 'chunks that hold what looks like their end',
    answer: inTurn(`${refused}Transfer-Encoding: chunked\r\n\r\n7\r\n0\r\n\r\n{}\r\n0\r\n\r\n`, none),
    second: 204,
  },
  {
    what: 'chunks, a trailer, and a second answer',
    answer: inTurn(`${refused}Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nX-Sum: 1\r\n\r\n${stray}`, none),
    second: 400,
  },
  // Whoever says that nothing is to follow need not have hung up yet.
  {
    what: 'the word that it is the last',
    answer: inTurn(`${refused}Connection: close\r\nContent-Length: 0\r\n\r\n`, none),
    second: 'connection-closed',
  },
  {
    what: 'an older version',
    answer: inTurn('HTTP/1.0 401 Unauthorized\r\nContent-Length: 0\r\n\r\n', none),
    second: 'connection-closed',
  },
  {
    what: 'the end of the connection',
    answer: (socket) => socket.end(`${refused}Content-Length: 0\r\n\r\n`),
    second: 'connection-closed',
  },
  {
    what: 'no more than that',
    answer: inTurn(`${refused}Content-Length: 0\r\n\r\n`, null),
    second: 'connection-closed',
  },
];

for (const { what, answer, second } of rows) {
  test(`a call over a connection whose first answer came with ${what} gets ${second}`, async ({ peer }) => {
    const { origin, received } = await peer(answer);
    const [opening, call] = await overOneConnection(messageTo(origin), () => messageTo(origin), settings());
    expect(opening?.role).toBe('opening');
    expect(opening?.response?.status).toBeGreaterThan(200);
    expect(call?.response?.status ?? call?.noAnswer?.reason).toBe(second);
    expect(received).toHaveLength(1);
    expect(received[0]?.toString('latin1')).toContain('connection: keep-alive');
  });
}

test('an opening without an answer is a missing prerequisite', async ({ peer }) => {
  const { origin } = await peer((socket) => socket.destroy());
  await expect(overOneConnection(messageTo(origin), () => messageTo(origin), settings())).rejects.toThrow(
    /the call before it got no answer/,
  );
});

test('a connection is left as it was by each of the calls that go over it', async ({ peer }) => {
  const { origin } = await peer((socket) => {
    socket.write(none);
    socket.on('data', () => socket.write(none));
  });
  const connection = new KeptConnection();
  const listeners: number[] = [];
  for (let call = 0; call < 12; call++) {
    const { response } = await tapped({ ...messageTo(origin), keeps: true }, { ...settings(), connection });
    expect(response?.status).toBe(204);
    const { socket } = connection;
    listeners.push(
      ['data', 'end', 'close', 'error'].reduce((sum, name) => sum + (socket?.listenerCount(name) ?? 0), 0),
    );
  }
  connection.end();
  expect(new Set(listeners.slice(1))).toEqual(new Set([listeners[0]]));
});

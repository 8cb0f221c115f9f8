import { gzipSync } from 'node:zlib';
import {
  bytesOf,
  changing,
  drip,
  eachHeader,
  headOf,
  withBody,
  withErrorMember,
  withErrorTexts,
  without,
  writeEndlessly,
  writing,
  writingAll,
} from './hostile-answers.js';
import type { HostilePeer } from './hostile-run.js';
import type { Answered } from './middleman.js';

/** Markup that acts as soon as any renderer forgets to escape, and asks the other origin for something. */
export const markupFor = (origin: string): string =>
  `'"]]></title></style></script><script>window.pwned=1;fetch('${origin}/f')</script><img src=${origin}/i onerror=window.pwned=1>`;

const inner = (text: string): string => JSON.stringify(text);

/** A value 10,000 levels deep, as JSON. */
export const nested = (open: string, close: string): string => open.repeat(10_000) + '1' + close.repeat(10_000);
const adding =
  (...headers: readonly string[]) =>
  (answer: Answered): Answered => ({ ...answer, headers: [...answer.headers, ...headers] });

const conformantBecause = 'the contract leaves open what its texts, further members and further headers hold';

/** Peers that do what the contract says, and as much harm as it lets them. */
const correctPeers: readonly HostilePeer[] = [
  {
    what: 'script in every text of every refusal and in headers',
    isShown: true,
    isWhole: true,
    because: conformantBecause,
    hostility: (other) => {
      const markup = markupFor(other);
      const hostile = adding('X-Hostile', markup, 'Refresh', `0; url=${other}`, 'Link', `<${other}/l>; rel=preload`);
      return changing({ refusals: (answer) => hostile(withErrorTexts(answer, markup)), successes: hostile });
    },
    exitCode: 0,
  },
  {
    what: 'control and ANSI characters in every text, and C1 controls in headers',
    isShown: true,
    because: conformantBecause,
    hostility: () => {
      const acting = '\u0000\u0007\u0008\u001b[2J\u001b]8;;http://x\u0007\r\n\u0085\u2028\u202e\ufeff\uffff';
      const hostile = adding('X-Hostile', 'a\u009b2J\u0085b');
      return writing({
        refusals: (socket, answer) => socket.end(bytesOf(hostile(withErrorTexts(answer, acting)))),
        successes: (socket, answer) => socket.end(bytesOf(hostile(answer))),
      });
    },
    exitCode: 0,
  },
  {
    what: 'lone surrogates in every text',
    isShown: true,
    because: conformantBecause,
    hostility: () =>
      changing({ refusals: (answer) => withErrorTexts(answer, 'lone \ud800 and \udc00 and \udfff\ud800') }),
    exitCode: 0,
  },
  {
    what: 'an error body with arrays nested 10,000 deep',
    because: conformantBecause,
    hostility: () => changing({ refusals: (answer) => withErrorMember(answer, nested('[', ']')) }),
    exitCode: 0,
  },
  {
    what: 'an error body with objects nested 10,000 deep',
    because: conformantBecause,
    hostility: () => changing({ refusals: (answer) => withErrorMember(answer, nested('{"":', '}')) }),
    exitCode: 0,
  },
  {
    what: 'every header twice',
    because: 'who repeats a header with the same value has said nothing else; the length is left single',
    hostility: () =>
      writingAll((socket, answer) => {
        const twice = eachHeader(answer.headers, (name, value) =>
          /^content-length$/i.test(name) ? [name, value] : [name, value, name.toUpperCase(), value],
        );
        socket.end(bytesOf({ ...answer, headers: twice }));
      }),
    exitCode: 0,
  },
  {
    what: 'answers of HTTP/1.0',
    because: 'a client takes the answers of an older minor version (RFC 9110 section 2.5)',
    hostility: () => writingAll((socket, answer) => socket.end(bytesOf(answer, 'HTTP/1.0'))),
    exitCode: 0,
  },
  {
    what: 'interim answers that nobody asked for, 100 Continue among them',
    because: 'a client has to bear them (RFC 9110 section 15.2)',
    hostility: () =>
      writingAll((socket, answer) => {
        socket.write('HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n');
        socket.write('HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n', () => socket.end(bytesOf(answer)));
      }),
    exitCode: 0,
  },
  {
    what: 'connections that it closes on its side only',
    because: 'the answer is whole, and both sides close in their own time',
    hostility: () => writingAll((socket, answer) => socket.end(bytesOf(answer))),
    exitCode: 0,
  },
  {
    what: 'refusals that are longer than announced',
    because: 'the announced length ends the message (RFC 9112 section 6.3), and the error in it is whole',
    hostility: () =>
      writing({
        refusals: (socket, answer) =>
          socket.end(Buffer.concat([bytesOf(answer), Buffer.from('HTTP/1.1 200 OK\r\n\r\n')])),
      }),
    exitCode: 0,
  },
];

/** Peers that break the contract, each in certain rows. */
const wrongPeers: readonly HostilePeer[] = [
  ...([302, 307] as const).map((status): HostilePeer => ({
    what: `a redirect to another origin with ${status}`,
    ...(status === 302 ? { isWhole: true } : {}),
    because: 'a redirect is no success and no refusal; it is not followed',
    hostility: (other) =>
      writingAll((socket, answer) =>
        socket.end(
          bytesOf({ ...withBody(answer, ''), status, headers: ['Location', `${other}/beta`, 'Content-Length', '0'] }),
        ),
      ),
    exitCode: 1,
    failed: [
      'CANCEL-STATE-001',
      'CANCEL-STATE-002',
      'CANCEL-STATE-003',
      'CANCEL-STATE-004',
      'CANCEL-STATE-013',
      'CANCEL-PERM-001',
      'CANCEL-PERM-002',
      'CANCEL-ROBUST-006',
    ],
  })),
  {
    what: 'a 204 with content',
    because: 'a 204 has no content',
    hostility: () =>
      writing({
        successes: (socket, answer) =>
          socket.end(Buffer.concat([bytesOf({ ...answer, status: 204 }), Buffer.from('{"a":1}')])),
      }),
    exitCode: 1,
    failed: ['CANCEL-RESP-005'],
  },
  {
    what: 'a success with a body without end',
    because: 'a success has no content, and the first byte proves otherwise',
    hostility: () =>
      writing({
        successes: (socket, answer) => {
          writeEndlessly(
            socket,
            headOf({ ...answer, status: 200, headers: without(answer.headers, 'content-length') }),
          );
        },
      }),
    exitCode: 1,
    failed: ['CANCEL-RESP-003'],
  },
  {
    what: 'error bodies of invalid UTF-8',
    isShown: true,
    because: 'JSON between systems is UTF-8 (RFC 8259 section 8.1)',
    hostility: () =>
      writing({
        refusals: (socket, answer) => {
          const body = Buffer.from(withErrorTexts(answer, 'ÿþ\u00c3(').body, 'latin1');
          const headers = [...without(answer.headers, 'content-length'), 'Content-Length', String(body.length)];
          socket.end(Buffer.concat([Buffer.from(headOf({ ...answer, headers })), body]));
        },
      }),
    exitCode: 1,
    failed: ['CANCEL-ERR-001', 'CANCEL-ERR-002', 'CANCEL-ERR-003', 'CANCEL-ERR-005', 'CANCEL-ERR-011'],
  },
];

const noAnswer = 'no answer is never a finding';

/** Peers whose answers cannot be judged. */
const untellablePeers: readonly HostilePeer[] = [
  {
    what: 'refusals with a body without end',
    measured: ['ERR'],
    isShown: true,
    because: 'the status was told, but neither a pass nor a failure of the body can be proved from its beginning',
    hostility: () =>
      writing({
        refusals: (socket, answer) => {
          writeEndlessly(
            socket,
            headOf({ ...answer, headers: without(answer.headers, 'content-length') }),
            `${inner('x')},`,
          );
        },
      }),
    exitCode: 3,
    told: /longer than evidence keeps/,
  },
  {
    what: 'a gzip bomb',
    measured: ['ERR'],
    isShown: true,
    because: 'a coding that nobody ruled out is legal (RFC 9110 section 12.5.3), and nothing is ever unpacked',
    hostility: () => {
      const bomb = gzipSync(Buffer.alloc(1024 * 1024 * 64), { level: 9 });
      return writing({
        refusals: (socket, answer) => {
          const kept = without(answer.headers, 'content-length');
          const headers = [...kept, 'Content-Encoding', 'gzip', 'Content-Length', String(bomb.length)];
          socket.end(Buffer.concat([Buffer.from(headOf({ ...answer, headers })), bomb]));
        },
      });
    },
    exitCode: 3,
    told: /has a content coding: gzip|is longer than evidence keeps/,
  },
  {
    what: 'refusals at one byte a second',
    because: noAnswer,
    hostility: () =>
      writing({
        refusals: (socket, answer) => {
          drip(socket, bytesOf(answer));
        },
      }),
    exitCode: 3,
    told: /no complete answer within 500 ms/,
    givenUpAfter: 9,
  },
  {
    what: '10,000 headers',
    measured: ['BODY'],
    isShown: true,
    because: 'a client may leave what is larger than it wishes to process (RFC 9110 section 5.4)',
    hostility: () => {
      const flood = Array.from({ length: 10_000 }, (_, index) => [`x-${index}`, 'y']).flat();
      return writingAll((socket, answer) => socket.end(bytesOf(adding(...flood)(answer))));
    },
    exitCode: 3,
    told: /the head of the answer is larger than 32 KiB or has more than 500 lines/,
  },
  {
    what: '5,000 headers in a small head',
    because: 'as above',
    hostility: () => {
      const flood = Array.from({ length: 5000 }, () => ['a', '']).flat();
      return writingAll((socket, answer) => socket.end(bytesOf(adding(...flood)(answer))));
    },
    exitCode: 3,
    told: /the head of the answer is larger than 32 KiB or has more than 500 lines/,
  },
  {
    what: 'a header of 1 MiB',
    because: 'as above',
    hostility: () =>
      writingAll((socket, answer) => socket.end(bytesOf(adding('X-Long', 'x'.repeat(1024 * 1024))(answer)))),
    exitCode: 3,
    told: /the head of the answer is larger than 32 KiB or has more than 500 lines/,
  },
  {
    what: 'an escape sequence in a header',
    isShown: true,
    because: 'what holds control characters is no HTTP (RFC 9110 section 5.5), and no answer',
    hostility: () => writingAll((socket, answer) => socket.end(bytesOf(adding('X-Hostile', '\u001b[2J')(answer)))),
    exitCode: 3,
    told: /no answer/,
  },
  {
    what: 'refusals that are shorter than announced',
    because: noAnswer,
    hostility: () => writing({ refusals: (socket, answer) => socket.end(bytesOf(answer).subarray(0, -5)) }),
    exitCode: 3,
    told: /the connection was closed before the answer was complete/,
  },
  {
    what: 'connections that it half-closes instead of answering',
    isShown: true,
    because: noAnswer,
    hostility: () => writingAll((socket) => socket.end()),
    exitCode: 3,
    told: /gave up after 3 failures in a row/,
  },
];

/** All peers that are hostile at the endpoint under test. */
export const hostilePeers: readonly HostilePeer[] = [...correctPeers, ...wrongPeers, ...untellablePeers];

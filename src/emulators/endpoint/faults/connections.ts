import type { Socket } from 'node:net';
import type { Fault } from '../alterations.js';
import type { Answer, Call, Credentials } from '../seams.js';
import type { Claims } from '../tokens.js';
import { withHeader } from '../wire.js';

/** Behind a refusal for which nobody read the body, what is left of it is taken for the next call. */
const leavingBodies = (isLeft: (call: Call) => boolean): Fault['override'] => {
  const outOfStep = new WeakSet<Socket>();
  return (seams) => ({
    intercept: (call) => (outOfStep.has(call.incoming.socket) ? 'malformedBody' : seams.intercept(call)),
    decorate: (answer, call) => {
      if (answer.status >= 400 && isLeft(call)) outOfStep.add(call.incoming.socket);
      return seams.decorate(answer, call);
    },
  });
};

/** The credentials of calls of a kind are those of every later call over the connection that has none. */
const keepingCredentials =
  (isKept: (call: Call) => boolean): Fault['override'] =>
  (seams) => {
    const kept = new WeakMap<Socket, Credentials>();
    return {
      readCredentials: (call) => {
        const own = seams.readCredentials(call);
        if (own !== null && isKept(call)) kept.set(call.incoming.socket, own);
        return own ?? kept.get(call.incoming.socket) ?? null;
      },
    };
  };

/** Faults about what a call has in common with another one: a connection, the names of headers, an id of the caller's. */
export const connectionFaults: readonly Fault[] = [
  {
    id: 'credentials-kept-for-the-connection',
    breaks: ['CANCEL-AUTH-015'],
    sentence: 'Takes the credentials of the call before over the same connection where a call has none.',
    override: keepingCredentials(() => true),
  },
  {
    id: 'connection-signed-in-by-a-cancel',
    breaks: ['CANCEL-AUTH-015'],
    sentence: 'Asks nobody who reads for a token, and a connection on which somebody cancels for one once.',
    override: keepingCredentials(({ method }) => method === 'POST'),
  },
  {
    id: 'cookie-of-a-caller-taken-for-a-token',
    breaks: ['CANCEL-AUTH-001'],
    sentence: 'Gives whoever calls with a token a cookie, and takes that for the token from then on.',
    override: (seams) => {
      const sessions = new Map<string, Credentials>();
      return {
        readCredentials: (call) => {
          const [, session = ''] = /(?:^|; )session-id=([^;]+)/.exec(call.headers.cookie ?? '') ?? [];
          return seams.readCredentials(call) ?? sessions.get(session) ?? null;
        },
        decorate: (answer, call) => {
          const decorated = seams.decorate(answer, call);
          const own = seams.readCredentials(call);
          if (own === null || call.caller === null) return decorated;
          sessions.set(call.requestId, own);
          return withHeader(decorated, 'Set-Cookie', `session-id=${call.requestId}; Path=/; HttpOnly`);
        },
      };
    },
  },
  {
    id: 'connection-signed-in',
    breaks: ['CANCEL-AUTH-015'],
    sentence:
      'Signs a connection in with the first valid token, as schemes of operating systems do, and asks it for none again.',
    override: (seams) => {
      const signedIn = new WeakMap<Socket, string>();
      return {
        readCredentials: (call) => {
          const token = signedIn.get(call.incoming.socket);
          return token === undefined ? seams.readCredentials(call) : { scheme: 'Bearer', token };
        },
        readClaims: async (token, call) => {
          const claims = await seams.readClaims(token, call);
          if (claims !== null) signedIn.set(call.incoming.socket, token);
          return claims;
        },
      };
    },
  },
  {
    id: 'caller-kept-for-the-connection',
    breaks: ['CANCEL-PERM-003'],
    sentence: 'Asks once a connection who calls, and takes every later call over it for one of the same caller.',
    override: (seams) => {
      const kept = new WeakMap<Socket, Claims>();
      return {
        readClaims: async (token, call) => {
          const claims = kept.get(call.incoming.socket) ?? (await seams.readClaims(token, call));
          if (claims !== null) kept.set(call.incoming.socket, claims);
          return claims;
        },
      };
    },
  },
  {
    id: 'body-left-unread-behind-a-refusal',
    breaks: ['CANCEL-ROBUST-011'],
    sentence: 'Refuses without reading the body, and reads what is left of it as the next call over the connection.',
    override: leavingBodies(({ headers }) => Number(headers['content-length'] ?? 0) > 0),
  },
  {
    id: 'chunks-left-unread-behind-a-refusal',
    breaks: ['CANCEL-ROBUST-011'],
    sentence: 'Skips the body behind a refusal by its length, and takes chunks for the next call over the connection.',
    override: leavingBodies(({ headers }) => headers['transfer-encoding'] !== undefined),
  },
  {
    id: 'head-answered-with-content',
    breaks: ['CANCEL-ADDR-021'],
    sentence: 'Answers HEAD as it would answer another method, content included.',
    override: (seams) => ({
      decorate: (answer, call): Answer => {
        const decorated = seams.decorate(answer, call);
        return call.method === 'HEAD' ? { ...decorated, framing: 'raw' } : decorated;
      },
    }),
  },
  {
    id: 'head-with-a-body-answered-with-content',
    breaks: ['CANCEL-ADDR-021'],
    sentence: 'Answers a HEAD that has a body past the part of its server that leaves content out.',
    override: (seams) => ({
      decorate: (answer, call): Answer => {
        const decorated = seams.decorate(answer, call);
        const hasBody = Number(call.headers['content-length'] ?? 0) > 0;
        return call.method === 'HEAD' && hasBody ? { ...decorated, framing: 'raw' } : decorated;
      },
    }),
  },
  {
    id: 'header-names-compared-with-case',
    breaks: ['CANCEL-AUTH-016'],
    sentence: 'Looks for its headers by their names as clients usually write them.',
    override: (seams) => ({
      readCredentials: (call) =>
        call.incoming.rawHeaders.some((text) => text === 'Authorization' || text === 'authorization')
          ? seams.readCredentials(call)
          : null,
    }),
  },
  {
    id: 'header-names-in-capitals-refused',
    breaks: ['CANCEL-AUTH-016'],
    sentence: 'Takes header names in capitals for those of an attack, and refuses the call.',
    override: (seams) => ({
      intercept: (call) =>
        call.incoming.rawHeaders.includes('AUTHORIZATION') ? 'malformedBody' : seams.intercept(call),
    }),
  },
];

import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange, HeaderPair } from '../evidence/records.js';
import { captureBody, captureHeaders, pairUp, readWrittenRequest } from './capture.js';
import { connectTo } from './connection.js';
import {
  headCapBytes,
  headCapLines,
  headTooLarge,
  noAnswerOf,
  transferCapBytes,
  type Answer,
  type ExchangeSettings,
  type Message,
} from './message.js';

/**
 * Sends one request over a connection of its own and waits for its answer. Nothing is retried, no redirect is followed,
 * and a connection of its own means that no earlier answer can be taken for this one.
 * @returns the exchange without its id; trouble of the network is told in `noAnswer`, never thrown
 */
export async function exchange(message: Message, settings: ExchangeSettings): Promise<Omit<Exchange, 'id'>> {
  const written: Buffer[] = [];
  const startedAt = new Date();
  const begin = performance.now();
  const answer = await roundTrip(message, settings, written);
  const durationMs = Math.round((performance.now() - begin) * 1000) / 1000;
  return {
    role: message.role,
    persona: message.persona,
    startedAt: startedAt.toISOString(),
    durationMs,
    request: sentRequest(message, Buffer.concat(written), settings),
    response: 'response' in answer ? answer.response : null,
    noAnswer: 'noAnswer' in answer ? answer.noAnswer : null,
  };
}

/** Keeps a copy of every byte that is written to a socket: the proof of what was sent. */
function recordWrites(socket: Socket, written: Buffer[]): void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8';
    written.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
    return write(chunk, ...rest);
  };
}

/**
 * The request as evidence, from the bytes written. What never reached the socket (no connection) is told from the message.
 */
export function sentRequest(message: Message, written: Buffer, settings: ExchangeSettings): Exchange['request'] {
  const { secrets } = settings;
  const head = readWrittenRequest(written) ?? { ...message, body: message.body ?? Buffer.alloc(0) };
  const framed = head.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name));
  return {
    method: head.method,
    url: secrets.redact(message.origin + head.requestTarget),
    requestTarget: secrets.redact(head.requestTarget),
    headers: captureHeaders(head.headers, secrets),
    body: framed || head.body.length > 0 ? captureBody(head.body, secrets) : null,
  };
}

function roundTrip(message: Message, settings: ExchangeSettings, written: Buffer[]): Promise<Answer> {
  return new Promise((resolve) => {
    const { socket, ready } = connectTo(new URL(message.origin));
    recordWrites(socket, written);
    let incoming: IncomingMessage | undefined;
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const fail = (error: unknown): void => {
      // What comes behind a whole answer takes nothing from it: its end is on its way.
      if (incoming?.complete !== true) finish(noAnswerOf(error as Error, settings.secrets));
    };
    const timer = setTimeout(() => {
      finish({ noAnswer: { reason: 'timeout', message: `no complete answer within ${settings.timeoutMs} ms` } });
    }, settings.timeoutMs);
    socket.on('error', fail);
    socket.once(ready, () => {
      try {
        const outgoing = send(message, socket);
        outgoing.on('error', fail);
        outgoing.on('response', (answered) => {
          incoming = answered.on('error', fail);
          receive(answered, settings, finish);
        });
      } catch (error) {
        fail(error);
      }
    });
  });
}

/** Methods whose requests have no content unless there is some to send (RFC 9110 section 8.6). */
const withoutContent = /^(?:GET|HEAD|DELETE|OPTIONS|TRACE)$/;

/** Sends a message over a connection, which serves one request and says so. */
function send({ method, origin, requestTarget, headers, body }: Message, socket: Socket): ClientRequest {
  const length: readonly HeaderPair[] =
    body === null && withoutContent.test(method) ? [] : [['content-length', String(body?.length ?? 0)]];
  const pairs = [['host', new URL(origin).host], ['connection', 'close'], ...headers, ...length];
  const outgoing = request({
    createConnection: () => socket,
    method,
    path: requestTarget,
    // A flat list is written as it is: nothing is added, put in order or joined.
    headers: pairs.flat(),
    maxHeaderSize: headCapBytes,
  });
  outgoing.maxHeadersCount = headCapLines + 1;
  return outgoing.end(body ?? undefined);
}

/** Reads an answer to its end, or to the transfer cap. */
function receive(incoming: IncomingMessage, settings: ExchangeSettings, finish: (answer: Answer) => void): void {
  if (incoming.rawHeaders.length > 2 * headCapLines) {
    finish(headTooLarge);
    return;
  }
  const collected: Buffer[] = [];
  let size = 0;
  const complete = (capped: boolean): void => {
    const headers = captureHeaders(pairUp(incoming.rawHeaders), settings.secrets);
    const body = captureBody(Buffer.concat(collected), settings.secrets, capped);
    finish({ response: { status: incoming.statusCode ?? 0, headers, body, strayBytes: null } });
  };
  incoming.on('data', (chunk: Buffer) => {
    collected.push(chunk);
    size += chunk.length;
    if (size > transferCapBytes) complete(true);
  });
  incoming.on('end', () => {
    complete(false);
  });
}

import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Exchange, HeaderPair } from '../evidence/records.js';
import { systemClock, watch } from '../patience.js';
import { captureBody, captureHeaders, readWrittenRequest } from './capture.js';
import { connectTo, type Connection } from './connection.js';
import {
  headCapBytes,
  headCapLines,
  hungUp,
  noAnswerOf,
  runEnded,
  tooLate,
  type Answer,
  type Barrier,
  type ExchangeSettings,
  type Message,
} from './message.js';
import { proxyFor } from './proxy.js';
import { plainReach } from './reach.js';
import { Reception } from './reception.js';
import { Tap } from './tap.js';

/**
 * Sends one request and waits for its answer. Nothing is retried, no redirect is followed, and a connection of its own, unless
 * the settings give one, means that no earlier answer can be taken for this one.
 * @returns the exchange without its id; trouble of the network is told in `noAnswer`, never thrown
 */
export async function exchange(given: Message, settings: ExchangeSettings): Promise<Omit<Exchange, 'id'>> {
  const { reach = plainReach } = settings;
  const message = { ...given, headers: [...given.headers, ...reach.headers] };
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

/**
 * Keeps every byte that is written to a socket, the proof of what was sent: who has handed one on changes it no more.
 * @returns ends that
 */
function recordWrites(socket: Socket, written: Buffer[]): () => void {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = (chunk: Uint8Array | string, ...rest: unknown[]): boolean => {
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8';
    const { buffer, byteOffset, byteLength } = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk;
    written.push(Buffer.from(buffer, byteOffset, byteLength));
    return write(chunk, ...rest);
  };
  return () => {
    // The one of its class stands behind it.
    Reflect.deleteProperty(socket, 'write');
  };
}

/**
 * The request as evidence, from the bytes written. What never reached the socket (no connection) is told from the message.
 */
function sentRequest(message: Message, written: Buffer, settings: ExchangeSettings): Exchange['request'] {
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
  const { timeoutMs, secrets, signal = systemClock.signal, reach: { tls } = plainReach, connection: kept } = settings;
  if (signal.aborted) return Promise.resolve(runEnded);
  return new Promise((resolve, reject) => {
    let reception: Reception | undefined;
    let end = (): void => undefined;
    let leave = (): void => undefined;
    const finish = (answer: Answer): void => {
      // Nobody waits for one that ended before it came so far.
      void settings.barrier?.arrive();
      unwatch();
      if (kept) {
        leave();
        kept.answered();
      } else end();
      resolve(answer);
    };
    const unwatch = watch(timeoutMs, signal, (ending) => {
      finish(reception?.inHand ?? (ending === 'over' ? tooLate(timeoutMs) : runEnded));
    });
    const fail = (error: unknown): void => {
      // What comes behind a whole answer takes nothing from it: its end is on its way.
      if (reception?.isWhole !== true) finish(noAnswerOf(error as Error, secrets));
    };
    const begin = ({ socket, ready }: Connection): void => {
      const recorded = recordWrites(socket, written);
      const tap = settings.tap === true ? new Tap(socket) : null;
      leave = () => {
        recorded();
        tap?.leave();
        socket.off('error', fail);
      };
      const wire = kept?.wireOver(socket) ?? tap?.wire ?? socket;
      const speak = (): void => {
        try {
          const outgoing = send(message, wire, settings.barrier).on('error', fail);
          outgoing.on('response', (incoming) => {
            if (!mayFollow(incoming)) kept?.ends();
            reception = new Reception(incoming.on('error', fail), message, settings);
            reception.finish(tap).then(finish, reject);
          });
        } catch (error) {
          fail(error);
        }
      };
      socket.on('error', fail);
      if (ready === null) speak();
      else socket.once(ready, speak);
    };
    if (kept?.isUsed === true) {
      if (kept.socket === null) finish(hungUp);
      else begin({ socket: kept.socket, ready: null });
      return;
    }
    const proxy = proxyFor(message.origin, secrets);
    end = connectTo(new URL(message.origin), { tls, proxy }, { opened: begin, failed: fail });
  });
}

/** Whether a peer takes another call over the connection of an answer (RFC 9112 section 9.3); it may say no and stay there. */
function mayFollow({ headers: { connection = '' }, httpVersion }: IncomingMessage): boolean {
  const said = connection.split(',').map((option) => option.trim().toLowerCase());
  return !said.includes('close') && (httpVersion !== '1.0' || said.includes('keep-alive'));
}

/** Methods whose requests have no content unless there is some to send (RFC 9110 section 8.6). */
const withoutContent = /^(?:GET|HEAD|DELETE|OPTIONS|TRACE)$/;

function framingOf({ method, body, framing }: Message): readonly HeaderPair[] {
  if (framing === 'chunked') return [['transfer-encoding', 'chunked']];
  return body === null && withoutContent.test(method) ? [] : [['content-length', String(body?.length ?? 0)]];
}

/** Sends a message over a connection, and says whether that serves another one. */
function send(message: Message, connection: Duplex, barrier: Barrier | undefined): ClientRequest {
  const { method, origin, requestTarget, headers, body, keeps = false } = message;
  const next = keeps ? 'keep-alive' : 'close';
  const pairs = [['host', new URL(origin).host], ['connection', next], ...headers, ...framingOf(message)];
  const outgoing = request({
    createConnection: () => connection,
    method,
    path: requestTarget,
    // A flat list is written as it is: nothing is added, put in order or joined.
    headers: pairs.flat(),
    maxHeaderSize: headCapBytes,
  });
  outgoing.maxHeadersCount = headCapLines + 1;
  if (barrier !== undefined) {
    // Head and half of the body go ahead, so that a target is at work on all of them when the first is whole.
    const [first, rest] = halves(body ?? Buffer.alloc(0));
    if (first.length > 0) outgoing.write(first);
    else outgoing.flushHeaders();
    void barrier.arrive().then(() => outgoing.end(rest));
    return outgoing;
  }
  if (message.framing === undefined || body === null) return outgoing.end(body ?? undefined);
  // In two chunks, so that whoever reads the first one alone has half of it.
  const [first, rest] = halves(body);
  outgoing.write(first);
  return outgoing.end(rest);
}

function halves(body: Buffer): readonly [Buffer, Buffer] {
  const half = Math.ceil(body.length / 2);
  return [body.subarray(0, half), body.subarray(half)];
}

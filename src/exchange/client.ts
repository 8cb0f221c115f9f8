import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Exchange } from '../evidence/records.js';
import { captureBody, captureHeaders, pairUp, readWrittenRequest } from './capture.js';
import { skipInterim } from './interim.js';
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

/** One connector for all exchanges, so that TLS sessions are resumed. */
const connector = buildConnector({ timeout: 10_000 });

/**
 * Sends one request over a connection of its own and waits for its answer. Nothing is retried, no redirect is followed,
 * and a connection of its own means that no earlier answer can be taken for this one.
 * @returns the exchange without its id; trouble of the network is told in `noAnswer`, never thrown
 */
export async function exchange(message: Message, settings: ExchangeSettings): Promise<Omit<Exchange, 'id'>> {
  const written: Buffer[] = [];
  const client = new Client(message.origin, {
    connect: (options, callback) => {
      connector(options, (...args) => {
        // Told by the error: without a connection there is no second argument at all, whatever the types say.
        if (args[0] === null) {
          recordWrites(args[1], written);
          skipInterim(args[1]);
        }
        callback(...args);
      });
    },
    // 0: this connection serves one request and says so (Connection: close).
    pipelining: 0,
    maxHeaderSize: headCapBytes,
    headersTimeout: settings.timeoutMs + 1000,
    bodyTimeout: settings.timeoutMs + 1000,
  });
  const startedAt = new Date();
  const begin = performance.now();
  const answer = await dispatch(client, message, settings);
  const durationMs = Math.round((performance.now() - begin) * 1000) / 1000;
  void client.destroy().catch(() => undefined);
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

function dispatch(client: Client, message: Message, settings: ExchangeSettings): Promise<Answer> {
  return new Promise((resolve) => {
    const collected: Buffer[] = [];
    let size = 0;
    let head: { status: number; headers: readonly (Buffer | string)[] } | undefined;
    let controller: Dispatcher.DispatchController | undefined;
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      resolve(answer);
    };
    const complete = (capped: boolean): void => {
      if (head) finish({ response: received(head, { body: Buffer.concat(collected), capped, settings }) });
    };
    const timer = setTimeout(() => {
      finish({ noAnswer: { reason: 'timeout', message: `no complete answer within ${settings.timeoutMs} ms` } });
      controller?.abort(new Error('time-out'));
    }, settings.timeoutMs);
    client.dispatch(
      {
        method: message.method,
        path: message.requestTarget,
        headers: message.headers.flatMap(([name, value]) => [name, value]),
        body: message.body,
      },
      {
        onRequestStart: (started) => {
          controller = started;
        },
        onResponseStart: (started, status) => {
          const headers = (started.rawHeaders ?? []) as Buffer[];
          head = { status, headers };
          if (headers.length <= 2 * headCapLines) return;
          finish(headTooLarge);
          started.abort(new Error('the head has more lines than are read'));
        },
        onResponseData: (started, chunk) => {
          collected.push(chunk);
          size += chunk.length;
          if (size <= transferCapBytes) return;
          complete(true);
          started.abort(new Error('the body is larger than the transfer cap'));
        },
        onResponseEnd: () => {
          complete(false);
        },
        onResponseError: (_, error) => {
          finish(noAnswerOf(error, settings.secrets));
        },
      },
    );
  });
}

interface ReceivedParts {
  readonly body: Buffer;
  readonly capped: boolean;
  readonly settings: ExchangeSettings;
}

function received(
  head: { status: number; headers: readonly (Buffer | string)[] },
  { body, capped, settings }: ReceivedParts,
): NonNullable<Exchange['response']> {
  return {
    status: head.status,
    headers: captureHeaders(pairUp(head.headers), settings.secrets),
    body: captureBody(body, settings.secrets, capped),
    strayBytes: null,
  };
}

import type { Exchange, HeaderPair } from '../evidence/records.js';
import { captureBody, captureHeaders, splitHeader } from './capture.js';
import { sentRequest } from './client.js';
import { connectTo } from './connection.js';
import { lengthOfInterim } from './interim.js';
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
 * How long to look for bytes after a complete answer when the peer leaves the connection open although it was asked to
 * close it. Waiting for something that should not come has no event; 100 ms is far above a loopback or LAN segment's delay.
 */
const strayWindowMs = 100;

/**
 * Sends one request over a bare socket and reads every byte that comes back, so that content which an HTTP library would
 * hide (bytes after a 204, RFC 9110 section 15.3.5) is seen.
 * @returns as `exchange` does, with `strayBytes` counted
 */
export async function rawExchange(message: Message, settings: ExchangeSettings): Promise<Omit<Exchange, 'id'>> {
  const bytes = serialise(message);
  const startedAt = new Date();
  const begin = performance.now();
  const answer = await roundTrip(message.origin, bytes, settings);
  return {
    role: message.role,
    persona: message.persona,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round((performance.now() - begin) * 1000) / 1000,
    request: sentRequest(message, bytes, settings),
    response: 'response' in answer ? answer.response : null,
    noAnswer: 'noAnswer' in answer ? answer.noAnswer : null,
  };
}

function serialise(message: Message): Buffer {
  const length: readonly HeaderPair[] = message.body ? [['content-length', String(message.body.length)]] : [];
  const headers = [['host', new URL(message.origin).host], ['connection', 'close'], ...message.headers, ...length];
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${message.method} ${message.requestTarget} HTTP/1.1\r\n${lines}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), message.body ?? Buffer.alloc(0)]);
}

function roundTrip(origin: string, bytes: Buffer, settings: ExchangeSettings): Promise<Answer> {
  return new Promise((resolve) => {
    const { socket, ready } = connectTo(new URL(origin));
    const received = new Received();
    let stray: NodeJS.Timeout | undefined;
    const finish = (answer: Answer): void => {
      clearTimeout(timer);
      clearTimeout(stray);
      socket.destroy();
      resolve(answer);
    };
    const conclude = (): void => {
      const answer = readAnswer(received.bytes, { settings, closed: true });
      finish(answer ?? { noAnswer: { reason: 'connection-closed', message: 'the answer was not complete' } });
    };
    /** A whole answer counts, whatever happened behind it. */
    const giveUp = (trouble: Answer): void => {
      finish(readAnswer(received.bytes, { settings, closed: false }) ?? trouble);
    };
    const timer = setTimeout(() => {
      giveUp({ noAnswer: { reason: 'timeout', message: `no complete answer within ${settings.timeoutMs} ms` } });
    }, settings.timeoutMs);
    socket.on('data', (chunk) => {
      received.add(chunk);
      if (received.bytes.length > transferCapBytes) conclude();
      else if (stray === undefined && readAnswer(received.bytes, { settings, closed: false })) {
        stray = setTimeout(conclude, strayWindowMs);
      }
    });
    socket.on('end', conclude);
    socket.on('error', (error) => {
      giveUp(noAnswerOf(error, settings.secrets));
    });
    socket.once(ready, () => socket.write(bytes));
  });
}

/** Bytes as they come in. The room doubles when it is full, so that many small pieces are not copied over and over. */
class Received {
  #room = Buffer.alloc(16 * 1024);
  #length = 0;

  /** All bytes until now; valid until the next ones are added. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#length);
  }

  add(chunk: Buffer): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#room.length) {
      this.#room = Buffer.concat([this.bytes], Math.max(needed, 2 * this.#room.length));
    }
    chunk.copy(this.#room, this.#length);
    this.#length = needed;
  }
}

interface Reading {
  readonly settings: ExchangeSettings;
  /** True when no more bytes will come: content without a length ends there. */
  readonly closed: boolean;
}

/** The answer in `received`, or null as long as it is not complete. */
function readAnswer(received: Buffer, { settings, closed }: Reading): Answer | null {
  const bytes = received.subarray(lengthOfInterim(received));
  const end = bytes.indexOf('\r\n\r\n');
  if ((end === -1 ? bytes.length : end) > headCapBytes) return headTooLarge;
  if (end === -1) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  if (lines.length > headCapLines) return headTooLarge;
  const status = Number(/^HTTP\/1\.[01] ([2-9]\d\d)/.exec(first)?.[1]);
  if (Number.isNaN(status)) {
    return { noAnswer: { reason: 'protocol-error', message: 'the answer has no HTTP/1.x status line' } };
  }
  const rest = bytes.subarray(end + 4);
  const headers = lines.map(splitHeader);
  const capped = received.length > transferCapBytes;
  const content = readContent({ status, headers, closed, capped }, rest);
  if (content === null) return null;
  return {
    response: {
      status,
      headers: captureHeaders(headers, settings.secrets),
      body: captureBody(content.body, settings.secrets, content.cut === true),
      strayBytes: rest.length - content.consumed,
    },
  };
}

interface Head {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  readonly closed: boolean;
  /** True when reading ended at the transfer cap: what is there by then is the content, cut. */
  readonly capped: boolean;
}

interface Content {
  readonly body: Buffer;
  /** Bytes of the message behind its head. */
  readonly consumed: number;
  /** True when the peer had more. */
  readonly cut?: true;
}

/** The content by the message's own framing (RFC 9112 section 6.3), or null as long as it is not complete. */
function readContent(head: Head, rest: Buffer): Content | null {
  const { status, headers, capped } = head;
  const value = (wanted: string): string | undefined =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1].toLowerCase();
  if (status === 204 || status === 304) return { body: Buffer.alloc(0), consumed: 0 };
  if (value('transfer-encoding')?.endsWith('chunked') === true) return readChunks(rest, capped);
  const length = wholeNumber(value('content-length') ?? '', 10);
  if (rest.length >= length) return { body: rest.subarray(0, length), consumed: length };
  if (capped) return { body: rest, consumed: rest.length, cut: true };
  return Number.isNaN(length) && head.closed ? { body: rest, consumed: rest.length } : null;
}

function readChunks(rest: Buffer, capped: boolean): Content | null {
  const parts: Buffer[] = [];
  /** The chunk under way is left out: only whole ones are surely content. */
  const incomplete = (): Content | null =>
    capped ? { body: Buffer.concat(parts), consumed: rest.length, cut: true } : null;
  for (let at = 0; ;) {
    const lineEnd = rest.indexOf('\r\n', at);
    const [digits = ''] = rest
      .subarray(at, Math.max(at, lineEnd))
      .toString('latin1')
      .split(/[ \t]*;/, 1);
    const size = wholeNumber(digits, 16);
    if (Number.isNaN(size)) return lineEnd === -1 ? incomplete() : null;
    const next = lineEnd + 2 + size;
    if (size === 0) {
      const trailerEnd = rest.indexOf('\r\n\r\n', lineEnd);
      return trailerEnd === -1 ? incomplete() : { body: Buffer.concat(parts), consumed: trailerEnd + 4 };
    }
    if (rest.length < next + 2) return incomplete();
    parts.push(rest.subarray(lineEnd + 2, next));
    at = next + 2;
  }
}

/** Digits alone make a length: with a sign, a reader would walk backwards. NaN for anything else. */
function wholeNumber(digits: string, radix: 10 | 16): number {
  const isWhole = radix === 10 ? /^\d+$/.test(digits) : /^[\da-f]+$/i.test(digits);
  return isWhole ? Number.parseInt(digits, radix) : Number.NaN;
}

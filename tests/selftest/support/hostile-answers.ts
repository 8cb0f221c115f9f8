import type { Socket } from 'node:net';
import type { Answered, Fate, Passing } from './middleman.js';

/** An answer with other content; its length is told anew. */
export function withBody(answer: Answered, body: string): Answered {
  const headers = [...without(answer.headers, 'content-length'), 'Content-Length', String(Buffer.byteLength(body))];
  return { ...answer, headers, body };
}

/** Header pairs without those of one name. */
export function without(headers: readonly string[], name: string): readonly string[] {
  return headers.filter((_, index) => headers[index - (index % 2)]?.toLowerCase() !== name);
}

/** Every header pair, mapped to what shall stand in its place. */
export const eachHeader = (
  headers: readonly string[],
  map: (name: string, value: string) => readonly string[],
): readonly string[] => headers.flatMap((name, index) => (index % 2 === 0 ? map(name, headers[index + 1] ?? '') : []));

/** The answer with every text of its error replaced. */
export function withErrorTexts(answer: Answered, text: string): Answered {
  const replaced = JSON.stringify(JSON.parse(answer.body), (_, value: unknown) =>
    typeof value === 'string' ? text : value,
  );
  return withBody(answer, replaced);
}

/** The answer with one more member in its error, given as JSON. */
export const withErrorMember = (answer: Answered, json: string): Answered =>
  withBody(answer, answer.body.replace(/"error": ?\{/, `"error":{"more":${json},`));

/** The head as bytes, with whatever headers the answer has. */
export function headOf({ status, headers }: Answered, version = 'HTTP/1.1'): string {
  const lines = eachHeader(headers, (name, value) => [`${name}: ${value}\r\n`]).join('');
  return `${version} ${status} Answered\r\n${lines}\r\n`;
}

/** The whole answer as bytes. */
export const bytesOf = (answer: Answered, version?: string): Buffer =>
  Buffer.concat([Buffer.from(headOf(answer, version), 'latin1'), Buffer.from(answer.body)]);

/** Writes as fast as the other side reads, until it leaves. */
export function writeEndlessly(socket: Socket, head: string, unit = 'x'): void {
  const block = Buffer.from(unit.repeat(Math.ceil((64 * 1024) / unit.length)));
  const more = (): void => {
    while (socket.writable && socket.write(block));
  };
  socket.on('error', () => undefined).on('drain', more);
  socket.write(head);
  more();
}

/** Writes one byte a second, until the other side leaves. */
export function drip(socket: Socket, bytes: Buffer): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(bytes.subarray(at, at + 1));
    at += 1;
    if (at === bytes.length) socket.end();
  }, 1000);
  socket
    .on('error', () => undefined)
    .on('close', () => {
      clearInterval(timer);
    });
}

type Decide = (passing: Passing) => Fate;
type Write = (socket: Socket, answer: Answered) => void;

/** Calls whose answer has content that could be tampered with: no control protocol, and no HEAD. */
const isTampered = ({ isControl, method }: Passing): boolean => !isControl && method !== 'HEAD';

/** Changes the answers of the cancel endpoint that are refusals, or those that are successes, or both. */
export const changing =
  (change: {
    readonly refusals?: (answer: Answered) => Answered;
    readonly successes?: (answer: Answered) => Answered;
  }): Decide =>
  (passing) =>
    isTampered(passing)
      ? (answer) => (answer.status >= 400 ? change.refusals : change.successes)?.(answer) ?? answer
      : 'pass';

/** Writes the answers of the cancel endpoint byte by byte: refusals, successes, or both; the others as they should be. */
export const writing =
  (writes: { readonly refusals?: Write; readonly successes?: Write }): Decide =>
  (passing) =>
    isTampered(passing)
      ? {
          write: (socket, answer) => {
            const write = answer.status >= 400 ? writes.refusals : writes.successes;
            if (write) write(socket, answer);
            else socket.end(bytesOf(answer));
          },
        }
      : 'pass';

/** Writes every answer of the cancel endpoint. */
export const writingAll = (write: Write): Decide => writing({ refusals: write, successes: write });

import { STATUS_CODES, type ServerResponse } from 'node:http';
import type { HeaderPair } from '../../engine/evidence/records.js';
import type { Answer } from './seams.js';

/** Writes an answer to the connection that the response belongs to. */
export function send(answer: Answer, response: ServerResponse): void {
  if (answer.framing === 'raw') {
    sendRaw(answer, response);
    return;
  }
  const framed = answer.framing === 'chunked' ? withHeader(answer, 'Transfer-Encoding', 'chunked') : withLength(answer);
  response.writeHead(framed.status, framed.headers.flat());
  response.end(framed.content);
}

/** RFC 9110 section 8.6: no Content-Length in a 204; in a 304 it would speak of another answer. */
function withLength(answer: Answer): Answer {
  if (answer.status === 204 || answer.status === 304) return answer;
  return withHeader(answer, 'Content-Length', String(Buffer.byteLength(answer.content)));
}

/** Past the HTTP library, which forbids what a fault may want to send. Nothing can follow, so the connection ends. */
function sendRaw(answer: Answer, response: ServerResponse): void {
  const { headers } = withHeader(answer, 'Connection', 'close');
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines}\r\n`;
  // Unread bytes of the request would turn the end of the connection into a reset, and the client might lose the answer.
  response.req.resume();
  response.socket?.end(head + answer.content);
}

/** The answer with one more header, in place of any of that name. */
export function withHeader(answer: Answer, name: string, value: string): Answer {
  return { ...answer, headers: [...withoutHeader(answer, name).headers, [name, value]] };
}

/** The answer without the headers of a name. */
export function withoutHeader(answer: Answer, name: string): Answer {
  return { ...answer, headers: answer.headers.filter((header) => !isNamed(header, name)) };
}

function isNamed([name]: HeaderPair, wanted: string): boolean {
  return name.toLowerCase() === wanted.toLowerCase();
}

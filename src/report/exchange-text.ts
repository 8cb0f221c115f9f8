import type { CapturedBody, Exchange, HeaderPair } from '../engine/evidence/records.js';
import { excerptOfBytes } from './excerpt.js';

/**
 * A request and its answer as text, for files that have room for little.
 * @param bytes that each of the two may take once it is written as markup
 */
export function exchangeText({ id, persona, request, response, noAnswer }: Exchange, bytes: number): string {
  const sent = messageText(`${request.method} ${request.requestTarget}`, request.headers, request.body);
  const received =
    response === null
      ? `no answer: ${noAnswer?.message ?? 'no reason was recorded'}`
      : messageText(`HTTP ${response.status}`, response.headers, response.body);
  return [`exchange ${id}, as ${persona}`, shortened(sent, bytes), '', shortened(received, bytes)].join('\n');
}

const messageText = (first: string, headers: readonly HeaderPair[], body: CapturedBody | null): string =>
  [
    first,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body === null || body.text === '' ? [] : ['', body.text]),
  ].join('\n');

function shortened(text: string, bytes: number): string {
  const excerpt = excerptOfBytes(text, bytes);
  return excerpt.left === 0 ? text : `${excerpt.text}… (${excerpt.left} more characters in evidence.jsonl)`;
}

import { isUtf8 } from 'node:buffer';
import type { CapturedBody, HeaderPair } from '../evidence/records.js';
import type { SecretRegistry } from '../evidence/secrets.js';

/** Most bytes of a body that evidence holds; the true size is always stated. */
export const captureCapBytes = 64 * 1024;

/**
 * A body as evidence: without secrets, cut at the capture cap, base64 when it is not UTF-8.
 * Secrets are replaced before the cut, so that no half of one is left at its edge.
 * @param transferCapped true when reading ended at the transfer cap, perhaps within a secret
 */
export function captureBody(bytes: Buffer, secrets: SecretRegistry, transferCapped = false): CapturedBody {
  const size = bytes.length;
  const redact = (text: string): string => (transferCapped ? secrets.redactCut(text) : secrets.redact(text));
  if (isUtf8(bytes)) {
    const text = redact(bytes.toString('utf8'));
    const truncated = transferCapped || text.length > captureCapBytes;
    return { text: text.slice(0, captureCapBytes), encoding: 'utf8', bytes: size, truncated };
  }
  // Secrets are ASCII, so they can be found byte by byte whatever surrounds them.
  const redacted = Buffer.from(redact(bytes.toString('latin1')).replaceAll(/[‹›]/g, '|'), 'latin1');
  return {
    text: redacted.subarray(0, captureCapBytes).toString('base64'),
    encoding: 'base64',
    bytes: size,
    truncated: transferCapped || redacted.length > captureCapBytes,
  };
}

/** Header pairs as evidence. */
export function captureHeaders(pairs: readonly HeaderPair[], secrets: SecretRegistry): readonly HeaderPair[] {
  return pairs.map(([name, value]) => [secrets.redact(name), secrets.redact(value)] as const);
}

/** Pairs from a flat list of names and values, as HTTP libraries give them; some leave white space behind a value. */
export function pairUp(flat: readonly (Buffer | string)[]): readonly HeaderPair[] {
  const text = (part: Buffer | string | undefined): string =>
    typeof part === 'string' ? part : (part?.toString('latin1') ?? '');
  const pairs: HeaderPair[] = [];
  for (let index = 0; index < flat.length; index += 2) {
    pairs.push([text(flat[index]), text(flat[index + 1]).trim()]);
  }
  return pairs;
}

/** The request head that was written, taken apart again. */
export interface WrittenHead {
  readonly method: string;
  readonly requestTarget: string;
  readonly headers: readonly HeaderPair[];
  readonly body: Buffer;
}

/**
 * Takes the bytes of one HTTP/1.1 request apart.
 * @returns null when the head is not complete (nothing or too little was written)
 */
export function readWrittenRequest(bytes: Buffer): WrittenHead | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', requestTarget = ''] = first.split(' ');
  return { method, requestTarget, headers: lines.map(splitHeader), body: bytes.subarray(end + 4) };
}

/** One header line as a pair, white space around the value removed. */
export function splitHeader(line: string): HeaderPair {
  const colon = line.indexOf(':');
  return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

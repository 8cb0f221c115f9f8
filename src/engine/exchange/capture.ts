import { isUtf8 } from 'node:buffer';
import type { CapturedBody, HeaderPair } from '../evidence/records.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import { unpacked } from './unpack.js';

/** Most bytes of a body that evidence holds, as it is written in JSON; the true size is always stated. */
export const captureCapBytes = 64 * 1024;

/** Characters that are looked at: far more than are kept, so that a secret at the edge of what is kept is seen whole. */
const searchedLength = 2 * captureCapBytes;

/** Bytes that hold as many characters, whole ones: none takes more than three in UTF-8 for each unit of its text. */
const searchedBytes = 3 * (searchedLength + 1);

/** How a body becomes evidence. */
interface CaptureSettings {
  /** True when reading ended at the transfer cap, perhaps within a secret. */
  readonly isCut?: boolean;
  /** Most bytes that are kept; default: the capture cap. */
  readonly keptBytes?: number;
  /** Of an answer: what its head says of its coding, or nothing; left out: it is no answer, and nobody compressed it. */
  readonly coding?: string;
}

/**
 * A body as evidence: without secrets, cut at the capture cap, base64 when it is not UTF-8.
 * Secrets are replaced before the cut, so that no half of one is left at its edge. Of one that is compressed and holds a secret, the
 * secret's name alone is left.
 */
export function captureBody(
  bytes: Buffer,
  secrets: SecretRegistry,
  { isCut: transferCapped = false, keptBytes = captureCapBytes, coding }: CaptureSettings = {},
): CapturedBody {
  const size = bytes.length;
  const encoding = isUtf8(bytes) ? 'utf8' : 'base64';
  const begin = bytes.toString(encoding === 'utf8' ? 'utf8' : 'latin1', 0, searchedBytes);
  const searched = begin.slice(0, searchedLength);
  const packed = compressedSecretIn(
    bytes.subarray(0, keptBytes),
    coding === undefined ? null : { secrets, encoding, coding },
  );
  const isCut = transferCapped || searched.length < begin.length || size > searchedBytes;
  const whole = packed ?? secrets.redact(searched);
  // At the end of what was cut off a secret may begin; half of it takes less than half of the text.
  const redacted = isCut && packed === null ? firstHalf(whole) : whole;
  const isLess = isCut || packed !== null;
  if (encoding === 'utf8') {
    const kept = cutToCap(redacted, keptBytes);
    const text = isLess || kept.length < redacted.length ? alone(kept) : kept;
    return { text, encoding, bytes: size, truncated: isLess || text.length < redacted.length };
  }
  // Secrets are ASCII, so they can be found byte by byte whatever surrounds them.
  const kept = Buffer.from(redacted.replaceAll(/[‹›]/g, '|'), 'latin1');
  const text = kept.subarray(0, keptBytes).toString('base64');
  return { text, encoding, bytes: size, truncated: isLess || kept.length > keptBytes };
}

/** Half of a text, and no half of a pseudonym at its end. */
const firstHalf = (text: string): string => text.slice(0, Math.ceil(text.length / 2)).replace(/‹[^‹›]*$/, '');

interface Packed {
  readonly secrets: SecretRegistry;
  readonly encoding: 'utf8' | 'base64';
  readonly coding: string;
}

/** What stands in the place of a compressed body that holds a secret, or too much to be looked through; null for any other. */
function compressedSecretIn(bytes: Buffer, packed: Packed | null): string | null {
  if (packed === null) return null;
  const { secrets, encoding, coding } = packed;
  // What is text is not compressed, unless it is said to be.
  if (bytes.length === 0 || (encoding === 'utf8' && coding === '')) return null;
  const { contents, isTooLarge } = unpacked(bytes);
  const [hit] = contents.flatMap((content) => secrets.find(content.toString('latin1')));
  return hit?.name ?? (isTooLarge ? '' : null);
}

/** A text of its own: a part of another one would keep the whole of it, sixteen times as long, in memory. */
const alone = (text: string): string => JSON.parse(JSON.stringify(text)) as string;

/** Text that takes a byte per character wherever it is written. */
const plain = /^[\t\n -~]*$/;

/** A character that reports write as an escape of six bytes. */
const escapedCharacter = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;
const escapeBytes = 6;

/** The beginning of a text that takes at most the capture cap once it is written; never half a character. */
function cutToCap(text: string, capBytes: number): string {
  if (text.length * escapeBytes <= capBytes) return text;
  if (plain.test(text)) return text.slice(0, capBytes);
  let spent = 0;
  let end = 0;
  for (const character of text) {
    const isEscaped = !plain.test(character) && escapedCharacter.test(character);
    spent += isEscaped ? escapeBytes * character.length : Buffer.byteLength(character);
    if (spent > capBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Header pairs as evidence. */
export const captureHeaders = (pairs: readonly HeaderPair[], secrets: SecretRegistry): readonly HeaderPair[] =>
  pairs.map((pair) => captureHeader(pair, secrets));

/** Reports show name and value on one line, so neither may hold one half of a secret. */
function captureHeader(pair: HeaderPair, secrets: SecretRegistry): HeaderPair {
  const line = pair.join(': ');
  if (secrets.redact(line) === line) return pair;
  const [name, value] = [secrets.redact(pair[0]), secrets.redact(pair[1])];
  const [hit] = secrets.find(`${name}: ${value}`);
  return [name, hit?.name ?? value];
}

/** Pairs from a flat list of names and values, as the platform gives them; it leaves white space behind a value. */
export function pairUp(flat: readonly string[]): readonly HeaderPair[] {
  const pairs: HeaderPair[] = [];
  for (let index = 0; index < flat.length; index += 2) pairs.push([flat[index] ?? '', (flat[index + 1] ?? '').trim()]);
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
  const headers = lines.map(splitHeader);
  const rest = bytes.subarray(end + 4);
  const isChunked = headers.some(([name, value]) => /^transfer-encoding$/i.test(name) && value === 'chunked');
  return { method, requestTarget, headers, body: isChunked ? unchunked(rest) : rest };
}

/** What chunks hold (RFC 9112 section 7.1), of our own writing: well-formed, and cut off where the connection was. */
function unchunked(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end === -1 ? 0 : Number.parseInt(bytes.toString('latin1', at, end), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

/** One header line as a pair, white space around the value removed. */
function splitHeader(line: string): HeaderPair {
  const colon = line.indexOf(':');
  return colon === -1 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).trim()];
}

import type { Exchange, HeaderPair, NoAnswerReason, ReceivedResponse } from '../evidence/records.js';
import type { SecretRegistry } from '../evidence/secrets.js';

/** One request, ready to be sent. */
export interface Message {
  readonly role: Exchange['role'];
  /** Whose credential it carries, for the evidence. */
  readonly persona: string;
  readonly method: string;
  /** `http://host:port` or `https://host:port`. */
  readonly origin: string;
  /** Path and query exactly as they go on the wire; never normalised. */
  readonly requestTarget: string;
  readonly headers: readonly HeaderPair[];
  readonly body: Buffer | null;
}

/** How an exchange is carried out. */
export interface ExchangeSettings {
  /** From the first byte sent to the last received, in milliseconds. */
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
}

/** Most bytes of a response body that are read; the exchange ends there. */
export const transferCapBytes = 1024 * 1024;

/** What came back, before it is turned into evidence. */
export type Answer =
  | { readonly response: ReceivedResponse }
  | { readonly noAnswer: { readonly reason: NoAnswerReason; readonly message: string } };

/** The kind of trouble behind an error of the network, by its code. */
export function noAnswerReason(error: Error): NoAnswerReason {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ECONNREFUSED') return 'connection-refused';
  if (/TIMEOUT|ETIMEDOUT|ABORT/.test(code)) return 'timeout';
  // The parser's own errors reach us without a code.
  if (error.name === 'HTTPParserError' || /^UND_ERR_(HEADERS_OVERFLOW|RES_)/.test(code)) return 'protocol-error';
  if (/UND_ERR_SOCKET|ECONNRESET|EPIPE/.test(code)) return 'connection-closed';
  return 'unreachable';
}

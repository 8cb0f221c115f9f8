import { StoppedError, UnreachableError } from '../engine/errors.js';
import { bounds, excessOf, type JsonBounds } from '../engine/bounds.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import { isTlsAlert, peers, tlsTrouble, type Peer } from '../engine/evidence/trouble.js';
import { ProxyError } from '../engine/exchange/proxy.js';
import { plainReach, type Reach } from '../engine/exchange/reach.js';
import { retry, systemClock, waitMs, type Clock, type ThrottlingAnswer } from '../engine/patience.js';
import { HttpClient, timedOut, tooLarge } from './http.js';

/** How the arranging side is reached. */
export interface JsonClientSettings {
  /** What stands before every path. */
  readonly url: string;
  /** Bearer token or key, when one is needed; asked for with each call where it may become another one. */
  readonly bearer: string | null | (() => string);
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
  /** What stands between asks for; default: nothing. */
  readonly reach?: Reach;
  /** What to look at when nothing answers, as a question. */
  readonly hint: string;
  /** What one answer may become; default: `bounds.answer`. */
  readonly answerBounds?: AnswerBounds;
  /** Default: one that is never stopped. */
  readonly clock?: Clock | undefined;
}

/** An answer of the arranging side; `body` is undefined when it is not JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What carries JSON calls to the arranging side. */
export interface JsonChannel {
  /**
   * @param body left out for calls without one
   * @throws UnreachableError when no answer came
   */
  readonly call: (method: string, path: string, body?: object) => Promise<JsonAnswer>;
  readonly close: () => void;
}

/** The most that one answer may have and become. */
type AnswerBounds = JsonBounds & { readonly bytes: number };

/** JSON over HTTP to the arranging side. Calls that it throttles are sent again; redirects are never followed. */
export class JsonClient implements JsonChannel {
  readonly #settings: JsonClientSettings;
  readonly #client: HttpClient;
  readonly #clock: Clock;

  constructor(settings: JsonClientSettings) {
    const { clock = systemClock, secrets, reach = plainReach } = settings;
    this.#settings = settings;
    this.#clock = clock;
    this.#client = new HttpClient({ clock, secrets, tls: reach.tls });
  }

  /**
   * Sends a call; again as long as it is answered 429, or 503 with Retry-After, within bounds.
   * @throws UnreachableError when no answer came
   * @throws StoppedError as soon as the clock is stopped
   */
  async call(method: string, path: string, body?: object): Promise<JsonAnswer> {
    const { status, body: answered } = await retry(() => this.once(method, path, body), {
      waitMs: (answer, tries) => (isThrottled(answer) ? waitMs(answer, tries) : null),
      clock: this.#clock,
    });
    return { status, body: answered };
  }

  close(): void {
    this.#client.close();
  }

  /**
   * Sends a call once.
   * @throws UnreachableError when no answer came
   * @throws StoppedError as soon as the clock is stopped
   */
  async once(
    method: string,
    path: string,
    body?: object,
  ): Promise<JsonAnswer & { readonly retryAfter: string | undefined }> {
    const { bearer, timeoutMs, answerBounds = bounds.answer, reach = plainReach } = this.#settings;
    const url = this.#settings.url.replace(/(?<!\/)\/+$/, '') + path;
    const key = typeof bearer === 'function' ? bearer() : bearer;
    const sent = {
      ...Object.fromEntries(reach.headers),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    try {
      const call = { method, url, headers: sent, body: body ? JSON.stringify(body) : null };
      const { status, headers, text } = await this.#client.send(call, { timeoutMs, capBytes: answerBounds.bytes });
      return { status, body: parseJson(text, answerBounds), retryAfter: headers['retry-after'] };
    } catch (cause) {
      if (cause instanceof StoppedError) throw cause;
      throw new UnreachableError(`${method} ${url}: ${troubleInWords(cause as Error, this.#settings)}`, { cause });
    }
  }
}

const isThrottled = ({ status, retryAfter }: ThrottlingAnswer): boolean =>
  status === 429 || (status === 503 && retryAfter !== undefined);

/** An answer would become more than it may. */
class ExcessError extends Error {
  override readonly name = 'ExcessError';
}

/**
 * The value of a JSON text; undefined when it is none.
 * @throws ExcessError where it would become too much
 */
export function parseJson(text: string, most: JsonBounds): unknown {
  // What begins otherwise is no JSON that holds anything, and may be a page full of brackets.
  const excess = /^\s*[[{]/.test(text) ? excessOf(text, most) : null;
  if (excess !== null) throw new ExcessError(excess);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Codes that a target which is not there, or not ready, ends with. */
const absences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed without an answer',
  EPIPE: 'the connection was closed without an answer',
};

/** What is known of a call that got no answer. */
interface Unanswered extends Pick<JsonClientSettings, 'timeoutMs' | 'hint' | 'secrets' | 'answerBounds'> {
  /** Who was called; default: the target. */
  readonly peer?: Peer;
}

/** What kept an answer from coming, in words. */
export function troubleInWords(error: Error, unanswered: Unanswered): string {
  const { timeoutMs, hint, secrets, answerBounds = bounds.answer, peer = peers.target } = unanswered;
  const { code = '', rawPacket } = error as NodeJS.ErrnoException & { readonly rawPacket?: Buffer };
  if (error instanceof ProxyError) return secrets.redact(error.message);
  if (code === tooLarge) return `the answer is larger than ${answerBounds.bytes / 1024} KiB`;
  if (error instanceof ExcessError) return `the answer ${error.message}`;
  if (code === timedOut) return `no answer within ${timeoutMs} ms; ${hint}`;
  if (code === 'HPE_HEADER_OVERFLOW') return 'the head of the answer is larger than 16 KiB';
  if (isTlsAlert(rawPacket)) return `${peer.name} speaks TLS there: write https:// in its address`;
  if (code.startsWith('HPE_')) return `the answer is not HTTP as it is defined (${code})`;
  if (Object.hasOwn(absences, code)) return `${absences[code] ?? code}; ${hint}`;
  return tlsTrouble(error, peer) ?? `${secrets.redact(code === '' ? error.message : code)}; ${hint}`;
}

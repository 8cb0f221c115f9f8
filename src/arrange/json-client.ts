import { StoppedError, UnreachableError } from '../engine/errors.js';
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
  /** Largest answer that is read, in bytes; default 32 KiB. */
  readonly answerCapBytes?: number;
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

/** Default of the largest answer: two of them are kept in the evidence of every case. */
export const defaultCapBytes = 32 * 1024;

/** Deepest nesting of an answer: what goes deeper could neither be compared nor written without end. */
const deepestNesting = 64;

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
    const answer = await this.#send(method, path, body);
    if (!isDeeperThan(answer.body, deepestNesting)) return answer;
    const url = this.#settings.url + path;
    throw new UnreachableError(`${method} ${url}: the answer is nested deeper than ${deepestNesting} levels`);
  }

  async #send(
    method: string,
    path: string,
    body?: object,
  ): Promise<JsonAnswer & { readonly retryAfter: string | undefined }> {
    const { bearer, timeoutMs, answerCapBytes: capBytes = defaultCapBytes, reach = plainReach } = this.#settings;
    const url = this.#settings.url.replace(/(?<!\/)\/+$/, '') + path;
    const key = typeof bearer === 'function' ? bearer() : bearer;
    const headers = {
      ...Object.fromEntries(reach.headers),
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    try {
      const call = { method, url, headers, body: body ? JSON.stringify(body) : null };
      const answer = await this.#client.send(call, { timeoutMs, capBytes });
      return { status: answer.status, body: parseJson(answer.text), retryAfter: answer.headers['retry-after'] };
    } catch (cause) {
      if (cause instanceof StoppedError) throw cause;
      throw new UnreachableError(`${method} ${url}: ${troubleInWords(cause as Error, this.#settings)}`, { cause });
    }
  }
}

const isThrottled = ({ status, retryAfter }: ThrottlingAnswer): boolean =>
  status === 429 || (status === 503 && retryAfter !== undefined);

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Never deeper into the value than asked, so that no nesting exhausts the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}

/** Codes that a target which is not there, or not ready, ends with. */
const absences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was closed without an answer',
  EPIPE: 'the connection was closed without an answer',
};

/** What is known of a call that got no answer. */
interface Unanswered extends Pick<JsonClientSettings, 'timeoutMs' | 'hint' | 'secrets' | 'answerCapBytes'> {
  /** Who was called; default: the target. */
  readonly peer?: Peer;
}

/** What kept an answer from coming, in words. */
export function troubleInWords(error: Error, unanswered: Unanswered): string {
  const { timeoutMs, hint, secrets, answerCapBytes = defaultCapBytes, peer = peers.target } = unanswered;
  const { code = '', rawPacket } = error as NodeJS.ErrnoException & { readonly rawPacket?: Buffer };
  if (error instanceof ProxyError) return secrets.redact(error.message);
  if (code === tooLarge) return `the answer is larger than ${answerCapBytes / 1024} KiB`;
  if (code === timedOut) return `no answer within ${timeoutMs} ms; ${hint}`;
  if (code === 'HPE_HEADER_OVERFLOW') return 'the head of the answer is larger than 16 KiB';
  if (isTlsAlert(rawPacket)) return `${peer.name} speaks TLS there: write https:// in its address`;
  if (code.startsWith('HPE_')) return `the answer is not HTTP as it is defined (${code})`;
  if (Object.hasOwn(absences, code)) return `${absences[code] ?? code}; ${hint}`;
  return tlsTrouble(error, peer) ?? `${secrets.redact(code === '' ? error.message : code)}; ${hint}`;
}

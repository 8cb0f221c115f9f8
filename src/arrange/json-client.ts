import { Agent, request, type Dispatcher } from 'undici';
import { UnreachableError } from '../contract/errors.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import { longestWaitMs, mostTries, pause, waitMs, type ThrottlingAnswer } from './throttling.js';

/** How the arranging side is reached. */
export interface JsonClientSettings {
  /** What stands before every path. */
  readonly url: string;
  /** Bearer token or key, when one is needed. */
  readonly bearer: string | null;
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
  /** What to look at when nothing answers, as a question. */
  readonly hint: string;
}

/** An answer of the arranging side; `body` is undefined when it is not JSON. */
export interface JsonAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Largest answer that is read, in bytes. */
const answerCapBytes = 1024 * 1024;

/** JSON over HTTP to the arranging side. Calls that it throttles are sent again; redirects are never followed. */
export class JsonClient {
  readonly #settings: JsonClientSettings;
  readonly #agent: Agent;

  constructor(settings: JsonClientSettings) {
    this.#settings = settings;
    this.#agent = new Agent({
      connectTimeout: settings.timeoutMs,
      headersTimeout: settings.timeoutMs,
      bodyTimeout: settings.timeoutMs,
      maxResponseSize: answerCapBytes,
    });
  }

  /**
   * Sends a call; again as long as it is answered 429, or 503 with Retry-After, within bounds.
   * @throws UnreachableError when no answer came
   */
  async call(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<JsonAnswer> {
    for (let tries = 1; ; tries += 1) {
      const { retryAfter, ...answer } = await this.#once(method, path, body);
      if (tries === mostTries || !isThrottled({ status: answer.status, retryAfter })) return answer;
      const ms = waitMs({ status: answer.status, retryAfter }, tries);
      if (ms > longestWaitMs) return answer;
      await pause(ms);
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #once(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<JsonAnswer & ThrottlingAnswer> {
    const { bearer, timeoutMs } = this.#settings;
    const url = this.#settings.url.replace(/\/+$/, '') + path;
    try {
      const response = await request(url, {
        method,
        dispatcher: this.#agent,
        headers: {
          ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.body.text();
      const retryAfter = response.headers['retry-after'];
      return {
        status: response.statusCode,
        body: parseJson(text),
        retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
      };
    } catch (cause) {
      throw new UnreachableError(
        `${method} ${url}: ${trouble(cause as Error, this.#settings)}; ${this.#settings.hint}`,
        { cause },
      );
    }
  }
}

const isThrottled = ({ status, retryAfter }: ThrottlingAnswer): boolean =>
  status === 429 || (status === 503 && retryAfter !== undefined);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function trouble(error: Error, settings: JsonClientSettings): string {
  if (error.name === 'TimeoutError' || ((error as NodeJS.ErrnoException).code ?? '').includes('TIMEOUT')) {
    return `no answer within ${settings.timeoutMs} ms`;
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection was closed without an answer';
  return settings.secrets.redact(code ?? error.message);
}

import {
  Agent as PlainAgent,
  request as plain,
  type ClientRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as secure } from 'node:https';

/** One call of the arranging side. */
export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** How long and how large an answer may be. */
export interface Bounds {
  /** From the first byte sent to the last received, in milliseconds. */
  readonly timeoutMs: number;
  /** In bytes. */
  readonly capBytes: number;
}

export interface TextAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Codes of errors of our own, beside those of the platform. */
export const timedOut = 'ETIMEDOUT';
export const tooLarge = 'ANSWER_TOO_LARGE';

const keptAlive = {
  keepAlive: true,
  // Servers of the trade close a connection that is idle for five seconds; whoever sends at that moment gets no answer.
  timeout: 3000,
};

/** HTTP over connections that are kept for the next call. Nothing is sent twice, and redirects are never followed. */
export class HttpClient {
  readonly #agents = { plain: new PlainAgent(keptAlive), secure: new SecureAgent(keptAlive) };

  /**
   * Sends a call and reads its answer as text.
   * @throws an error with a `code`: `timedOut`, `tooLarge`, or one of the platform
   */
  send({ method, url, headers, body }: Call, { timeoutMs, capBytes }: Bounds): Promise<TextAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = this.#open(url, { method, headers: { ...headers } });
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
        outgoing.destroy();
      };
      const timer = setTimeout(() => {
        fail(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: timedOut }));
      }, timeoutMs);
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        const collected: Buffer[] = [];
        let size = 0;
        incoming.on('error', fail);
        incoming.on('data', (chunk: Buffer) => {
          collected.push(chunk);
          size += chunk.length;
          if (size > capBytes) {
            fail(Object.assign(new Error(`the answer is larger than ${capBytes} bytes`), { code: tooLarge }));
          }
        });
        incoming.on('end', () => {
          clearTimeout(timer);
          const text = Buffer.concat(collected).toString('utf8');
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
        });
      });
      outgoing.end(body ?? undefined);
    });
  }

  #open(url: string, options: RequestOptions): ClientRequest {
    return url.startsWith('https:')
      ? secure(url, { ...options, agent: this.#agents.secure })
      : plain(url, { ...options, agent: this.#agents.plain });
  }

  /** Ends all connections, those in use too. */
  close(): void {
    this.#agents.plain.destroy();
    this.#agents.secure.destroy();
  }
}

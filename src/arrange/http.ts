import {
  Agent as PlainAgent,
  request as plain,
  type ClientRequest,
  type IncomingHttpHeaders,
  type RequestOptions,
} from 'node:http';
import { Agent as SecureAgent, request as secure } from 'node:https';
import type { Duplex } from 'node:stream';
import { StoppedError } from '../engine/errors.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import { connectTo } from '../engine/exchange/connection.js';
import { proxyFor } from '../engine/exchange/proxy.js';
import type { TlsMaterial } from '../engine/exchange/reach.js';
import { readContent } from '../engine/exchange/content.js';
import { systemClock, watch, type Clock } from '../engine/patience.js';

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

/** How somebody is reached. */
interface HttpSettings {
  /** Default: one that is never stopped. */
  readonly clock?: Clock | undefined;
  /** Gets to know the credentials of a proxy. */
  readonly secrets: SecretRegistry;
  /** Default: as the platform has it. */
  readonly tls?: TlsMaterial;
}

/** HTTP over connections that are kept for the next call. Nothing is sent twice, and redirects are never followed. */
export class HttpClient {
  readonly #clock: Clock;
  readonly #secrets: SecretRegistry;
  readonly #tls: TlsMaterial;
  readonly #agents: { readonly plain: PlainAgent; readonly secure: SecureAgent };
  /** Gives up the tunnels that are being opened. */
  readonly #pending = new Set<() => void>();

  constructor({ clock = systemClock, secrets, tls = {} }: HttpSettings) {
    this.#clock = clock;
    this.#secrets = secrets;
    this.#tls = tls;
    this.#agents = {
      plain: this.#throughProxies(new PlainAgent(keptAlive), 'http:'),
      secure: this.#throughProxies(new SecureAgent({ ...keptAlive, ...tls }), 'https:'),
    };
  }

  /**
   * Sends a call and reads its answer as text.
   * @throws StoppedError as soon as the clock is stopped
   * @throws an error with a `code`: `timedOut`, `tooLarge`, or one of the platform
   */
  send({ method, url, headers, body }: Call, { timeoutMs, capBytes }: Bounds): Promise<TextAnswer> {
    const { signal } = this.#clock;
    if (signal.aborted) return Promise.reject(new StoppedError(signal.reason));
    return new Promise((resolve, reject) => {
      const outgoing = this.#open(url, { method, headers: { ...headers } });
      const fail = (error: Error): void => {
        unwatch();
        reject(error);
        outgoing.destroy();
      };
      const unwatch = watch(timeoutMs, signal, (ending) => {
        fail(
          ending === 'stopped' ? new StoppedError(signal.reason) : coded(`no answer within ${timeoutMs} ms`, timedOut),
        );
      });
      outgoing.on('error', fail);
      outgoing.on('response', (incoming) => {
        incoming.on('error', fail);
        void readContent(incoming, capBytes).then(({ bytes, isCut }) => {
          if (isCut) {
            fail(coded(`the answer is larger than ${capBytes} bytes`, tooLarge));
            return;
          }
          unwatch();
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: bytes.toString('utf8') });
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

  /** Has an agent reach through a proxy whoever is behind one. */
  #throughProxies<A extends PlainAgent>(agent: A, protocol: string): A {
    const direct = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) => {
      const address = new URL(`${protocol}//${hostOf(options)}:${options.port ?? ''}`);
      const proxy = proxyFor(address.origin, this.#secrets);
      if (proxy === null || callback === undefined) return direct(options, callback);
      const done = callback as (error: Error | null, socket?: Duplex) => void;
      const fail = (error: Error): void => {
        this.#pending.delete(giveUp);
        done(error);
      };
      const giveUp = connectTo(
        address,
        { tls: this.#tls, proxy },
        {
          opened: ({ socket, ready }) => {
            const hand = (): void => {
              socket.off('error', fail);
              this.#pending.delete(giveUp);
              done(null, socket);
            };
            if (ready === null) hand();
            else socket.once('error', fail).once(ready, hand);
          },
          failed: fail,
        },
      );
      this.#pending.add(giveUp);
      return undefined;
    };
    return agent;
  }

  /** Ends all connections, those in use too. */
  close(): void {
    for (const giveUp of this.#pending) giveUp();
    this.#agents.plain.destroy();
    this.#agents.secure.destroy();
  }
}

/** The host as it stands in an address. */
function hostOf({ host, hostname }: RequestOptions): string {
  const name = host ?? hostname ?? '';
  return name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
}

const coded = (message: string, code: string): Error => Object.assign(new Error(message), { code });

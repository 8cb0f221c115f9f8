import { isTlsAlert, tlsTrouble } from '../evidence/trouble.js';
import type { Exchange, HeaderPair, NoAnswerReason, ReceivedResponse } from '../evidence/records.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import type { KeptConnection } from './kept-connection.js';
import { ProxyError } from './proxy.js';
import type { Reach } from './reach.js';

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
  /** How the end of the body is told; left out: by its length. */
  readonly framing?: 'chunked';
  /** True: another call is to follow over the same connection. */
  readonly keeps?: true;
}

/** Where requests that are to be in work at the same moment wait for each other. */
export interface Barrier {
  /** Says that one has come as far as it goes alone, or will never; resolves when all have. */
  readonly arrive: () => Promise<void>;
}

/** How long requests at one moment stand open together, in milliseconds: their heads are on the way that long. */
const togetherMs = 10;

/** Calls back after so many turns of the event loop. */
const afterTurns = (turns: number, callback: () => void): void => {
  setImmediate(
    turns > 0
      ? () => {
          afterTurns(turns - 1, callback);
        }
      : callback,
  );
};

/** A barrier for each of so many: it opens a moment after the last one has come. */
export function barrierFor(count: number): () => Barrier {
  let missing = count;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    // What came in meanwhile is dealt with first, by a target in this process as well: it takes one connection a turn.
    open = () =>
      setTimeout(() => {
        afterTurns(count + 1, resolve);
      }, togetherMs);
  });
  return () => {
    let isHere = false;
    return {
      arrive: () => {
        if (!isHere) missing -= 1;
        isHere = true;
        if (missing === 0) open();
        return opened;
      },
    };
  };
}

/** How an exchange is carried out. */
export interface ExchangeSettings {
  /** From the first byte sent to the last received, in milliseconds. */
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
  /** What stands between asks for; left out: nothing. */
  readonly reach?: Reach;
  /**
   * True: bytes behind the head of an answer that by definition has no content (204, 304, to HEAD) are counted, and waited
   * for a moment.
   */
  readonly tap?: true;
  /** Most bytes of the answer's body that evidence keeps; default: the capture cap. */
  readonly keptBytes?: number;
  /** Holds the end of the request back until those of all that are sent at the same moment may go. */
  readonly barrier?: Barrier;
  /** What the call goes over, and what it leaves open; left out: a connection of its own. */
  readonly connection?: KeptConnection;
  /** Ends the exchange at once when it aborts. */
  readonly signal?: AbortSignal;
}

/** Most bytes of a response body that are read; the exchange ends there. */
export const transferCapBytes = 1024 * 1024;

/** What came back, before it is turned into evidence. */
export type Answer =
  | { readonly response: ReceivedResponse }
  | { readonly noAnswer: { readonly reason: NoAnswerReason; readonly message: string } };

/** Largest head of an answer that is read. Clients of the platform stop at 16 KiB; real answers have 2 KiB. */
export const headCapBytes = 32 * 1024;

/** Most header lines of an answer that are read; servers of the trade take 100. Each is kept in the evidence. */
export const headCapLines = 500;

/** An answer whose head is beyond the caps: nothing in it can be judged. */
export const headTooLarge: Answer = {
  noAnswer: {
    reason: 'protocol-error',
    message: `the head of the answer is larger than ${headCapBytes / 1024} KiB or has more than ${headCapLines} lines`,
  },
};

/** What is told of a target that answers plain http with TLS. */
const speaksTls: Answer = {
  noAnswer: { reason: 'unreachable', message: 'the target speaks TLS there: write https:// in its address' },
};

/** What is told of a call that should have gone over a connection on which another one was answered. */
export const hungUp: Answer = {
  noAnswer: { reason: 'connection-closed', message: 'the connection was closed behind the answer before' },
};

/** What is told of an exchange that took too long. */
export const tooLate = (timeoutMs: number): Answer => ({
  noAnswer: { reason: 'timeout', message: `no complete answer within ${timeoutMs} ms` },
});

/** What is told of an exchange that nobody waits for any longer. */
export const runEnded: Answer = {
  noAnswer: { reason: 'timeout', message: 'the run was ended before an answer came' },
};

/** What an error of the network amounts to, in words for the reader. */
export function noAnswerOf(error: Error, secrets: SecretRegistry): Answer {
  const {
    code = '',
    reason: detail = code,
    rawPacket,
  } = error as NodeJS.ErrnoException & { readonly reason?: string; readonly rawPacket?: Buffer };
  if (error instanceof ProxyError)
    return { noAnswer: { reason: 'unreachable', message: secrets.redact(error.message) } };
  if (code === 'HPE_HEADER_OVERFLOW') return headTooLarge;
  if (isTlsAlert(rawPacket)) return speaksTls;
  const reason = noAnswerReason(code);
  const words: Partial<Record<NoAnswerReason, string>> = {
    'connection-closed': 'the connection was closed before the answer was complete',
    'protocol-error': `the answer is not HTTP/1.1: ${detail}`,
  };
  // Where several addresses refused, the error of the platform has a code and no message.
  const message = tlsTrouble(error) ?? words[reason] ?? (error.message || code);
  return { noAnswer: { reason, message: secrets.redact(message) } };
}

/** The kind of trouble behind an error of the network, by its code. */
function noAnswerReason(code: string): NoAnswerReason {
  if (code === 'ECONNREFUSED') return 'connection-refused';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code.startsWith('HPE_')) return 'protocol-error';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'connection-closed';
  return 'unreachable';
}

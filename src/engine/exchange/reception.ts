import type { IncomingMessage } from 'node:http';
import type { CapturedBody } from '../evidence/records.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import { captureBody, captureCapBytes, captureHeaders, pairUp } from './capture.js';
import { readContent } from './content.js';
import {
  headCapLines,
  headTooLarge,
  transferCapBytes,
  type Answer,
  type ExchangeSettings,
  type Message,
} from './message.js';
import type { Tap } from './tap.js';

/** Statuses whose answers have no content, whatever their heads announce (RFC 9112 section 6.3). */
const bareStatuses: readonly number[] = [204, 304];

/** Bytes that are read for each that may be kept: a secret at the edge is seen whole, and the size of what is usual is known. */
const readPerKept = 16;

/** An answer whose head is there, and what follows it. */
export class Reception {
  readonly #incoming: IncomingMessage;
  readonly #secrets: SecretRegistry;
  /** Counts what follows a head that by definition nothing may follow; null for any other. */
  #tap: Tap | null = null;

  readonly #keptBytes: number;
  /** Whether the method alone says that there is no content (RFC 9110 section 9.3.2). */
  readonly #isBare: boolean;

  constructor(
    incoming: IncomingMessage,
    { method }: Pick<Message, 'method'>,
    { secrets, keptBytes = captureCapBytes }: ExchangeSettings,
  ) {
    this.#isBare = method === 'HEAD';
    this.#incoming = incoming;
    this.#secrets = secrets;
    this.#keptBytes = keptBytes;
  }

  /** Whether the message has come to its end. */
  get isWhole(): boolean {
    return this.#incoming.complete;
  }

  /** The answer, while nothing but bytes behind it is waited for; else null. Had nothing come yet, some might have. */
  get inHand(): Answer | null {
    return this.#tap && this.#bare(this.#tap.bytesBehind === 0 ? null : this.#tap.bytesBehind);
  }

  /**
   * Reads the answer to its end, or to the transfer cap.
   * @param tap what has seen every byte until now; null when nobody wants to know of those behind a head
   * @returns never when the answer breaks off: that is an `error` of the message
   */
  async finish(tap: Tap | null): Promise<Answer> {
    const { rawHeaders, statusCode = 0 } = this.#incoming;
    if (rawHeaders.length > 2 * headCapLines) return headTooLarge;
    if (tap !== null && (this.#isBare || bareStatuses.includes(statusCode))) {
      this.#tap = tap;
      tap.answered();
      await tap.quiet();
      return this.#bare(tap.bytesBehind);
    }
    // Who keeps little of an answer need not read all of it either.
    const capBytes = Math.min(transferCapBytes, readPerKept * this.#keptBytes);
    const coding = this.#incoming.headers['content-encoding'] ?? '';
    const { bytes, isCut } = await readContent(this.#incoming, capBytes);
    return this.#answer(captureBody(bytes, this.#secrets, { isCut, keptBytes: this.#keptBytes, coding }), null);
  }

  #bare(strayBytes: number | null): Answer {
    return this.#answer(captureBody(Buffer.alloc(0), this.#secrets), strayBytes);
  }

  #answer(body: CapturedBody, strayBytes: number | null): Answer {
    const { rawHeaders, statusCode: status = 0 } = this.#incoming;
    const headers = captureHeaders(pairUp(rawHeaders), this.#secrets);
    return { response: { status, headers, body, strayBytes } };
  }
}

import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { headCapBytes } from './message.js';
import { headEnd, lengthOfInterim, wireOver } from './tap.js';

/**
 * A connection that stays open behind an answer, so that another call can be sent over it, as clients do. What a peer sent behind
 * its answer counts as the beginning of the next one.
 */
export class KeptConnection {
  #socket: Socket | null = null;
  #wire: Duplex | null = null;
  #received: Buffer[] = [];
  #size = 0;
  #isLast = false;

  /** Whether a call went over it before. */
  get isUsed(): boolean {
    return this.#socket !== null;
  }

  /** The connection, while both sides have it open; null: there is none. */
  get socket(): Socket | null {
    const socket = this.#socket;
    return socket?.writable === true && !socket.readableEnded && !this.#isLast ? socket : null;
  }

  /** The connection as the platform may have it for one call: when it ends that, the connection stays. */
  wireOver(socket: Socket): Duplex {
    const early = behindAnswer(Buffer.concat(this.#received));
    this.#received = [];
    this.#size = 0;
    if (this.#socket === null) {
      socket.on('data', (bytes) => {
        this.#add(bytes);
      });
      // Once nobody waits for an answer, trouble of the connection is its end.
      socket.on('error', () => undefined);
    }
    this.#socket = socket;
    this.#wire = wireOver(socket);
    if (early.length > 0) this.#wire.push(early);
    return this.#wire;
  }

  /** Says that its peer takes no other call over it (RFC 9112 section 9.6). */
  ends(): void {
    this.#isLast = true;
  }

  /** Says that a call has its answer: what comes now belongs to none. */
  answered(): void {
    this.#wire?.destroy();
    this.#wire = null;
  }

  end(): void {
    this.#socket?.destroy();
  }

  #add(bytes: Buffer): void {
    this.#size += bytes.length;
    // An answer so long is no refusal; where it ends is not looked for.
    if (this.#size > 4 * headCapBytes) this.#received = [];
    else this.#received.push(bytes);
  }
}

/** What stands behind a whole answer (RFC 9112 section 6.3); empty where its end is not told, or not there. */
function behindAnswer(bytes: Buffer): Buffer {
  const answer = bytes.subarray(lengthOfInterim(bytes));
  const end = answer.indexOf(headEnd);
  if (end === -1) return Buffer.alloc(0);
  const head = answer.subarray(0, end).toString('latin1');
  const content = answer.subarray(end + headEnd.length);
  if (/^transfer-encoding:/im.test(head)) return behindChunks(content);
  const length = /^content-length:[ \t]*(\d{1,9})[ \t]*$/im.exec(head)?.[1];
  return /^HTTP\/1\.\d (?:204|304)/.test(head) ? content : content.subarray(Number(length ?? content.length));
}

/** What stands behind chunks and their trailers (RFC 9112 section 7.1); empty where their end is not there. */
function behindChunks(content: Buffer): Buffer {
  for (let at = 0; ;) {
    const end = content.indexOf(endOfLine, at);
    const size = Number.parseInt(content.subarray(at, Math.max(at, end)).toString('latin1'), 16);
    if (end === -1 || Number.isNaN(size)) return Buffer.alloc(0);
    if (size > 0) {
      at = end + size + 2 * endOfLine.length;
      continue;
    }
    // Behind the last one are lines of trailers, and an empty line.
    const last = content.indexOf(headEnd, end);
    return last === -1 ? Buffer.alloc(0) : content.subarray(last + headEnd.length);
  }
}

const endOfLine = '\r\n';

import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { headCapBytes, transferCapBytes } from './message.js';

/**
 * How long to look for bytes behind a whole answer when the peer leaves the connection open although it was asked to close
 * it, in milliseconds. Waiting for something that should not come has no event; this is far above a loopback or LAN
 * segment's delay.
 */
const strayWindowMs = 100;

/**
 * Listens to a connection beside the platform's HTTP, and counts what a peer sends behind the head of its answer, whatever
 * a parser makes of it.
 */
export class Tap {
  /** The connection as the platform may have it. */
  readonly wire: Duplex;
  readonly #socket: Socket;
  /** What came until the answer was there; of interim answers only as much as there is room for. */
  #pieces: Buffer[] = [];
  #size = 0;
  #behind: number | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#add);
    this.wire = wireOver(socket);
  }

  /** Bytes behind the head of the answer; 0 as long as that is not there. */
  get bytesBehind(): number {
    return this.#behind ?? 0;
  }

  /** Says that the head of the answer is complete: what comes from now on, or has come already, is behind it. */
  answered(): void {
    const bytes = Buffer.concat(this.#pieces);
    const head = bytes.subarray(lengthOfInterim(bytes));
    this.#behind = head.length - (head.indexOf(headEnd) + headEnd.length);
    this.#pieces = [];
  }

  /** Listens no more: a connection that is kept has a tap for each of its calls. */
  leave(): void {
    this.#socket.off('data', this.#add);
    this.wire.destroy();
  }

  /** Ends when the peer closes, when more than the cap is behind the head, and at the latest after the stray window. */
  quiet(): Promise<void> {
    const socket = this.#socket;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.bytesBehind > transferCapBytes) done();
      };
      const done = (): void => {
        clearTimeout(timer);
        socket.off('data', look).off('end', done).off('close', done);
        resolve();
      };
      const timer = setTimeout(done, strayWindowMs);
      socket.on('data', look).on('end', done).on('close', done);
    });
  }

  readonly #add = (bytes: Buffer): void => {
    if (this.#behind !== null) {
      this.#behind += bytes.length;
      return;
    }
    this.#pieces.push(bytes);
    this.#size += bytes.length;
    if (this.#size > 2 * headCapBytes) this.#forgetInterim();
  };

  /** A peer may send interim answers without end; what stays is no larger than a head may be. */
  #forgetInterim(): void {
    const bytes = Buffer.concat(this.#pieces);
    const rest = Buffer.from(bytes.subarray(lengthOfInterim(bytes)));
    this.#pieces = [rest];
    this.#size = rest.length;
  }
}

/**
 * A stream that stands for a socket: whoever gets it may end and destroy it, as the platform does behind a whole answer and
 * at what it cannot read, and the socket stays open.
 */
export function wireOver(socket: Socket): Duplex {
  const wire = new Duplex({
    // Nothing is held back: whoever reads here never pauses, and leaves what is too large.
    read: () => undefined,
    // All pieces in one, as the socket itself would send them.
    writev: (pieces, done) => {
      socket.write(Buffer.concat(pieces.map(({ chunk }) => chunk as Buffer)), done);
    },
  });
  const deliver = (bytes: Buffer | null): void => {
    if (!wire.destroyed && !wire.readableEnded) wire.push(bytes);
  };
  const end = (): void => {
    deliver(null);
  };
  const destroy = (): void => {
    wire.destroy();
  };
  socket.on('data', deliver).on('end', end).on('close', destroy);
  // A connection that is kept has such a stream for each of its calls.
  wire.on('close', () => {
    socket.off('data', deliver).off('end', end).off('close', destroy);
  });
  // Trouble of the socket is told there.
  return wire.on('error', () => undefined);
}

/** What ends the head of a message. */
export const headEnd = '\r\n\r\n';
const interimStart = /^HTTP\/1\.[01] 1\d\d/;
const [cr, lf] = [0x0d, 0x0a];

/** Bytes before the head of the answer proper: interim answers (1xx), and ends of lines where a head may begin. */
export function lengthOfInterim(bytes: Buffer): number {
  for (let at = 0; ;) {
    while (bytes[at] === cr || bytes[at] === lf) at += 1;
    const end = bytes.indexOf(headEnd, at);
    if (end === -1 || !interimStart.test(bytes.subarray(at, at + 12).toString('latin1'))) return at;
    at = end + headEnd.length;
  }
}

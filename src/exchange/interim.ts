import type { Socket } from 'node:net';
import { headCapBytes } from './message.js';

const interimStart = /^HTTP\/1\.[01] 1\d\d/;

/** Bytes of the interim answers (1xx) that stand before the answer proper; a peer may send any number of them. */
export function lengthOfInterim(bytes: Buffer): number {
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n\r\n', at);
    if (end === -1 || !interimStart.test(bytes.subarray(at, at + 12).toString('latin1'))) return at;
    at = end + 4;
  }
}

/** True when the bytes may yet turn out to begin with a whole interim answer. */
const mayBeInterim = (bytes: Buffer): boolean =>
  bytes.length < headCapBytes &&
  ('HTTP/1.1 1'.startsWith(bytes.subarray(0, 10).toString('latin1')) ||
    'HTTP/1.0 1'.startsWith(bytes.subarray(0, 10).toString('latin1')));

/**
 * Takes interim answers out of what is read from a socket, up to the answer proper. The library closes the connection on
 * a `100 Continue` that it did not ask for, which a client has to bear (RFC 9110 section 15.2).
 */
export function skipInterim(socket: Socket): void {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  let held = Buffer.alloc(0);
  let isPast = false;
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk = read(size);
      if (isPast || chunk === null) return chunk;
      held = Buffer.concat([held, chunk]);
      held = held.subarray(lengthOfInterim(held));
      if (mayBeInterim(held)) continue;
      isPast = true;
      return held;
    }
  };
}

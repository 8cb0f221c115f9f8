import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A connection under way, and the event after which something may be written to it. */
export interface Connection {
  readonly socket: Socket;
  /** Not before: a token must not be on its way to a peer whose certificate turns out not to verify. */
  readonly ready: 'connect' | 'secureConnect';
}

/** The last session of each origin: resuming one spares most of a handshake. */
const sessions = new Map<string, Buffer>();

/** Opens a connection to an origin. Certificates are verified; trouble is an `error` of the socket. */
export function connectTo({ origin, protocol, hostname, port }: URL): Connection {
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'http:') {
    return { socket: connectPlain({ host, port: Number(port || 80) }), ready: 'connect' };
  }
  // An address is no server name (RFC 6066 section 3); the certificate is checked against the host all the same.
  const name = isIP(host) === 0 ? { servername: host } : {};
  const session = sessions.get(origin);
  const socket = connectTls({ host, port: Number(port || 443), ...name, ...(session && { session }) });
  socket.on('session', (next) => sessions.set(origin, next));
  return { socket, ready: 'secureConnect' };
}

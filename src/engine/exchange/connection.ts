import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { openTunnel, type Opening, type Proxy } from './proxy.js';
import type { TlsMaterial } from './reach.js';

/** A connection under way, and the event after which something may be written to it. */
export interface Connection {
  readonly socket: Socket;
  /** Not before: a token must not be on its way to a peer whose certificate turns out not to verify. Null: at once. */
  readonly ready: 'connect' | 'secureConnect' | null;
}

/** How a connection is opened. */
export interface ConnectionSettings {
  readonly tls: TlsMaterial;
  /** Null: the way is direct. */
  readonly proxy: Proxy | null;
}

/** The last session of each origin, of whoever shows the same certificate: resuming one spares most of a handshake. */
const sessions = new WeakMap<TlsMaterial, Map<string, Buffer>>();

/**
 * Opens a connection to an origin; a direct one is handed over before this returns. Certificates are verified. Trouble before
 * it is handed over is told there, later trouble is an `error` of the socket.
 * @returns gives it up, and ends it
 */
export function connectTo(
  address: URL,
  { tls, proxy }: ConnectionSettings,
  { opened, failed }: Opening<Connection>,
): () => void {
  if (proxy !== null) {
    let end = (): void => undefined;
    const giveUp = openTunnel(proxy, address, {
      opened: (tunnel) => {
        const connection = overTunnel(address, tunnel, tls);
        end = () => {
          connection.socket.destroy();
          tunnel.destroy();
        };
        opened(connection);
      },
      failed,
    });
    return () => {
      giveUp();
      end();
    };
  }
  const connection = direct(address, tls);
  opened(connection);
  return () => connection.socket.destroy();
}

function direct(address: URL, tls: TlsMaterial): Connection {
  const { host, port } = placeOf(address);
  return address.protocol === 'http:'
    ? { socket: connectPlain({ host, port }), ready: 'connect' }
    : { socket: secured(address, tls, { host, port }), ready: 'secureConnect' };
}

function overTunnel(address: URL, tunnel: Socket, tls: TlsMaterial): Connection {
  if (address.protocol === 'http:') return { socket: tunnel, ready: null };
  // Trouble of the tunnel is trouble of what is in it, and told there.
  tunnel.on('error', () => undefined);
  return {
    socket: secured(address, tls, { socket: tunnel, host: placeOf(address).host }),
    ready: 'secureConnect',
  };
}

/** Where an address leads to: IPv6 without brackets, and the port of its scheme where it names none. */
export function placeOf({ hostname, port, protocol }: URL): { readonly host: string; readonly port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'http:' ? 80 : 443)) };
}

function secured({ origin }: URL, tls: TlsMaterial, place: ConnectionOptions & { readonly host: string }): Socket {
  // An address is no server name (RFC 6066 section 3); the certificate is checked against the host all the same.
  const name = isIP(place.host) === 0 ? { servername: place.host } : {};
  const known = sessions.get(tls) ?? new Map<string, Buffer>();
  sessions.set(tls, known);
  const session = known.get(origin);
  const socket = connectTls({ ...place, ...tls, ...name, ...(session && { session }) });
  socket.on('session', (next) => known.set(origin, next));
  return socket;
}

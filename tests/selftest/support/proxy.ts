import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { end, listen } from './middleman.js';

/** A tunnel that somebody asked a proxy for. */
export interface Asked {
  /** `host:port`. */
  readonly authority: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** A proxy on the loopback that knows every host as this machine. */
export interface TestProxy {
  /** `127.0.0.1:port`. */
  readonly host: string;
  readonly asked: readonly Asked[];
  /** Messages to pass on that came to it: none, as the suite asks for tunnels. */
  readonly passedOn: readonly string[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a proxy.
 * @param decide the status that it answers to one who asks for a tunnel; below 300 opens it, null closes the connection
 */
export async function startProxy(decide: (asked: Asked) => number | null = () => 200): Promise<TestProxy> {
  const asked: Asked[] = [];
  const passedOn: string[] = [];
  const sockets = new Set<Socket>();
  const kept = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming, response) => {
    passedOn.push(incoming.url ?? '');
    response.writeHead(400).end();
  });
  server.on('connect', (incoming, socket: Socket) => {
    kept(socket);
    const one = { authority: incoming.url ?? '', headers: incoming.headers };
    asked.push(one);
    const status = decide(one);
    if (status === null) socket.destroy();
    else if (status > 299) socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
    else {
      const target = kept(connect(Number(one.authority.split(':').at(-1)), '127.0.0.1'));
      target.once('connect', () => {
        socket.write(`HTTP/1.1 ${status} Connection established\r\n\r\n`);
        socket.pipe(target).pipe(socket);
      });
      target.on('close', () => socket.destroy());
      socket.on('close', () => target.destroy());
    }
  });
  const port = await listen(server);
  return {
    host: `127.0.0.1:${port}`,
    asked,
    passedOn,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await end(server);
    },
  };
}

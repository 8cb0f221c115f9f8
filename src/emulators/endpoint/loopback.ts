import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Room for an id of 8,000 characters beside a token of several kilobytes, so that our own router refuses it. */
const maxHeaderBytes = 64 * 1024;
/** Well above the pauses within a run, so that no client reuses a connection that is just being closed. */
const keepAliveMs = 60_000;

type Serve = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Starts an HTTP server on 127.0.0.1.
 * @param serve answers one call; when it throws, the caller sees a bare 500, or a connection that ends
 * @param port 0: any free one
 * @returns where it listens, and what ends it at once: open connections are cut, answers still owed are never given
 * @throws Error when the port is taken
 */
export async function listenOnLoopback(
  serve: Serve,
  port: number,
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const server = createServer(
    { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveMs },
    (incoming, response) => {
      void guarded(serve, incoming, response);
    },
  );
  server.on('clientError', refuseMalformed);
  const origin = `http://127.0.0.1:${await listen(server, port)}`;
  return { origin, close: () => closeAtOnce(server) };
}

async function guarded(serve: Serve, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  // The sender may leave at any time; what it then misses is no trouble of ours.
  response.on('error', () => undefined);
  try {
    await serve(incoming, response);
  } catch {
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'Content-Length': 0 }).end();
  }
}

/** Bytes that are not HTTP reach no handler: they are answered here, in the form of every other refusal. */
function refuseMalformed(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const requestId = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': requestId };
  const message = 'The request is not well-formed HTTP.';
  const content = JSON.stringify({ error: { code: 'BadRequest', message, innerError } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Content-Type: application/json',
    `request-id: ${requestId}`,
    `Content-Length: ${Buffer.byteLength(content)}`,
    'Connection: close',
  ].join('\r\n');
  socket.end(`${head}\r\n\r\n${content}`);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function closeAtOnce(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

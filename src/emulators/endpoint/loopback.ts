import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Room for an id of 8,000 characters beside a token of several kilobytes, so that our own router refuses it. */
const maxHeaderBytes = 64 * 1024;
/** Well above the pauses within a run, so that no client reuses a connection that is just being closed. */
const keepAliveMs = 60_000;

/** Most that a call that no case judges may carry, in bytes. */
const mostSentBytes = 64 * 1024;

/** A caller sent more than is read of it. */
class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/**
 * The body of a call as text; for what has no bounds of its own that are judged.
 * @throws Error for one that is too large; the caller then sees 413
 */
export async function boundedText(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer | string>) {
    const piece = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    bytes += piece.length;
    if (bytes > mostSentBytes) throw new TooLargeError(`more than ${mostSentBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Names and addresses of this machine, with any port. */
const ownHost = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?$/i;

/**
 * Why a call is not answered: a page in a browser may reach this machine by a name of its own (DNS rebinding), or from another
 * origin, and there is a key to everything here for whoever asks.
 */
function strangerIn({ headers: { host, origin }, url = '' }: IncomingMessage, called: Called): string | null {
  const { hosts = [], servesPages } = called;
  if (host !== undefined && !ownHost.test(host) && !hosts.includes(host.replace(/:\d{1,5}$/, '').toLowerCase()))
    return 'This server answers to names and addresses of its own machine only.';
  if (origin === undefined || origin === `http://${host ?? ''}` || servesPages?.(url) === true) return null;
  return 'This server answers no page of another origin.';
}

type Serve = (incoming: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Who is served besides callers by the names of this machine that are no page of another origin. */
interface Called {
  /** Names by which it is called, as behind a gateway; without a port. */
  readonly hosts?: readonly string[] | undefined;
  /** Whether a request target is of something that asks for a token, of whoever calls: so it may know pages of other origins. */
  readonly servesPages?: (target: string) => boolean;
}

interface Served extends Called {
  readonly serve: Serve;
}

/**
 * Starts an HTTP server on 127.0.0.1.
 * @param serve answers one call; when it throws, the caller sees a bare 500, or a connection that ends
 * @param port 0: any free one
 * @param called who is served besides
 * @returns where it listens, and what ends it at once: open connections are cut, answers still owed are never given
 * @throws Error when the port is taken
 */
export async function listenOnLoopback(
  serve: Serve,
  port: number,
  called: Called = {},
): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const server = createServer(
    { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveMs },
    (incoming, response) => {
      void guarded({ ...called, serve, hosts: called.hosts?.map((name) => name.toLowerCase()) }, incoming, response);
    },
  );
  server.on('clientError', refuseMalformed);
  const origin = `http://127.0.0.1:${await listen(server, port)}`;
  return { origin, close: () => closeAtOnce(server) };
}

async function guarded(
  { serve, ...called }: Served,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // The sender may leave at any time; what it then misses is no trouble of ours.
  response.on('error', () => undefined);
  const stranger = strangerIn(incoming, called);
  if (stranger !== null) {
    refuse(response, 403, stranger);
    return;
  }
  try {
    await serve(incoming, response);
  } catch (error) {
    if (response.headersSent) response.destroy();
    else if (error instanceof TooLargeError) refuse(response, 413, 'The body of this call is too large.');
    else response.writeHead(500, { 'Content-Length': 0 }).end();
  }
}

/** What still comes is not read. */
function refuse(response: ServerResponse, status: 403 | 413, message: string): void {
  const content = JSON.stringify({ error: { code: status === 403 ? 'Forbidden' : 'RequestTooLarge', message } });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) };
  response.writeHead(status, { ...headers, Connection: 'close' }).end(content);
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

import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Edition } from '../contract/types.js';
import { alter, type Fault, type Variant } from './alterations.js';
import { answerControl, controlPath, type ControlledService } from './control.js';
import { defaultSeams } from './defaults.js';
import { answerCall } from './pipeline.js';
import type { Call } from './seams.js';
import { RequestStore } from './store.js';
import { TokenAuthority } from './tokens.js';
import { send } from './wire.js';

/** What the embedded target is to be like. */
export interface ReferenceOptions {
  readonly edition: Edition;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  readonly variant?: Variant | undefined;
  /** Laid over the variant, one over the other. */
  readonly faults?: readonly Fault[] | undefined;
  /** Bearer key of the control protocol; without one it is open. */
  readonly controlKey?: string | undefined;
}

/** A running embedded target. */
export interface ReferenceTarget {
  /** What stands before `/identityGovernance`, such as `http://127.0.0.1:4010/beta`. */
  readonly baseUrl: string;
  /** Base URL of the control protocol. */
  readonly controlUrl: string;
  /** Ends at once: open connections are cut, answers still owed are never given. */
  readonly close: () => Promise<void>;
}

/** Room for an id of 8,000 characters beside a token of several kilobytes, so that our own router refuses it. */
const maxHeaderBytes = 64 * 1024;
/** Well above the pauses within a run, so that no client reuses a connection that is just being closed. */
const keepAliveMs = 60_000;

/**
 * Starts the embedded target on 127.0.0.1: the action and its resource by the edition, tokens, and the control protocol.
 * @throws Error when the port is taken
 */
export async function startReference(options: ReferenceOptions): Promise<ReferenceTarget> {
  const { edition, variant, faults = [], controlKey = null } = options;
  const alterations = [...(variant === undefined ? [] : [variant]), ...faults];
  const service: ControlledService = {
    edition,
    store: new RequestStore(),
    authority: await TokenAuthority.create(edition),
    seams: alter(defaultSeams, alterations),
    controlKey,
  };
  const server = createServer(
    { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: keepAliveMs },
    (incoming, response) => {
      void serve(service, incoming, response);
    },
  );
  server.on('clientError', refuseMalformed);
  const origin = `http://127.0.0.1:${await listen(server, options.port ?? 0)}`;
  return { baseUrl: `${origin}/${edition.api}`, controlUrl: origin + controlPath, close: () => close(server) };
}

async function serve(service: ControlledService, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  // The sender may leave at any time; what it then misses is no trouble of ours.
  response.on('error', () => undefined);
  try {
    if (isControl(incoming.url ?? '')) await answerControl(service, incoming, response);
    else await answerService(service, incoming, response);
  } catch {
    // Not even an answer could be made: the caller sees a bare 500, or a connection that ends.
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'Content-Length': 0 }).end();
  }
}

function isControl(target: string): boolean {
  return target.startsWith(controlPath) && ['', '/', '?'].includes(target.charAt(controlPath.length));
}

async function answerService(
  service: ControlledService,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const call = callOf(service, incoming);
  const answer = await answerCall(call, service.seams);
  send(answer, response);
  if (call.address.kind === 'action') service.seams.lateEffect(answer, call);
}

function callOf({ edition, store, authority }: ControlledService, incoming: IncomingMessage): Call {
  const requestId = randomUUID();
  const sentId = incoming.headers['client-request-id'];
  return {
    edition,
    store,
    authority,
    incoming,
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    headers: incoming.headers,
    requestId,
    clientRequestId: typeof sentId === 'string' && sentId !== '' ? sentId : requestId,
    address: { kind: 'unknown' },
    caller: null,
    id: null,
    request: null,
    body: { present: false },
  };
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

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

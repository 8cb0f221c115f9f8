import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { loadContract } from '../../../src/cancel/contract.js';
import { controlPath } from '../../../src/emulators/endpoint/control.js';
import { alterationOf } from '../../../src/emulators/endpoint/named.js';
import { startEmbedded, type EmbeddedTarget } from '../../../src/emulators/endpoint/server.js';

/** One request that came to the middleman. */
export interface Passing {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** The Authorization header; empty when there is none. */
  readonly authorization: string;
  /** Names and values as they were on the wire, one after the other. */
  readonly headers: readonly string[];
  /** True for a call of the control protocol. */
  readonly isControl: boolean;
  /** Its number in the order of arrival, from 1. */
  readonly number: number;
}

interface MadeUp {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string;
}

/** What the embedded target answered: content as text, header pairs one after the other. */
export interface Answered extends MadeUp {
  readonly headers: readonly string[];
}

/** Answers with bytes of its own choice: the connection is handed over together with what the embedded target answered. */
interface Written {
  readonly write: (socket: Socket, answer: Answered) => void;
}

/** Passed on after a while, as by a slow network. */
interface Late {
  readonly afterMs: number;
}

/**
 * What becomes of a request: passed on to the embedded target, never answered, the connection closed, an answer made up, the
 * embedded target's answer changed, bytes written in its place, or passed on late.
 */
export type Fate = 'pass' | 'hang' | 'close' | MadeUp | Written | Late | ((answer: Answered) => Answered);

/** What a server needs to speak TLS. */
interface Certified {
  readonly key: string;
  readonly cert: string;
  /** The name in the certificate. */
  readonly host: string;
  /** When given, callers show a certificate of this authority. */
  readonly ca?: string;
}

/** What a middleman and the embedded target behind it are like; left out: http, and no fault. */
interface MiddlemanOptions {
  /** When given, the middleman speaks https. */
  readonly certified?: Certified;
  readonly faults?: readonly string[];
}

/** A server between the suite and the embedded target that misbehaves as it is told. */
export interface Middleman {
  readonly port: number;
  readonly baseUrl: string;
  readonly controlUrl: string;
  /** Members of a target file that has all calls go through here and gives up quickly. */
  readonly target: object;
  readonly close: () => Promise<void>;
}

/** Short, so that a run against a target that hangs is quick; long enough for a busy machine. */
export const shortTimeoutMs = 500;

/**
 * Starts a middleman and the embedded target behind it.
 * @param decide called for every request; what it throws closes the connection
 */
export async function startMiddleman(
  decide: (passing: Passing) => Fate,
  { certified, faults = [] }: MiddlemanOptions = {},
): Promise<Middleman> {
  const embedded = await startEmbedded({
    edition: loadContract().edition,
    ...alterationOf({ fault: faults }),
    ...(certified && { hosts: [certified.host] }),
  });
  let count = 0;
  const serve = (incoming: IncomingMessage, response: ServerResponse): void => {
    count += 1;
    const target = incoming.url ?? '';
    const { method = '', headers } = incoming;
    const authorization = headers.authorization ?? '';
    const passing = { method, target, authorization, headers: incoming.rawHeaders };
    const fate = decide({ ...passing, isControl: isControl(target), number: count });
    // A caller who gives up, or an answer that breaks off, ends this call and nothing else.
    carryOut(fate, { incoming, response, embedded }).catch(() => incoming.socket.destroy());
  };
  const asksBack = certified?.ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
  const server = certified ? createTlsServer({ ...certified, ...asksBack }, serve) : createServer(serve);
  const port = await listen(server);
  const origin = certified ? `https://${certified.host}:${port}` : `http://127.0.0.1:${port}`;
  const baseUrl = `${origin}/beta`;
  const controlUrl = origin + controlPath;
  const requests = { provider: 'control', url: controlUrl };
  return {
    port,
    baseUrl,
    controlUrl,
    target: { baseUrl, requests, timeoutMs: shortTimeoutMs },
    close: async () => {
      await end(server);
      await embedded.close();
    },
  };
}

interface Call {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly embedded: EmbeddedTarget;
}

async function carryOut(fate: Fate, { incoming, response, embedded }: Call): Promise<void> {
  if (fate === 'hang') return;
  if (fate === 'close') {
    incoming.socket.destroy();
    return;
  }
  if (typeof fate === 'object' && 'status' in fate) {
    await buffer(incoming);
    const throttled = fate.retryAfter === undefined ? {} : { 'Retry-After': fate.retryAfter };
    response.writeHead(fate.status, { 'Content-Type': 'application/json', ...throttled }).end(fate.body);
    return;
  }
  if (typeof fate === 'object' && 'afterMs' in fate) await setTimeout(fate.afterMs);
  const answer = await passOn(incoming, embedded);
  if (typeof fate === 'object' && 'write' in fate) {
    fate.write(incoming.socket, answer);
    return;
  }
  const { status, headers, body } = typeof fate === 'function' ? fate(answer) : answer;
  response.writeHead(status, [...headers]).end(body);
}

async function passOn(incoming: IncomingMessage, { baseUrl, control }: EmbeddedTarget): Promise<Answered> {
  const { hostname, port } = new URL(baseUrl);
  const { method = '', url: path = '', headers } = incoming;
  // What is arranged is the greater part of all calls, and needs no second way over the network.
  if (isControl(path))
    return controlled(await control(method, path.slice(controlPath.length), await membersOf(incoming)));
  const received = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers }, resolve).on('error', reject);
    incoming.on('error', reject).pipe(outgoing);
  });
  const body = (await buffer(received)).toString('utf8');
  return { status: received.statusCode ?? 0, headers: received.rawHeaders, body };
}

const isControl = (target: string): boolean => target.startsWith(controlPath);

/** The members that a call of the control protocol sends; none for one without content. */
async function membersOf(incoming: IncomingMessage): Promise<object> {
  const content = (await buffer(incoming)).toString('utf8');
  return content === '' ? {} : (JSON.parse(content) as object);
}

/** What the control protocol answered, as it would be on the wire. */
function controlled({ status, body }: Awaited<ReturnType<EmbeddedTarget['control']>>): Answered {
  if (body === undefined) return { status, headers: [], body: '' };
  const content = JSON.stringify(body);
  const length = String(Buffer.byteLength(content));
  return { status, headers: ['Content-Type', 'application/json', 'Content-Length', length], body: content };
}

/** Listens on a free port of the loopback. */
export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** Ends a server and whatever is still connected to it. */
export async function end(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** A port of the loopback on which nobody listens. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await end(server);
  return port;
}

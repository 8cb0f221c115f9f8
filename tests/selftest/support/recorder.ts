import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import type { HeaderPair } from '../../../src/engine/evidence/records.js';
import { readWrittenRequest } from '../../../src/engine/exchange/capture.js';
import { isWhole } from './loopback-peer.js';

/** A server that keeps the bytes of every connection, in the order of arrival. */
export interface Recorder {
  readonly origin: string;
  readonly received: readonly Buffer[];
  readonly close: () => Promise<void>;
}

/**
 * Starts a recorder.
 * @param behind port of the loopback to which everything is passed on; without one, each connection is answered with 204
 */
export async function startRecorder(behind?: number): Promise<Recorder> {
  const chunks: Buffer[][] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const own: Buffer[] = [];
    chunks.push(own);
    sockets.add(socket);
    socket.on('data', (chunk) => own.push(chunk));
    if (behind === undefined) answerNothing(socket, own);
    else passOn(socket, own, { port: behind, sockets });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get received() {
      return chunks.map(joined);
    },
    close: () => close(server, sockets),
  };
}

/** What came so far on a connection; joined in place, because the whole of a run is looked at again and again. */
function joined(own: Buffer[]): Buffer {
  const [first = Buffer.alloc(0), ...rest] = own;
  if (rest.length === 0) return first;
  const whole = Buffer.concat(own);
  own.splice(0, own.length, whole);
  return whole;
}

interface Behind {
  readonly port: number;
  readonly sockets: Set<Socket>;
}

function answerNothing(socket: Socket, own: Buffer[]): void {
  socket.on('error', () => undefined);
  socket.on('data', () => {
    if (isWhole(joined(own))) socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n');
  });
}

/** An answer is held back until the whole request is there: curl would not send the rest of it. */
function passOn(socket: Socket, own: Buffer[], { port, sockets }: Behind): void {
  const upstream = connect(port, '127.0.0.1');
  sockets.add(upstream);
  socket.on('error', () => upstream.destroy());
  let isAnswering = false;
  const proceed = (): void => {
    if (isAnswering || !isWhole(joined(own))) return;
    isAnswering = true;
    if (upstream.destroyed) socket.destroy();
    else upstream.pipe(socket);
  };
  upstream.on('error', () => undefined);
  upstream.on('close', () => {
    // A target that breaks off must not keep the rest of the request from being recorded.
    socket.resume();
    if (isAnswering) socket.end();
    else proceed();
  });
  socket.pipe(upstream);
  socket.on('data', proceed);
}

async function close(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await closed;
}

/** What two requests must have in common to be the same; the order and the casing of header names say nothing. */
export interface SentBytes {
  readonly method: string;
  readonly requestTarget: string;
  readonly headers: readonly string[];
  readonly body: { readonly bytes: number; readonly sha256: string };
}

/** One recorded request. */
export function sentBytes(received: Buffer | undefined): SentBytes {
  const head = readWrittenRequest(received ?? Buffer.alloc(0));
  if (!head) throw new Error('no whole request was received');
  const headers = head.headers.map(([name, value]: HeaderPair) => `${name.toLowerCase()}: ${value}`);
  const { method, requestTarget, body } = head;
  const sha256 = createHash('sha256').update(body).digest('hex');
  return { method, requestTarget, headers: headers.sort(), body: { bytes: body.length, sha256 } };
}

const execute = promisify(execFile);

/**
 * Runs a text as a shell would that it is pasted into. How curl ends is of no interest here: a target may well break off.
 * @returns what was printed
 */
export async function paste(text: string, environment: Readonly<Record<string, string>>, cwd: string): Promise<string> {
  const { PATH = '' } = process.env;
  try {
    const { stdout, stderr } = await execute('sh', ['-c', text], { env: { PATH, ...environment }, cwd });
    return stdout + stderr;
  } catch (error) {
    return String(error);
  }
}

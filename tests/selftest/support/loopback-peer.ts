import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { test as base } from '@playwright/test';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { exchange } from '../../../src/engine/exchange/client.js';
import type { ExchangeSettings, Message } from '../../../src/engine/exchange/message.js';

/** A bare TCP server: what it answers is bytes, and it keeps every byte that it received. */
export interface Peer {
  readonly origin: string;
  /** The bytes of each connection, in order. */
  readonly received: readonly Buffer[];
  /** Ends when the client has closed the first connection. */
  readonly left: Promise<void>;
}

/** What a peer does once it has received a whole request. */
export type Answer = (socket: Socket) => void;

/** Writes text and closes. */
export const closing =
  (text: string | Buffer): Answer =>
  (socket) => {
    socket.end(text);
  };

/** Writes text and leaves the connection open. */
export const staying =
  (text: string | Buffer): Answer =>
  (socket) => {
    socket.write(text);
  };

/** Writes bytes one by one, each once the one before has left. */
export function inPieces(bytes: Buffer): Answer {
  return (socket) => {
    socket.setNoDelay(true);
    const next = (at: number): void => {
      if (at === bytes.length) socket.end();
      else socket.write(bytes.subarray(at, at + 1), () => setImmediate(next, at + 1));
    };
    next(0);
  };
}

/** Tests with peers on 127.0.0.1, all of which are gone afterwards. */
export const test = base.extend<{ peer: (answer: Answer) => Promise<Peer> }>({
  peer: async ({}, use) => {
    const started: { server: Server; sockets: Socket[] }[] = [];
    await use(async (answer) => {
      const received: Buffer[] = [];
      const sockets: Socket[] = [];
      const server = createServer((socket) => {
        const index = sockets.push(socket) - 1;
        received[index] = Buffer.alloc(0);
        let answered = false;
        socket.on('error', () => undefined);
        socket.on('data', (chunk) => {
          const bytes = Buffer.concat([received[index] ?? Buffer.alloc(0), chunk]);
          received[index] = bytes;
          if (answered || !isWhole(bytes)) return;
          answered = true;
          answer(socket);
        });
      });
      started.push({ server, sockets });
      const left = new Promise<void>((resolve) => {
        server.once('connection', (socket) => {
          socket.once('close', () => {
            resolve();
          });
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received, left };
    });
    for (const { server, sockets } of started) {
      sockets.forEach((socket) => socket.destroy());
      server.close();
    }
  },
});

/** True when head and announced content are there. */
export function isWhole(bytes: Buffer): boolean {
  const end = bytes.indexOf('\r\n\r\n');
  const length = Number(/^content-length: *(\d+)/im.exec(bytes.toString('latin1'))?.[1] ?? 0);
  return end !== -1 && bytes.length >= end + 4 + length;
}

export const token = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJyZXF1ZXN0b3IifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';

/** Settings with one known secret. */
export function settings(timeoutMs = 5000): ExchangeSettings {
  const secrets = new SecretRegistry();
  secrets.register(token, 'token:requestor');
  return { timeoutMs, secrets };
}

export function messageTo(origin: string, rest: Partial<Message> = {}): Message {
  return {
    role: 'probe',
    persona: 'requestor',
    method: 'POST',
    origin,
    requestTarget: '/beta/requests/1/cancel',
    headers: [['content-type', 'application/json']],
    body: Buffer.from('{"id":"1"}'),
    ...rest,
  };
}

/** Sends a message and looks behind its answer. */
export const tapped: typeof exchange = (message, own) => exchange(message, { ...own, tap: true });

/** The two ways to send a message; what both must do is tested on both. */
export const ways = [
  ['a connection', exchange],
  ['a tapped connection', tapped],
] as const;

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { AbsentError, PrerequisiteError, UnreachableError } from '../engine/errors.js';
import type { Provider } from '../engine/perform/provider.js';

/** A provider, reachable from the other processes of the run. */
export interface Broker {
  readonly url: string;
  readonly key: string;
  close(): Promise<void>;
}

/**
 * Offers a provider over control protocol 1 on loopback, with a key of its own. A run has several processes, and what is
 * given out once or shared has to be known in one place. Two calls are added: `POST /requests/{id}/release` and `…/intend`.
 */
export async function startBroker(provider: Provider): Promise<Broker> {
  const key = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    void answer(provider, { request, response, key });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await provider.close();
    },
  };
}

/** How the broker says that the target cannot show what is wanted. */
export const absentCode = 'Absent';

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly key: string;
}

async function answer(provider: Provider, { request, response, key }: Call): Promise<void> {
  const send = (status: number, body?: object): void => {
    response.writeHead(status, body ? { 'content-type': 'application/json' } : {});
    response.end(body ? JSON.stringify(body) : undefined);
  };
  if (!sameText(request.headers.authorization ?? '', `Bearer ${key}`)) {
    send(401);
    return;
  }
  try {
    await carryOut(provider, request, send);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const status = error instanceof UnreachableError ? 502 : error instanceof PrerequisiteError ? 422 : 500;
    send(status, { error: { code: error instanceof AbsentError ? absentCode : 'CannotArrange', message } });
  }
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

type Send = (status: number, body?: object) => void;

async function carryOut(provider: Provider, request: IncomingMessage, send: Send): Promise<void> {
  const [, , encoded, action] = (request.url ?? '/').split('/');
  const id = decodeURIComponent(encoded ?? '');
  const call = `${request.method ?? ''} ${encoded === undefined ? 'all' : (action ?? 'one')}`;
  switch (call) {
    case 'GET all':
      send(200, { protocol: 'cancel-conformance-control/1', ...(await provider.describe()) });
      return;
    case 'POST all': {
      const wanted = (await json(request)) as { status: string; requestor: string };
      send(201, { id: await provider.create(wanted.status, wanted.requestor) });
      return;
    }
    case 'GET one': {
      const { found, status, resource } = await provider.read(id);
      if (found) send(200, { id, status, ...(resource ? { resource } : {}) });
      else send(404);
      return;
    }
    case 'POST intend': {
      const { what } = (await json(request)) as { what: string };
      await provider.intend(id, what);
      send(204);
      return;
    }
    case 'POST release':
      await provider.release(id);
      send(204);
      return;
    case 'DELETE one':
      await provider.remove(id);
      send(204);
      return;
    default:
      send(404);
  }
}

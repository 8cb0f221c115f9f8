import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { HttpClient } from '../../../src/arrange/http.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';

/** A call that would change something. */
export interface Mutation {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Its number among the calls that would change something, from 1. */
  readonly number: number;
}

/** What becomes of a call: passed on, lost on its way there, its answer lost on the way back, or refused on the way. */
type Fate = 'pass' | 'lost' | 'unanswered' | { readonly status: number; readonly code: string };

/** A way to a tenant on which every call that changes something is seen. */
export interface Gate {
  readonly origin: string;
  /** How many calls of any kind the tenant was sent. */
  readonly calls: () => number;
  readonly mutations: readonly Mutation[];
  readonly close: () => Promise<void>;
}

/**
 * Opens a way to a server.
 * @param decide asked before each call that changes something, which waits for the answer
 * @param decideRead asked before each call that changes nothing; left out: it is passed on
 */
export async function openGate(
  destination: string,
  decide: (mutation: Mutation) => Fate | Promise<Fate>,
  decideRead: () => Fate = () => 'pass',
): Promise<Gate> {
  let calls = 0;
  const mutations: Mutation[] = [];
  const client = new HttpClient({ secrets: new SecretRegistry() });
  const fateOf = (method: string, path: string, body: string): Fate | Promise<Fate> => {
    if (method === 'GET' || method === 'HEAD') return decideRead();
    const mutation = { method, path, body, number: mutations.length + 1 };
    mutations.push(mutation);
    return decide(mutation);
  };
  const server = createServer((incoming, outgoing) => {
    const forward = async (): Promise<void> => {
      const { method = 'GET', url = '/' } = incoming;
      const body = await buffer(incoming);
      const fate = await fateOf(method, url, body.toString());
      if (typeof fate === 'object') {
        outgoing.writeHead(fate.status, { 'content-type': 'application/json' });
        outgoing.end(JSON.stringify({ error: { code: fate.code, message: 'There is already a like one.' } }));
        return;
      }
      if (fate === 'lost') {
        incoming.socket.destroy();
        return;
      }
      calls += 1;
      const hopByHop = ['connection', 'transfer-encoding', 'content-length', 'expect'];
      const headers = Object.fromEntries(
        Object.entries(incoming.headers)
          .filter(([name]) => !hopByHop.includes(name))
          .map(([name, value]) => [name, String(value)]),
      );
      const bodyless = body.length === 0 && incoming.headers['content-length'] === undefined;
      const answer = await client.send(
        { method, url: destination + url, headers, body: bodyless ? null : body.toString() },
        { timeoutMs: 60_000, capBytes: 16 * 1024 * 1024 },
      );
      if (fate === 'unanswered') {
        incoming.socket.destroy();
        return;
      }
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.text);
    };
    forward().catch(() => incoming.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: () => calls,
    mutations,
    close: async () => {
      client.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

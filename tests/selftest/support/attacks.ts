import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { test as base } from './temporary-folder.js';

/** What somebody answers to a call; text is sent as it is. */
export type Respond = (url: string, origin: string) => unknown;

/** Longest that one attack may take, in milliseconds; most take a hundredth of it. */
const boundMs = 5000;

/** Tests with a peer that answers as it likes. */
export const test = base.extend<{
  answering: (respond: Respond) => Promise<{ readonly origin: string; readonly seen: string[] }>;
}>({
  answering: async ({}, use) => {
    const servers: Server[] = [];
    await use(async (respond) => {
      const seen: string[] = [];
      const server = createServer((incoming, response) => {
        seen.push(incoming.url ?? '');
        const body = respond(incoming.url ?? '', origin());
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(typeof body === 'string' ? body : JSON.stringify(body));
      });
      servers.push(server);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      return { origin: origin(), seen };
    });
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  },
});

/** Does something, and holds it against the clock. */
export async function within<Value>(work: () => Promise<Value>): Promise<Value> {
  const begin = performance.now();
  try {
    return await work();
  } finally {
    expect(performance.now() - begin).toBeLessThan(boundMs);
  }
}

/** Lists in lists. */
export const deep = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
/** A list of so many. */
export const many = (value: string, count: number): string => `[${`${value},`.repeat(count - 1)}${value}]`;

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect } from '@playwright/test';
import { TenantCalls } from '../../../src/arrange/graph/calls.js';
import { Turns } from '../../../src/arrange/graph/turns.js';
import { Journal } from '../../../src/arrange/graph/journal.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { systemClock } from '../../../src/engine/patience.js';
import { test } from '../support/temporary-folder.js';

interface Listening {
  readonly url: string;
  readonly seen: IncomingMessage[];
  readonly close: () => Promise<void>;
}

/** A server that answers every call with the same JSON, and notes what came. */
async function answering(body: (url: string) => object): Promise<Listening> {
  const seen: IncomingMessage[] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body(url)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/beta`;
  return {
    url,
    seen,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const journalIn = (folder: string): Journal =>
  Journal.begin(path.join(folder, 'run-1.jsonl'), {
    journal: 'cancel-conformance-journal/1',
    tag: 'cancel-conformance run 1',
    tenant: '00000000-0000-4000-8000-000000000001',
    baseUrl: 'http://127.0.0.1/beta',
    collection: 'accessPackageAssignmentRequests',
    edition: 'beta-2021-05',
    target: 'made up',
    startedAt: '2026-01-01T00:00:00.000Z',
  });

const callsTo = (url: string, journal: Journal): TenantCalls =>
  new TenantCalls({
    url,
    tokenOf: () => 'made-up-token-of-the-self-tests.1',
    timeoutMs: 5000,
    turns: new Turns({ callsPerSecond: 1000, mostCalls: 10 }, systemClock),
    secrets: new SecretRegistry(),
    journal,
  });

test('a list that goes on at another place is not followed there, so no token is', async ({ folder }) => {
  const elsewhere = await answering(() => ({ value: [] }));
  const tenant = await answering(() => ({ value: [], '@odata.nextLink': `${elsewhere.url}/more` }));
  const journal = journalIn(folder);
  const calls = callsTo(tenant.url, journal);
  await expect(calls.list('administrator', '/accessPackages', () => true)).rejects.toThrow(
    /a list goes on at .*, which is not below/,
  );
  expect(tenant.seen).toHaveLength(1);
  expect(elsewhere.seen).toEqual([]);
  calls.close();
  await Promise.all([tenant.close(), elsewhere.close()]);
});

test('a call on what the journal did not see made is a fault of the suite, and is never sent', async ({ folder }) => {
  const tenant = await answering(() => ({}));
  const journal = journalIn(folder);
  const calls = callsTo(tenant.url, journal);
  for (const method of ['DELETE', 'POST', 'PATCH'] as const) {
    const act = {
      verb: 'touch',
      kind: 'request',
      id: 'foreign',
      method,
      path: '/accessPackageAssignmentRequests/foreign',
    } as const;
    await expect(calls.act('administrator', act)).rejects.toThrow(/which it did not make/);
  }
  expect(tenant.seen).toEqual([]);
  calls.close();
  await tenant.close();
});

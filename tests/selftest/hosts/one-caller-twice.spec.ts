import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { loadContract } from '../../../src/cancel/contract.js';
import { startEmbedded } from '../../../src/emulators/endpoint/server.js';
import { failedRows } from '../support/cli.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';

/** Headers but those of one connection. */
const passedOn = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value !== 'string' || ['host', 'content-length', 'connection'].includes(name) ? [] : [[name, value]],
    ),
  );

/** A target to which `otherUser` is another name of `requestor`: one token, and the same owner of requests. */
async function startConfused(): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const { edition } = loadContract();
  const embedded = await startEmbedded({ edition, faults: [] });
  const server = createServer((incoming, outgoing) => {
    const pass = async (): Promise<void> => {
      const { method = 'GET', url = '/', headers } = incoming;
      const sent = await text(incoming);
      const body = sent.replaceAll('"otherUser"', '"requestor"');
      const answer = await fetch(new URL(url, embedded.baseUrl), {
        method,
        headers: passedOn(headers),
        ...(body === '' ? {} : { body }),
      });
      outgoing.writeHead(answer.status, { ...passedOn(Object.fromEntries(answer.headers)), connection: 'close' });
      outgoing.end(Buffer.from(await answer.arrayBuffer()));
    };
    pass().catch(() => incoming.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      await new Promise((closed) => server.close(closed));
      await embedded.close();
    },
  };
}

test('one token under the names of two people accuses nobody: what needs both is not told', async () => {
  const { origin, close } = await startConfused();
  const { target, contract } = embeddedWith();
  const report = await runOn(
    {
      target: {
        ...target,
        embedded: null,
        baseUrl: `${origin}/beta`,
        requests: {
          provider: 'control',
          url: `${origin}/conformance/v1`,
          key: { env: 'CANCEL_CONTROL_KEY', required: false },
        },
      },
      contract,
    },
    { areas: ['PERM'], cases: 'but cells' },
  );
  await close();
  expect(report.suiteFaults).toEqual([]);
  expect(failedRows(report)).toEqual([]);
  const [row] = report.requirements.filter(({ id }) => id === 'CANCEL-PERM-003');
  expect(row?.verdict).toBe('inconclusive');
  expect(row?.reason).toMatch(/same token as requestor|is the same user as (?:otherUser|requestor)/);
});

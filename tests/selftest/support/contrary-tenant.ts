import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { preparedFile } from '../../../src/arrange/graph/ahead.js';
import { headOf } from '../../../src/arrange/graph/open.js';
import { makeFolder, privateModes } from '../../../src/engine/files.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { plainReach } from '../../../src/engine/exchange/reach.js';
import { systemClock } from '../../../src/engine/patience.js';
import type { LiveTenant } from '../../../src/target/live-tenant.js';
import { longAgo } from './attacked-tenant.js';
import { test as base, type Members } from './tenant-client.js';
import { liveIn, tenantTarget } from './tenant-target.js';

type Answering = (incoming: IncomingMessage, response: ServerResponse) => void;

/** What stands in the place of a tenant and is contrary, and what is needed to work in it. */
interface Contrary extends Awaited<ReturnType<typeof tenantTarget>> {
  readonly live: LiveTenant;
  /** The calls that came, as methods and paths. */
  readonly seen: readonly string[];
  /** Where a journal of what was prepared may be begun. */
  readonly prepared: string;
  /** Writes a journal of a run of this target with these lines. */
  readonly journal: (lines: readonly Members[]) => string;
}

/** The tag of the runs whose journals are written. */
export const contraryTag = 'cancel-conformance run 20261129T120000Z-0badc0de';

/** Lines that announce an object, of which the second says that it came into being. */
export const madeLines = (seq: number, create: Members, id: string): readonly Members[] => [
  announced(seq, create),
  { seq, at: longAgo, made: id },
];

export const announced = (seq: number, create: Members): Members => ({
  ...{ seq, at: longAgo, intend: 'create' },
  create: { createdAs: 'administrator', createdAt: longAgo, ...create },
});

type Oppose = (answering: Answering, more?: object) => Promise<Contrary>;

/** Tests with a tenant that answers as a test says, whatever it is asked. */
export const test = base.extend<{ oppose: Oppose }>({
  oppose: async ({ start, folder }, use) => {
    const closing: (() => Promise<void>)[] = [];
    await use(async (answering, more = {}) => {
      const seen: string[] = [];
      const server = createServer((incoming, response) => {
        seen.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
        answering(incoming, response);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      closing.push(async () => {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      });
      const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/beta`;
      const resolved = await tenantTarget(await start({ now: Date.now }), folder, { more: { baseUrl, ...more } });
      const live = liveIn(resolved.target);
      makeFolder(live.state, privateModes.folder);
      const from = {
        ...{ ...resolved, baseUrl, credentials: {} },
        ...{ reach: plainReach, secrets: new SecretRegistry(), clock: systemClock },
      };
      const journal: Contrary['journal'] = (lines) => {
        const file = path.join(live.state, 'run-1.jsonl');
        const all = [headOf(from, live, contraryTag), ...lines];
        writeFileSync(file, all.map((line) => `${JSON.stringify(line)}\n`).join(''), { mode: 0o600 });
        return file;
      };
      return { ...resolved, live, seen, prepared: preparedFile(live), journal };
    });
    await Promise.all(closing.map((close) => close()));
  },
});

/** Answers in JSON; who is throttled is asked to wait a minute. */
export const answer = (response: ServerResponse, status: number, body: object): void => {
  const throttling = status === 429 ? { 'retry-after': '60' } : {};
  response.writeHead(status, { 'content-type': 'application/json', ...throttling }).end(JSON.stringify(body));
};

import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { loadContract } from '../../../src/cancel/contract.js';
import { startEmbedded } from '../../../src/emulators/endpoint/server.js';
import { identityExtension } from '../../../src/emulators/tenant/identity/extension.js';
import { startTenant } from '../../../src/emulators/tenant/server.js';

type Sent = Readonly<Record<string, string>>;

/** A call with headers of its own, Host among them, which fetch does not let be chosen. */
async function call(
  origin: string,
  at: { readonly method?: string; readonly path: string; readonly headers?: Sent; readonly body?: string },
) {
  const { hostname, port } = new URL(origin);
  return new Promise<{
    readonly status: number;
    readonly headers: NodeJS.Dict<string | string[]>;
    readonly body: string;
  }>((resolve, reject) => {
    const outgoing = request(
      { hostname, port, method: at.method ?? 'GET', path: at.path, headers: { ...at.headers }, agent: false },
      (incoming) => {
        void text(incoming).then((body) => {
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body });
        }, reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(at.body);
  });
}

const { edition } = loadContract();

/** The two servers that `serve` starts, and calls that hand out what is worth having. */
const servers = {
  'the embedded target': async () => {
    const { baseUrl, close } = await startEmbedded({ edition });
    const paths = ['/conformance/v1/', '/conformance/v1/tokens', '/v1.0/x', '/'];
    return { origin: new URL(baseUrl).origin, close, paths };
  },
  'the tenant': async () => {
    const extensions = [identityExtension({ secret: null, controlKey: null })];
    const { originUrl, close } = await startTenant({ edition, extensions });
    return {
      origin: originUrl,
      close,
      paths: ['/tenant/v1/objects', '/tenant/v1/tokens', '/t/oauth2/v2.0/token', '/identity/v1/policy'],
    };
  },
} as const;

/** What asks for a token of whoever calls, and that pages may know of. */
const ofService = '/beta/identityGovernance/entitlementManagement/accessPackageAssignmentRequests/x/cancel';

const strangeHosts: readonly string[] = [
  ...[
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    'xlocalhost',
    '0.0.0.0',
    '10.0.0.1',
  ],
  ...[
    '[::2]',
    '[::ffff:127.0.0.1]',
    '127.0.0.1@evil.example',
    '2130706433',
    '0x7f000001',
    '127.1',
    '127.0.0.1:x',
    '127.0.0.1, evil',
  ],
];
const strangeOrigins: readonly string[] = [
  ...[
    'http://evil.example',
    'https://evil.example',
    'null',
    'file://',
    'http://127.0.0.1',
    'http://localhost:1',
    'http://127.0.0.1:1',
  ],
  ...['chrome-extension://abc', '', 'http://127.0.0.1.evil.example'],
];

test('the embedded service asks a page of another origin for a token, and lets none read what it answers', async () => {
  const { origin, close } = await servers['the embedded target']();
  const { host } = new URL(origin);
  for (const strange of strangeOrigins) {
    for (const [method, status] of Object.entries({ POST: 401, OPTIONS: 405 })) {
      const answer = await call(origin, { method, path: ofService, headers: { host, origin: strange } });
      expect(answer.status, `${method} from ${strange}`).toBe(status);
      expect(Object.keys(answer.headers).filter((header) => header.startsWith('access-control'))).toEqual([]);
    }
    // By another name it is nothing that a page may know of.
    const rebound = await call(origin, { path: ofService, headers: { host: 'evil.example', origin: strange } });
    expect(rebound.status).toBe(403);
  }
  await close();
});

for (const [name, start] of Object.entries(servers)) {
  test(`${name} answers no page that reached it by another name, or from another origin`, async () => {
    const { origin, close, paths } = await start();
    const host = new URL(origin).host;
    for (const at of paths) {
      for (const strange of strangeHosts) {
        const { status, body, headers } = await call(origin, { path: at, headers: { host: strange } });
        expect([400, 403], `${at} by ${strange}`).toContain(status);
        expect(body).not.toMatch(/eyJ|objects/);
        expect(Object.keys(headers).filter((header) => header.startsWith('access-control'))).toEqual([]);
      }
      for (const strange of strangeOrigins) {
        for (const method of ['GET', 'POST', 'OPTIONS']) {
          const { status, headers } = await call(origin, { method, path: at, headers: { host, origin: strange } });
          expect(status, `${method} ${at} from ${strange}`).toBe(403);
          expect(Object.keys(headers).filter((header) => header.startsWith('access-control'))).toEqual([]);
        }
      }
    }
    const [first = ''] = paths;
    for (const own of [host, host.replace('127.0.0.1', 'localhost'), host.replace('127.0.0.1', '[::1]')])
      expect((await call(origin, { path: first, headers: { host: own, origin: `http://${own}` } })).status, own).toBe(
        200,
      );
    await close();
  });

  test(`${name} reads no more of a body than it needs`, async () => {
    const { origin, close, paths } = await start();
    const headers = { host: new URL(origin).host, 'content-type': 'application/x-www-form-urlencoded' };
    const body = `{"persona":"${'x'.repeat(100_000)}"}`;
    for (const at of paths.filter((one) => /token|policy/.test(one))) {
      const method = at.endsWith('policy') ? 'PATCH' : 'POST';
      const { status } = await call(origin, { method, path: at, headers, body });
      expect(status, at).toBe(413);
    }
    await close();
  });
}

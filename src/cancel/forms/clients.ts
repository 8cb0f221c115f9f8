import type { ClientContext, ClientHeader } from '../../engine/endpoint.js';

/** The person behind the call, as a gateway says it that has signed them in itself. Nobody but the gateway may be believed. */
const identityHeaders = [
  'x-ms-client-principal-id',
  'x-ms-client-principal-name',
  'x-forwarded-user',
  'remote-user',
  'x-user-id',
] as const;

/**
 * What other clients than the suite send with a call, and what has nothing to do with who calls and for what: none of it makes
 * another call of it. A header that stands here takes the place of the suite's own; null sends none.
 */
export const clients = {
  // A page of another site, in whose browser somebody is signed in to something.
  'of-a-browser': () => [
    ['user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    ['accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'],
    ['accept-language', 'en-US,en;q=0.5'],
    ['origin', 'https://portal.example'],
    ['referer', 'https://portal.example/'],
    ['cookie', 'session=5d41402abc4b2a76'],
    ['sec-fetch-site', 'cross-site'],
    ['sec-fetch-mode', 'cors'],
    ['sec-fetch-dest', 'empty'],
  ],
  // A program by another library, behind a gateway on the same machine that names the requestor.
  'of-a-gateway': ({ owner, call }) => [
    ['user-agent', 'python-requests/2.32.3'],
    ['accept', 'application/json;odata.metadata=minimal;odata.streaming=true'],
    ['prefer', 'return=minimal'],
    ['consistencylevel', 'eventual'],
    ['client-request-id', `call-${call}`],
    ['x-forwarded-for', '127.0.0.1'],
    ['x-forwarded-host', 'graph.example'],
    ['forwarded', 'for=127.0.0.1;host=graph.example;proto=https'],
    ...identityHeaders.map((name): ClientHeader => [name, owner]),
  ],
  // No more than HTTP and the call itself demand.
  bare: () => [
    ['user-agent', null],
    ['accept', null],
    ['accept-encoding', null],
    ['client-request-id', null],
  ],
} satisfies Readonly<Record<string, (context: ClientContext) => readonly ClientHeader[]>>;

export type ClientForm = keyof typeof clients;

import { Buffer } from 'node:buffer';
import { HttpClient } from '../../../src/arrange/http.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { exchange } from '../../../src/engine/exchange/client.js';
import { proxyFor } from '../../../src/engine/exchange/proxy.js';
import { expect, inPlace } from '../support/cli.js';
import { closing, messageTo, settings, staying, tapped, test, type Peer } from '../support/loopback-peer.js';
import { closedPort } from '../support/middleman.js';
import { startProxy } from '../support/proxy.js';

type Environment = Readonly<Record<string, string>>;

/** Does something with variables of proxies, and with none of the machine's own. */
const within = <Value>(environment: Environment, work: () => Promise<Value>): Promise<Value> =>
  inPlace({ cwd: '.', environment }, work);

const shownFor = (address: string, environment: Environment): Promise<string | null> =>
  within(environment, () => Promise.resolve(proxyFor(address, new SecretRegistry())?.shown ?? null));

const [one, another] = ['http://one.test:3128', 'http://another.test:3128'];

for (const [environment, address, expected] of [
  [{}, 'https://target.test', null],
  [{ HTTPS_PROXY: one }, 'https://target.test', one],
  [{ https_proxy: one }, 'https://target.test', one],
  [{ https_proxy: one, HTTPS_PROXY: another }, 'https://target.test', one],
  [{ HTTPS_PROXY: one }, 'http://target.test', null],
  [{ HTTP_PROXY: one, HTTPS_PROXY: another }, 'http://target.test', one],
  [{ ALL_PROXY: one }, 'https://target.test', one],
  [{ HTTPS_PROXY: 'one.test:3128' }, 'https://target.test', one],
  [{ HTTPS_PROXY: 'https://one.test' }, 'https://target.test', 'https://one.test'],
  [{ HTTPS_PROXY: one, NO_PROXY: 'target.test' }, 'https://target.test', null],
  [{ HTTPS_PROXY: one, no_proxy: 'other.test, target.test:443' }, 'https://target.test', null],
  [{ HTTPS_PROXY: one, NO_PROXY: 'target.test:8443' }, 'https://target.test', one],
  [{ HTTPS_PROXY: one, NO_PROXY: '.test' }, 'https://target.test', null],
  [{ HTTPS_PROXY: one, NO_PROXY: '*.test' }, 'https://target.test', null],
  [{ HTTPS_PROXY: one, NO_PROXY: 'test' }, 'https://target.test', one],
  [{ HTTPS_PROXY: one, NO_PROXY: '*' }, 'https://target.test', null],
  // A proxy would look for the target on itself.
  [{ HTTPS_PROXY: one, HTTP_PROXY: one }, 'https://localhost:8443', null],
  [{ HTTPS_PROXY: one, HTTP_PROXY: one }, 'http://127.0.0.1:4010', null],
  [{ HTTPS_PROXY: one, HTTP_PROXY: one }, 'http://[::1]:4010', null],
  [{ HTTPS_PROXY: 'http://user:se%40cret-1@one.test:3128' }, 'https://target.test', one],
] satisfies readonly (readonly [Environment, string, string | null])[]) {
  test(`with ${JSON.stringify(environment)} ${address} is reached through ${expected ?? 'nothing'}`, async () => {
    expect(await shownFor(address, environment)).toBe(expected);
  });
}

for (const named of ['socks5://one.test:1080', 'http://one.test:none', 'ftp://se:cret-2@one.test']) {
  test(`refuses ${named} as a proxy and does not repeat it`, async () => {
    const message = await shownFor('https://target.test', { HTTPS_PROXY: named }).catch(String);
    expect(message).toMatch(/^ConfigurationError: HTTPS_PROXY \(or ALL_PROXY, or in lower case\): give the address/);
    expect(message).not.toContain(named);
  });
}

/** A peer by a name that the proxy alone knows. */
const namedOrigin = ({ origin }: Peer): string => `http://target.test:${new URL(origin).port}`;

const answer = 'HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n';

for (const [way, send] of [
  ['a connection', exchange],
  ['a tapped connection', tapped],
] as const) {
  test(`what is sent over ${way} is the same, byte for byte, through a proxy`, async ({ peer }) => {
    const server = await peer(staying(`${answer}behind`));
    const proxy = await startProxy();
    const origin = namedOrigin(server);
    const message = messageTo(origin, {
      headers: [
        ['content-type', 'application/json; charset=utf-8'],
        ['x-b', 'ÿ'],
      ],
    });
    const { response, noAnswer, request } = await within({ HTTP_PROXY: proxy.host }, () => send(message, settings()));
    const direct = await send({ ...message, origin: server.origin }, settings());
    await proxy.close();
    expect(noAnswer).toBeNull();
    expect(response).toEqual(direct.response);
    expect(proxy.passedOn).toEqual([]);
    expect(proxy.asked.map(({ authority }) => authority)).toEqual([new URL(origin).host]);
    const [through = Buffer.alloc(0), plain = Buffer.alloc(0)] = server.received;
    const { host, port } = new URL(server.origin);
    expect(through.toString('latin1').replace(`target.test:${port}`, host)).toBe(plain.toString('latin1'));
    expect(request.requestTarget).toBe(direct.request.requestTarget);
    expect(request.url).toBe(`${origin}${direct.request.requestTarget}`);
    expect(request.headers.some(([name]) => name.startsWith('proxy'))).toBe(false);
  });
}

for (const { what, status, credentials = '', told } of [
  { what: 'asks for credentials', status: 407, told: /asks for credentials \(407\): put them into its address/ },
  {
    what: 'takes no such credentials',
    status: 407,
    credentials: 'user:pass-w0rd@',
    told: /does not take the credentials that stand in its address \(407\)/,
  },
  { what: 'refuses', status: 403, told: /refuses to open a way to target\.test:1 \(403\): .*NO_PROXY$/ },
  { what: 'does not reach the target', status: 502, told: /could not open a way to target\.test:1 \(502\)/ },
  { what: 'closes the connection', status: null, told: /closed the connection without an answer: is it running/ },
] satisfies readonly {
  readonly status: number | null;
  readonly [name: string]: unknown;
  readonly credentials?: string;
}[]) {
  test(`says that it is the proxy who ${what}`, async () => {
    const proxy = await startProxy(() => status);
    const { noAnswer, request } = await within({ HTTP_PROXY: `http://${credentials}${proxy.host}` }, () =>
      exchange(messageTo('http://target.test:1'), settings()),
    );
    await proxy.close();
    expect(noAnswer?.reason).toBe('unreachable');
    expect(noAnswer?.message).toMatch(new RegExp(`^the proxy http://${proxy.host} `));
    expect(noAnswer?.message).toMatch(told);
    expect(JSON.stringify({ noAnswer, request })).not.toContain('pass-w0rd');
  });
}

test('says that the proxy is down, or is none', async ({ peer }) => {
  const down = `127.0.0.1:${await closedPort()}`;
  const ask = async (host: string): Promise<string> => {
    const { noAnswer } = await within({ HTTP_PROXY: host }, () =>
      exchange(messageTo('http://target.test'), settings()),
    );
    return noAnswer?.message ?? '';
  };
  expect(await ask(down)).toBe(
    `the proxy http://${down} refuses connections: is it running, and is its address right?`,
  );
  const other = await peer(closing('220 mail.test ESMTP\r\n'));
  expect(await ask(new URL(other.origin).host)).toMatch(/does not answer as an http proxy does/);
});

test('sends credentials to the proxy and nowhere else, and knows them as secrets', async ({ peer }) => {
  const server = await peer(closing(answer));
  const proxy = await startProxy();
  const own = settings();
  const HTTP_PROXY = `http://us%65r:p%40ss-w0rd@${proxy.host}`;
  await within({ HTTP_PROXY }, () => exchange(messageTo(namedOrigin(server)), own));
  await proxy.close();
  const encoded = Buffer.from('user:p@ss-w0rd').toString('base64');
  expect(proxy.asked[0]?.headers['proxy-authorization']).toBe(`Basic ${encoded}`);
  expect(server.received.join('')).not.toMatch(/proxy-authorization/i);
  for (const secret of ['p@ss-w0rd', 'p%40ss-w0rd', encoded]) {
    expect(own.secrets.redact(`it was ${secret}`)).toBe('it was ‹proxy-credentials›');
  }
});

test('the arranging side goes through the proxy, keeps its way open, and lets go of it', async ({ peer }) => {
  const server = await peer(staying('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'));
  const proxy = await startProxy();
  await within({ HTTP_PROXY: proxy.host }, async () => {
    const client = new HttpClient({ secrets: new SecretRegistry() });
    const call = { method: 'GET', url: namedOrigin(server), headers: {}, body: null };
    expect(await client.send(call, { timeoutMs: 5000, capBytes: 99 })).toMatchObject({ status: 200, text: '{}' });
    client.close();
  });
  await server.left;
  await proxy.close();
  expect(proxy.asked).toHaveLength(1);
  expect(proxy.passedOn).toEqual([]);
});

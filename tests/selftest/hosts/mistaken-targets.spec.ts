import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { authority, issuedBy } from '../support/certificates.js';
import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { closedPort, end, listen, startMiddleman, type Fate, type Passing } from '../support/middleman.js';
import { saying } from '../support/mistakes/mistake.js';
import { targets } from '../support/mistakes/targets.js';
import { startProxy } from '../support/proxy.js';

/** A target with its mistake, for `doctor` to look at. */
interface Mistaken {
  /** Members of the target file. */
  readonly file: object;
  readonly environment?: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

const trusted = authority('an authority of ours');
const forLocalhost = issuedBy(trusted, { hosts: ['localhost'] });
const control = { provider: 'control' };

/** Behind a middleman that does as it is told. */
async function behind(decide: (passing: Passing) => Fate, more: object = {}): Promise<Mistaken> {
  const { target, close } = await startMiddleman(decide);
  return { file: { ...target, timeoutMs: 10_000, ...more }, close };
}

/** Behind a certificate that the target file trusts, or not. */
async function secure(certified: { readonly cert: string; readonly key: string }, more: object): Promise<Mistaken> {
  const asked = { ...certified, host: 'localhost', ...('ca' in more ? { ca: trusted.cert } : {}) };
  const { target, close } = await startMiddleman(() => 'pass', { certified: asked });
  return { file: { ...target, timeoutMs: 10_000, ...('tls' in more ? { tls: more.tls } : {}) }, close };
}

const trusting = { tls: { ca: 'ca.pem' } };
const nothing = (): Promise<void> => Promise.resolve();

const starters: Readonly<Record<keyof typeof targets, () => Promise<Mistaken>>> = {
  down: async () => ({
    file: { baseUrl: `http://127.0.0.1:${await closedPort()}/beta`, requests: control },
    close: nothing,
  }),
  silent: () => behind(() => 'hang', { timeoutMs: 100 }),
  closing: () => behind(() => 'close'),
  plain: async () => {
    const server = createServer((_, response) => response.writeHead(204).end());
    const port = await listen(server);
    return { file: { baseUrl: `https://127.0.0.1:${port}/beta`, requests: control }, close: () => end(server) };
  },
  unknownIssuer: () => secure(forLocalhost, {}),
  otherName: () => secure(issuedBy(trusted, { hosts: ['elsewhere.test'] }), trusting),
  expired: () => secure(issuedBy(trusted, { hosts: ['localhost'], years: [2000, 2001] }), trusting),
  asking: () => secure(forLocalhost, { ...trusting, ca: true }),
  unverified: async () => ({
    ...(await secure(forLocalhost, {})),
    environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  }),
  uncontrolled: () => behind(({ isControl }) => (isControl ? { status: 404, body: '' } : 'pass')),
  lockedControl: () => behind(({ isControl }) => (isControl ? { status: 401, body: '' } : 'pass')),
  clock: () =>
    behind(() => (answer) => ({
      ...answer,
      headers: [...answer.headers.filter((_, at, all) => !/^date$/i.test(all[at - (at % 2)] ?? '')), ...longAgo],
    })),
  lockedProxy: async () => {
    const proxy = await startProxy(() => 407);
    const environment = { HTTPS_PROXY: `http://${proxy.host}` };
    return { file: { baseUrl: 'https://target.test/beta', requests: control }, environment, close: proxy.close };
  },
  noProxy: async () => ({
    file: { baseUrl: 'https://target.test/beta', requests: control },
    environment: { HTTPS_PROXY: `http://127.0.0.1:${await closedPort()}` },
    close: nothing,
  }),
};

const longAgo = ['Date', 'Sun, 01 Mar 2020 12:00:00 GMT'];

for (const [name, { what, says, code }] of Object.entries(targets)) {
  test(`doctor says of ${what} what to look at, and ends with ${code}`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'ca.pem'), trusted.cert);
    const { file, environment, close } = await starters[name as keyof typeof targets]();
    const args = ['doctor', '--target', writeTarget(folder, file)];
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder, ...(environment && { environment }) });
    await close();
    expect(stdout).toMatch(saying(says));
    expect({ exitCode, stderr }).toEqual({ exitCode: code, stderr: '' });
  });
}

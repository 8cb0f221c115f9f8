import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { acquireLock } from '../../../src/arrange/graph/lock.js';
import { addressInWords } from '../../../src/engine/address.js';
import { writeReports } from '../../../src/report/write.js';
import { expect, readReport, runCli } from '../support/cli.js';
import { test } from '../support/bundles.js';

const secret = 'sEcr3t-of-nobody';

/** Addresses that are refused for one thing or another, and hold a secret. */
const addresses: readonly string[] = [
  `http://user:${secret}@127.0.0.1:1/beta`,
  `http://user:${secret}@127.0.0.1:99999/beta`,
  `http://user:x/${secret}@127.0.0.1:1/beta`,
  `http://user:x?${secret}@127.0.0.1:1/beta`,
  `http://user:x#${secret}@127.0.0.1:1/beta`,
  `http://user:x@y${secret}@127.0.0.1:1/beta`,
  `http://${secret}@127.0.0.1:1/beta`,
  `http://127.0.0.1:1/beta?key=${secret}`,
  `http://127.0.0.1:1/beta?a@b=${secret}`,
  `http://127.0.0.1:1/beta#${secret}`,
  `ftp://user:${secret}@127.0.0.1/beta`,
  `http://user:${secret}@/beta`,
  `http://user:${secret}@[::1/beta`,
  `user:${secret}@127.0.0.1`,
];

const inventory = { provider: 'inventory', file: 'none.yaml' };

/** A target file with an address at a place. */
const placesOfAddresses: Readonly<Record<string, (address: string) => object>> = {
  baseUrl: (address) => ({ baseUrl: address, requests: { provider: 'control' } }),
  'requests.url': (address) => ({
    baseUrl: 'http://127.0.0.1:1/beta',
    requests: { provider: 'control', url: address },
  }),
  'identityPlatform.authority': (address) => ({
    ...{ baseUrl: 'http://127.0.0.1:1/beta', requests: inventory, identityPlatform: { authority: address } },
    identities: { administrator: { token: { env: 'CANCEL_TOKEN' } } },
  }),
  'an authority of its own': (address) => ({
    ...{ baseUrl: 'http://127.0.0.1:1/beta', requests: inventory },
    identities: {
      administrator: {
        token: { deviceCode: { authority: address, tenant: 't', clientId: '6f1d7c1e-2f0b-4a7e-9c55-0d8b1f3e7a10' } },
      },
    },
  }),
};

for (const [place, fileWith] of Object.entries(placesOfAddresses)) {
  test(`an address that is refused as ${place} is quoted without what may be secret in it`, async ({ folder }) => {
    for (const address of addresses) {
      writeFileSync(path.join(folder, 'target.yaml'), JSON.stringify({ name: 'x', ...fileWith(address) }));
      const { exitCode, stdout, stderr } = await runCli(['plan', '--target', 'target.yaml'], { cwd: folder });
      expect(exitCode, `${address}: ${stderr}`).toBe(2);
      expect(stdout + stderr).not.toContain(secret);
    }
  });
}

test('an address that is refused as --target, or in a variable, is quoted without what may be secret in it', async ({
  folder,
}) => {
  for (const address of addresses) {
    const tries = [
      ...(address.includes('://') ? [runCli(['plan', '--target', address], { cwd: folder })] : []),
      runCli(['plan'], { cwd: folder, environment: { CANCEL_TARGET: 'target.yaml', CANCEL_BASE_URL: address } }),
      runCli(['plan', '--target', 'http://127.0.0.1:1'], { cwd: folder, environment: { CANCEL_CONTROL_URL: address } }),
    ];
    for (const { exitCode, stdout, stderr } of await Promise.all(tries)) {
      expect(exitCode, `${address}: ${stderr}`).toBe(2);
      expect(stdout + stderr).not.toContain(secret);
    }
  }
  for (const proxy of [`socks5://user:${secret}@proxy.example`, `http://user:${secret}@[::1`, `user:${secret}@`]) {
    const environment = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
    const { exitCode, stdout, stderr } = await runCli(['plan', '--target', 'https://target.example'], {
      cwd: folder,
      environment,
    });
    expect(exitCode, stderr).toBe(2);
    expect(stdout + stderr).not.toContain(secret);
  }
});

test('an address is shown with what tells it from others, and no more', () => {
  for (const [address, shown] of [
    ['https://a.example:8080/b/c', 'https://a.example:8080/b/c'],
    ['https://u:p@a.example/b', 'https://…@a.example/b'],
    ['https://a.example/b?c=d', 'https://a.example/b?…'],
    ['https://a.example/b#c', 'https://a.example/b#…'],
    ['https://u:p?q@a.example/b', 'https://…'],
    ['//u:p@a.example', '…@a.example'],
    ['', ''],
  ] as const)
    expect(addressInWords(address)).toBe(shown);
  expect(addressInWords(`https://a.example/${'x'.repeat(100_000)}`).length).toBeLessThan(400);
});

/** Where a secret is looked for by its name, and stands itself. */
const placesOfSecrets: Readonly<Record<string, object>> = {
  'a token': { identities: { administrator: { token: secret } } },
  'the variable of a token': { identities: { administrator: { token: { env: `${secret} x` } } } },
  'a token without its key': { identities: { administrator: secret } },
  'a token in a list': { identities: { administrator: { token: [secret] } } },
  'a refresh token': { identities: { administrator: { token: { refreshToken: { token: secret } } } } },
  'the variable of a refresh token': {
    identities: { administrator: { token: { refreshToken: { token: { env: secret } } } } },
  },
  'a client secret': { identities: { administrator: { token: { clientCredentials: { secret } } } } },
  'the variable of a client secret': {
    identities: { administrator: { token: { clientCredentials: { secret: { env: secret } } } } },
  },
  'the key of the control protocol': { requests: { provider: 'control', key: secret } },
  'the variable of that key': { requests: { provider: 'control', key: { env: secret } } },
  'a passphrase': { tls: { cert: 'x', passphrase: secret } },
  'the variable of a passphrase': { tls: { cert: 'x', passphrase: { env: secret } } },
  'a header in a list': { headers: { 'X-Key': [secret] } },
  'the variable of a header': { headers: { 'X-Key': { env: secret } } },
  'a header with a line end': { headers: { 'X-Key': `${secret}\n` } },
};

for (const [place, members] of Object.entries(placesOfSecrets)) {
  test(`a secret that stands as ${place} is refused and not shown`, async ({ folder }) => {
    const file = { name: 'x', baseUrl: 'http://127.0.0.1:1/beta', requests: inventory, ...members };
    writeFileSync(path.join(folder, 'target.yaml'), JSON.stringify(file));
    const { exitCode, stdout, stderr } = await runCli(['plan', '--target', 'target.yaml'], { cwd: folder });
    expect(exitCode, stderr).toBe(2);
    expect(stdout + stderr).not.toContain(secret);
  });
}

test('a report replaces what leads elsewhere, and does not follow it', async ({ partialRun, folder }) => {
  const out = path.join(folder, 'out');
  mkdirSync(out);
  const names = (await writeReports(readReport(partialRun.out), path.join(folder, 'first'))).files.map((file) =>
    path.basename(file),
  );
  expect(names.length).toBeGreaterThan(6);
  for (const name of [...names, 'comparison.html', 'doc.html']) {
    writeFileSync(path.join(folder, `victim-${name}`), 'stays');
    symlinkSync(path.join(folder, `victim-${name}`), path.join(out, name));
  }
  await writeReports(readReport(partialRun.out), out);
  for (const name of names) {
    expect(lstatSync(path.join(out, name)).isSymbolicLink(), name).toBe(false);
    expect(readFileSync(path.join(folder, `victim-${name}`), 'utf8')).toBe('stays');
  }
});

test('what is written once only is written through no link', async ({ partialRun, folder }) => {
  const victim = path.join(folder, 'victim');
  for (const name of ['waivers.yaml', 'target.yaml', '.env', 'lock-a-tenant.json'])
    symlinkSync(victim, path.join(folder, name));
  const cwd = folder;
  const tries = [
    ['waive', partialRun.out, '--out', 'waivers.yaml'],
    ['init', '.'],
  ];
  for (const args of tries) await runCli(args, { cwd });
  expect(() => acquireLock(folder, 'a-tenant', path.join(folder, 'run-1.jsonl'))).toThrow(/no lock of this suite/);
  expect(existsSync(victim)).toBe(false);
});

const steering: readonly string[] = [
  ...['NODE_OPTIONS', 'NODE_TLS_REJECT_UNAUTHORIZED', 'NODE_EXTRA_CA_CERTS', 'NODE_PATH', 'node_options', 'NODE_DEBUG'],
  ...[
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'DYLD_INSERT_LIBRARIES',
    'PATH',
    'Path',
    'HOME',
    'BASH_ENV',
    'ENV',
    'SHELL',
    'IFS',
  ],
  ...[
    'HTTPS_PROXY',
    'https_proxy',
    'HTTP_PROXY',
    'ALL_PROXY',
    'NO_PROXY',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'OPENSSL_CONF',
  ],
  ...['SSLKEYLOGFILE', 'GIT_SSH_COMMAND', 'PYTHONPATH', 'PERL5OPT', 'RUBYOPT', 'npm_config_registry', 'CURL_CA_BUNDLE'],
];

test('a file of variables sets none that steers programs, and none that nobody names', async ({ folder }) => {
  for (const name of steering) {
    writeFileSync(path.join(folder, '.env'), `${name}=${secret}\n`);
    const token = { env: name };
    const file = {
      name: 'x',
      baseUrl: 'http://127.0.0.1:1/beta',
      requests: inventory,
      identities: { administrator: { token } },
    };
    writeFileSync(path.join(folder, 'target.yaml'), JSON.stringify(file));
    const place = { cwd: folder };
    const named = await runCli(['plan', '--target', 'target.yaml'], place);
    expect(named.exitCode, `${name}: ${named.stderr}`).toBe(2);
    expect(named.stdout + named.stderr).not.toContain(secret);
    const unnamed = await runCli(['plan'], place);
    expect(unnamed.exitCode, `${name}: ${unnamed.stderr}`).toBe(0);
    expect(process.env[name]).not.toBe(secret);
  }
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { openReach } from '../../../src/arrange/reach.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { endpoint } from '../../../src/cancel/endpoint.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { compose } from '../../../src/engine/perform/compose.js';
import { isOwnHeader } from '../../../src/engine/perform/own-headers.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { knownEditions } from '../../../src/engine/contract/load.js';
import { authority, issuedBy, lockedKey } from '../support/certificates.js';
import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { startMiddleman } from '../support/middleman.js';

const requests = { provider: 'control' };
const baseUrl = 'https://target.test/beta';

/** Header names that a probe sends, put together as in a run. */
function sentBy(edition: string): readonly string[] {
  const contract = loadContract(edition);
  const credentials = Object.fromEntries(
    Object.keys(endpoint.personas).map((persona) => [persona, { token: 'eyJhbGciOiJub25lIn0.e30.c2ln', userId: null }]),
  );
  const target = resolveTarget({ edition }).target;
  const session = { contract, secrets: new SecretRegistry(), target, baseUrl, credentials };
  const ids = { subject: 'id-1', sibling: 'id-2', stranger: 'id-3' };
  const probes = endpoint.groups.flatMap(({ cases }) => cases.flatMap(({ when }) => when));
  return [endpoint.liveness, ...probes].flatMap((probe) => {
    try {
      return compose(probe, { session, ids, resource: { id: 'id-1' } }).headers.map(([name]) => name);
    } catch (error) {
      // Ids of others have no spelling of some kinds; their headers are those of all.
      if (error instanceof Error && error.name === 'AbsentError') return [];
      throw error;
    }
  });
}

test('no header that any probe of any edition sends can be given by a target file', () => {
  for (const edition of knownEditions()) {
    const sent = new Set(sentBy(edition));
    expect([...sent]).toEqual(expect.arrayContaining(['authorization', 'x-http-method-override', 'cookie', 'accept']));
    expect([...sent].filter((name) => !isOwnHeader(name, endpoint))).toEqual([]);
  }
});

for (const name of [
  ...['Authorization', 'HOST', 'connection', 'content-length', 'content-type', 'content-encoding', 'transfer-encoding'],
  ...[
    'accept',
    'Accept-Language',
    'expect',
    'te',
    'trailer',
    'upgrade',
    'if-match',
    'If-None-Match',
    'prefer',
    'range',
  ],
  ...['x-http-method', 'X-HTTP-Method-Override', 'x-original-url', 'odata-version', 'proxy-authorization', 'cookie'],
  ...['user-agent', 'client-request-id', 'x-access-token'],
]) {
  test(`refuses the header ${name} with file and key`, async ({ folder }) => {
    const file = writeTarget(folder, { baseUrl, requests, headers: { [name]: 'v' } });
    const { exitCode, stderr } = await runCli(['plan', '--target', file], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`^target\\.yaml:1: headers\\.${name}: the suite sets this header itself`));
  });
}

for (const { what, headers, told } of [
  { what: 'an empty name', headers: { '': 'v' }, told: /is no name of a header|unknown key/ },
  { what: 'a name with a space', headers: { 'x y': 'v' }, told: /headers\.x y: is no name of a header/ },
  {
    what: 'a header pasted whole',
    headers: { 'x-api-key: S3cret': 'v' },
    told: /headers\.x-api-key…: is no name of a header(?![^]*S3cret)/,
  },
  { what: 'a name with a line break', headers: { 'x\r\ny': 'v' }, told: /is no name of a header/ },
  {
    what: 'the same name twice',
    headers: { 'x-a': 'v', 'X-A': 'w' },
    told: /headers\.X-A: the same header is there twice/,
  },
  {
    what: 'a line break',
    headers: { 'x-a': 'v\r\nhost: other' },
    told: /headers\.x-a: the text is no value of a header/,
  },
  { what: 'a character beyond Latin-1', headers: { 'x-a': 'v€' }, told: /headers\.x-a: the text is no value/ },
  { what: 'white space around it', headers: { 'x-a': ' v' }, told: /headers\.x-a: the text is no value/ },
  { what: 'no text', headers: { 'x-a': '' }, told: /headers\.x-a: the text is no value/ },
  { what: 'a number', headers: { 'x-a': 5 }, told: /headers\.x-a: give the value as text \(quote a number\)/ },
  { what: 'two sources', headers: { 'x-a': { env: 'A', file: 'b' } }, told: /exactly one of env, file, command/ },
  {
    what: 'a variable that is not set',
    headers: { 'x-a': { env: 'UNSET' } },
    told: /x-a: .*variable UNSET is not set/,
  },
  {
    what: 'a file that is not there',
    headers: { 'x-a': { file: 'none.txt' } },
    told: /x-a: the file none\.txt: no such/,
  },
  { what: 'a command that fails', headers: { 'x-a': { command: ['false'] } }, told: /x-a: the command false ended/ },
  { what: 'a plain word', headers: { 'x-a': { env: 'WORD' } }, told: /x-a: .*WORD holds a plain word/ },
  { what: 'lines', headers: { 'x-a': { env: 'LINES_IN' } }, told: /x-a: .*LINES_IN is no value of a header/ },
] satisfies readonly { readonly headers: object; readonly told: RegExp; readonly what: string }[]) {
  test(`refuses a header of ${what} before anything is sent`, async ({ folder }) => {
    const file = writeTarget(folder, { baseUrl, requests, headers });
    const environment = { WORD: 'password', LINES_IN: 'key-4711\r\nhost: other' };
    const { exitCode, stdout, stderr } = await runCli(['doctor', '--target', file], { cwd: folder, environment });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^target\.yaml(:1)?: headers/);
    expect(stderr).toMatch(told);
    expect(stderr).not.toContain('4711');
  });
}

test('nothing stands before the embedded target', async ({ folder }) => {
  for (const key of ['headers', 'tls']) {
    const file = writeTarget(folder, { embedded: {}, [key]: { ca: 'x' } });
    const { exitCode, stderr } = await runCli(['plan', '--target', file], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(new RegExp(`${key}: nothing stands before the embedded target`));
  }
});

const ours = authority('ours');
const client = issuedBy(ours, { name: 'client' });
const passphrase = 'corr3ct-horse';

const files: Readonly<Record<string, string>> = {
  'ca.pem': ours.cert,
  'client.pem': client.cert,
  'key.pem': client.key,
  'both.pem': client.cert + client.key,
  'locked.pem': lockedKey(client, passphrase),
  'other.pem': issuedBy(ours).key,
  'none.pem': 'nothing of the kind\n',
  'broken.pem': ours.cert.replaceAll(/^M.{20}/gm, 'AAAA'),
};

for (const { what, tls, told } of [
  { what: 'an authority that is not there', tls: { ca: 'x.pem' }, told: /tls\.ca: x\.pem: no such file/ },
  {
    what: 'an authority that is none',
    tls: { ca: 'none.pem' },
    told: /tls\.ca: none\.pem: holds no certificate in PEM/,
  },
  {
    what: 'an authority that cannot be read',
    tls: { ca: 'broken.pem' },
    told: /tls\.ca: broken\.pem: holds a certificate/,
  },
  { what: 'a folder', tls: { ca: '.' }, told: /tls\.ca: .*a folder, no file/ },
  { what: 'no certificate', tls: { cert: 'key.pem' }, told: /tls\.cert: key\.pem: holds no certificate in PEM form/ },
  { what: 'a certificate without its key', tls: { cert: 'client.pem' }, told: /tls\.cert: client\.pem: holds no key/ },
  { what: 'a key alone', tls: { key: 'key.pem' }, told: /tls\.key: of no use without tls\.cert/ },
  {
    what: 'a passphrase alone',
    tls: { passphrase: { env: 'P' } },
    told: /tls\.passphrase: of no use without tls\.cert/,
  },
  {
    what: 'the key of another certificate',
    tls: { cert: 'client.pem', key: 'other.pem' },
    told: /tls\.key: other\.pem: the key does not belong to the certificate in client\.pem/,
  },
  {
    what: 'a key without its passphrase',
    tls: { cert: 'client.pem', key: 'locked.pem' },
    told: /tls\.key: locked\.pem: holds no key .*a key with a passphrase needs passphrase/,
  },
  {
    what: 'a wrong passphrase',
    tls: { cert: 'client.pem', key: 'locked.pem', passphrase: { env: 'WRONG' } },
    told: /tls\.key: locked\.pem: holds no key .*with this passphrase/,
  },
  {
    what: 'a passphrase that is not set',
    tls: { cert: 'client.pem', key: 'locked.pem', passphrase: { env: 'UNSET' } },
    told: /tls\.passphrase: the environment variable UNSET is not set/,
  },
] satisfies readonly { readonly tls: object; readonly told: RegExp; readonly what: string }[]) {
  test(`refuses ${what} with file and key, before the first call`, async ({ folder }) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    let calls = 0;
    const peer = await startMiddleman(() => {
      calls += 1;
      return 'pass';
    });
    const file = writeTarget(folder, { ...peer.target, tls });
    const environment = { WRONG: 'not-this-0ne', P: passphrase };
    const { exitCode, stderr } = await runCli(['run', '--target', file], { cwd: folder, environment });
    await peer.close();
    expect([exitCode, calls]).toEqual([2, 0]);
    expect(stderr).toMatch(/^target\.yaml(:1)?: tls/);
    expect(stderr).toMatch(told);
    expect(stderr).not.toContain('not-this-0ne');
  });
}

test('takes certificate and key from one file or two, locked or not, and hides key and passphrase', async ({
  folder,
}) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  writeFileSync(path.join(folder, 'words.txt'), `${passphrase}\n`);
  const redacted: string[] = [];
  for (const tls of [
    { cert: 'both.pem' },
    { cert: 'client.pem', key: 'key.pem' },
    { ca: 'ca.pem', cert: 'client.pem', key: 'locked.pem', passphrase: { file: 'words.txt' } },
  ]) {
    const { target } = resolveTarget({ target: writeTarget(folder, { baseUrl, requests, tls }) });
    const secrets = new SecretRegistry();
    const reach = await openReach(target, secrets);
    expect(reach.target.tls).toMatchObject({ key: client.key, ...('ca' in tls ? { ca: ours.cert } : {}) });
    expect(reach.control.tls).toEqual(reach.target.tls);
    expect(secrets.redact(`told ${client.key.trim()}`)).toMatch(
      /^told -----BEGIN [A-Z ]+-----\s+‹tls-key›\s+-----END [A-Z ]+-----$/,
    );
    redacted.push(secrets.redact(passphrase));
    expect(JSON.stringify(target)).not.toContain(passphrase);
  }
  expect(redacted).toEqual([passphrase, passphrase, '‹tls-passphrase›']);
});

test('a header goes to the origin of the target and to no other, whatever the control protocol is', async ({
  folder,
}) => {
  const headers = { 'x-tenant': 'contoso', 'X-Key': { command: [process.execPath, '-p', '"scheme k3y-4711-abcdef"'] } };
  for (const [url, isThere] of [
    ['https://target.test/control/v1', true],
    ['https://control.test/v1', false],
    ['https://target.test:8443/v1', false],
  ] as const) {
    const file = writeTarget(folder, { baseUrl, requests: { ...requests, url }, headers });
    const secrets = new SecretRegistry();
    const reach = await openReach(resolveTarget({ target: file }).target, secrets);
    const sent = [
      ['x-tenant', 'contoso'],
      ['X-Key', 'scheme k3y-4711-abcdef'],
    ];
    expect(reach.target.headers).toEqual(sent);
    expect(reach.control.headers).toEqual(isThere ? sent : []);
    // Behind its scheme it is as secret as with it.
    expect(secrets.redact('scheme k3y-4711-abcdef, k3y-4711-abcdef')).toBe('‹header:x-key›, ‹header:x-key›');
  }
});

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
import { firstLine, saying } from '../support/mistakes/mistake.js';
import { headerMistakes, tlsMistakes } from '../support/mistakes/way.js';

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
      return compose(probe, { session, ids, owner: 'requestor', resource: { id: 'id-1' } }).headers.map(
        ([name]) => name,
      );
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

for (const { what, headers, says, code } of headerMistakes) {
  test(`refuses a header of ${what} before anything is sent`, async ({ folder }) => {
    const file = writeTarget(folder, { baseUrl, requests, headers });
    const environment = { WORD: 'password', LINES_IN: 'key-4711\r\nhost: other' };
    const { exitCode, stdout, stderr } = await runCli(['doctor', '--target', file], { cwd: folder, environment });
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
    expect(firstLine(stderr)).toMatch(saying(says));
    expect(stderr).not.toMatch(/4711|S3cret/);
  });
}

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

for (const { what, tls, says, code } of tlsMistakes) {
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
    expect([exitCode, calls]).toEqual([code, 0]);
    expect(firstLine(stderr)).toMatch(saying(says));
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

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { personaNames as allPersonas } from '../../../src/cancel/personas.js';
import { expect, failedRows, runCli, test, writeTarget, type ServedTarget } from '../support/cli.js';
import { end, listen, startMiddleman } from '../support/middleman.js';
import { createServer } from 'node:http';

/** Those for whom the default edition has a part. */
const personas = allPersonas.filter((persona) => persona !== 'subjectUser');

/** Ready-made tokens, as the people would have them who bring their own. */
async function tokensOf(served: ServedTarget): Promise<Readonly<Record<string, string>>> {
  const tokens = personas.map(async (persona) => {
    const answer = await fetch(`${served.controlUrl}/tokens`, { method: 'POST', body: JSON.stringify({ persona }) });
    return [persona, ((await answer.json()) as { token: string }).token] as const;
  });
  return Object.fromEntries(await Promise.all(tokens));
}

test('lets an option win over a variable, a variable over the target file, and that over the default', async ({
  run,
  serve,
  folder,
}) => {
  const { baseUrl } = await serve();
  const requests = { provider: 'control' };
  const readings = { 'C-1': '200' };
  const file = writeTarget(folder, { baseUrl, requests, readings, settleMs: 1, timeoutMs: 9000 });
  writeFileSync(path.join(folder, '.env'), `CANCEL_TARGET=${file}\nCANCEL_SETTLE_MS=2\nCANCEL_TIMEOUT_MS=8000\n`);
  const environment = { CANCEL_TIMEOUT_MS: '7000', CANCEL_READING: 'C-1=204', CANCEL_TOTAL_MS: '' };
  const { report, exitCode } = await run(['--reading', 'C-1=either', '--area', 'RESP'], environment);

  expect(exitCode).toBe(3);
  expect(report.target.name).toBe('target-under-test');
  expect(report.target.readings['C-1']).toBe('either');
  expect(report.target.configuration).toMatchObject({
    target: `${file} (CANCEL_TARGET)`,
    settleMs: '2 (CANCEL_SETTLE_MS)',
    timeoutMs: '7000 (CANCEL_TIMEOUT_MS)',
    totalMs: '600000 (default)',
    'requests.provider': `control at ${new URL(baseUrl).origin}/conformance/v1`,
  });
});

for (const [name, value, says] of [
  ['CANCEL_SETTLE_MS', 'soon', /CANCEL_SETTLE_MS soon: give a whole number from 0 to 600000/],
  ['CANCEL_SETTLE_MS', 'S3CR3T-value-0123456789', /^CANCEL_SETTLE_MS …: give a whole number from 0 to 600000/],
  ['CANCEL_BASE_URL', 'ftp://x', /CANCEL_BASE_URL: give an http or https address/],
  ['CANCEL_BASE_URL', 'http://127.0.0.1:1', /CANCEL_BASE_URL: the embedded target has no address/],
  ['CANCEL_READING', 'C-1', /CANCEL_READING C-1: write clause=name/],
  ['CANCEL_READING', 'C-1=201', /CANCEL_READING: C-1 has no reading 201/],
  ['CANCEL_EDITION', 'beta-1999', /no edition beta-1999/],
] as const) {
  test(`refuses ${name}=${value} with exit code 2`, async ({ folder }) => {
    const { exitCode, stderr } = await runCli(['run'], { cwd: folder, environment: { [name]: value } });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(exitCode).toBe(2);
  });
}

test('takes tokens from variables, files and commands, and hides them all', async ({ run, serve, folder }) => {
  const served = await serve();
  const tokens = await tokensOf(served);
  const environment: Record<string, string> = {};
  const identities = Object.fromEntries(
    personas.map((persona, index) => {
      const token = tokens[persona] ?? '';
      const source = ['env', 'file', 'command'][index % 3];
      if (source === 'env') environment[`TOKEN_${index}`] = token;
      writeFileSync(path.join(folder, `${persona}.token`), `${token}\n`);
      const command = ['cat', path.join(folder, `${persona}.token`)];
      const sources = { env: `TOKEN_${index}`, file: `${persona}.token`, command };
      return [persona, { token: { [source ?? '']: sources[source as keyof typeof sources] } }];
    }),
  );
  const file = writeTarget(folder, { baseUrl: served.baseUrl, requests: { provider: 'control' }, identities });
  const { report, stdout, stderr } = await run(['--target', file, '--area', 'PERM,AUTH'], environment);

  expect(stderr).toBe('');
  expect(failedRows(report)).toEqual([]);
  expect(report.checks.filter(({ verdict }) => verdict === 'inconclusive')).toEqual([]);
  const printed = stdout + JSON.stringify(report);
  expect(Object.values(tokens).filter((token) => printed.includes(token))).toEqual([]);
});

const failing = (script: string): object => ({ command: ['sh', '-c', script, 'client-secret-7Q'] });

const withoutToken = [
  ['a variable that is not set', { env: 'NO_SUCH_TOKEN' }, 'the environment variable NO_SUCH_TOKEN is not set'],
  ['a file that is not there', { file: 'none.token' }, 'none.token: no such file'],
  ['a command that is not there', { command: ['no-such-command'] }, 'the command no-such-command was not found'],
  ['a command that prints nothing', failing('true'), 'is empty: put the token there'],
  ['a command that prints JSON', failing('echo {}'), 'holds JSON: it has to hold the token alone'],
  [
    'a command that fails and tells its secrets',
    failing('echo "denied: client-secret-7Q, password=hunter22 eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.x" >&2; exit 3'),
    'ended with exit code 3: denied: ‹hidden›, password=‹hidden› ‹hidden›',
  ],
] as const;

/** Writes a target whose personas have tokens, but for the application, which has this one. */
function writeWithApplication(folder: string, baseUrl: string, token: object): string {
  const control = Object.fromEntries(personas.map((persona) => [persona, { token: { control: true } }]));
  const identities = { ...control, application: { token } };
  return writeTarget(folder, { baseUrl, requests: { provider: 'control' }, identities });
}

for (const [what, token, says] of withoutToken) {
  test(`says how to supply a persona with ${what}`, async ({ serve, folder }) => {
    const { baseUrl } = await serve();
    const file = writeWithApplication(folder, baseUrl, token);
    const { stdout, stderr } = await runCli(['doctor', '--target', file], { cwd: folder });
    expect(stdout).toContain(says);
    expect(stdout + stderr).not.toMatch(/client-secret-7Q|hunter22|eyJzdWIiOjF9/);
  });
}

for (const [what, token, says] of [withoutToken[0], withoutToken[5]]) {
  test(`leaves untold exactly what needs a persona with ${what}`, async ({ run, serve, folder }) => {
    const { baseUrl } = await serve();
    const { exitCode, report } = await run([
      '--target',
      writeWithApplication(folder, baseUrl, token),
      '--area',
      'PERM,AUTH',
    ]);

    expect(exitCode).toBe(3);
    expect(report.run.explanation).toContain('no token for the persona application');
    expect(report.run.explanation).toContain(says);
    const untold = report.checks.filter(({ verdict }) => verdict === 'inconclusive');
    expect(new Set(untold.map(({ caseId }) => caseId))).toEqual(new Set(['perm-refuses-application']));
    expect(JSON.stringify(report)).not.toMatch(/client-secret-7Q|hunter22|eyJzdWIiOjF9/);
  });
}

test('hints at claims that do not fit a persona, and takes none of its refusals for a proof', async ({
  run,
  serve,
  folder,
}) => {
  const served = await serve();
  const tokens = await tokensOf(served);
  const control = Object.fromEntries(personas.map((persona) => [persona, { token: { control: true } }]));
  // The token of a reader, given out for one without any entitlement permission.
  const identities = {
    ...control,
    readOnlyAdministrator: { token: { env: 'UNSCOPED' } },
    unscopedUser: { token: { env: 'READER' } },
  };
  const file = writeTarget(folder, { baseUrl: served.baseUrl, requests: { provider: 'control' }, identities });
  const environment = { READER: tokens['readOnlyAdministrator'] ?? '', UNSCOPED: tokens['unscopedUser'] ?? '' };
  const { report } = await run(['--target', file, '--area', 'PERM'], environment);

  expect(failedRows(report)).toEqual([]);
  const untold = report.checks.filter(({ verdict }) => verdict === 'inconclusive');
  expect(new Set(untold.map(({ persona }) => persona))).toEqual(new Set(['readOnlyAdministrator', 'unscopedUser']));
  const rows = report.requirements.filter(({ area, verdict }) => area === 'PERM' && verdict === 'inconclusive');
  expect(rows.map(({ id }) => id)).toEqual(['CANCEL-PERM-006', 'CANCEL-PERM-007']);
  expect(report.run.exitCode).toBe(3);
  expect(report.target.configuration['claims that look wrong']).toBe(
    'readOnlyAdministrator: its scp lacks EntitlementManagement.Read.All; unscopedUser: its scp has an entitlement permission',
  );
});

test('sends no token in the clear over a network unless told to', async ({ run, serve, folder }) => {
  const { baseUrl } = await serve(['--host', '0.0.0.0']);
  // All addresses of this machine: not loopback by its name, and yet nothing leaves the machine.
  const elsewhere = baseUrl.replace('127.0.0.1', '0.0.0.0');
  const file = writeTarget(folder, { baseUrl: elsewhere, requests: { provider: 'control' } });
  const refused = await runCli(['run', '--target', file], { cwd: folder });
  expect(refused.stderr).toMatch(/^http:\/\/0\.0\.0\.0:\d+: plain http would carry tokens .*--insecure/);
  expect(refused.exitCode).toBe(2);
  const { report } = await run(['--target', file, '--insecure', '--area', 'RESP']);
  expect(report.checks.filter(({ verdict }) => verdict !== 'passed' && verdict !== 'not-applicable')).toEqual([]);

  const control = { provider: 'control', url: `${new URL(elsewhere).origin}/conformance/v1` };
  const other = writeTarget(folder, { baseUrl, requests: control });
  expect((await runCli(['run', '--target', other], { cwd: folder })).exitCode).toBe(2);
});

test('ends at the total time bound, and tells what it knows', async ({ run, folder }) => {
  const middleman = await startMiddleman(({ isControl }) => (isControl ? 'pass' : 'hang'));
  const file = writeTarget(folder, { ...middleman.target, timeoutMs: 60_000, totalMs: 1000 });
  const { exitCode, report } = await run(['--target', file]);
  await middleman.close();

  expect(exitCode).toBe(3);
  expect(report.basis?.ending).toBe('bound');
});

test('follows no redirect of the arranging side', async ({ run, folder }) => {
  const received: (string | undefined)[] = [];
  const elsewhere = createServer((request, response) => {
    received.push(request.url);
    response.end('{}');
  });
  const port = await listen(elsewhere);
  const redirecting = createServer((_, response) => {
    response.writeHead(307, { Location: `http://127.0.0.1:${port}/` }).end();
  });
  const origin = `http://127.0.0.1:${await listen(redirecting)}`;
  const file = writeTarget(folder, { baseUrl: `${origin}/beta`, requests: { provider: 'control' } });
  const { exitCode, report } = await run(['--target', file]);
  await Promise.all([end(elsewhere), end(redirecting)]);

  expect(exitCode).toBe(3);
  expect(report.run.explanation).toContain('answered 307 where 200 is due');
  expect(failedRows(report)).toEqual([]);
  expect(received).toEqual([]);
});

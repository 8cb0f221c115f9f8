import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, runCli, spawnCli, test } from '../support/cli.js';
import { end, listen } from '../support/middleman.js';

/** One wrong use, and what the message must say. */
interface Misuse {
  readonly what: string;
  readonly args: readonly string[];
  /** Content of `target.yaml` in the working directory. */
  readonly file?: string;
  readonly says: RegExp;
}

const withFile = (what: string, file: string, says: RegExp): Misuse => ({
  what,
  args: ['run', '--target', 'target.yaml'],
  file,
  says,
});

const misuses: readonly Misuse[] = [
  { what: 'an unknown command', args: ['rum'], says: /unknown command 'rum'\n.*run/ },
  { what: 'an unknown option', args: ['run', '--taget', 'x'], says: /unknown option '--taget'\n.*--target/ },
  { what: 'an option without its value', args: ['run', '--target'], says: /--target .*argument missing/ },
  { what: 'an argument too many', args: ['run', 'more'], says: /too many arguments for 'run'/ },
  { what: 'a target file that is not there', args: ['run', '--target', 'nope.yaml'], says: /nope\.yaml: no such/ },
  { what: 'a folder as target file', args: ['run', '--target', '.'], says: /^\.: a folder, no file$/m },
  { what: 'a URL that is none', args: ['run', '--target', 'http://'], says: /--target http:\/\/: not a URL/ },
  { what: 'another scheme', args: ['run', '--target', 'ftp://host/x'], says: /ftp:\/\/host\/x: only http and https/ },
  { what: 'a URL with credentials', args: ['run', '--target', 'http://me:pass@host'], says: /without credentials/ },
  {
    what: 'an unknown edition',
    args: ['run', '--edition', 'beta-2012-05'],
    says: /no edition beta-2012-05.*beta-2021-05/,
  },
  { what: 'an unknown clause', args: ['run', '--reading', 'C-99=200'], says: /C-99=200: no contested clause C-99/ },
  { what: 'an unknown reading', args: ['run', '--reading', 'C-1=201'], says: /C-1 has no reading 201.*200/ },
  { what: 'a reading without a name', args: ['run', '--reading', 'C-1'], says: /--reading C-1: write clause=name/ },
  { what: 'a clause that is settled', args: ['run', '--reading', 'C-10=late'], says: /C-10 .*settled.*C-1, C-2/ },
  {
    what: 'a reading that comes with an edition',
    args: ['run', '--reading', 'C-2=none'],
    says: /--reading C-2=none: none of C-2 says what is sent, which the edition beta-2021-05 decides; .*--edition/,
  },
  {
    what: 'a reading of requirements that the edition does not have',
    args: ['run', '--reading', 'C-9=subject-access'],
    says: /C-9=subject-access: .* speaks of CANCEL-PERM-009, which the edition beta-2021-05 does not have; .*edition/,
  },
  { what: 'no worker at all', args: ['run', '--workers', '0'], says: /--workers 0: give a whole number from 1 to/ },
  { what: 'workers in words', args: ['run', '--workers', 'two'], says: /--workers two: give a whole number/ },
  { what: 'an unknown area', args: ['run', '--area', 'PERM,STAT'], says: /--area STAT: no such area.*STATE/ },
  {
    what: 'an unknown fault of serve',
    args: ['serve', '--fault', 'always-402'],
    says: /no fault always-402.*always-401/,
  },
  { what: 'an unknown variant of serve', args: ['serve', '--variant', 'success-20'], says: /no variant .*success-200/ },
  { what: 'a port out of range', args: ['serve', '--port', '65536'], says: /--port 65536: give a whole number/ },
  withFile('YAML that is none', 'name: [a\n', /target\.yaml:2: not valid YAML: \S/),
  withFile('a target file that holds a list', '- name: a\n', /target\.yaml/),
  withFile(
    'an unknown key',
    'name: a\nembedded: {}\nsettelMs: 5\n',
    /target\.yaml:3: settelMs: unknown key; did you mean settleMs\?/,
  ),
  withFile(
    'an unknown key in depth',
    'name: a\nembedded:\n  falt: x\n',
    /target\.yaml:3: embedded\.falt: unknown key; did you mean fault\?/,
  ),
  withFile(
    'both kinds of target',
    'name: a\nembedded: {}\nbaseUrl: http://h/beta\n',
    /give either baseUrl .* or embedded/,
  ),
  withFile(
    'requests of the embedded target',
    'name: a\nembedded: {}\nrequests: { provider: control, url: http://h/conformance/v1 }\n',
    /target\.yaml:3: requests: the embedded target brings its own/,
  ),
  withFile('no kind of target', 'name: a\n', /give either baseUrl .* or embedded/),
  withFile('a target without requests', 'name: a\nbaseUrl: http://h/beta\n', /target\.yaml: requests is missing/),
  withFile(
    'a reading as a number',
    'name: a\nembedded: {}\nreadings: { C-1: 200 }\n',
    /target\.yaml:3: readings\.C-1: must be string/,
  ),
  withFile(
    'an unknown reading in a file',
    "name: a\nembedded: {}\nreadings: { C-1: '201' }\n",
    /target\.yaml:3: .*C-1 has no reading 201/,
  ),
  withFile(
    'a persona that is none',
    'name: a\nembedded: {}\nidentities: { requester: { token: { control: true } } }\n',
    /identities\.requester: unknown key; did you mean requestor\?/,
  ),
  withFile(
    'an unknown fault',
    'name: a\nembedded: { fault: always-402 }\n',
    /no fault always-402; did you mean always-401\?/,
  ),
  withFile(
    'a port left out',
    'name: a\nbaseUrl: http://127.0.0.1:/beta\nrequests: { provider: control }\n',
    /target\.yaml:2: baseUrl: .* is not what it has to be: Absolute http or https address/,
  ),
  withFile(
    'a time-out out of range',
    'name: a\nembedded: {}\ntimeoutMs: 5\n',
    /target\.yaml:3: timeoutMs: must be >= 100/,
  ),
];

for (const { what, args, file, says } of misuses) {
  test(`answers ${what} with one message and exit code 2`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'target.yaml'), file ?? '');
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr.trim().split('\n').length, stderr).toBeLessThanOrEqual(5);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
    expect(existsSync(path.join(folder, 'reports'))).toBe(false);
  });
}

test('answers a port in use with exit code 2', async ({ folder }) => {
  const server = createServer();
  const port = await listen(server);
  const { exitCode, stderr } = await runCli(['serve', '--port', String(port)], { cwd: folder });
  await end(server);
  expect(exitCode).toBe(2);
  expect(stderr).toBe(`--port ${port}: cannot listen there: it is in use; take another one, or 0 for any\n`);
});

for (const args of [
  ['--help'],
  ['run', '--help'],
  ['plan', '--help'],
  ['serve', '--help'],
  ['help', 'run'],
  ['--version'],
]) {
  test(`answers ${args.join(' ')} on standard output with exit code 0`, async ({ folder }) => {
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(args.includes('--version') ? /^\d+\.\d+\.\d+\n$/ : /^Usage: cancel-conformance/);
  });
}

test('says with exit code 4 which folder it cannot write', async ({ folder }) => {
  const out = path.join(folder, 'reports');
  writeFileSync(out, 'a file in its place');
  const { exitCode, stdout, stderr } = await spawnCli(['run', '--out', out], { cwd: folder });
  expect(exitCode).toBe(4);
  expect(stderr).toContain(out);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stdout).not.toContain('CONFORMANT');
});

test('ends with exit code 4, never 1, when something is thrown that nobody catches', async ({ folder }) => {
  const preload = path.join(folder, 'preload.mjs');
  writeFileSync(
    preload,
    `process.stdout.write = () => setImmediate(() => { throw new Error('thrown in passing'); }) !== null;`,
  );
  const environment = { NODE_OPTIONS: `--import ${pathToFileURL(preload).href}` };
  const { exitCode, stderr } = await spawnCli(['serve'], { cwd: folder, environment });
  expect(stderr).toMatch(/^The suite itself is at fault: thrown in passing\n/);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(exitCode).toBe(4);
});

test('plans without a single connection', async ({ folder }) => {
  let connections = 0;
  const server = createServer().on('connection', () => (connections += 1));
  const port = await listen(server);
  const { exitCode, stdout, stderr } = await runCli(['plan', '--target', `http://127.0.0.1:${port}`], { cwd: folder });
  await end(server);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(connections).toBe(0);
  expect(stdout).toMatch(/^Plan +\d+ cases with \d+ checks, \d+ calls/m);
  expect(stdout).toMatch(/^Hash +[0-9a-f]{64}$/m);
});

interface PlanAsData {
  readonly hash: string;
  readonly counts: { readonly cases: number; readonly checks: number; readonly probes: number };
  readonly cases: readonly { readonly id: string }[];
}

test('plans as JSON what a run then does', async ({ folder, embeddedRun }) => {
  const plan = async (...args: readonly string[]): Promise<PlanAsData> => {
    const { stdout } = await runCli(['plan', '--json', ...args], { cwd: folder });
    return JSON.parse(stdout) as PlanAsData;
  };
  const { cases, counts, hash } = await plan();
  const { totals, checks, exchanges } = embeddedRun.report;
  expect(counts.cases).toBe(totals.cases);
  expect(cases).toHaveLength(totals.cases);
  // One more check speaks about the run as a whole and needs no call.
  expect(counts.checks).toBe(checks.length - 1);
  expect(counts.probes).toBe(exchanges.filter(({ role }) => role === 'probe').length);
  expect((await plan()).hash).toBe(hash);
  expect((await plan('--area', 'PERM')).hash).not.toBe(hash);
});

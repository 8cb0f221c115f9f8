import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, runCli, spawnCli, test, writeTarget } from '../support/cli.js';
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
    /target\.yaml:3: readings\.C-1: 200 is no text as it stands there: quote it, '200'/,
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

/** Folders that nobody can write, not even root. */
for (const [what, out] of [
  ['a file in its place', 'taken'],
  ['a file above it', 'taken/below'],
  ['a place that takes no folders', '/proc/reports'],
  ['a place below that one', '/proc/reports/below'],
  ['a device in its place', '/dev/null'],
] as const) {
  test(`says before the first call that the folder of the reports cannot be written for ${what}`, async ({
    folder,
  }) => {
    writeFileSync(path.join(folder, 'taken'), 'a file in its place');
    let connections = 0;
    const server = createServer().on('connection', () => (connections += 1));
    const port = await listen(server);
    const args = ['run', '--target', `http://127.0.0.1:${port}`, '--out', out];
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
    await end(server);
    expect({ exitCode, stdout, connections }).toEqual({ exitCode: 2, stdout: '', connections: 0 });
    expect(stderr).toMatch(new RegExp(`^--out ${out}: cannot be written \\(E\\w+\\); choose a folder that can\n$`));
    expect(readFileSync(path.join(folder, 'taken'), 'utf8')).toBe('a file in its place');
  });
}

test('prove says before it proves that its folder cannot be written', async ({ folder }) => {
  const { exitCode, stderr } = await runCli(['prove', '--out', '/proc/proof'], { cwd: folder });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: '--out /proc/proof: cannot be made (ENOENT); choose another folder\n',
  });
});

const own = [
  ['report.json', 'index.html', 'junit.xml', 'results.sarif', 'summary.md', 'badge.svg', 'evidence.jsonl'],
  ['doc.html', 'comparison.html', 'comparison.json', 'comparison.md'],
].flat();

test('nobody takes the reports of an earlier run for those of one that came to none', async ({ folder }) => {
  const others = ['notes.md', 'report.json.bak', 'kill-matrix.json', 'below/report.json'];
  mkdirSync(path.join(folder, 'out', 'below'), { recursive: true });
  for (const name of [...own, ...others]) writeFileSync(path.join(folder, 'out', name), 'of yesterday');
  const run = (...args: readonly string[]) => runCli(['run', '--out', 'out', ...args], { cwd: folder });
  const left = (): readonly string[] =>
    [...own, ...others].filter((name) => existsSync(path.join(folder, 'out', name)));
  // What never begins leaves everything as it is.
  expect((await run('--area', 'STAT')).exitCode).toBe(2);
  expect(left()).toEqual([...own, ...others]);
  // Of what is found only when the tokens are fetched comes no report.
  mkdirSync(path.join(folder, 'certificate.pem'));
  const clientId = '11111111-2222-4333-8444-555555555555';
  const clientCredentials = { tenant: 'contoso.example', clientId, certificate: { file: 'certificate.pem' } };
  writeTarget(folder, { embedded: {}, identities: { application: { token: { clientCredentials } } } });
  expect((await run('--target', 'target.yaml')).exitCode).toBe(2);
  expect(left()).toEqual(others);
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

test('what is given to an option that does not exist is not told', async ({ folder }) => {
  const { exitCode, stderr } = await runCli(['run', '--token=S3cret-of-another-program'], { cwd: folder });
  expect(exitCode).toBe(2);
  expect(stderr).toBe("error: unknown option '--token=…'\n");
});

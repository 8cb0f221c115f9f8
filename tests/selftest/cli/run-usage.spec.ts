import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, runCli, spawnCli, test, writeTarget } from '../support/cli.js';
import { pageText } from '../support/doc-pages.js';
import { end, listen } from '../support/middleman.js';
import { firstLine, saying } from '../support/mistakes/mistake.js';
import { targetFiles } from '../support/mistakes/target-files.js';
import { misuses, noStepSummary, occupied, places } from '../support/mistakes/uses.js';

for (const { what, args, file, says, code } of [
  ...misuses.map((misuse) => ({ ...misuse, file: '' })),
  ...targetFiles.map((mistaken) => ({ ...mistaken, args: ['run', '--target', 'target.yaml'] })),
]) {
  test(`answers ${what} with one message and exit code ${code}`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'target.yaml'), file);
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
    expect(firstLine(stderr)).toMatch(saying(says));
    expect(stderr).not.toMatch(/^\s+at |S3cret/m);
    expect(stderr.trim().split('\n').length, stderr).toBeLessThanOrEqual(5);
    expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
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

for (const { what, out, says, code } of places) {
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
    expect({ exitCode, stdout, connections }).toEqual({ exitCode: code, stdout: '', connections: 0 });
    expect(stderr).toBe(`${says}\n`);
    expect(readFileSync(path.join(folder, 'taken'), 'utf8')).toBe('a file in its place');
  });
}

for (const { what, name, args, says, code } of occupied) {
  test(`says what to do about ${what}`, async ({ folder, embeddedRun }) => {
    mkdirSync(path.join(folder, 'out', name), { recursive: true });
    writeFileSync(path.join(folder, 'page.md'), pageText('sound.en-US.md'));
    const given = args.map((arg) => arg.replace('RUN', embeddedRun.out));
    const { exitCode, stderr } = await runCli([...given, '--out', 'out'], { cwd: folder });
    expect(stderr).toMatch(saying(says));
    expect(exitCode).toBe(code);
    expect(readdirSync(path.join(folder, 'out'))).toEqual([name]);
  });
}

test('a summary that cannot be appended where the pipeline says is told after the verdict', async ({ folder }) => {
  const environment = { GITHUB_STEP_SUMMARY: '/nonexistent/summary.md' };
  const { exitCode, stdout, stderr } = await runCli(['run', '--area', 'RESP'], { cwd: folder, environment });
  expect(stdout).toMatch(/^\? INCOMPLETE, PARTIAL/);
  expect(stderr).toMatch(saying(noStepSummary.says));
  expect(exitCode).toBe(noStepSummary.code);
});

test('prove says before it proves that its folder cannot be written', async ({ folder }) => {
  const { exitCode, stderr } = await runCli(['prove', '--out', '/proc/proof'], { cwd: folder });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 2,
    stderr: '--out /proc/proof: cannot be made (ENOENT); choose another folder\n',
  });
});

const own = [
  ['report.json', 'index.html', 'junit.xml', 'results.sarif', 'summary.md', 'badge.svg', 'ctrf.json', 'evidence.jsonl'],
  ['doc.html', 'evidence.har', 'comparison.html', 'comparison.json', 'comparison.md'],
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
  const isOfCase = ({ role }: { readonly role: string }): boolean => role === 'probe' || role === 'opening';
  // The embedded target sets no cookie that could be sent back.
  expect(counts.probes - 1).toBe(exchanges.filter(isOfCase).length);
  expect((await plan()).hash).toBe(hash);
  expect((await plan('--area', 'PERM')).hash).not.toBe(hash);
});

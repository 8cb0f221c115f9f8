import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, runCli, test, writeTarget } from '../support/cli.js';
import { clockSymptom, type Symptom } from '../../../src/hosts/examine.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { startMiddleman } from '../support/middleman.js';
import { firstLine, saying } from '../support/mistakes/mistake.js';
import { otherVersion, refusedToken } from '../support/mistakes/targets.js';

test('finds nothing missing on the embedded target', async ({ folder }) => {
  const { exitCode, stdout, stderr } = await runCli(['doctor'], { cwd: folder });
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('Provable 100 %');
  expect(stdout).toContain('in step with this machine');
  const ofPersona = (name: string): string => stdout.split('\n').find((line) => line.includes(` ${name} from `)) ?? '';
  expect(ofPersona('otherUser')).toMatch(
    /, good for \d+ min; is to be a second user without a role, .*; owns requests$/,
  );
  expect(ofPersona('wrongAudience')).toContain(', for https://management.azure.com, ');
  expect(ofPersona('notYetValid')).toMatch(
    /, not valid before \d+ min are over, good for \d+ min; is to be an administrator/,
  );
});

test('foretells exactly what the run then leaves untold, and changes nothing', async ({ folder }) => {
  const cannotArrange = { denied: 'nobody denies here' };
  const names = ['administrator', 'requestor', 'otherUser', 'expired'];
  const calls: string[] = [];
  const middleman = await startMiddleman(({ method, target }) => {
    calls.push(`${method} ${target.split('?')[0] ?? ''}`);
    return 'pass';
  });
  const file = writeTarget(folder, {
    ...middleman.target,
    timeoutMs: 10_000,
    cannotArrange,
    identities: Object.fromEntries(names.map((name) => [name, { token: { control: true } }])),
  });
  const { exitCode, stdout } = await runCli(['doctor', '--target', file], { cwd: folder });
  await middleman.close();
  const { target, contract } = embeddedWith({ cannotArrange });
  const tokens = Object.fromEntries(Object.entries(target.tokens).filter(([name]) => names.includes(name)));
  const report = await runOn({ target: { ...target, tokens }, contract });

  expect(exitCode).toBe(3);
  expect(calls.filter((call) => !/^GET |\/tokens$/.test(call))).toEqual([]);
  expect(stdout).toContain('denied cannot be arranged: nobody denies here');
  expect(stdout).toContain('no token for the persona application: add it under identities in the target file');
  const { count, of } = report.provable;
  expect(stdout).toContain(`(${count} of ${of})`);
  const untold = report.requirements.filter(({ verdict, level }) => verdict === 'inconclusive' && level === 'MUST');
  expect(untold).toHaveLength(of - count);
});

const noBody = { text: '', encoding: 'utf8', bytes: 0, truncated: false } as const;

const startedAt = '2026-03-01T12:00:00.400Z';

/** What is said of the clock of a target whose answer bears this date. */
const clockOf = (date: string): Symptom =>
  clockSymptom({
    startedAt,
    response: { status: 404, headers: [['Date', date]], body: noBody, strayBytes: null },
  });

const clockAt = (aheadS: number): Symptom =>
  clockOf(new Date(Date.parse('2026-03-01T12:00:00Z') + aheadS * 1000).toUTCString());

test('tolerates a clock that is off by no more than five minutes', () => {
  const tooFar = 'so tokens may look expired or not yet valid';
  expect(clockAt(0)).toEqual({ health: 'good', words: 'clock: the target is in step with this machine' });
  expect(clockAt(-300)).toEqual({ health: 'good', words: 'clock: the target is 300 s behind this machine' });
  expect(clockAt(300)).toEqual({ health: 'good', words: 'clock: the target is 299 s ahead of this machine' });
  expect(clockAt(-301)).toEqual({ health: 'bad', words: `clock: the target is 301 s behind this machine, ${tooFar}` });
  expect(clockAt(302)).toEqual({ health: 'bad', words: `clock: the target is 301 s ahead of this machine, ${tooFar}` });
  expect(clockOf('some day')).toEqual({ health: 'good', words: 'clock: the target does not tell its time' });
});

test('leads from an empty folder to a verdict: init, two lines, doctor, run', async ({ run, serve, folder }) => {
  const { baseUrl } = await serve();
  const begun = await runCli(['init'], { cwd: folder });
  expect(begun.stderr).toBe('');
  expect(begun.exitCode).toBe(0);
  const file = path.join(folder, 'target.yaml');
  const edited = readFileSync(file, 'utf8')
    .replace(/^name: .*$/m, 'name: contoso')
    .replace(/^baseUrl: .*$/m, `baseUrl: ${baseUrl}`);
  writeFileSync(file, edited);
  expect((await runCli(['doctor', '--target', 'target.yaml'], { cwd: folder })).exitCode).toBe(0);
  const { report } = await run(['--target', 'target.yaml', '--area', 'RESP']);
  expect(report.requirements.filter(({ area, verdict }) => area === 'RESP' && verdict === 'failed')).toEqual([]);
  expect(report.requirements.filter(({ area, verdict }) => area === 'RESP' && verdict === 'passed')).not.toEqual([]);
  expect(report.target.name).toBe('contoso');

  const schema = /^# yaml-language-server: \$schema=(.+)$/m.exec(edited)?.[1] ?? '';
  expect(readFileSync(path.resolve(folder, schema), 'utf8')).toContain('"Target file"');
});

test('init overwrites nothing', async ({ folder }) => {
  writeFileSync(path.join(folder, '.env'), 'SECRET=1\n');
  const { exitCode, stderr } = await runCli(['init', '--provider', 'inventory'], { cwd: folder });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('.env is there already');
  expect(readFileSync(path.join(folder, '.env'), 'utf8')).toBe('SECRET=1\n');
});

test('init writes an inventory that plan accepts', async ({ folder }) => {
  expect((await runCli(['init', '--provider', 'inventory', '--dir', 'here'], { cwd: folder })).exitCode).toBe(0);
  const { exitCode, stdout } = await runCli(['plan', '--target', 'here/target.yaml'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/Requests that the inventory has to list: \d+ at most/);
});

test('init writes a target file for a live tenant that plan accepts', async ({ folder }) => {
  const { exitCode, stdout } = await runCli(['init', '--provider', 'graph'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stdout).toContain('doctor --sign-in');
  expect(stdout).toContain('usGov and usGovDoD do in v1.0 only');
  const untouched = await runCli(['plan', '--target', 'target.yaml'], { cwd: folder });
  expect(untouched.exitCode).toBe(2);
  expect(untouched.stderr).toMatch(/target\.yaml:\d+: requests\.tenant: 0{8}-\S+ is the placeholder that init wrote/);
  const file = path.join(folder, 'target.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('00000000-0000', '5f0e1d3a-0000'));
  const planned = await runCli(['plan', '--target', 'target.yaml'], { cwd: folder });
  expect(planned.exitCode, planned.stderr).toBe(0);
  expect(planned.stdout).toMatch(/Requests created in the tenant 5f0e1d3a-.*: 16 at most/);
  expect(planned.stdout).toMatch(
    /With requests\.mostCreated 16 these may stay untold, .*; 26 would tell them: CANCEL-/,
  );
});

test('says of an address at which nothing stands that it is wrong, and so does a run, in few lines', async ({
  run,
  serve,
  folder,
}) => {
  const { origin } = await serve();
  const file = writeTarget(folder, { baseUrl: `${origin}/v1.0`, requests: { provider: 'control' } });
  const { exitCode: doubted, stdout } = await runCli(['doctor', '--target', file], { cwd: folder });
  expect(doubted).toBe(otherVersion.doubted.code);
  expect(stdout).toMatch(saying(otherVersion.doubted.says));
  expect(stdout).toContain('✗ the path of the edition is answered like one that does not exist (404, application/json');
  const { exitCode, stdout: told } = await run(['--target', file]);
  expect(told.replaceAll(/\s+/g, ' ')).toContain(
    'no call reached the action; does baseUrl end where the paths of the edition begin (/beta)',
  );
  expect(firstLine(told)).toMatch(saying(otherVersion.run.says));
  expect(told.trimEnd().split('\n').length).toBeLessThanOrEqual(6);
  expect(exitCode).toBe(otherVersion.run.code);
  const right = writeTarget(folder, { baseUrl: `${origin}/beta`, requests: { provider: 'control' } });
  expect((await runCli(['doctor', '--target', right], { cwd: folder })).stdout).not.toMatch(/^ {2}[!✗] /m);
});

test('a target that serves the action and nothing else is at the right address', async ({ folder }) => {
  const notFound = { status: 404, body: '' };
  const middleman = await startMiddleman(({ method, isControl, target }) => {
    const isAction =
      method === 'POST' && target.endsWith('/cancel') && target.includes('/accessPackageAssignmentRequests/');
    return isControl || isAction ? 'pass' : notFound;
  });
  const file = writeTarget(folder, middleman.target);
  const { exitCode, stdout } = await runCli(['doctor', '--target', file], { cwd: folder });
  await middleman.close();
  expect(stdout).not.toContain('answered like one that does not exist');
  expect(exitCode).toBe(0);
});

test('names the token that the target does not take, and ends with 3 for it', async ({ folder }) => {
  const middleman = await startMiddleman(({ authorization, method, isControl }) => {
    const isRequestor = /^Bearer [^.]+\.([^.]+)/.exec(authorization)?.[1];
    const claims = Buffer.from(isRequestor ?? '', 'base64url').toString();
    const isTheirs = claims.includes('1b7e3a62-a4d5-4e2f-88b9-206d4fae8c13');
    return method === 'GET' && !isControl && isTheirs ? { status: 401, body: '' } : 'pass';
  });
  const { exitCode, stdout } = await runCli(['doctor', '--target', writeTarget(folder, middleman.target)], {
    cwd: folder,
  });
  await middleman.close();
  const refused = stdout.split('\n').filter((line) => line.includes('does not take the token'));
  expect(refused).toEqual([expect.stringMatching(saying(refusedToken.says))]);
  expect(stdout).toContain('A token is not taken, or does not suffice, so what rests on it would prove nothing.');
  expect(exitCode).toBe(refusedToken.code);
});

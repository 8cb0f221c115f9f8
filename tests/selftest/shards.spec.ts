import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, readReport, runCli, startCli, test as base, writeTarget, type CliExit } from './cli.js';
import { hashOfShard, type SealedShard } from '../../src/hosts/shards/shard.js';
import { lasting } from './lasting.js';
import { madeOnce } from './made-once.js';

const count = 4;

interface Shards {
  /** One folder for each, in order. */
  readonly folders: readonly string[];
  readonly exits: readonly CliExit[];
}

async function carryOut(folder: string): Promise<Shards> {
  const folders = Array.from({ length: count }, (_, at) => path.join(folder, `shard ${at + 1}`));
  const exits: CliExit[] = [];
  for (const [at, out] of folders.entries()) {
    exits.push(await runCli(['run', '--shard', `${at + 1}/${count}`, '--out', out], { cwd: folder }));
  }
  return { folders, exits };
}

/** Tests with all shards of a run on the embedded target, carried out once. */
const test = base.extend<object, { shards: Shards }>({
  shards: [
    async ({}, use) => {
      await use(await madeOnce('shards', carryOut));
    },
    { scope: 'worker' },
  ],
});

const fileOf = (shards: Shards, at: number): string =>
  path.join(shards.folders[at] ?? '', `shard-${at + 1}-of-${count}.json`);

test('merged shards are the run that was never divided', async ({ shards, embeddedRun, folder }) => {
  expect(shards.exits.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  const out = path.join(folder, 'merged');
  // In any order: the shards say themselves which they are.
  const { exitCode, stdout } = await runCli(['merge', ...shards.folders.toReversed(), '--out', out], { cwd: folder });
  expect(exitCode, stdout).toBe(0);
  expect(lasting(readReport(out))).toEqual(lasting(embeddedRun.report));
  expect(readdirSync(out).sort()).toEqual(readdirSync(embeddedRun.out).sort());
  const judged = await runCli(['judge', out], { cwd: folder });
  expect(judged.stdout).toMatch(/^✓ EQUAL/);
});

test('a shard leaves no report that might be taken for the whole, and says that it is no verdict', ({ shards }) => {
  for (const [at, out] of shards.folders.entries()) {
    expect(readdirSync(out)).toEqual([path.basename(fileOf(shards, at))]);
    expect(shards.exits[at]?.stdout).toContain('This is no verdict: merge all shards for it.');
  }
});

test('is incomplete without a shard, and names it', async ({ shards, folder }) => {
  const [first = '', second = '', , fourth = ''] = shards.folders;
  const { exitCode, stdout, stderr } = await runCli(['merge', first, second, fourth], { cwd: folder });
  expect(exitCode).toBe(3);
  expect(stderr).toBe('Missing: shard 3 of 4. What it would have told counts as not told.\n');
  expect(stdout).toContain('shard 3 of 4 is missing');
  const { cases } = readReport(path.join(folder, 'reports'));
  expect(cases.some(({ blocked }) => blocked === 'not carried out')).toBe(true);
});

test('a shard that is killed leaves nothing that could be merged', async ({ folder }) => {
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as AddressInfo;
  const [out, target] = [path.join(folder, 'killed'), `http://127.0.0.1:${port}`];
  const { child, exit } = startCli(['run', '--target', target, '--shard', '1/2', '--out', out], { cwd: folder });
  // It is under way: it waits for its first answer.
  await once(silent, 'request');
  child.kill('SIGKILL');
  await exit;
  silent.close();
  expect(existsSync(out)).toBe(false);
  const { exitCode, stderr } = await runCli(['merge', out], { cwd: folder });
  expect(exitCode).toBe(2);
  expect(stderr).toBe(`${out}: no such file or folder; give what run --shard wrote\n`);
});

test('sees a failure that shows in all shards together only', async ({ folder }) => {
  // Success is answered in two ways, each of which is allowed by itself.
  const target = writeTarget(folder, { embedded: { fault: 'mixed-success-status' } });
  for (const shard of ['1/2', '2/2']) await runCli(['run', '--target', target, '--shard', shard], { cwd: folder });
  const { exitCode, stdout } = await runCli(['merge', 'reports'], { cwd: folder });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('CANCEL-RESP-002');
});

test('a shard with a failure of its own ends with exit code 1', async ({ folder }) => {
  const target = writeTarget(folder, { embedded: { fault: 'personal-account-accepted' } });
  const exits = [];
  for (const shard of ['1/2', '2/2']) {
    exits.push(await runCli(['run', '--target', target, '--shard', shard], { cwd: folder }));
  }
  expect(exits.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
});

test('refuses a file that was changed, is cut off or no shard, and a shard given twice', async ({ shards, folder }) => {
  const whole = readFileSync(fileOf(shards, 0), 'utf8');
  const at = (name: string): string => path.join(folder, name);
  const [changed, cut, strange] = [at('changed.json'), at('cut.json'), at('strange.json')];
  writeFileSync(changed, whole.replace('204', '200'));
  writeFileSync(cut, whole.slice(0, 1000));
  const { shard, ...rest } = JSON.parse(whole) as SealedShard;
  const text = shard.replace('"interrupted"', '"interupted"');
  writeFileSync(strange, JSON.stringify({ ...rest, shard: text, sha256: hashOfShard(text) }));
  for (const [places, message] of [
    [[changed], `${changed}: it was changed after it had been written; run this shard again`],
    [[cut], `${cut}: not JSON, or cut off; run this shard again`],
    [[strange], `${strange}: shard.run.interupted: unknown key; did you mean interrupted?`],
    [[fileOf(shards, 0), fileOf(shards, 0)], 'are both shard 1; give one of them'],
    [[folder], `${folder}: no shard in this folder; give a folder that run --shard wrote to`],
  ] as const) {
    const { exitCode, stderr } = await runCli(['merge', ...places], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  }
});

for (const [what, args, environment] of [
  ['plan', ['--shard', '2/4', '--reading', 'C-1=204'], {}],
  ['number of shards', ['--shard', '2/5'], {}],
  ['areas', ['--shard', '2/4', '--area', 'STATE,PERM'], {}],
  ['run', ['--shard', '2/4'], { CANCEL_RUN_NAME: 'another' }],
] as const) {
  test(`refuses shards of different runs: another ${what}`, async ({ shards, folder }) => {
    const out = path.join(folder, 'other');
    await runCli(['run', ...args, '--out', out], { cwd: folder, environment });
    const { exitCode, stderr } = await runCli(['merge', fileOf(shards, 0), out], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('are not of one run: another');
  });
}

test('refuses shares that there cannot be', async ({ folder }) => {
  for (const [share, message] of [
    ['0/4', 'give a share as i/n with i from 1 to n'],
    ['5/4', 'give a share as i/n with i from 1 to n'],
    ['1/99', 'so 26 shards are the most'],
  ] as const) {
    const { exitCode, stderr } = await runCli(['run', '--shard', share], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  }
});

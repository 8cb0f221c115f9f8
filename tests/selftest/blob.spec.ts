import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { SecretRegistry } from '../../src/engine/evidence/secrets.js';
import { faultOfBlob } from '../../src/hosts/shards/blob-file.js';
import { expect, failedRows, readReport, runCli, test as base, writeTarget } from './cli.js';
import { lasting } from './lasting.js';
import { madeOnce } from './made-once.js';
import { ownReporter, runByRunner, runRunner } from './runner.js';

async function leaveBlobs(folder: string): Promise<string> {
  const blobs = path.join(folder, 'blobs');
  mkdirSync(blobs);
  writeFileSync(path.join(blobs, 'notes.txt'), 'not the suite’s');
  for (const shard of ['1/2', '2/2']) {
    const { exitCode, stdout } = await runCli(['run', '--shard', shard, '--blob', 'blobs'], { cwd: folder });
    expect(exitCode, stdout).toBe(0);
  }
  return blobs;
}

/** Tests with both shards of a run on the embedded target, left as blob reports in one folder. */
const test = base.extend<{ copies: string }, { blobs: string }>({
  blobs: [
    async ({}, use) => {
      await use(await madeOnce('blob reports', leaveBlobs));
    },
    { scope: 'worker' },
  ],

  /** The test's own folder of the same blob reports: Playwright unpacks beside what it merges. */
  copies: async ({ blobs, folder }, use) => {
    const copies = path.join(folder, 'copies');
    mkdirSync(copies);
    for (const name of ['report-1.zip', 'report-2.zip']) {
      copyFileSync(path.join(blobs, name), path.join(copies, name));
    }
    await use(copies);
  },
});

test('merged blob reports are the run that was never divided', async ({ blobs, embeddedRun, folder }) => {
  const { exitCode, stdout } = await runCli(['merge', blobs], { cwd: folder });
  expect(exitCode, stdout).toBe(0);
  expect(lasting(readReport(path.join(folder, 'reports')))).toEqual(lasting(embeddedRun.report));
});

test("so they are by Playwright's own command, beside a report of its own", async ({ copies, embeddedRun, folder }) => {
  const args = ['merge-reports', `--reporter=${ownReporter},html`, copies];
  const { exitCode, printed } = await runRunner(args, { cwd: folder });
  expect(exitCode, printed).toBe(0);
  expect(lasting(readReport(path.join(folder, 'reports')))).toEqual(lasting(embeddedRun.report));
  expect(readdirSync(path.join(folder, 'playwright-report'))).toContain('index.html');
});

test('a blob report is all that a shard leaves, and nothing beside it is touched', ({ blobs }) => {
  expect(readdirSync(blobs).sort()).toEqual(['notes.txt', 'report-1.zip', 'report-2.zip']);
  expect(readdirSync(path.dirname(blobs))).toEqual(['blobs']);
});

test('is incomplete without a blob report, and names the shard', async ({ copies, folder }) => {
  const merged = await runCli(['merge', path.join(copies, 'report-2.zip')], { cwd: folder });
  expect(merged.exitCode).toBe(3);
  expect(merged.stderr).toBe('Missing: shard 1 of 2. What it would have told counts as not told.\n');
  await rm(path.join(copies, 'report-1.zip'));
  const args = ['merge-reports', `--reporter=${ownReporter}`, copies];
  const { exitCode, printed } = await runRunner(args, { cwd: folder });
  expect(exitCode).toBe(3);
  expect(printed).toContain('Missing: shard 1 of 2.');
});

test("a failure shows by Playwright's own run, too, and in the merged report", async ({ folder }) => {
  const target = writeTarget(folder, { embedded: { fault: 'personal-account-accepted' } });
  const exits = [];
  for (const shard of ['--shard=1/2', '--shard=2/2']) {
    exits.push(await runByRunner(target, shard, `--reporter=${ownReporter},blob`));
  }
  expect(exits.map(({ exitCode }) => exitCode).sort()).toEqual([0, 1]);
  const { exitCode } = await runCli(['merge', 'blob-report'], { cwd: folder });
  expect(exitCode).toBe(1);
  expect(failedRows(readReport(path.join(folder, 'reports')))).toEqual(['CANCEL-PERM-005']);
});

for (const [what, name, environment] of [
  ['target', 'another target', {}],
  ['run', 'embedded', { CANCEL_RUN_NAME: 'another' }],
] as const) {
  test(`refuses blob reports of different runs: another ${what}`, async ({ copies, folder }) => {
    const target = writeTarget(folder, { name, embedded: {} });
    // Another part of the plan would be refused as well, but it is told after these.
    const args = ['run', '--target', target, '--area', 'RESP', '--shard', '2/2', '--blob', copies];
    await runCli(args, { cwd: folder, environment });
    const { exitCode, stderr } = await runCli(['merge', copies], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/report-1\.zip.* and .*report-2\.zip.* are not of one run: another/);
    expect(stderr).toContain(`another ${what}; give the shards of one run`);
  });
}

/** A blob report with its events changed. */
function changed(file: string, change: (events: string) => string): Uint8Array {
  const { 'report.jsonl': events = new Uint8Array() } = unzipSync(readFileSync(file));
  return zipSync({ 'report.jsonl': strToU8(change(strFromU8(events))) });
}

test("Playwright's own command refuses a shard given twice", async ({ copies, folder }) => {
  // As a second run of the same shard leaves it.
  const again = changed(path.join(copies, 'report-1.zip'), (events) =>
    events.replace('"cancel-conformance-shard ', '"cancel-conformance-shard again-'),
  );
  writeFileSync(path.join(copies, 'report-1-again.zip'), again);
  const args = ['merge-reports', `--reporter=${ownReporter}`, copies];
  const { exitCode, printed } = await runRunner(args, { cwd: folder });
  expect(exitCode).toBe(2);
  expect(printed).toMatch(/cancel-conformance-shard \S+ are both shard 1; give one of them\n$/);
});

test('refuses what is no whole blob report of a shard, each by its name', async ({ blobs, folder }) => {
  const source = path.join(blobs, 'report-1.zip');
  const place = path.join(folder, 'report-1.zip');
  for (const [bytes, message] of [
    [readFileSync(source).subarray(0, 20_000), "no blob report of Playwright's, or cut off"],
    [
      zipSync({ 'other.txt': strToU8('text') }),
      "no blob report of Playwright's, or cut off (it holds no report.jsonl)",
    ],
    [
      changed(source, (events) => events.replace(/"cancel-conformance-shard [^"]*"/, '"something else"')),
      'a blob report without a shard of this suite; give what run --shard --blob wrote',
    ],
    [
      changed(source, (events) => events.replaceAll('204', '200')),
      'it was changed after it had been written; run this shard again',
    ],
  ] as const) {
    writeFileSync(place, bytes);
    const { exitCode, stderr } = await runCli(['merge', place], { cwd: folder });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`${place}: ${message}`);
  }
});

test('removes a blob report that holds a secret, and ends with exit code 4', async ({ serve, folder }) => {
  // The suite's own name stands in every blob report, whatever is hidden in the evidence.
  const key = { CANCEL_CONTROL_KEY: 'cancel-conformance' };
  const { origin } = await serve([], key);
  const args = ['run', '--target', origin, '--area', 'RESP', '--shard', '1/1', '--blob', 'blobs'];
  const { exitCode, stderr } = await runCli(args, { cwd: folder, environment: key });
  expect(exitCode).toBe(4);
  const file = path.join(folder, 'blobs', 'report-1.zip');
  expect(stderr).toBe(
    `${file} held the secret ‹control-key› and was removed. This is a fault of the suite; please report it.\n`,
  );
  expect(existsSync(file)).toBe(false);
});

// Escaped first and then packed, so that it stands in the file in no form of its own.
const escaped = encodeURIComponent('/a-key/of-its/own/');

for (const [where, event] of [
  ['an attachment', { method: 'onAttach', params: { attachments: [{ base64: btoa(escaped) }] } }],
  ['what a process printed', { method: 'onStdIO', params: { isBase64: true, data: btoa(escaped) } }],
  ['JSON in the shard', { shard: JSON.stringify({ text: JSON.stringify({ text: '/a"key/of\\its"own/' }) }) }],
] as const) {
  test(`finds a secret in ${where}`, ({ copies }) => {
    const file = path.join(copies, 'report-1.zip');
    writeFileSync(
      file,
      changed(file, (events) => `${events}${JSON.stringify(event)}\n`),
    );
    const secrets = new SecretRegistry();
    for (const secret of ['/a-key/of-its/own/', '/a"key/of\\its"own/']) secrets.register(secret, 'control-key');
    expect(faultOfBlob({ file, metadata: {} }, secrets)).toContain('held the secret ‹control-key› and was removed');
    expect(existsSync(file)).toBe(false);
  });
}

test('a blob report that cannot be written is no shard that passed', async ({ folder }) => {
  writeFileSync(path.join(folder, 'taken'), '');
  const args = ['run', '--area', 'RESP', '--shard', '1/1', '--blob', 'taken'];
  const { exitCode, stderr } = await runCli(args, { cwd: folder });
  expect(exitCode).toBe(4);
  expect(stderr).toContain(
    `${path.join(folder, 'taken', 'report-1.zip')}: the blob report could not be written or read back`,
  );
});

test('says how a blob report is asked for', async ({ folder }) => {
  const target = writeTarget(folder, { embedded: {} });
  const ours = await runCli(['run', '--blob', 'blobs'], { cwd: folder });
  expect(ours).toMatchObject({ exitCode: 2, stdout: '' });
  expect(ours.stderr).toContain('--blob blobs: a blob report is left by a shard; give --shard too');
  for (const [exitCode, args, message] of [
    [2, [`--reporter=${ownReporter},blob`], '--reporter: a blob report is left by a shard; give --shard too'],
    [2, ['--shard=1/2', `--reporter=blob,${ownReporter}`], `give --reporter=${ownReporter},blob\n`],
    // Only our reporter knows more exit codes than the runner's.
    [1, ['--shard=1/2', '--reporter=blob'], `give it as well: --reporter=${ownReporter},blob\n`],
  ] as const) {
    const refused = await runByRunner(target, ...args);
    expect(refused.printed).toContain(message);
    expect(refused.exitCode).toBe(exitCode);
  }
});

test('blob reports of a run that was refused are merged to its refusal', async ({ folder }) => {
  await runByRunner(writeTarget(folder, { embedded: {} }), '--shard=1/2', '--reporter=blob');
  expect(readdirSync(path.join(folder, 'blob-report'))).toEqual(['report-1.zip']);
  const { exitCode, printed } = await runRunner(['merge-reports', `--reporter=${ownReporter}`, 'blob-report'], {
    cwd: folder,
  });
  expect(printed).toContain("--reporter: the suite's own reporter is missing");
  expect(printed).not.toContain('at fault');
  expect(exitCode).toBe(2);
});

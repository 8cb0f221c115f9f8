import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, failedRows, firstScreenOf, runCli, test, writeTarget, type FinishedRun } from '../support/cli.js';
import { firstLine, saying } from '../support/mistakes/mistake.js';
import { verdicts } from '../support/mistakes/verdicts.js';

/** Two ways to get one check wrong. */
const crashing = { embedded: { fault: 'unknown-id-crashes' } };
const succeeding = { embedded: { fault: 'unknown-id-answered-with-success' } };
const bothWrong = 'addr-refuses-an-unknown-id/answers-accepted-status';

const author = ['--owner', 'team-x', '--reason', 'known <b>since</b> spring'];

/** Drafts the waivers of a finished run into a file. */
async function draft({ out }: FinishedRun, folder: string, flags: readonly string[] = author): Promise<string> {
  const file = path.join(folder, 'waivers.yaml');
  const args = ['waive', path.join(out, 'report.json'), ...flags, '--out', file];
  const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toMatch(/^Wrote \d+ waivers? to \S+waivers\.yaml\n$/);
  return file;
}

const read = (out: string, name: string): string => readFileSync(path.join(out, name), 'utf8');

const stateOf = ({ report }: FinishedRun): readonly string[] => report.waivers.map(({ state }) => state);

test('lets failures pass that are waived as drafted, and shows them in every report', async ({ run, folder }) => {
  // Where requests are shared, a whole run has the fewest cases.
  const target = ['--target', writeTarget(folder, { ...crashing, expensive: true })];
  const before = await run(target);
  expect(before.exitCode).toBe(verdicts.failed.code);
  expect(firstLine(before.stdout)).toMatch(saying(verdicts.failed.says));
  const rows = failedRows(before.report);
  expect(rows).not.toEqual([]);
  const after = await run([...target, '--waivers', await draft(before, folder)]);
  const { report, out, stdout } = after;
  expect(after.exitCode).toBe(verdicts.waived.code);
  expect(firstLine(stdout)).toMatch(saying(verdicts.waived.says));
  expect(report.run.outcome).toBe('conformant');
  expect(failedRows(report)).toEqual(rows);
  expect(report.requirements.filter(({ waived }) => waived).map(({ id }) => id)).toEqual(rows);
  expect(report.totals).toEqual(before.report.totals);
  expect(report.proven).toEqual(before.report.proven);
  expect(new Set(stateOf(after))).toEqual(new Set(['applied']));
  for (const text of [stdout, firstScreenOf(out), read(out, 'summary.md')]) {
    expect(text).toMatch(/with waivers/i);
    expect(text).toMatch(/waived, which is not the same as met/);
    expect(text).not.toMatch(/Every MUST|passed all/);
  }
  for (const id of rows) for (const text of [stdout, read(out, 'summary.md')]) expect(text).toContain(id);
  expect(read(out, 'index.html')).toContain('team-x');
  expect(read(out, 'index.html')).not.toContain('<b>since');
  const junit = read(out, 'junit.xml');
  expect(junit).not.toContain('<failure');
  const waivedChecks = new Set(report.waivers.map(({ check }) => check)).size;
  expect(junit.match(/<skipped message="waived: /g)).toHaveLength(waivedChecks);
});

test('fails for what is not waived, and counts on no waiver of the same row', async ({ run, folder }) => {
  const target = ['--target', writeTarget(folder, { embedded: { fault: 'success-202' } }), '--area', 'RESP'];
  const before = await run(target);
  const file = await draft(before, folder);
  const [head = '', first = '', ...others] = readFileSync(file, 'utf8').split(/\n\n/);
  expect(others).not.toEqual([]);
  writeFileSync(file, `${head}\n${first}\n`);
  const after = await run([...target, '--waivers', file]);
  expect(after.exitCode).toBe(1);
  expect(stateOf(after)).toEqual(['applied']);
  expect(after.report.run.explanation).toContain('Failed MUST requirements by area');
  const again = await runCli(['waive', path.join(after.out, 'report.json')], { cwd: folder });
  expect(again.stdout.match(/^ {2}- requirement: /gm)).toHaveLength(others.length);
});

test('fails when the check fails in another way', async ({ run, folder }) => {
  const area = ['--area', 'ADDR'];
  const before = await run(['--target', writeTarget(folder, crashing), ...area]);
  const file = await draft(before, folder);
  const after = await run(['--target', writeTarget(folder, succeeding), '--waivers', file, ...area]);
  expect(after.exitCode).toBe(verdicts.otherwise.code);
  expect(firstLine(after.stdout)).toMatch(saying(verdicts.otherwise.says));
  const judged = after.report.waivers.find(({ check }) => check === bothWrong);
  expect(judged?.state).toBe('different-failure');
  expect(after.stdout).toMatch(/waivers\.yaml:\d+: different failure \(owner team-x/);
  expect(failedRows(after.report)).toContain(judged?.requirement);
});

test('fails for waivers that do not hold, each with its message, though no MUST failed', async ({ run, folder }) => {
  const known = {
    requirement: 'CANCEL-RESP-002',
    check: 'run-all-successes/one-success-status',
    edition: 'beta-2021-05',
    fingerprint: '0123456789abcdef',
    reason: 'known',
    owner: 'team-x',
    expires: '2999-12-31',
  };
  const [requirement, check] = ['CANCEL-ADDR-001', bothWrong];
  const waivers = [
    known,
    { ...known, check: 'run-all-success/one-success-status' },
    { ...known, requirement, check, expires: '2020-01-01' },
  ];
  const file = path.join(folder, 'w.yaml');
  writeFileSync(file, `waivers:\n${waivers.map((waiver) => `  - ${JSON.stringify(waiver)}`).join('\n')}\n`);
  const ended = await run(['--waivers', file, '--area', 'RESP,ADDR']);
  expect(ended.exitCode).toBe(verdicts.unheld.code);
  expect(failedRows(ended.report)).toEqual([]);
  expect(firstLine(ended.stdout)).toMatch(saying(verdicts.unheld.says));
  const messages = ended.report.waivers.map(({ message }) => message.replace(/^.*(?=w\.yaml)/, ''));
  expect(messages).toEqual([
    expect.stringMatching(/^w\.yaml:2: stale \(owner team-x: delete this waiver\)/),
    expect.stringMatching(/^w\.yaml:3: matches nothing: no check .*did you mean run-all-successes.*owner team-x/),
    expect.stringMatching(/^w\.yaml:4: expired after 2020-01-01 \(owner team-x: delete this waiver, or renew it\)/),
  ]);
  expect(firstScreenOf(ended.out)).toContain('3 waivers do not hold, which fails the run');
  for (const { message } of ended.report.waivers) expect(firstScreenOf(ended.out)).toContain(message);
});

interface Misuse {
  readonly what: string;
  readonly args: readonly string[];
  readonly says: RegExp;
}

const misuses: readonly Misuse[] = [
  {
    what: 'a malformed waiver file',
    args: ['run', '--waivers', 'bad.yaml'],
    says: /^bad\.yaml:2: waiver: unknown key; did you mean waivers\?$/m,
  },
  {
    what: 'no report',
    args: ['waive'],
    says: /^reports\/report\.json: no such file; give the report\.json of a run$/m,
  },
  { what: 'a report that is no JSON', args: ['waive', 'bad.yaml'], says: /^bad\.yaml:1: not JSON;/ },
  { what: 'JSON that is no report', args: ['waive', 'other.json'], says: /^other\.json: not a report .*schemaVersion/ },
];

for (const { what, args, says } of misuses) {
  test(`answers ${what} with exit code 2, and starts nothing`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'bad.yaml'), '# mine\nwaiver: []\n');
    writeFileSync(path.join(folder, 'other.json'), '{}');
    const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
    expect(stderr).toMatch(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(existsSync(path.join(folder, 'reports'))).toBe(false);
  });
}

test('drafts what its author has to complete, and nothing over a file that stands there', async ({ run, folder }) => {
  const before = await run(['--target', writeTarget(folder, succeeding), '--area', 'ADDR']);
  const file = await draft(before, folder, []);
  const used = await runCli(['run', '--waivers', file], { cwd: folder });
  expect(used.exitCode).toBe(2);
  expect(used.stderr).toMatch(/^waivers\.yaml:\d+: waivers\[0\]\.reason: still says REPLACE ME/);
  const report = path.join(before.out, 'report.json');
  for (const [flags, says] of [
    [['--out', file], /^--out .*waivers\.yaml: exists already, and is left as it is/],
    [['--out', 'no/such/folder/w.yaml'], /^--out no\/such\/folder\/w\.yaml: cannot be written \(ENOENT\)/],
    [['--expires', '2020-01-01'], /^--expires 2020-01-01: that day is over/],
    [['--expires', 'soon'], /^--expires: "soon" is no day of the calendar: write one such as 2026-12-31/],
    [['--owner', ''], /^--owner: /],
  ] as const) {
    const { exitCode, stdout, stderr } = await runCli(['waive', report, ...flags], { cwd: folder });
    expect(stderr).toMatch(says);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  }
});

test('drafts nothing when nothing failed', async ({ folder, embeddedRun }) => {
  const args = ['waive', path.join(embeddedRun.out, 'report.json'), '--out', 'w.yaml'];
  const { exitCode, stdout, stderr } = await runCli(args, { cwd: folder });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  expect(stderr).toBe('Nothing to waive: no MUST requirement failed.\n');
  expect(existsSync(path.join(folder, 'w.yaml'))).toBe(false);
});

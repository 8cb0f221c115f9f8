import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../../../src/report/model.js';
import { readHistory } from '../../../src/report/history/file.js';
import { renderJson } from '../../../src/report/write.js';
import { runJudge } from '../support/bundles.js';
import { expect, readReport, runCli, test, writeTarget } from '../support/cli.js';
import { leaveHistory, lineOf, pastRun } from '../support/past-runs.js';

const part = ['run', '--area', 'RESP', '--history', 'kept/h.jsonl'];

/** What the terminal says of the runs before. */
const saidOf = (stdout: string): string | undefined => /^ {2}History {3}(.*)$/m.exec(stdout)?.[1];

test('a run goes on with its history: a line, a strip, a sentence everywhere, and judge still finds it equal', async ({
  folder,
}) => {
  const run = (target: string, out: string) => runCli([...part, '--target', target, '--out', out], { cwd: folder });
  writeTarget(folder, { name: 'gw', embedded: {} });
  writeFileSync(path.join(folder, 'faulty.yaml'), 'name: gw\nembedded: { fault: mixed-success-status }\n');
  expect(saidOf((await run('target.yaml', 'one')).stdout)).toBe('This is the first run of its history.');
  expect(saidOf((await run('faulty.yaml', 'two')).stdout)).toBe(
    'New in this run: CANCEL-RESP-002; none repaired or flaky.',
  );
  const third = await run('faulty.yaml', 'three');
  const sentence = saidOf(third.stdout);
  expect(sentence).toMatch(
    /^As before, nothing new; failing for 2 runs since \d{4}-\d\d-\d\d(?: \d\d:\d\d UTC)?: CANCEL-RESP-002; none repaired or/,
  );

  const out = path.join(folder, 'three');
  const lines = readHistory(path.join(folder, 'kept', 'h.jsonl'));
  expect(lines.map(({ target, run: { page, partial, exitCode } }) => [target, page, partial, exitCode])).toEqual([
    ['gw', '../one/index.html', true, 3],
    ['gw', '../two/index.html', true, 1],
    ['gw', '../three/index.html', true, 1],
  ]);
  expect(readReport(out).history?.map(({ page }) => page)).toEqual(['../one/index.html', '../two/index.html']);
  const page = readFileSync(path.join(out, 'index.html'), 'utf8');
  expect(page).toMatch(/3 runs of \d{4}-\d\d-\d\d, the latest last/);
  expect(page).toContain('href="../two/index.html"');
  expect(page).toContain(sentence);
  expect(readFileSync(path.join(out, 'summary.md'), 'utf8')).toContain(
    '- History: As before, nothing new; failing for 2 runs since ',
  );
  expect((await runJudge(out)).stdout).toMatch(/^✓ EQUAL /);

  // Somebody adds a run that never was: the page of before is none of that report.
  const report = readReport(out);
  const added = pastRun(1, { 'CANCEL-RESP-002': 'p' });
  const edited: Report = { ...report, history: [...(report.history ?? []), added] };
  writeFileSync(path.join(out, 'report.json'), renderJson(edited));
  const judged = await runJudge(out);
  expect(judged.exitCode).toBe(1);
  expect(judged.stdout).toMatch(/^ {2}✗ file index\.html: is not as the suite writes it from report\.json/m);
  expect(judged.stdout).toMatch(/^ {2}✗ file summary\.md: /m);
  expect(judged.stdout).not.toMatch(/✗ file report\.json/);
});

test('what is carried out again alone adds no line and has no strip, though its history is looked at', async ({
  folder,
}) => {
  mkdirSync(path.join(folder, 'kept'));
  const file = path.join(folder, 'kept', 'h.jsonl');
  leaveHistory(file, [lineOf(pastRun(1, {}), 'embedded')]);
  const before = readFileSync(file, 'utf8');
  const only = ['run', '--only', 'CANCEL-RESP-001', '--history', 'kept/h.jsonl'];
  const { stdout } = await runCli(only, { cwd: folder });
  expect(saidOf(stdout)).toBeUndefined();
  expect(readReport(path.join(folder, 'reports', 'again'))).not.toHaveProperty('history');
  expect(readFileSync(file, 'utf8')).toBe(before);
  writeFileSync(file, 'none');
  expect(await runCli(only, { cwd: folder })).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^kept\/h\.jsonl:1: not JSON; /),
  });
});

test('several targets are kept in one file, a line each', async ({ folder }) => {
  for (const name of ['one', 'two']) writeFileSync(path.join(folder, `${name}.yaml`), `name: ${name}\nembedded: {}\n`);
  for (const round of [1, 2]) {
    await runCli([...part, '--target', 'one.yaml', '--target', 'two.yaml', '--out', `out-${round}`], { cwd: folder });
  }
  const lines = readHistory(path.join(folder, 'kept', 'h.jsonl'));
  expect(lines.map(({ target }) => target)).toEqual(['one', 'two', 'one', 'two']);
  const { history } = readReport(path.join(folder, 'out-2', 'two'));
  expect(history?.map(({ id }) => id)).toEqual([lines[1]?.run.id]);
  expect(history?.[0]?.page).toBe('../../out-1/two/index.html');
});

test('a run is kept though the summary cannot be appended where the pipeline says', async ({ folder }) => {
  const environment = { GITHUB_STEP_SUMMARY: '/nonexistent/summary.md' };
  expect((await runCli(part, { cwd: folder, environment })).exitCode).toBe(2);
  expect(readHistory(path.join(folder, 'kept', 'h.jsonl'))).toHaveLength(1);
});

test('a history that can no longer be written when the run ends is told, and the reports stay', async ({ folder }) => {
  const reader = (written: string): void => {
    // Somebody puts a folder in its place as soon as the summary is printed.
    if (written.includes('History')) mkdirSync(path.join(folder, 'kept', 'h.jsonl'), { recursive: true });
  };
  await expect(runCli(part, { cwd: folder, reader })).rejects.toThrow(/^Cannot write the report .*h\.jsonl: /);
  expect(existsSync(path.join(folder, 'reports', 'report.json'))).toBe(true);
});

const nowhere: readonly (readonly [what: string, file: string, says: RegExp])[] = [
  ['a folder', 'taken', /^taken: a folder, no file/],
  [
    'a place below a file',
    'file/h.jsonl',
    /^--history file\/h\.jsonl: its folder cannot be made \((?:EEXIST|ENOTDIR)\)$/m,
  ],
  ['a place that takes no files', '/proc/h.jsonl', /^--history \/proc\/h\.jsonl: cannot be written \(E\w+\)$/m],
  ['one that somebody is at work in', 'locked.jsonl', /^--history locked\.jsonl: somebody else is at work in it: /],
  ['a file of the reports', 'reports/junit.xml', /^--history reports\/junit\.xml: a run writes a report of this name/],
];

for (const [what, file, says] of nowhere) {
  test(`a history in ${what} is told before the first call`, async ({ folder }) => {
    mkdirSync(path.join(folder, 'taken'));
    writeFileSync(path.join(folder, 'file'), 'a file');
    writeFileSync(path.join(folder, 'locked.jsonl.lock'), '');
    const { exitCode, stdout, stderr } = await runCli(['run', '--history', file], { cwd: folder });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
    expect(existsSync(path.join(folder, 'reports'))).toBe(false);
  });
}

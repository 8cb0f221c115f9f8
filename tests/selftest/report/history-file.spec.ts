import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appendRun, historyFor, moveRun, readHistory } from '../../../src/report/history/file.js';
import { pageAddress } from '../../../src/report/history/page.js';
import { deep, within } from '../support/attacks.js';
import { expect, runCli } from '../support/cli.js';
import { test } from '../support/finished-runs.js';
import { active } from '../support/well-formed.js';
import { leaveHistory, lineOf, pastRun } from '../support/past-runs.js';

const run = pastRun(1, { 'CANCEL-PERM-008': 'p' });
const good = JSON.stringify(lineOf(run));
const withPage = (page: string): string => JSON.stringify(lineOf({ ...run, page }));

/** What may stand in the second line, and what is said of it. */
const hostile: Readonly<Record<string, readonly [line: string, says: RegExp]>> = {
  'not JSON': ['{"schemaVersion":1,', /^h\.jsonl:2: not JSON; each line holds one run; /],
  'another version': [
    good.replace('"schemaVersion":1', '"schemaVersion":2'),
    /^h\.jsonl:2: a line of schema version 2, /,
  ],
  'a version that is a list': [
    `{"schemaVersion":[${'1,'.repeat(4000)}1]}`,
    /^h\.jsonl:2: a line of schema version \[1,/,
  ],
  'nested deep': [deep(3000), /^h\.jsonl:2: is nested deeper than 8 levels/],
  'many values': [`[${'1,'.repeat(20_000)}1]`, /^h\.jsonl:2: has more than 10,000 values/],
  null: ['null', /^h\.jsonl:2: nothing stands in it/],
  'a list': ['[]', /^h\.jsonl:2: /],
  'a line without a run': ['{"schemaVersion":1,"target":"gw"}', /^h\.jsonl:2: run is missing/],
  'an unknown key': [good.replace('"target"', '"tarjet"'), /^h\.jsonl:2/],
  'an id that is none': [good.replace('CANCEL-PERM-008', '<b>'), /^h\.jsonl:2: run: verdicts: passed: 0: /],
  'a script as a page': [withPage('javascript:alert(1)//x.html'), /^h\.jsonl:2: run: page: /],
  'an address as a page': [withPage('https://x.example/x.html'), /^h\.jsonl:2: run: page: /],
  'another host as a page': [withPage('//x.example/x.html'), /^h\.jsonl:2: run: page: /],
  'an absolute page': [withPage('/etc/x.html'), /^h\.jsonl:2: run: page: /],
  'a page with backslashes': [withPage('..\\x.html'), /^h\.jsonl:2: run: page: /],
  'a page far above': [withPage(`${'../'.repeat(9)}x.html`), /^h\.jsonl:2: run: page: /],
  'a page that climbs later': [withPage('a/../../x.html'), /^h\.jsonl:2: run: page: /],
  'a page with a control character': [withPage('a\u0007/x.html'), /^h\.jsonl:2: run: page: /],
  'a page that is no page': [withPage('a/report.json'), /^h\.jsonl:2: run: page: /],
};

for (const [what, [line, says]] of Object.entries(hostile)) {
  test(`a history with ${what} is bad input, by file and line, before anything is sent`, async ({ folder }) => {
    leaveHistory(path.join(folder, 'h.jsonl'), [good, line, good]);
    for (const args of [
      ['run', '--area', 'BODY', '--history', 'h.jsonl'],
      ['history', 'h.jsonl'],
    ]) {
      const { exitCode, stdout, stderr } = await within(() => runCli(args, { cwd: folder }));
      expect([exitCode, stdout], stderr.slice(0, 300)).toEqual([2, '']);
      expect(stderr).toMatch(says);
      expect(stderr.length).toBeLessThan(2000);
    }
    expect(existsSync(path.join(folder, 'reports'))).toBe(false);
    expect(existsSync(path.join(folder, 'history.html'))).toBe(false);
  });
}

test('a history of 40 MB is refused for its size, and one of too many lines for these', async ({ folder }) => {
  const file = path.join(folder, 'h.jsonl');
  writeFileSync(file, '{');
  truncateSync(file, 40 * 1000 ** 2);
  const large = await within(() => runCli(['history', 'h.jsonl'], { cwd: folder }));
  expect(large).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^h\.jsonl: larger than 32 MiB, .*tail/) });
  writeFileSync(file, '\n'.repeat(20_001));
  const long = await within(() => runCli(['run', '--history', 'h.jsonl'], { cwd: folder }));
  expect(long).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/^h\.jsonl: has more than 20000 lines; /) });
});

test('a name with control characters prints none', async ({ folder }) => {
  leaveHistory(path.join(folder, 'h.jsonl'), [lineOf(run, 'g\u001b[31mw\u0007'), lineOf(run, 'other')]);
  const told = await runCli(['history', 'h.jsonl'], { cwd: folder });
  expect(told.exitCode).toBe(2);
  expect(told.stderr).toContain('runs of 2 targets; give --target');
  expect(told.stderr).not.toMatch(active);
  const shown = await runCli(['history', 'h.jsonl', '--target', 'g\u001b[31mw\u0007'], { cwd: folder });
  expect(shown.exitCode).toBe(0);
  expect(shown.stdout + readFileSync(path.join(folder, 'history.html'), 'utf8')).not.toMatch(active);
});

test('nothing in the path of a page is taken for a scheme, a query or a fragment', () => {
  expect(pageAddress('../a b/q?x#y/%2e/index.html')).toBe('../a%20b/q%3Fx%23y/%252e/index.html');
});

/** Leaves a report and a page, as far as a history looks at them. */
function leavePage(folder: string, id: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'report.json'), `{\n  "run": {\n    "id": ${JSON.stringify(id)}`);
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html>');
}

test('a report keeps the last 29 runs of its target, and leads to the pages that are theirs and lie there', ({
  folder,
}) => {
  const file = path.join(folder, 'kept', 'h.jsonl');
  leavePage(path.join(folder, 'kept', 'day 1'), 'run-40');
  leavePage(path.join(folder, 'other'), 'another run');
  const lines = Array.from({ length: 40 }, (_, at) => {
    const page = at === 39 ? 'day 1/index.html' : '../other/index.html';
    return [lineOf({ ...pastRun(at + 1, {}), page }), lineOf(pastRun(at + 1, {}), 'another')];
  }).flat();
  const found = historyFor(lines, { file, target: 'gw', folder: path.join(folder, 'reports') });
  expect(found.map(({ id }) => id)).toEqual(Array.from({ length: 29 }, (_, at) => `run-${at + 12}`));
  expect(found.flatMap(({ page }) => page ?? [])).toEqual(['../kept/day 1/index.html']);
});

test('a run is added behind all that stands there, whoever wrote it and however it ends', async ({ folder, runs }) => {
  const file = path.join(folder, 'h.jsonl');
  const before = `\ufeff${JSON.stringify(lineOf(run, 'another'))}\r\n\n${good}`;
  writeFileSync(file, before);
  const reports = Array.from({ length: 5 }, (_, at) => ({
    ...runs.nonconformant,
    run: { ...runs.nonconformant.run, id: `own-${at}` },
  }));
  await Promise.all(reports.map((report) => appendRun(file, report, path.join(folder, 'out'))));
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith(`${before.slice(1)}\n`)).toBe(true);
  expect(text.endsWith('\n')).toBe(true);
  const lines = readHistory(file);
  expect(lines.map((line) => line.run.id).sort()).toEqual([
    'own-0',
    'own-1',
    'own-2',
    'own-3',
    'own-4',
    'run-1',
    'run-1',
  ]);
  const { requirements } = runs.nonconformant;
  const failed = requirements.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id);
  expect(lines.at(-1)).toMatchObject({
    target: runs.nonconformant.target.name,
    run: { outcome: 'nonconformant', exitCode: 1, page: 'out/index.html', verdicts: { failed } },
  });
  expect(existsSync(`${file}.lock`)).toBe(false);

  expect(await moveRun(file, 'own-3', path.join(folder, 'moved'))).toBe(true);
  expect(await moveRun(file, 'none', path.join(folder, 'moved'))).toBe(false);
  const pages = readHistory(file).map((line) => [line.run.id, line.run.page]);
  expect(new Map(pages as [string, string][]).get('own-3')).toBe('moved/index.html');
  expect(pages.filter(([, page]) => page === 'out/index.html')).toHaveLength(4);
});

test('a folder whose name cannot stand in a link leaves the page out, and the history readable', async ({
  folder,
  runs,
}) => {
  const file = path.join(folder, 'h.jsonl');
  await appendRun(file, runs.conformant, path.join(folder, 'a:b'));
  expect(readHistory(file)[0]?.run).not.toHaveProperty('page');
});

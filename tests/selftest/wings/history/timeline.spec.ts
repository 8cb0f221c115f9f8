import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderTimeline } from '../../../../src/wings/history/html/page.js';
import { renderTimelineTerminal } from '../../../../src/wings/history/terminal.js';
import { mostColumns, timelineOf } from '../../../../src/wings/history/timeline.js';
import { columnWords, headlineOf, leftOutWords, rowWords } from '../../../../src/wings/history/words.js';
import { expect, runCli, spawnCli, test } from '../../support/cli.js';
import { leaveHistory, lineOf, pastRun, pastRuns } from '../../support/past-runs.js';

const rows = {
  'CANCEL-PERM-008': 'pppf',
  'CANCEL-PERM-003': 'pfff',
  'CANCEL-AUTH-001': 'fpfp',
  'CANCEL-STATE-003': 'ppfp',
  'CANCEL-ADDR-001': 'fppp',
  'CANCEL-ERR-005': 'pp?p',
  'CANCEL-BODY-001': 'ffff',
  'CANCEL-BODY-002': '????',
} as const;

const timeline = timelineOf('gw', pastRuns(rows), () => undefined);

test('the matrix has the rows that ever changed, what fails first, and the rest is told', () => {
  expect(timeline.rows.map((row) => [row.id, rowWords(row, timeline.columns)])).toEqual([
    ['CANCEL-PERM-008', 'new, since 2031-01-04 02:17 UTC'],
    ['CANCEL-PERM-003', 'failing for 3 runs, since 2031-01-02 02:17 UTC'],
    ['CANCEL-AUTH-001', 'flaky: changed 3 times, passes now, since 2031-01-04 02:17 UTC'],
    ['CANCEL-STATE-003', 'repaired, since 2031-01-04 02:17 UTC'],
    ['CANCEL-ADDR-001', 'passes for 3 runs, since 2031-01-02 02:17 UTC'],
  ]);
  expect(leftOutWords(timeline)).toEqual([
    'Failed whenever told: CANCEL-BODY-001.',
    '1 requirement never failed, 1 could never be told or never applied.',
  ]);
});

test('what was told and can be told no longer has a row, a heading and a mark of its own, unless nobody asked for it', () => {
  const lost = {
    'CANCEL-PERM-004': 'pp??',
    'CANCEL-PERM-008': 'ppf?',
    'CANCEL-ERR-005': '??pp',
    'CANCEL-BODY-002': '????',
  };
  const runs = pastRuns(lost);
  const found = timelineOf('gw', runs, () => undefined);
  expect(found.rows.map((row) => [row.id, rowWords(row, found.columns)])).toEqual([
    ['CANCEL-PERM-008', 'untold for 1 run, since 2031-01-04 02:17 UTC; before: new, since 2031-01-03 02:17 UTC'],
    ['CANCEL-PERM-004', 'untold for 2 runs, since 2031-01-03 02:17 UTC; before: passes, since 2031-01-01 02:17 UTC'],
  ]);
  expect(headlineOf(found)).toBe('gw: 4 runs, 1 requirement changed, 2 untold now that were told before.');
  const told = renderTimelineTerminal(found, { colour: false, pagePath: 'x' });
  expect(told).toMatch(/\n {2}✗ CANCEL-PERM-008 [^]*\n {2}\? CANCEL-PERM-004 /);
  const page = renderTimeline(found).replaceAll(/<[^>]+>/g, '\n');
  expect(page).toMatch(/\nNew\n[^]*\nCANCEL-PERM-008\n[^]*\nUntold\n[^]*\nCANCEL-PERM-004\n/);
  const partly = timelineOf(
    'gw',
    [...runs.slice(0, -1), ...runs.slice(-1).map((run) => ({ ...run, partial: true }))],
    () => undefined,
  );
  expect(partly.rows.map(({ id }) => id)).toEqual(['CANCEL-PERM-008']);
});

test('the latest 90 runs are shown, and how many are not is said', () => {
  const runs = Array.from({ length: 100 }, (_, at) => pastRun(at + 1, { 'CANCEL-PERM-008': at % 2 === 0 ? 'p' : 'f' }));
  const found = timelineOf('gw', runs, () => undefined);
  expect(found.columns.map(({ id }) => id)).toEqual(runs.slice(-mostColumns).map(({ id }) => id));
  expect(leftOutWords(found)).toContain('10 earlier runs left out.');
});

test('what else a run was judged by stands at its column, and so does a page that is gone', () => {
  const runs = [
    { ...pastRun(1, {}), page: 'gone/index.html' },
    pastRun(2, {}, { suiteVersion: '0.2.0' }),
    { ...pastRun(3, {}, { suiteVersion: '0.2.0', edition: 'beta-2024' }), page: 'there/index.html' },
  ];
  const { columns } = timelineOf('gw', runs, ({ id }) => (id === 'run-3' ? 'there/index.html' : undefined));
  expect(columns.map(({ changes }) => changes)).toEqual([
    [],
    ['suite 0.1.0 → 0.2.0'],
    ['edition beta-2021-05 → beta-2024'],
  ]);
  expect(columns.map(columnWords)).toEqual([
    '2031-01-01 02:17 UTC: conformant, suite 0.1.0, beta-2021-05; its page no longer lies there',
    '2031-01-02 02:17 UTC: conformant, suite 0.2.0, beta-2021-05',
    '2031-01-03 02:17 UTC: conformant, suite 0.2.0, beta-2024',
  ]);
  const page = renderTimeline(timelineOf('gw', runs, ({ id }) => (id === 'run-3' ? 'there/index.html' : undefined)));
  expect(page.match(/href="(?!#)[^"]*"/g)).toEqual(['href="there/index.html"', 'href="there/index.html"']);
  expect(page.match(/its page no longer lies there<\/span>/g)).toHaveLength(1);
  expect(page).toContain('suite 0.1.0 → 0.2.0');
});

test('the terminal says in short what is new, repaired and flaky, and since when', () => {
  expect(renderTimelineTerminal(timeline, { colour: false, pagePath: 'nights/history.html' }).split('\n')).toEqual([
    'gw: 4 runs, 5 requirements changed.',
    '  The last  ✗ 2031-01-04 02:17 UTC: nonconformant, suite 0.1.0, beta-2021-05',
    expect.stringMatching(/^ {2}New in this run: CANCEL-PERM-008; repaired: CANCEL-STATE-003; flaky, passing now: /),
    '  ✗ CANCEL-PERM-008  new, since 2031-01-04 02:17 UTC  A scope that merely starts like the permission is refused',
    expect.stringMatching(/^ {2}✗ CANCEL-PERM-003 {2}failing for 3 runs, since 2031-01-02 02:17 UTC {2}Another user/),
    expect.stringMatching(/^ {2}✓ CANCEL-AUTH-001 {2}flaky: changed 3 times, passes now, since 2031-01-04 02:17 UTC /),
    expect.stringMatching(/^ {2}✓ CANCEL-STATE-003 {2}repaired, since 2031-01-04 02:17 UTC /),
    expect.stringMatching(/^ {2}✓ CANCEL-ADDR-001 {2}passes for 3 runs, since 2031-01-02 02:17 UTC /),
    '  Failed whenever told: CANCEL-BODY-001.',
    '  1 requirement never failed, 1 could never be told or never applied.',
    '  Page      nights/history.html',
    '',
  ]);
});

test('a hostile name, edition or version stays text on the page', () => {
  const evil = '"><script>alert(1)</script>\u202e';
  const run = pastRun(1, { 'CANCEL-PERM-008': 'f' }, { edition: evil, suiteVersion: evil, readings: { 'C-1': evil } });
  const page = renderTimeline(timelineOf(evil, [pastRun(1, { 'CANCEL-PERM-008': 'p' }), run], () => undefined));
  expect(page).not.toMatch(/<script|\u202e/);
  expect(page).toContain('&lt;script');
});

test('of a file with several targets one is to be named, as it is called', async ({ folder }) => {
  leaveHistory(path.join(folder, 'h.jsonl'), [
    lineOf(pastRun(1, { 'CANCEL-PERM-008': 'p' }), 'gateway'),
    lineOf(pastRun(1, { 'CANCEL-PERM-008': 'p' }), 'live'),
    lineOf(pastRun(2, { 'CANCEL-PERM-008': 'f' }), 'live'),
  ]);
  const history = (...args: readonly string[]) => runCli(['history', 'h.jsonl', ...args], { cwd: folder });
  expect(await history()).toMatchObject({
    exitCode: 2,
    stderr: 'h.jsonl: runs of 2 targets; give --target; known: gateway, live\n',
  });
  expect(await history('--target', 'gatway')).toMatchObject({
    exitCode: 2,
    stderr: '--target gatway: no run of it in h.jsonl; did you mean gateway? Known: gateway, live\n',
  });
  expect(await history('--target', 'live', '--out', 'pages')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('live: 2 runs, 1 requirement changed.'),
  });
  expect(readFileSync(path.join(folder, 'pages', 'history.html'), 'utf8')).toContain('CANCEL-PERM-008');
});

test('a history without a run, or none at all, is bad input', async ({ folder }) => {
  writeFileSync(path.join(folder, 'h.jsonl'), '\n');
  mkdirSync(path.join(folder, 'd.jsonl'));
  for (const [file, says] of [
    ['h.jsonl', 'h.jsonl: no run stands in it\n'],
    ['none.jsonl', /^none\.jsonl: no such file/],
    ['d.jsonl', /^d\.jsonl: a folder, no file/],
  ] as const) {
    const { exitCode, stderr } = await runCli(['history', file], { cwd: folder });
    expect([exitCode, stderr]).toEqual([2, typeof says === 'string' ? says : expect.stringMatching(says)]);
  }
});

test('as a process it ends with 0, and leaves the page beside the file', async ({ folder }) => {
  mkdirSync(path.join(folder, 'nights'));
  leaveHistory(
    path.join(folder, 'nights', 'history.jsonl'),
    pastRuns(rows).map((run) => lineOf(run)),
  );
  const { exitCode, stdout } = await spawnCli(['history', 'nights/history.jsonl'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/ {2}Page {6}nights\/history\.html\n$/);
  expect(readFileSync(path.join(folder, 'nights', 'history.html'), 'utf8')).toMatch(/^<!doctype html>/);
});

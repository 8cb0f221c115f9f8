import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { schemaValidator } from '../../../../src/engine/contract/schemas.js';
import type { Report } from '../../../../src/report/model.js';
import { fileNight, type FiledNight } from '../../../../src/wings/nights/file-night.js';
import { expect, runCli } from '../../support/cli.js';
import { leave, test } from '../../support/compared-runs.js';
import { accept, bookIn, filer, looked, onDay, partOf, settings, untold } from '../../support/filed-nights.js';

test('what else a night can be than the thirty of the docs: a few checks untold, other personas and readings, cut short, at fault', async ({
  runs,
  others,
  folder,
}) => {
  const signedOut = untold(runs.conformant, 'the sign-in of requestor ended');
  const throttled = untold(runs.conformant, 'throttled', (id) => id.length % 3 === 0);
  const slow = untold(runs.conformant, 'did not answer in time', (id) => id.startsWith('robust-number'));
  const interrupted: Report = { ...signedOut, run: { ...signedOut.run, outcome: 'interrupted' } };
  const atFault: Report = { ...runs.conformant, run: { ...runs.conformant.run, outcome: 'suite-fault' } };
  const asked: readonly (readonly [day: number, what: string, report: Report, code: number, line: RegExp])[] = [
    [1, 'the first', runs.conformant, 0, /^the first night: \d+ of \d+ checks told; it is the base$/],
    [2, 'a storm', throttled, 3, /^could not tell: .*: throttled; the base stays 1 January 2031$/],
    [3, '404 for 403, behind the storm', others.drifted, 1, /^\d+ new: (?:status|error-code)/],
    [4, 'an outage while it is open', signedOut, 3, /; the base stays 1 January 2031$/],
    [5, 'it is still another', others.drifted, 1, /^\d+ not accepted yet, since 3 January 2031: /],
    [6, 'back', others.again, 0, /^as on 1 January 2031: /],
    [7, 'a slow night', slow, 0, /^as on 6 January 2031: (?!(\d+) of \1 )/],
    [8, 'all of it', others.again, 0, /^as on 7 January 2031: (\d+) of \1 /],
    [9, '204 in another mixture', runs.nonconformant, 1, /^\d+ new: .*nonconformant$/],
    [10, 'without a persona', others.withoutPersona, 3, /^could not tell: .*otherUser/],
    [11, 'by another reading', others.otherReading, 1, /^\d+ new: reading C-1: either -> 200, RESP-001 ×11 /],
    [12, 'by the usual one', others.again, 0, /^as on 8 January 2031: /],
    [13, 'interrupted', interrupted, 3, /the run was interrupted: the sign-in of requestor ended/],
    [14, 'a fault of the suite', atFault, 4, /the suite was at fault/],
    [15, 'the same', others.again, 0, /^as on 12 January 2031: /],
  ];
  const file = filer(folder);
  for (const [number, what, report, code, line] of asked) {
    const day = `2031-01-${String(number).padStart(2, '0')}`;
    const filed = await file(report, day);
    expect([filed.exitCode, filed.night.line], `night ${number}: ${what}`).toEqual([code, expect.stringMatching(line)]);
  }
  const validate = schemaValidator('suite/nights');
  expect(validate(bookIn(folder)) ? [] : validate.errors).toEqual([]);
  const page = readFileSync(path.join(folder, 'nights', 'nights.md'), 'utf8');
  expect(page).toContain('| 2031-01-15 | same | conformant |');
  expect(existsSync(path.join(folder, 'nights', '2031-01-03', 'comparison.md'))).toBe(true);
});

test('a check is held against the night that last told it, however long ago', async ({ runs, others, folder }) => {
  const isLost = (id: string): boolean => id.startsWith('perm-refuses-similarScopeUser/');
  const file = filer(folder, { leastPercent: 80 });
  await file(runs.conformant, '2031-01-01');
  expect((await file(untold(others.again, 'no token', isLost), '2031-01-02')).exitCode).toBe(0);
  expect((await file(untold(others.again, 'no token', isLost), '2031-01-03')).exitCode).toBe(0);
  const { told, base } = bookIn(folder);
  expect(base).toBe('2031-01-03');
  expect(new Set(Object.entries(told).flatMap(([id, night]) => (isLost(id) ? [night] : [])))).toEqual(
    new Set(['2031-01-01']),
  );
  const { exitCode, moved } = await file(others.faulty, '2031-01-04');
  expect(exitCode).toBe(1);
  expect(moved.map(({ words }) => words)).toContainEqual(
    expect.stringMatching(/^perm-refuses-similarScopeUser\/answers-accepted-status: passed -> failed/),
  );
});

test('what a night had nobody to try with is untold, though it reads as not applicable', async ({
  runs,
  others,
  folder,
}) => {
  const isLost = (caseId: string): boolean => caseId.startsWith('perm-refuses-similarScopeUser');
  const reason = 'no token for the persona similarScopeUser';
  const lacking = {
    ...others.again,
    cases: others.again.cases.map((item) =>
      isLost(item.id) ? { ...item, blocked: reason, absent: true as const } : item,
    ),
    checks: others.again.checks.map((check) =>
      isLost(check.caseId) ? { ...check, verdict: 'not-applicable' as const, reason, findings: [] } : check,
    ),
  };
  const file = filer(folder, { leastPercent: 99 });
  await file(runs.conformant, '2031-01-01');
  const { exitCode, night, moved } = await file(lacking, '2031-01-02');
  expect([exitCode, night.state, moved]).toEqual([3, 'untold', []]);
  await expect(accept(folder, '2031-01-02')).rejects.toThrow(/told too little to be held against; accept after one/);
  expect(bookIn(folder).base).toBe('2031-01-01');
});

test('another suite has other checks: with its night accepted, those that are gone are no longer waited for', async ({
  runs,
  others,
  folder,
}) => {
  const renamed = (id: string): string => id.replace(/^state-cancels-/, 'state-takes-');
  const newer: Report = {
    ...others.again,
    suite: { ...others.again.suite, version: '0.2.0' },
    checks: others.again.checks.map((check) => ({ ...check, id: renamed(check.id) })),
    requirements: others.again.requirements.map((row) => ({ ...row, checks: row.checks.map(renamed) })),
  };
  const file = filer(folder);
  const run = (report: Report, day: string): Promise<FiledNight> => {
    const place = leave(folder, day, onDay(report, day));
    return fileNight({ folder: path.join(folder, 'nights'), run: place, ...settings });
  };
  const part = (report: Report): Report => {
    const checks = report.checks.filter(({ caseId }) => looked.test(caseId));
    const ids = new Set(checks.map(({ id }) => id));
    const requirements = report.requirements.filter(({ checks: own }) => own.some((id) => ids.has(id)));
    return { ...report, checks, requirements, cases: report.cases.filter(({ id }) => looked.test(id)) };
  };
  await file(runs.conformant, '2031-01-01');
  expect((await run(part(newer), '2031-01-02')).exitCode).not.toBe(0);
  await accept(folder, '2031-01-02');
  expect(Object.keys(bookIn(folder).told).filter((id) => id.startsWith('state-cancels-'))).toEqual([]);
  expect((await run(part(newer), '2031-01-03')).night.line).toMatch(/^as on 2 January 2031: (\d+) of \1 checks told$/);
});

test('old nights go, but none that another one is held against', async ({ runs, others, folder }) => {
  const isLost = (id: string): boolean => id.startsWith('perm-refuses-similarScopeUser/');
  const lacking = untold(others.again, 'no token', isLost);
  const file = filer(folder, { keep: 2 });
  await file(runs.conformant, '2031-01-01');
  for (const day of ['2031-01-02', '2031-01-03', '2031-01-04', '2031-01-05']) {
    await file(lacking, day);
  }
  const kept = readdirSync(path.join(folder, 'nights')).filter((name) => name.startsWith('2031'));
  expect(kept).toEqual(['2031-01-01', '2031-01-04', '2031-01-05']);
  expect(bookIn(folder).nights.map(({ kept: isKept }) => isKept)).toEqual([true, false, false, true, true]);
});

test('two runs of a day are two nights; the same run is filed once, and each target has nights of its own', async ({
  runs,
  folder,
}) => {
  const file = filer(folder);
  await file(runs.conformant, '2031-01-01');
  expect((await file(runs.conformant, '2031-01-01')).night.night).toBe('2031-01-01-2');
  const again = leave(
    folder,
    'again',
    JSON.parse(readFileSync(path.join(folder, 'nights/2031-01-01/report.json'), 'utf8')),
  );
  const nights = path.join(folder, 'nights');
  await expect(fileNight({ folder: nights, run: again, ...settings })).rejects.toThrow(
    /this run was filed before, as 2031-01-01$/,
  );
  const other = { ...runs.conformant, target: { ...runs.conformant.target, name: 'another' } };
  await expect(file(other, '2031-01-02')).rejects.toThrow(/nights of \S+, and this is a run of another;/);
  await expect(accept(folder, '2031-01-02')).rejects.toThrow(/nothing moved in the last night/);
});

for (const name of ['nights.json', 'nights.md']) {
  test(`a folder in the place of ${name} is said before anything is moved`, async ({ runs, folder }) => {
    mkdirSync(path.join(folder, 'nights', name), { recursive: true });
    const run = leave(folder, 'run', onDay(partOf(runs.conformant), '2031-01-01'));
    const nights = path.join(folder, 'nights');
    await expect(fileNight({ folder: nights, run, ...settings })).rejects.toThrow(
      `--nights ${nights}: ${name} in it is a folder, in whose place no file can be written`,
    );
    expect(existsSync(path.join(run, 'report.json'))).toBe(true);
    expect(readdirSync(nights)).toEqual([name]);
  });
}

test('nothing that lies below the nights is written over or removed but what was filed there', async ({
  runs,
  others,
  folder,
}) => {
  const nights = path.join(folder, 'nights');
  const own = path.join(nights, '2031-01-01', 'own.txt');
  mkdirSync(path.dirname(own), { recursive: true });
  writeFileSync(own, 'of the user');
  const file = filer(folder, { keep: 1 });
  expect((await file(runs.conformant, '2031-01-01')).night.night).toBe('2031-01-01-2');
  expect((await file(others.again, '2031-01-02')).night.night).toBe('2031-01-02');
  expect((await file(others.again, '2031-01-03')).night.night).toBe('2031-01-03');
  expect(readFileSync(own, 'utf8')).toBe('of the user');
  // A run that lies there already, and one in the place of another night.
  const inside = path.join(nights, '2031-01-04');
  renameSync(leave(folder, 'moved-by-hand', onDay(partOf(others.again), '2031-01-04')), inside);
  expect((await fileNight({ folder: nights, run: inside, ...settings })).night.night).toBe('2031-01-04-2');
  expect(readdirSync(nights).filter((name) => name.startsWith('2031-01-04'))).toEqual(['2031-01-04-2']);

  const link = path.join(folder, 'link');
  const real = leave(folder, 'real', onDay(partOf(others.again), '2031-01-05'));
  symlinkSync(real, link);
  for (const run of [link, `${link}/`]) {
    await expect(fileNight({ folder: nights, run, ...settings })).rejects.toThrow(
      /link\/?: no folder of a finished run$/,
    );
  }
  await expect(fileNight({ folder: path.join(real, 'nights'), run: real, ...settings })).rejects.toThrow(
    /lies within it/,
  );
  writeFileSync(path.join(nights, '.night.lock'), '');
  await expect(fileNight({ folder: nights, run: real, ...settings })).rejects.toThrow(
    /somebody else is at work in it: .*night\.lock/,
  );
  rmSync(path.join(nights, '.night.lock'));
  writeFileSync(
    path.join(nights, '2031-01-04-2', 'report.json'),
    JSON.stringify(onDay(partOf(others.faulty), '2031-01-04')),
  );
  await expect(fileNight({ folder: nights, run: real, ...settings })).rejects.toThrow(
    /not the run that nights\.json says/,
  );
  expect(existsSync(path.join(real, 'report.json'))).toBe(true);
});

test('the commands file, say and accept', async ({ runs, others, folder }) => {
  const options = { cwd: folder };
  const night = (report: Report, day: string): ReturnType<typeof runCli> =>
    runCli(['night', leave(folder, day, onDay(partOf(report), day))], options);
  expect(await night(runs.conformant, '2031-01-01')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^the first night: .*\n {2}Reports {3}nights\/2031-01-01\n$/),
  });
  const moved = await night(others.drifted, '2031-01-02');
  expect(moved).toMatchObject({ exitCode: 1, stderr: '' });
  expect(moved.stdout).toMatch(/^\d+ new: .*\n(?: {2}new: .*\n)+ {2}Reports {3}nights\/2031-01-02\n$/);
  const by = ['--owner', 'team-x', '--reason', 'announced on Monday'];
  const accepted = await runCli(['accept', ...by], options);
  expect(accepted).toMatchObject({ exitCode: 0, stderr: '' });
  expect(accepted.stdout).toMatch(
    /^2031-01-02 is the base from now on: \d+ things that moved are accepted by team-x\n/,
  );
  expect((await night(others.drifted, '2031-01-03')).exitCode).toBe(0);
  for (const [args, says] of [
    [['accept', ...by], /^nights: nothing moved in the last night, 2031-01-03/],
    [['accept', '--owner', ' ', '--reason', 'x'], /^--owner: nothing stands in it/],
    [['accept', '--nights', 'none', ...by], /^none: no night was filed there/],
    [['night', 'none'], /^none: no folder of a finished run/],
    [['night', 'nights/2031-01-03', '--least', '0'], /^--least 0: /],
  ] as const) {
    expect(await runCli([...args], options)).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(says) });
  }
  writeFileSync(path.join(folder, 'nights', 'nights.json'), '{"schemaVersion":1}');
  const broken = await night(others.again, '2031-01-04');
  expect(broken).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('nights/nights.json: target is missing'),
  });
});

import path from 'node:path';
import type { Report } from '../../../../src/report/model.js';
import { writeReports } from '../../../../src/report/write.js';
import { readBundle } from '../../../../src/wings/rejudge/bundle.js';
import { rejudge } from '../../../../src/wings/rejudge/judge-again.js';
import { judgeAsData, linesOf, runJudge, writeBundle, writeEdited } from '../../support/bundles.js';
import { expect, failedRows, test as cliTest, runCli, verdictsOf, writeTarget } from '../../support/cli.js';
import { test as runsTest } from '../../support/finished-runs.js';
import { inventoryTarget, stock } from '../../support/inventory-target.js';
import { mergeTests } from '@playwright/test';

const test = mergeTests(cliTest, runsTest);

const equal = { equal: true, differences: [], exitCode: 0 };

test('says of a conformant run that its report is what its evidence gives', async ({ embeddedRun }) => {
  const { exitCode, stdout, stderr } = await runJudge(embeddedRun.out);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/^✓ EQUAL \(exit code 0\)/);
  const { checks, requirements, totals, run } = embeddedRun.report;
  expect(stdout).toContain(`${checks.length} checks of ${requirements.length} requirements`);
  expect(stdout).toContain(`on ${totals.exchanges} exchanges`);
  expect(stdout).toContain(`conformant (the run's exit code 0): ${run.explanation}`);
  // No colours and no other control characters where nobody watches.
  expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
});

test('takes the folder, the report itself, and reports/ where nothing is named', async ({ embeddedRun, folder }) => {
  const { out } = embeddedRun;
  for (const place of [out, path.join(out, 'report.json'), path.relative(folder, out)]) {
    expect((await runCli(['judge', place], { cwd: folder })).exitCode, place).toBe(0);
  }
  const nothing = await runCli(['judge'], { cwd: folder });
  expect(nothing.exitCode).toBe(2);
  expect(nothing.stderr).toMatch(/^reports: no such file|^reports\S*: no such file/);
});

test.describe('finds equal', () => {
  for (const kind of ['warned', 'nonconformant', 'waived'] as const) {
    test(`a run that is ${kind}, and ends with exit code 0`, async ({ runs, folder }) => {
      await writeReports(runs[kind], folder);
      const judged = await judgeAsData(folder);
      expect(judged).toMatchObject(equal);
      expect(judged.recomputed.outcome).toBe(runs[kind].run.outcome);
    });
  }

  for (const { what, target, args = [], outcome } of [
    { what: 'that leaves areas out', target: { embedded: {} }, args: ['--area', 'PERM,RESP'], outcome: 'incomplete' },
    {
      what: 'that lacks a prerequisite',
      target: { embedded: {}, cannotArrange: { denied: 'nobody denies here' } },
      outcome: 'incomplete',
    },
    {
      what: 'of several workers with a fault',
      target: { embedded: { fault: 'requestor-refused' } },
      args: ['--workers', '2'],
      outcome: 'nonconformant',
    },
    { what: 'that shares requests', target: { embedded: {}, expensive: true }, outcome: 'conformant' },
    {
      what: 'that shares requests, with a fault',
      target: { embedded: { fault: 'mixed-success-status' }, expensive: true },
      outcome: 'nonconformant',
    },
    {
      what: 'against a target that is not there',
      target: { baseUrl: 'http://127.0.0.1:9/beta', requests: { provider: 'control' } },
      outcome: 'incomplete',
    },
  ] as const) {
    test(`a run ${what}`, async ({ run, folder }) => {
      const { out, report } = await run(['--target', writeTarget(folder, target), ...args]);
      expect(report.run.outcome).toBe(outcome);
      expect(await judgeAsData(out)).toMatchObject({ ...equal, recomputed: { outcome } });
    });
  }

  test('a run on an inventory', async ({ run, serve, folder }) => {
    const served = await serve(['--fault', 'scope-compared-by-prefix']);
    const { file, environment } = await inventoryTarget(folder, served, await stock(served));
    const { out, report } = await run(['--target', file], environment);
    expect(failedRows(report)).toEqual(['CANCEL-PERM-008']);
    expect(report.basis).toMatchObject({ provider: 'inventory', sharedRequests: true });
    expect(await judgeAsData(out)).toMatchObject(equal);
  });

  test('a run whose provider gives a row another level, and one that was interrupted', async ({
    embeddedRun,
    folder,
  }) => {
    const bundle = readBundle(embeddedRun.out);
    const { basis, report } = bundle;
    const without = report.cases.map((entry) =>
      entry.id === 'run-all-successes' ? entry : { ...entry, startedAt: '', durationMs: 0, looks: [] },
    );
    for (const [given, changed] of [
      [
        { ...bundle, basis: { ...basis, provider: 'graph' } },
        { outcome: 'conformant', levels: ['CANCEL-AUTH-007'] },
      ],
      [
        {
          ...bundle,
          exchanges: [],
          report: { ...report, cases: without },
          basis: { ...basis, interrupted: true, unfinished: 'nobody waited' },
        },
        { outcome: 'interrupted', levels: [] },
      ],
    ] as const) {
      const { again } = rejudge({ ...given, report: { ...given.report, basis: given.basis } }, null);
      const levels = again.requirements.filter(({ level }, index) => level !== report.requirements[index]?.level);
      expect({ outcome: again.run.outcome, levels: levels.map(({ id }) => id) }).toEqual(changed);
      expect(await judgeAsData(writeBundle(folder, again, again.exchanges))).toMatchObject(equal);
    }
  });
});

test.describe('with other readings', () => {
  const runsOf = [
    { what: 'one that is conformant', args: [] },
    { what: 'one that mixes its statuses', args: [], fault: 'mixed-success-status' },
    { what: 'one that is incomplete', args: ['--area', 'RESP'] },
  ];
  for (const { what, args, fault } of runsOf) {
    test(`judges ${what} as a run with these readings would`, async ({ run, folder }) => {
      const target = writeTarget(folder, { embedded: fault === undefined ? {} : { fault } });
      const base = ['--target', target, ...args];
      const before = await run(base);
      const recorded = writeEdited(before.out, folder);
      for (const reading of ['200', '204']) {
        const flags = ['--reading', `C-1=${reading}`];
        const { underReadings, equal: isEqual, exitCode } = await judgeAsData(recorded, flags);
        const real = await run([...base, ...flags]);
        const { outcome, explanation } = real.report.run;
        const { provable, proven } = real.report;
        expect(isEqual).toBe(true);
        expect(exitCode).toBe(real.exitCode);
        expect(underReadings).toMatchObject({ outcome, explanation, provable, proven, exitCode });
        const changes = (underReadings?.changes ?? []).map(({ id, to }) => [id, to] as const);
        expect({ ...verdictsOf(before.report), ...Object.fromEntries(changes) }).toEqual(verdictsOf(real.report));
      }
    });
  }

  test('prints what changes and the outcome', async ({ embeddedRun }) => {
    const { exitCode, stdout } = await runJudge(embeddedRun.out, ['--reading', 'C-1=200']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^✓ EQUAL: .*\n(?:.+\n)+\nUnder C-1=200: NONCONFORMANT \(exit code 1\)\n/);
    expect(stdout).toContain('    MUST CANCEL-RESP-001: passed -> failed');
  });

  test('names what was edited first, and ends with exit code 1', async ({ embeddedRun, folder }) => {
    const place = writeEdited(embeddedRun.out, folder, ({ report }) => {
      report.proven.count = 1;
    });
    const { exitCode, stdout } = await runJudge(place, ['--reading', 'C-1=204']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^✗ DIFFERENT: 1 difference .*\n {2}✗ proven: count: report\.json says 1, recomputed: \d+\n/,
    );
    expect(stdout).toMatch(/\nUnder C-1=204: CONFORMANT \(exit code 0\)\n[^]*The exit code is 1 all the same/);
  });

  for (const [reading, says] of [
    ['C-7=assignmentRequests', /^--reading C-7=assignmentRequests: C-7 decides what is sent, .*it takes a run/],
    ['C-1=2OO', /^--reading C-1=2OO: C-1 has no reading 2OO; did you mean 200\?/],
    ['C-99=x', /^--reading C-99=x: no contested clause C-99/],
    ['C-1', /^--reading C-1: write clause=name/],
  ] as const) {
    test(`refuses ${reading}`, async ({ embeddedRun }) => {
      const { exitCode, stdout, stderr } = await runJudge(embeddedRun.out, ['--reading', reading]);
      expect(stderr).toMatch(says);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    });
  }
});

test('leaves everything as it is', async ({ embeddedRun, folder }) => {
  const place = writeEdited(embeddedRun.out, folder);
  const before: Report = readBundle(place).report;
  await runJudge(place);
  expect(readBundle(place).report).toEqual(before);
  expect(linesOf(place)).toHaveLength(before.exchanges.length);
});

import path from 'node:path';
import { resolveTarget } from '../../../../src/hosts/target.js';
import type { Report } from '../../../../src/report/model.js';
import { readBundle } from '../../../../src/wings/rejudge/bundle.js';
import { rejudge } from '../../../../src/wings/rejudge/judge-again.js';
import {
  bundleOf,
  judgeAsData,
  linesOf,
  runJudge,
  test as base,
  writeBundle,
  writeEdited,
} from '../../support/bundles.js';
import {
  expect,
  failedRows,
  runCli,
  runOnDearEmbedded,
  verdictsOf,
  writeTarget,
  type FinishedRun,
} from '../../support/cli.js';
import { embeddedWith, runOn, type Differing, type Part } from '../../support/engine-runs.js';
import { waiversFor } from '../../support/finished-runs.js';
import { inventoryTarget, stock } from '../../support/inventory-target.js';
import { madeOnce } from '../../support/made-once.js';

/** Whole runs of every ending but the incomplete one; on a target that shares requests, for the fewest cases that are a whole. */
interface WholeRuns {
  readonly conformant: Report;
  readonly warned: Report;
  readonly nonconformant: Report;
  readonly waived: Report;
}

async function carryOut(): Promise<WholeRuns> {
  const mixing = embeddedWith({ fault: 'mixed-success-status', expensive: true });
  const conformant = await runOn(embeddedWith({ expensive: true }));
  const warned = await runOn(embeddedWith({ fault: 'success-without-request-id', expensive: true }));
  const nonconformant = await runOn(mixing);
  const waived = await runOn(mixing, { waivers: waiversFor(nonconformant) });
  return { conformant, warned, nonconformant, waived };
}

const test = base.extend<{ runs: WholeRuns; embeddedRun: FinishedRun }>({
  /** Where requests are dear, too. That a run in all cells comes out the same is seen on its page (browser). */
  embeddedRun: async ({}, use) => {
    await use(await runOnDearEmbedded());
  },

  runs: async ({}, use) => {
    await use(await madeOnce('whole runs to judge again', carryOut));
  },
});

/** What a run comes to when it is judged again. */
function judgedAgain(report: Report): object {
  const { again, differences } = rejudge(bundleOf(report), null);
  return { differences, outcome: again.run.outcome };
}

const equalTo = ({ run: { outcome } }: Report): object => ({ differences: [], outcome });

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

test('says it with exit code 0 of a run that failed, too', async ({ runs, folder }) => {
  const { nonconformant } = runs;
  expect(await judgeAsData(writeBundle(folder, nonconformant, nonconformant.exchanges))).toMatchObject({
    equal: true,
    differences: [],
    exitCode: 0,
    recomputed: { outcome: 'nonconformant' },
  });
});

test('takes the folder, the report itself, and reports/ where nothing is named', async ({ partialRun, folder }) => {
  const { out } = partialRun;
  for (const place of [out, path.join(out, 'report.json'), path.relative(folder, out)]) {
    expect((await runCli(['judge', place], { cwd: folder })).exitCode, place).toBe(0);
  }
  const nothing = await runCli(['judge'], { cwd: folder });
  expect(nothing.exitCode).toBe(2);
  expect(nothing.stderr).toMatch(/^reports: no such file|^reports\S*: no such file/);
});

test.describe('finds equal', () => {
  for (const kind of ['conformant', 'warned', 'nonconformant', 'waived'] as const) {
    test(`a run that is ${kind}`, ({ runs }) => {
      expect(judgedAgain(runs[kind])).toEqual(equalTo(runs[kind]));
    });
  }

  for (const { what, target, part = {}, outcome } of [
    { what: 'that leaves areas out', target: {}, part: { areas: ['PERM', 'RESP'] }, outcome: 'incomplete' },
    {
      what: 'that lacks a prerequisite',
      target: { cannotArrange: { denied: 'nobody denies here' } },
      part: { areas: ['STATE'] },
      outcome: 'incomplete',
    },
    {
      what: 'in several lanes with a fault',
      target: { fault: 'requestor-refused' },
      part: { areas: ['PERM', 'BODY'], lanes: 2 },
      outcome: 'nonconformant',
    },
    {
      what: 'with a fault',
      target: { fault: 'mixed-success-status' },
      part: { areas: ['RESP'] },
      outcome: 'nonconformant',
    },
  ] satisfies readonly { what: string; target: Differing; part?: Part; outcome: Report['run']['outcome'] }[]) {
    test(`a run ${what}`, async () => {
      const report = await runOn(embeddedWith(target), part);
      expect(report.run.outcome).toBe(outcome);
      expect(judgedAgain(report)).toEqual(equalTo(report));
    });
  }

  test('a run against a target that is not there', async ({ folder }) => {
    const target = writeTarget(folder, { baseUrl: 'http://127.0.0.1:9/beta', requests: { provider: 'control' } });
    const report = await runOn(resolveTarget({ target }, {}));
    expect(report.run.outcome).toBe('incomplete');
    expect(judgedAgain(report)).toEqual(equalTo(report));
  });

  test('a run on an inventory', async ({ run, serve, folder }) => {
    const served = await serve(['--fault', 'scope-compared-by-prefix']);
    const { file, environment } = await inventoryTarget(folder, served, await stock(served, { areas: ['PERM'] }));
    const { report } = await run(['--target', file, '--area', 'PERM'], environment);
    expect(failedRows(report)).toEqual(['CANCEL-PERM-008']);
    expect(report.basis).toMatchObject({ provider: 'inventory', sharedRequests: true });
    expect(judgedAgain(report)).toEqual(equalTo(report));
  });

  test('a run whose provider gives a row another level, and one that was interrupted', ({ embeddedRun }) => {
    const bundle = bundleOf(embeddedRun.report);
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
      expect(judgedAgain(again)).toEqual(equalTo(again));
    }
  });
});

test.describe('with other readings', () => {
  interface Judged {
    readonly run: Partial<Report['run']>;
    readonly shares: readonly unknown[];
    readonly verdicts: ReturnType<typeof verdictsOf>;
  }

  const told = ({ run: { outcome, explanation, exitCode }, provable, proven }: Report): Omit<Judged, 'verdicts'> => ({
    run: { outcome, explanation, exitCode },
    shares: [provable, proven],
  });

  /** A run judged by another reading of C-1. */
  function judgedBy(reading: string, before: Report): Judged {
    const { differences, other } = rejudge(bundleOf(before), { 'C-1': reading });
    if (differences.length > 0 || !other) throw new Error(`the run is not what its evidence gives: ${before.run.id}`);
    const changes = Object.fromEntries(other.changes.map(({ id, to }) => [id, to]));
    return { ...told(other.report), verdicts: { ...verdictsOf(before), ...changes } };
  }

  /** A run with that reading. */
  async function ranBy(reading: string, target: Differing, part: Part = {}): Promise<Judged> {
    const report = await runOn(embeddedWith({ ...target, readings: { 'C-1': reading } }), part);
    return { ...told(report), verdicts: verdictsOf(report) };
  }

  for (const reading of ['200', '204']) {
    test(`judges one that is conformant as a run with C-1=${reading} would`, async ({ runs }) => {
      expect(judgedBy(reading, runs.conformant)).toEqual(await ranBy(reading, { expensive: true }));
    });

    test(`judges one that mixes its statuses as a run with C-1=${reading} would`, async ({ runs }) => {
      expect(judgedBy(reading, runs.nonconformant)).toEqual(
        await ranBy(reading, { fault: 'mixed-success-status', expensive: true }),
      );
    });

    test(`judges one that is incomplete as a run with C-1=${reading} would`, async ({ partialRun }) => {
      expect(judgedBy(reading, partialRun.report)).toEqual(await ranBy(reading, {}, { areas: ['RESP'] }));
    });
  }

  test('prints what changes and the outcome', async ({ partialRun }) => {
    const { exitCode, stdout } = await runJudge(partialRun.out, ['--reading', 'C-1=200']);
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

  test('judges by a reading of requirements as a run by it would', async ({ embeddedRun }) => {
    const { exitCode, stdout } = await runJudge(embeddedRun.out, [
      '--reading',
      'C-8=404',
      '--reading',
      'C-14=role-suffices',
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('Under C-8=404, C-14=role-suffices: NONCONFORMANT (exit code 1)');
    expect(stdout).toMatch(/CANCEL-PERM-003: passed -> failed/);
    expect(stdout).toMatch(/CANCEL-PERM-004: passed -> not-applicable/);
  });

  for (const [reading, says] of [
    ['C-7=assignmentRequests', /^--reading C-7=assignmentRequests: C-7 decides what is sent, .*it takes a run/],
    ['C-1=2OO', /^--reading C-1=2OO: C-1 has no reading 2OO; did you mean 200\?/],
    ['C-99=x', /^--reading C-99=x: no contested clause C-99/],
    ['C-1', /^--reading C-1: write clause=name/],
  ] as const) {
    test(`refuses ${reading}`, async ({ partialRun }) => {
      const { exitCode, stdout, stderr } = await runJudge(partialRun.out, ['--reading', reading]);
      expect(stderr).toMatch(says);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    });
  }
});

test('leaves everything as it is', async ({ partialRun, folder }) => {
  const place = writeEdited(partialRun.out, folder);
  const before: Report = readBundle(place).report;
  await runJudge(place);
  expect(readBundle(place).report).toEqual(before);
  expect(linesOf(place)).toHaveLength(before.exchanges.length);
});

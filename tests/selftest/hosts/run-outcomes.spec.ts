import type { Area } from '../../../src/engine/contract/types.js';
import { renderHtml } from '../../../src/report/html/page.js';
import { withoutScripts } from '../../../src/report/html/script.js';
import type { CheckReport, Report, VerdictWord } from '../../../src/report/model.js';
import { expect, failedRows, firstScreenOf, test, writeTarget } from '../support/cli.js';
import { dailySeed } from '../support/daily-seed.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';

/** The checks of all cases that rest on a control. */
function checksBehindControls({ checks, cases }: Report): readonly CheckReport[] {
  const behind = new Set(cases.filter(({ control }) => control !== null).map(({ id }) => id));
  return checks.filter(({ caseId }) => behind.has(caseId));
}

for (const fault of ['always-401', 'always-500', 'always-empty-200']) {
  test(`takes no answer of ${fault} for a correct refusal`, async ({ embeddedRun }) => {
    const report = await runOn(embeddedWith({ fault }), { cases: 'but cells' });
    expect(report.run).toMatchObject({ outcome: 'nonconformant', exitCode: 1 });
    expect(failedRows(report)).toEqual(expect.arrayContaining(['CANCEL-STATE-002', 'CANCEL-PERM-001']));
    const behind = checksBehindControls(report);
    const cells = new Set(embeddedRun.report.cases.flatMap(({ id, cell }) => (cell ? [id] : [])));
    expect(behind).toHaveLength(
      checksBehindControls(embeddedRun.report).filter(({ caseId }) => !cells.has(caseId)).length,
    );
    expect(behind.filter(({ verdict }) => verdict === 'passed' || verdict === 'failed')).toEqual([]);
    // The cookies that a target set cannot be sent back to one that set none.
    const isSent = ({ reason }: { readonly reason?: string | null }): boolean => reason !== 'the target set no cookie';
    const refusals = behind.filter((check) => check.id.endsWith('/answers-accepted-status') && isSent(check));
    expect(refusals.length).toBeGreaterThan(0);
    const untold = refusals.filter(
      ({ verdict, reason }) => verdict === 'inconclusive' && /control \S+ did not succeed/.test(reason ?? ''),
    );
    expect(untold).toEqual(refusals);
    // Where nothing was cancelled, nothing tells what a cancel leaves alone.
    const effects = report.requirements.filter(({ area, verdict }) => area === 'EFFECT' && verdict === 'passed');
    expect(effects.map(({ id }) => id)).toEqual([]);
    // What is told of all calls together has no case of its own; calls were sent all the same.
    expect(withoutScripts(renderHtml(report))).not.toContain('Nothing was sent for it');
  });
}

test('what a target does not serve takes nothing from what its gates are judged by', async () => {
  const unserved = ['chunks-crash', 'chunks-unsupported', 'missing-media-type-crashes'];
  for (const [at, fault] of unserved.entries()) {
    // Cells are tried by one of them each day.
    const fewCells = at !== dailySeed % unserved.length;
    const report = await runOn(embeddedWith({ fault }), { fewCells });
    const untold = report.requirements.filter(({ verdict }) => verdict === 'inconclusive');
    expect(
      untold.map(({ id }) => id),
      fault,
    ).toEqual([]);
    expect(report.run.exitCode).toBe(1);
  }
});

/** A run on the embedded target, and how it has to end. */
interface Ending {
  readonly what: string;
  readonly embedded?: object;
  readonly args?: readonly string[];
  readonly exitCode: number;
  readonly failed: readonly string[];
}

const endings: readonly Ending[] = [
  {
    what: 'successes answered with 200 and with 204 by turns',
    embedded: { fault: 'mixed-success-status' },
    args: ['--area', 'RESP'],
    exitCode: 1,
    failed: ['CANCEL-RESP-002'],
  },
  { what: 'successes answered with 200', embedded: { variant: 'success-200' }, exitCode: 0, failed: [] },
  {
    what: '204 where 200 was chosen to be right',
    args: ['--reading', 'C-1=200', '--area', 'RESP'],
    exitCode: 1,
    failed: ['CANCEL-RESP-001'],
  },
];

for (const { what, embedded = {}, args = [], exitCode, failed } of endings) {
  test(`ends with exit code ${exitCode} for ${what}`, async ({ run, folder }) => {
    // Where requests are shared, a whole run has the fewest cases.
    const file = writeTarget(folder, { embedded, expensive: args.length === 0 });
    const { report, ...exit } = await run(['--target', file, ...args]);
    expect(failedRows(report)).toEqual(failed);
    expect(exit.exitCode).toBe(exitCode);
    expect(report.run.exitCode).toBe(exitCode);
    for (const id of failed) expect(exit.stdout).toContain(id);
  });
}

test('takes 204 for right where the flag says so, whatever the target file says', async ({ run, folder }) => {
  const file = writeTarget(folder, { embedded: {}, readings: { 'C-1': '200' } });
  const { report } = await run(['--target', file, '--reading', 'c-1=204', '--area', 'RESP']);
  expect(report.target.readings['C-1']).toBe('204');
  expect(report.requirements.find(({ id }) => id === 'CANCEL-RESP-001')?.verdict).toBe('passed');
});

test('warns of a SHOULD that failed, and stays conformant', async ({ run, folder }) => {
  const file = writeTarget(folder, { embedded: { fault: 'success-without-request-id' }, expensive: true });
  const { exitCode, report, stdout, out } = await run(['--target', file]);
  expect(exitCode).toBe(0);
  expect(report.run.outcome).toBe('conformant');
  expect(failedRows(report)).toEqual(['CANCEL-RESP-006']);
  expect(stdout).toMatch(/warning.*CANCEL-RESP-006/);
  expect(firstScreenOf(out)).toContain('1 SHOULD requirement failed, which warns');
});

const isJudged = (area: Area): boolean => area === 'ADDR' || area === 'RESP';

/** What becomes of a row whose area is left out: one of another edition does not apply all the same. */
const verdictLeftOut = (whole: VerdictWord): VerdictWord => (whole === 'not-applicable' ? whole : 'inconclusive');

test('makes no claim when areas are left out', async ({ run, embeddedRun }) => {
  const { exitCode, report, stdout, out } = await run(['--area', 'ADDR,RESP']);
  expect(exitCode).toBe(3);
  expect(report.run).toMatchObject({ outcome: 'incomplete', partial: true, areas: ['ADDR', 'RESP'] });
  for (const text of [stdout, firstScreenOf(out)]) expect(text).toMatch(/no claim of conformance/);
  expect(report.run.explanation).toMatch(/no claim/);
  const whole = embeddedRun.report.requirements;
  const expected = whole.map(({ id, area, verdict }) => [id, isJudged(area) ? verdict : verdictLeftOut(verdict)]);
  expect(report.requirements.map(({ id, verdict }) => [id, verdict])).toEqual(expected);
  const judged = new Set(report.checks.flatMap(({ requirementIds }) => requirementIds));
  expect([...judged].filter((id) => !/-(ADDR|RESP)-/.test(id))).toEqual([]);
});

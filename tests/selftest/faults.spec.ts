import { planRun } from '../../src/plan/plan.js';
import { faults } from '../../src/reference/faults/index.js';
import { variants } from '../../src/reference/variants.js';
import type { Report } from '../../src/report/model.js';
import { runInProcess } from '../../src/run/engine.js';
import { resolveTarget } from '../../src/target/target.js';
import { expect, failedRows, test, verdictsOf, writeTarget } from './cli.js';

/** One fault never answers, which costs the whole time-out; a machine that is busy must not look like that fault. */
const timeoutMs = 4000;

const { contract, target } = resolveTarget({});
const mustRows = new Set(contract.requirements.flatMap(({ id, level }) => (level === 'MUST' ? [id] : [])));

interface Embedded {
  readonly fault?: string;
  readonly variant?: string;
}

/** Judges the embedded target without a test runner, with a success (C-1) read as `success`. */
function judge(embedded: Embedded, success = 'either'): Promise<Report> {
  const readings = { ...target.readings, 'C-1': success };
  return runInProcess({
    target: { ...target, embedded, readings, timeoutMs },
    contract,
    plan: planRun(contract, target),
  });
}

/** Verdict of some rows, with the reason that a row gives for another verdict than the expected one. */
const told = ({ requirements }: Report, ids: readonly string[]): readonly string[] =>
  requirements
    .filter(({ id }) => ids.includes(id))
    .map(({ id, verdict, reason }) => [id, verdict, ...(reason === undefined ? [] : [reason])].join(' '));

/** The rows that a fault breaks, as `told` tells them when the suite caught it. */
const caught = (breaks: readonly string[]): readonly string[] => breaks.map((id) => `${id} failed`).toSorted();

const outcomeFor = (breaks: readonly string[]): string =>
  breaks.some((id) => mustRows.has(id)) ? 'nonconformant' : 'conformant';

for (const fault of faults) {
  test(`catches the fault ${fault.id}`, async () => {
    const report = await judge({ fault: fault.id });
    expect(told(report, fault.breaks).toSorted()).toEqual(caught(fault.breaks));
    expect(report.suiteFaults).toEqual([]);
    expect(report.run.outcome).toBe(outcomeFor(fault.breaks));
  });
}

for (const variant of [{ id: 'none' }, ...variants]) {
  test(`lets the variant ${variant.id} pass`, async () => {
    const report = await judge(variant.id === 'none' ? {} : { variant: variant.id });
    expect(failedRows(report)).toEqual([]);
    expect(report.totals.must).toMatchObject({ failed: 0, inconclusive: 0 });
    expect(report.totals.should).toMatchObject({ failed: 0, inconclusive: 0 });
    expect(report.suiteFaults).toEqual([]);
    expect(report.run.outcome).toBe('conformant');
  });
}

/** Status of a success by variant, and the readings of C-1 that it breaks. */
for (const [variant, reading, failed] of [
  ['success-200', '200', []],
  ['success-200', '204', ['CANCEL-RESP-001']],
  ['success-200-chunked-empty', '200', []],
  ['connection-close', '204', []],
  ['connection-close', '200', ['CANCEL-RESP-001']],
] as const) {
  test(`judges the variant ${variant} by the reading C-1=${reading}`, async () => {
    expect(failedRows(await judge({ variant }, reading))).toEqual(failed);
  });
}

test('tells refusals by the control that they rest on, and by no other', async () => {
  const verdicts = verdictsOf(await judge({ fault: 'administrator-role-ignored' }));
  // The requestor's control succeeded, the administrator's did not.
  expect(verdicts['body-refuses-an-absent-body/answers-accepted-status']).toBe('passed');
  expect(verdicts['perm-refuses-unscopedUser/answers-accepted-status']).toBe('inconclusive');
});

test('comes to the same verdicts in this process as on the test runner', async ({ embeddedRun }) => {
  expect(verdictsOf(await judge({}))).toEqual(verdictsOf(embeddedRun.report));
});

/** One fault of each kind of place, run as a user would. */
const named = [
  'scope-compared-by-prefix',
  'other-scheme-accepted',
  'empty-body-accepted',
  'stack-trace-in-message',
  'patch-cancels',
  'no-content-with-content-length',
  'method-not-allowed-without-allow',
  'expired-cancellable',
];

for (const id of named) {
  test(`catches the fault ${id} on the command line, with the verdicts of the engine`, async ({ run, folder }) => {
    const breaks = faults.find((fault) => fault.id === id)?.breaks ?? [];
    expect(breaks).not.toEqual([]);
    const file = writeTarget(folder, { embedded: { fault: id }, timeoutMs });
    const { exitCode, report, stdout } = await run(['--target', file]);
    expect(told(report, breaks).toSorted()).toEqual(caught(breaks));
    expect(report.run.outcome).toBe(outcomeFor(breaks));
    expect(exitCode).toBe(report.run.outcome === 'conformant' ? 0 : 1);
    for (const row of breaks) expect(stdout).toContain(row);
    expect(verdictsOf(report)).toEqual(verdictsOf(await judge({ fault: id })));
  });
}

import { partsOfCheckId } from '../../../src/engine/case.js';
import { applicableRows } from '../../../src/engine/contract/rows.js';
import { alter } from '../../../src/emulators/endpoint/alterations.js';
import { defaultSeams } from '../../../src/emulators/endpoint/defaults.js';
import { faults } from '../../../src/emulators/endpoint/faults/index.js';
import { refusalTerms, type RefusalCause } from '../../../src/emulators/endpoint/refusals.js';
import type { Call } from '../../../src/emulators/endpoint/seams.js';
import { variants } from '../../../src/emulators/endpoint/variants/index.js';
import type { Area } from '../../../src/engine/contract/types.js';
import type { Report } from '../../../src/report/model.js';
import { mergeTests } from '@playwright/test';
import { expect, failedRows, test as cliTest, verdictsOf, writeTarget } from '../support/cli.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { test as runsTest } from '../support/finished-runs.js';

const test = mergeTests(cliTest, runsTest);

const { contract } = embeddedWith();
const rows = applicableRows(contract);
const rowsOf = (wanted: string): readonly string[] => rows.flatMap(({ id, level }) => (level === wanted ? [id] : []));
const mustRows = new Set(rowsOf('MUST'));
const shouldRows = new Set(rowsOf('SHOULD'));

/** The areas of some rows: what breaks these is seen where they are judged. */
const areasOf = (ids: readonly string[]): readonly Area[] => [
  ...new Set(rows.flatMap(({ id, area }) => (ids.includes(id) ? [area] : []))),
];

/** Verdict of some rows, with the reason that a row gives for another verdict than the expected one. */
const told = ({ requirements }: Report, ids: readonly string[]): readonly string[] =>
  requirements
    .filter(({ id }) => ids.includes(id))
    .map(({ id, verdict, reason }) => [id, verdict, ...(reason === undefined ? [] : [reason])].join(' '));

/** The rows that a fault breaks, as `told` tells them when the suite caught it. */
const caught = (breaks: readonly string[]): readonly string[] => breaks.map((id) => `${id} failed`).toSorted();

/** The causes for which the embedded target refuses the calls by which a row is judged: its messages tell them. */
function causesOf({ checks, exchanges }: Report, row: string): readonly RefusalCause[] {
  // A cell that does not apply is refused for another reason.
  const judging = checks.filter(
    ({ id, requirementIds, verdict }) =>
      requirementIds.includes(row) &&
      verdict === 'passed' &&
      ['answers-accepted-status', 'refused-untouched'].includes(partsOfCheckId(id).verb),
  );
  const calls = new Set(judging.flatMap((check) => check.exchanges));
  const bodies = exchanges.flatMap(({ id, response }) => (calls.has(id) ? [JSON.stringify(response?.body ?? '')] : []));
  const causes = Object.keys(refusalTerms) as readonly RefusalCause[];
  return causes.filter((cause) => bodies.some((body) => body.includes(refusalTerms[cause].message)));
}

const breaksOf = (fault: string): readonly string[] => faults.find(({ id }) => id === fault)?.breaks ?? [];

test('tells a target whose effects are late by its settle time, and by nothing else', async () => {
  const { id = '', needs } = variants.find((variant) => variant.needs?.settleMs !== undefined) ?? {};
  const part = { cases: ['state-cancels-pendingApproval-requestor', 'state-refuses-delivered-administrator'] };
  expect(failedRows(await runOn(embeddedWith({ variant: id, ...needs }), part))).toEqual([]);
  expect(failedRows(await runOn(embeddedWith({ variant: id }), part))).toContain('CANCEL-STATE-005');
});

test('watches every refusal of a target whose effects are late', async () => {
  const cases = ['state-refuses-delivered-administrator'];
  const check = `${cases[0] ?? ''}/subject-unchanged-unless-accepted`;
  const fault = 'refused-status-carried-out-later';
  expect(verdictsOf(await runOn(embeddedWith({ fault }), { cases }))[check]).toBe('passed');
  expect(verdictsOf(await runOn(embeddedWith({ fault, settleMs: 50 }), { cases }))[check]).toBe('failed');
});

for (const fault of ['refused-status-carried-out-later', 'refused-body-carried-out-later', 'get-cancels']) {
  test(`catches the fault ${fault} where requests are shared`, async () => {
    const breaks = breaksOf(fault);
    const report = await runOn(embeddedWith({ fault, expensive: true }), { areas: areasOf(breaks) });
    expect(told(report, breaks).toSorted()).toEqual(caught(breaks));
    expect(report.suiteFaults).toEqual([]);
  });
}

test.describe('what is broken and what is left free', () => {
  const all = [...faults, ...variants];
  const repeated = (texts: readonly string[]): readonly string[] =>
    texts.filter((text, index) => texts.indexOf(text) !== index);

  test('there are 100 faults and 40 variants, each with an id and a sentence of its own', () => {
    expect(faults.length).toBeGreaterThanOrEqual(100);
    expect(variants.length).toBeGreaterThanOrEqual(40);
    expect(repeated(all.map(({ id }) => id))).toEqual([]);
    expect(repeated(all.map(({ sentence }) => sentence))).toEqual([]);
    expect(all.map(({ id }) => id).filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  test('two faults break each MUST row, and one each SHOULD row', () => {
    const breaking = (id: string): number => faults.filter(({ breaks }) => breaks.includes(id)).length;
    expect([...mustRows].filter((id) => breaking(id) < 2)).toEqual([]);
    expect([...shouldRows].filter((id) => breaking(id) < 1)).toEqual([]);
  });

  test('variants use the freedom of every contested clause', () => {
    const touched = new Set(variants.flatMap(({ touches }) => touches));
    expect(contract.contested.map(({ id }) => id).filter((id) => !touched.has(id))).toEqual([]);
    const known = [...contract.contested, ...rows].map(({ id }) => id);
    expect([...touched].filter((id) => !known.includes(id))).toEqual([]);
  });

  test('every refusal of the embedded target says its cause in a message of its own', () => {
    expect(repeated(Object.values(refusalTerms).map(({ message }) => message))).toEqual([]);
  });

  for (const { id, accepted = [] } of rows.filter((row) => (row.accepted ?? []).length > 1)) {
    test(`the embedded target and its variants give every accepted answer of ${id}`, ({ embeddedRun }) => {
      const causes = causesOf(embeddedRun.report, id);
      const nobody = `the embedded target refuses no call by which ${id} is judged`;
      expect(causes, nobody).not.toEqual([]);
      const given = [[], ...variants.map((variant) => [variant])].flatMap((alterations) => {
        const { describeRefusal } = alter(defaultSeams, alterations);
        return causes.map((cause) => describeRefusal(cause, { target: '' } as Call).status);
      });
      const missing = accepted.filter((status) => !given.includes(status));
      const where = `src/emulators/endpoint/variants/answers.ts has no variant that answers ${causes.join(' or ')} with`;
      expect(missing, `${id} accepts more than anybody answers: ${where} ${missing.join(', ')}`).toEqual([]);
      const refused = given.filter((status) => !accepted.includes(status));
      expect(refused, `${id} does not accept what a variant answers to ${causes.join(' or ')}`).toEqual([]);
    });
  }
});

/** Status of a success by variant, and the readings of C-1 that it breaks. */
for (const [variant, reading, failed] of [
  ['success-200', '200', []],
  ['success-200', '204', ['CANCEL-RESP-001']],
  ['success-200-chunked-empty', '200', []],
  ['connection-close', '204', []],
  ['connection-close', '200', ['CANCEL-RESP-001']],
] as const) {
  test(`judges the variant ${variant} by the reading C-1=${reading}`, async () => {
    const judged = await runOn(embeddedWith({ variant, readings: { 'C-1': reading } }), { areas: ['RESP'] });
    expect(failedRows(judged)).toEqual(failed);
  });
}

test('tells refusals by the control that they rest on, and by no other', async () => {
  const cases = ['body-refuses-an-absent-body', 'perm-refuses-unscopedUser'];
  const verdicts = verdictsOf(await runOn(embeddedWith({ fault: 'administrator-role-ignored' }), { cases }));
  // The requestor's control succeeded, the administrator's did not.
  expect(verdicts['body-refuses-an-absent-body/answers-accepted-status']).toBe('passed');
  expect(verdicts['perm-refuses-unscopedUser/answers-accepted-status']).toBe('inconclusive');
});

test('comes to the same verdicts without the command as with it', ({ runs, embeddedRun }) => {
  expect(verdictsOf(embeddedRun.report)).toMatchObject(verdictsOf(runs.conformant));
});

/** One fault of each kind of place, run as a user would who looks for it. */
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
    const breaks = breaksOf(id);
    expect(breaks).not.toEqual([]);
    const areas = areasOf(breaks);
    const file = writeTarget(folder, { embedded: { fault: id } });
    const { exitCode, report, stdout } = await run(['--target', file, '--area', areas.join(',')]);
    expect(told(report, breaks).toSorted()).toEqual(caught(breaks));
    // Where areas are left out, nothing speaks for the target, but what speaks against it does.
    expect(exitCode).toBe(breaks.some((row) => mustRows.has(row)) ? 1 : 3);
    for (const row of breaks) expect(stdout).toContain(row);
    expect(verdictsOf(report)).toEqual(verdictsOf(await runOn(embeddedWith({ fault: id }), { areas })));
  });
}

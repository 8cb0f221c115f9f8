import { applicableRows } from '../../src/engine/contract/rows.js';
import { planRun } from '../../src/engine/plan/plan.js';
import { alter, type Variant } from '../../src/emulators/endpoint/alterations.js';
import { defaultSeams } from '../../src/emulators/endpoint/defaults.js';
import { faults } from '../../src/emulators/endpoint/faults/index.js';
import type { RefusalCause } from '../../src/emulators/endpoint/refusals.js';
import type { Call } from '../../src/emulators/endpoint/seams.js';
import { variants } from '../../src/emulators/endpoint/variants/index.js';
import type { Report } from '../../src/report/model.js';
import { runInProcess } from '../../src/hosts/in-process.js';
import { resolveTarget } from '../../src/hosts/target.js';
import { expect, failedRows, test, verdictsOf, writeTarget } from './cli.js';

/** One fault never answers, which costs the whole time-out; a machine that is busy must not look like that fault. */
const timeoutMs = 4000;

const { contract, target } = resolveTarget({});
const rows = applicableRows(contract);
const rowsOf = (wanted: string): readonly string[] => rows.flatMap(({ id, level }) => (level === wanted ? [id] : []));
const mustRows = new Set(rowsOf('MUST'));
const shouldRows = new Set(rowsOf('SHOULD'));

/** The cause for which a call of a row's cases is refused, by the beginning of the row's id; the first one counts. */
const causes: Readonly<Record<string, RefusalCause>> = {
  'CANCEL-STATE-0': 'notCancellable',
  'CANCEL-PERM-003': 'notOwner',
  'CANCEL-PERM-004': 'applicationToken',
  'CANCEL-PERM-005': 'personalAccount',
  'CANCEL-PERM-0': 'missingPermission',
  'CANCEL-BODY-0': 'unacceptableBody',
  'CANCEL-ADDR-001': 'unknownId',
  'CANCEL-ADDR-002': 'malformedId',
  'CANCEL-ADDR-008': 'methodNotAllowed',
};

interface Embedded {
  readonly fault?: string;
  readonly variant?: string;
}

/**
 * Judges the embedded target without a test runner, with a success (C-1) read as `success`.
 * @param needs what the target file of such a target would say
 */
function judge(
  embedded: Embedded,
  success = 'either',
  needs: Variant['needs'] & { readonly expensive?: boolean } = {},
): Promise<Report> {
  const { collection = target.collection } = needs;
  const readings = { ...target.readings, 'C-1': success, 'C-7': collection };
  const judged = { ...target, ...needs, embedded, readings, collection, timeoutMs };
  return runInProcess({ target: judged, contract, plan: planRun(contract, judged) });
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

test('tells a target whose effects are late by its settle time, and by nothing else', async () => {
  const { id = '', needs } = variants.find((variant) => variant.needs?.settleMs !== undefined) ?? {};
  expect(failedRows(await judge({ variant: id }, 'either', needs))).toEqual([]);
  expect(failedRows(await judge({ variant: id }))).toContain('CANCEL-STATE-005');
});

test('watches every refusal of a target whose effects are late', async () => {
  const check = 'state-refuses-delivered-administrator/subject-unchanged-unless-accepted';
  const fault = 'refused-status-carried-out-later';
  expect(verdictsOf(await judge({ fault }))[check]).toBe('passed');
  expect(verdictsOf(await judge({ fault }, 'either', { settleMs: 50 }))[check]).toBe('failed');
});

for (const fault of ['refused-status-carried-out-later', 'refused-body-carried-out-later', 'get-cancels']) {
  test(`catches the fault ${fault} where requests are shared`, async () => {
    const { breaks = [] } = faults.find(({ id }) => id === fault) ?? {};
    const report = await judge({ fault }, 'either', { expensive: true });
    expect(told(report, breaks).toSorted()).toEqual(caught(breaks));
    expect(report.suiteFaults).toEqual([]);
  });
}

test('lets the embedded target pass where requests are shared', async () => {
  const report = await judge({}, 'either', { expensive: true });
  expect(failedRows(report)).toEqual([]);
  expect(report.run.outcome).toBe('conformant');
});

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

  test('variants use the freedom of every contested clause and of every row with several accepted answers', () => {
    const touched = new Set(variants.flatMap(({ touches }) => touches));
    const several = rows.filter(({ accepted = [] }) => accepted.length > 1);
    const free = [...contract.contested, ...several].map(({ id }) => id);
    expect(free.filter((id) => !touched.has(id))).toEqual([]);
    const known = [...contract.contested, ...rows].map(({ id }) => id);
    expect([...touched].filter((id) => !known.includes(id))).toEqual([]);
  });

  for (const { id, accepted = [] } of rows.filter((row) => (row.accepted ?? []).length > 1)) {
    test(`the embedded target and its variants give every accepted answer of ${id}`, () => {
      const cause = Object.entries(causes).find(([prefix]) => id.startsWith(prefix))?.[1];
      const touching = variants.filter(({ touches }) => touches.includes(id));
      const given = [[], ...touching.map((variant) => [variant])].map(
        (alterations) => cause && alter(defaultSeams, alterations).describeRefusal(cause, {} as Call).status,
      );
      expect([...new Set(given)].toSorted()).toEqual([...accepted].toSorted());
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

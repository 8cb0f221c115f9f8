import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test as runnersTest } from '@playwright/test';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { strFromU8, unzipSync } from 'fflate';
import type { Area } from '../../../src/engine/contract/types.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { conformance, type ConformanceOptions } from '../../../src/hosts/playwright/index.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import { expect, readReport, test, verdictsOf, writeTarget } from '../support/cli.js';
import { ofTheDay } from '../support/daily-seed.js';
import { writeIdentities } from '../support/identity-platform.js';
import { madeOnce } from '../support/made-once.js';
import {
  byEdition,
  copyCheckout,
  copyExample,
  expectSameVerdicts,
  inProcess,
  ownReporter,
  runRunner,
  type RunnerExit,
} from '../support/runner.js';

// Far longer than the runner takes to start several times on the busiest machine; only a run that hangs comes near.
test.describe.configure({ timeout: 1_200_000 });

/** Ids of the cases in which a MUST failed. */
function redCases({ requirements, checks }: Report): readonly string[] {
  const must = new Set(requirements.filter(({ level }) => level === 'MUST').map(({ id }) => id));
  const failed = checks.filter(
    ({ verdict, requirementIds }) => verdict === 'failed' && requirementIds.some((id) => must.has(id)),
  );
  return [...new Set(failed.map(({ caseId }) => caseId))].sort();
}

interface Told {
  readonly caseId: string;
  readonly status: string;
  readonly error: string;
}

/** What Playwright's own JSON reporter told of each test that is of a case. */
function toldIn(folder: string, file: string): readonly Told[] {
  const { suites } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as JSONReport;
  const below = (suite: JSONReportSuite): readonly Told[] => [
    ...suite.specs.flatMap(({ tests }) =>
      tests.flatMap(({ annotations, results }) => {
        const caseId = annotations.find(({ type }) => type === 'case')?.description;
        const [result] = results;
        return caseId === undefined
          ? []
          : [{ caseId, status: result?.status ?? 'none', error: result?.error?.message ?? '' }];
      }),
    ),
    ...(suite.suites ?? []).flatMap(below),
  ];
  return suites.flatMap(below);
}

const casesThat = (status: string, told: readonly Told[]): string[] =>
  told.filter((one) => one.status === status).map(({ caseId }) => caseId);

/** Outcomes by number of tests, as the HTML reporter shows them. */
function statsInPage(folder: string): unknown {
  const page = readFileSync(path.join(folder, 'playwright-report', 'index.html'), 'utf8');
  const packed = /data:application\/zip;base64,([A-Za-z0-9+/=]+)/.exec(page)?.[1] ?? '';
  const { 'report.json': report } = unzipSync(Buffer.from(packed, 'base64'));
  return (JSON.parse(strFromU8(report ?? new Uint8Array())) as { readonly stats: unknown }).stats;
}

/** A report without what differs from run to run: moments, durations, ports, ids. */
function steady(report: Report): string {
  const { host } = new URL(report.target.baseUrl);
  return JSON.stringify({ verdicts: verdictsOf(report), run: { ...report.run, id: '', startedAt: '', durationMs: 0 } })
    .replaceAll(host, 'host')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'id');
}

/** The cases that are chosen of the faulty target: a test of the runner costs far more than its case. */
const ofFaulty = 'addr-get-';
const isOfFaulty = (caseId: string): boolean => caseId.startsWith(ofFaulty);

/** The example project, with more than one target. */
function declareAll(folder: string, choices: readonly ConformanceOptions[]): void {
  writeFileSync(
    path.join(folder, 'conformance.spec.ts'),
    `import { test as base } from '@playwright/test';
import { conformance } from 'cancel-conformance/playwright';
for (const choice of ${JSON.stringify(choices)}) {
  base.describe(choice.target, () => {
    const { test, cases } = conformance(base, choice);
    const isFaulty = choice.target === 'faulty.yaml';
    const chosen = cases.filter(({ details }) => !isFaulty || details.annotation[0].description.startsWith('${ofFaulty}'));
    for (const { title, details, body } of chosen) test(title, details, body);
  });
}
`,
  );
}

/** Targets with a fault that one case alone sees, and one that has too little for every case to be told; of few cases each. */
const targets = {
  faulty: { areas: ['ADDR'], embedded: { fault: 'method-overridden-by-header' } },
  divided: { areas: ['RESP'], embedded: { fault: 'content-after-no-content' } },
  lacking: { areas: ['RESP'], embedded: {}, cannotArrange: { pendingNotBefore: 'made up' } },
} as const satisfies Record<string, Readonly<Record<string, unknown>> & { readonly areas: readonly Area[] }>;

function write(folder: string, name: keyof typeof targets): ConformanceOptions {
  const { areas, ...target } = targets[name];
  writeFileSync(path.join(folder, `${name}.yaml`), JSON.stringify({ name, ...target }));
  return { target: `${name}.yaml`, areas };
}

/** A run on the runner over all of these, told in every way at once, in a folder that lasts as long as the tests. */
const runOfAll = (): Promise<{ readonly folder: string; readonly exit: RunnerExit }> =>
  madeOnce('run of several targets on the runner', async (folder) => {
    await copyExample(folder);
    declareAll(folder, [write(folder, 'faulty'), write(folder, 'divided'), write(folder, 'lacking')]);
    const exit = await runRunner(['test', `--reporter=list,html,json,${ownReporter}`], {
      cwd: folder,
      environment: { PLAYWRIGHT_HTML_OPEN: 'never', PLAYWRIGHT_JSON_OUTPUT_NAME: 'told.json' },
    });
    return { folder, exit };
  });

test('exactly the cases in which a MUST failed are red, in the list, in HTML and in JSON', async () => {
  const { folder, exit } = await runOfAll();
  const alone = Object.fromEntries(
    await Promise.all(
      Object.entries(targets).map(
        async ([name, { areas }]) =>
          [
            name,
            await inProcess(path.join(folder, `${name}.yaml`), areas, name === 'faulty' ? isOfFaulty : undefined),
          ] as const,
      ),
    ),
  );
  const red = Object.values(alone).flatMap(redCases).sort();
  expect(red).toEqual([
    'addr-get-overridden-by-header-does-not-cancel',
    'resp-wire-pendingApproval-administrator',
    'resp-wire-pendingApproval-requestor',
    'resp-wire-pendingNotBefore-administrator',
  ]);
  expect(exit.exitCode).toBe(1);
  expect(exit.stdout.match(/^ +✘ .*/gm)).toHaveLength(red.length);
  expect(statsInPage(folder)).toMatchObject({ unexpected: red.length, flaky: 0 });
  const told = toldIn(folder, 'told.json');
  expect(casesThat('failed', told).sort()).toEqual(red);
  expect(told.find(({ caseId }) => caseId === red[0])?.error).toContain('CANCEL-ADDR-018');
  for (const [name, report] of Object.entries(alone)) {
    expect(verdictsOf(readReport(path.join(folder, 'reports', name))), name).toEqual(verdictsOf(report));
  }
  // What could not be told is no pass.
  expect(casesThat('skipped', told)).toContain('resp-wire-pendingNotBefore-administrator');
});

test('a run divided over two machines and merged tells what the undivided one tells, and a part that is missing is named', async ({
  folder,
}) => {
  await copyExample(folder);
  declareAll(folder, [write(folder, 'divided')]);
  const shards = ['1', '2'];
  const codes: (number | null)[] = [];
  const told: Told[] = [];
  const printed: string[] = [];
  for (const shard of shards) {
    const { exitCode, stdout } = await runRunner(['test', '--shard', `${shard}/2`, '--reporter=list,json,blob'], {
      cwd: folder,
      environment: {
        PLAYWRIGHT_BLOB_OUTPUT_FILE: path.join(folder, 'blobs', `${shard}.zip`),
        PLAYWRIGHT_JSON_OUTPUT_NAME: `told-${shard}.json`,
      },
    });
    codes.push(exitCode);
    printed.push(stdout);
    told.push(...toldIn(folder, `told-${shard}.json`));
  }
  // Without the reporter of the suite the tests tell their findings all the same, and write no report.
  expect(casesThat('failed', told)).toEqual([
    'resp-wire-pendingApproval-administrator',
    'resp-wire-pendingApproval-requestor',
    'resp-wire-pendingNotBefore-administrator',
  ]);
  expect(printed.join('')).toContain('CANCEL-RESP-005 (MUST): ');
  for (const name of ['conformance-report', 'reports']) expect(existsSync(path.join(folder, name)), name).toBe(false);

  const merged = await runRunner(['merge-reports', '--config', 'playwright.config.ts', 'blobs'], { cwd: folder });
  expect(merged.exitCode).toBe(1);
  expect(merged.stderr).toBe('');
  const { folder: undivided } = await runOfAll();
  expect(steady(readReport(path.join(folder, 'conformance-report')))).toBe(
    steady(readReport(path.join(undivided, 'reports', 'divided'))),
  );

  // Without the part that found the failure, nothing speaks against the target, and nobody may take that for a pass.
  const failing = shards.filter((_, at) => codes[at] === 1);
  expect(failing).toHaveLength(1);
  const [lostShard = ''] = failing;
  rmSync(path.join(folder, 'blobs', `${lostShard}.zip`));
  const lost = await runRunner(['merge-reports', '--reporter', ownReporter, 'blobs'], { cwd: folder });
  expect(lost.stderr).toContain(`Missing: shard ${lostShard} of 2.`);
  expect(lost.exitCode).toBe(3);
});

test('the suite in a checkout writes the conformance report beside another reporter, and ends with the code of the gate', async ({
  folder,
}) => {
  await copyCheckout(folder);
  // A test of the runner costs far more than its case: a whole run, which comes to 0, is a daily one.
  const file = writeTarget(folder, { embedded: {}, expensive: true });
  const chosen = 'CANCEL-AUTH-00[12]';
  const { exitCode, stdout } = await runRunner(['test', '-g', chosen], {
    cwd: folder,
    environment: { CANCEL_TARGET: file },
  });
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^ +✓ +\d+ .*@CANCEL-AUTH-001/m);
  expect(stdout).toMatch(/INCOMPLETE/);
  const report = readReport(path.join(folder, 'reports'));
  expect(existsSync(path.join(folder, 'reports', 'index.html'))).toBe(true);
  const { only = [] } = report.run;
  expect(only).not.toEqual([]);
  const alone = await inProcess(file, null, (caseId) => only.includes(caseId));
  expect(verdictsOf(report)).toEqual(verdictsOf(alone));
  expect(report.totals).toEqual(alone.totals);
  expect(report.totals.checks.passed).toBeGreaterThan(0);
});

test('a requirement is chosen by its id; such a run of the example project makes no claim', async ({ folder }) => {
  await copyExample(folder);
  writeTarget(folder, { embedded: {} });
  const args = ['test', 'conformance.spec.ts', '-g', 'CANCEL-PERM-008'];
  const { exitCode, stdout } = await runRunner(args, { cwd: folder });
  expect(exitCode).toBe(3);
  expect(stdout).toMatch(/^ +✓ +1 .*@CANCEL-PERM-008/m);
  const { run, requirements, cases } = readReport(path.join(folder, 'conformance-report'));
  expect(run).toMatchObject({ outcome: 'incomplete', partial: true });
  expect(run.only).toEqual(expect.arrayContaining(['perm-refuses-similarScopeUser']));
  expect(requirements.find(({ id }) => id === 'CANCEL-PERM-008')?.verdict).toBe('passed');
  expect(requirements.find(({ id }) => id === 'CANCEL-PERM-005')?.reason).toBe('left out by the choice of cases');
  expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining(['perm-refuses-similarScopeUser']));
});

test('every requirement is the tag of a test', () => {
  const { cases } = conformance(runnersTest);
  const tags = new Set(cases.flatMap(({ details: { tag = [] } }) => tag));
  const { contract, target } = resolveTarget({});
  const judged = [...planRun(contract, target).cases.values()].flatMap(({ then }) =>
    then.flatMap(({ requirementIds }) => requirementIds),
  );
  const untagged = [...new Set(judged)].filter((id) => !tags.has(`@${id}`));
  expect(untagged).toEqual([]);
});

// A share of the editions by turns; all of them are daily.
const ofEditions = 3;
for (const compared of ofTheDay(byEdition, ofEditions)) {
  test(`both hosts give the same verdicts by ${compared.edition}`, async ({ folder }) => {
    await expectSameVerdicts(folder, compared);
  });
}

test('both hosts give the same verdicts on what is told of all successes together', async ({ folder }) => {
  await expectSameVerdicts(folder, { areas: ['RESP'], embedded: { fault: 'mixed-success-status' } });
});

test('bad input ends with the code of the gate for it, and says where', async ({ folder }) => {
  await copyExample(folder);
  writeTarget(folder, { embedded: {}, editon: 'beta-2021-05' });
  const { exitCode, stderr } = await runRunner(['test', '--reporter', ownReporter], { cwd: folder });
  expect(stderr).toContain('target.yaml:1: editon: unknown key; did you mean edition?');
  expect(exitCode).toBe(2);
});

test('what is found wrong when the session opens ends with 2, whichever test needed it first', async ({
  folder,
  serve,
}) => {
  await copyExample(folder);
  const { baseUrl, origin } = await serve();
  const identities = { requestor: { token: { deviceCode: {} } } };
  writeIdentities(folder, { origin }, { baseUrl, named: { identities } });
  writeFileSync(path.join(folder, 'tokens.json'), 'x', { mode: 0o600 });
  // The test of the whole run, and a case: of a requirement with one, as the runner starts a worker anew for each that fails.
  for (const chosen of ['CANCEL-RESP-002$', 'CANCEL-PERM-011']) {
    const { exitCode, stderr } = await runRunner(['test', '--reporter', ownReporter, '-g', chosen], { cwd: folder });
    expect(stderr).toContain('tokens.json: is no token cache of this suite');
    expect(exitCode).toBe(2);
  }
});

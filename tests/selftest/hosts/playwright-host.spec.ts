import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { JSONReport, JSONReportSuite } from '@playwright/test/reporter';
import { strFromU8, unzipSync } from 'fflate';
import { knownEditions } from '../../../src/engine/contract/load.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { runInProcess } from '../../../src/hosts/in-process.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import type { Report } from '../../../src/report/model.js';
import { expect, readReport, test, verdictsOf, writeTarget } from '../support/cli.js';
import { writeIdentities } from '../support/identity-platform.js';
import { copyExample, installInto, ownReporter, runRunner, type RunnerExit } from '../support/runner.js';

/** The plan carried out by the other host. */
async function inProcess(file: string, edition?: string): Promise<Report> {
  const { target, contract } = resolveTarget({ target: file, ...(edition === undefined ? {} : { edition }) });
  return runInProcess({ target, contract, plan: planRun(contract, target) });
}

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
function toldIn({ suites }: JSONReport): readonly Told[] {
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

const parsed = ({ stdout }: RunnerExit): JSONReport => JSON.parse(stdout) as JSONReport;

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

const fault = 'personal-account-accepted';

test('exactly the cases in which a MUST failed are red, in the list, in HTML and in JSON', async ({ folder }) => {
  await copyExample(folder);
  const file = writeTarget(folder, { embedded: { fault } });
  const red = redCases(await inProcess(file));
  expect(red).toContain('perm-refuses-personalAccount');
  const listed = await runRunner(['test', '--reporter=list,html'], {
    cwd: folder,
    environment: { PLAYWRIGHT_HTML_OPEN: 'never' },
  });
  expect(listed.exitCode).toBe(1);
  expect(listed.stdout.match(/^ +✘ .*/gm)).toHaveLength(red.length);
  // Without the suite's reporter, a test still tells its findings.
  expect(listed.stdout).toContain('CANCEL-PERM-005 (MUST): ');
  expect(statsInPage(folder)).toMatchObject({ unexpected: red.length, flaky: 0 });
  const json = await runRunner(['test', '--reporter=json'], { cwd: folder });
  const told = toldIn(parsed(json));
  const failed = told.filter(({ status }) => status === 'failed');
  expect(failed.map(({ caseId }) => caseId).sort()).toEqual(red);
  expect(failed.find(({ caseId }) => caseId === 'perm-refuses-personalAccount')?.error).toContain('CANCEL-PERM-005');
  expect(existsSync(path.join(folder, 'conformance-report'))).toBe(false);
});

test('the example project writes the conformance report beside another reporter, and ends with the code of the gate', async ({
  folder,
}) => {
  await copyExample(folder);
  const file = writeTarget(folder, { embedded: {} });
  const { exitCode, stdout } = await runRunner(['test'], { cwd: folder });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ +✓ +1 .*@CANCEL-STATE-001/m);
  expect(stdout).toMatch(/^✓ CONFORMANT/m);
  const report = readReport(path.join(folder, 'conformance-report'));
  const alone = await inProcess(file);
  expect(verdictsOf(report)).toEqual(verdictsOf(alone));
  expect(report.totals).toEqual(alone.totals);
  expect(report.run.partial).toBe(false);
});

test('a run divided over three machines and merged tells what the whole tells, and a part that is missing is named', async ({
  folder,
}) => {
  test.slow();
  await copyExample(folder);
  writeTarget(folder, { embedded: { fault } });
  const whole = await runRunner(['test'], { cwd: folder });
  const asWhole = steady(readReport(path.join(folder, 'conformance-report')));
  expect(whole.exitCode).toBe(1);
  for (const shard of ['1/3', '2/3', '3/3']) {
    await runRunner(['test', '--shard', shard, '--reporter=blob'], {
      cwd: folder,
      environment: { PLAYWRIGHT_BLOB_OUTPUT_FILE: path.join(folder, 'blobs', `${shard.slice(0, 1)}.zip`) },
    });
  }
  const merged = await runRunner(['merge-reports', '--config', 'playwright.config.ts', 'blobs'], { cwd: folder });
  expect(merged.exitCode).toBe(1);
  expect(merged.stderr).toBe('');
  expect(steady(readReport(path.join(folder, 'conformance-report')))).toBe(asWhole);

  writeTarget(folder, { embedded: {} });
  for (const shard of ['1/2', '2/2']) {
    await runRunner(['test', '--shard', shard, '--reporter=blob', '--grep', 'STATE: '], {
      cwd: folder,
      environment: { PLAYWRIGHT_BLOB_OUTPUT_FILE: path.join(folder, 'parts', `${shard.slice(0, 1)}.zip`) },
    });
  }
  const parts = path.join(folder, 'parts');
  expect(readdirSync(parts)).toHaveLength(2);
  rmSync(path.join(parts, '1.zip'));
  const lost = await runRunner(['merge-reports', '--reporter', ownReporter, parts], { cwd: folder });
  expect(lost.stderr).toContain('Missing: shard 1 of 2.');
  expect(lost.exitCode).toBe(3);
});

test('a requirement is chosen by its id; such a run makes no claim', async ({ folder }) => {
  await copyExample(folder);
  writeTarget(folder, { embedded: {} });
  const listed = await runRunner(['test', '--list', '-g', 'CANCEL-PERM-008'], { cwd: folder });
  expect(listed.stdout).toContain('Total: 1 test in 1 file');
  const { exitCode } = await runRunner(['test', '-g', 'CANCEL-PERM-008'], { cwd: folder });
  expect(exitCode).toBe(3);
  const { run, requirements, cases } = readReport(path.join(folder, 'conformance-report'));
  expect(run).toMatchObject({ outcome: 'incomplete', partial: true, only: ['perm-refuses-similarScopeUser'] });
  expect(requirements.find(({ id }) => id === 'CANCEL-PERM-008')?.verdict).toBe('passed');
  expect(requirements.find(({ id }) => id === 'CANCEL-PERM-005')?.reason).toBe('left out by the choice of cases');
  expect(cases.map(({ id }) => id)).toEqual(expect.arrayContaining(['perm-refuses-similarScopeUser']));
});

test('every requirement is the tag of a test', async ({ folder }) => {
  await copyExample(folder);
  writeTarget(folder, { embedded: {} });
  const { suites } = parsed(await runRunner(['test', '--list', '--reporter=json'], { cwd: folder }));
  const tags = new Set(suites.flatMap(({ specs }) => specs.flatMap((spec) => spec.tags)));
  const { contract, target } = resolveTarget({});
  const judged = [...planRun(contract, target).cases.values()].flatMap(({ then }) =>
    then.flatMap(({ requirementIds }) => requirementIds),
  );
  const untagged = [...new Set(judged)].filter((id) => !tags.has(id));
  expect(untagged).toEqual([]);
});

test('both hosts give the same verdicts, for three faults and in every edition', async ({ folder }) => {
  test.slow();
  await installInto(folder);
  const targets = [
    ...knownEditions().map((edition) => ({ edition, embedded: {} })),
    ...[fault, 'scope-compared-by-prefix', 'mixed-success-status'].map((id) => ({ embedded: { fault: id } })),
  ].map((target, at) => ({ name: `target-${at}`, ...target }));
  for (const target of targets) writeFileSync(path.join(folder, `${target.name}.yaml`), JSON.stringify(target));
  writeFileSync(
    path.join(folder, 'all.spec.ts'),
    `import { test as base } from '@playwright/test';
import { conformance } from 'cancel-conformance/playwright';
for (const name of ${JSON.stringify(targets.map(({ name }) => name))}) {
  base.describe(name, () => {
    const { test, cases } = conformance(base, { target: name + '.yaml' });
    for (const { title, details, body } of cases) test(title, details, body);
  });
}
`,
  );
  await runRunner(['test', '--workers', '2', '--reporter', ownReporter], { cwd: folder });
  for (const { name } of targets) {
    const told = readReport(path.join(folder, 'reports', name));
    const alone = await inProcess(path.join(folder, `${name}.yaml`));
    expect(verdictsOf(told), name).toEqual(verdictsOf(alone));
    expect(told.run.outcome, name).toBe(alone.run.outcome);
  }
});

test('what could not be told is skipped with the reason, and the report says so', async ({ folder }) => {
  await copyExample(folder);
  writeTarget(folder, { embedded: {}, cannotArrange: { delivering: 'made up' } });
  const told = toldIn(parsed(await runRunner(['test', '--reporter=json', '-g', 'CANCEL-STATE-006'], { cwd: folder })));
  expect(told.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
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
  // The test of the whole run alone, then after a case.
  for (const chosen of ['CANCEL-RESP-002$', 'CANCEL-RESP-002|CANCEL-PERM-008']) {
    const { exitCode, stderr } = await runRunner(['test', '--reporter', ownReporter, '-g', chosen], { cwd: folder });
    expect(stderr).toContain('tokens.json: is no token cache of this suite');
    expect(exitCode).toBe(2);
  }
});

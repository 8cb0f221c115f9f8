import path from 'node:path';
import { expect, type TestInfo, type TestType } from '@playwright/test';
import { onlyByCommand } from '../../arrange/graph/approval.js';
import { alterationOf } from '../../emulators/endpoint/named.js';
import type { Case, CaseGroup } from '../../engine/case.js';
import type { Area } from '../../engine/contract/types.js';
import { readWaivers } from '../../engine/contract/waivers.js';
import { ConfigurationError } from '../../engine/errors.js';
import { rowOf } from '../../engine/contract/rows.js';
import type { RunVerdict } from '../../engine/verdict/judge-run.js';
import type { RunParts } from '../../engine/perform/session.js';
import { planRun } from '../../engine/plan/plan.js';
import { assertEncrypted, type Target, type TargetChoice } from '../../target/target.js';
import { readControlKey } from '../control-key.js';
import { resolveTarget } from '../target.js';
import { caseAnnotation, runAnnotation, runKeyOf, toldAttachment, toldOf } from './told.js';
import { WorkerSession } from './worker-session.js';

/** What is tested; every part may be left out. Paths are taken from the working directory. */
export interface ConformanceOptions extends TargetChoice {
  /** Judge these areas only. Default: all. */
  readonly areas?: readonly Area[];
  /** Path of a waiver file. */
  readonly waivers?: string;
  /** True: tokens may go over a network in the clear. Default: false. */
  readonly insecure?: boolean;
}

/** Calls that a case makes at most besides its probes: three made, read twice, removed. */
const arrangingCallsPerCase = 10;

interface WorkerFixtures {
  readonly conformanceSession: WorkerSession;
}

/**
 * Declares the suite in a Playwright project: one test for each case, red when a MUST failed, skipped with the reason when it
 * could not be told. Each test is tagged with the requirements of its area, so that `-g CANCEL-PERM-008` runs it. Without the
 * suite's reporter the tests tell their findings; with it the conformance report is written as well.
 *
 * As with the command, settings come from the options, else the environment variables, else the target file, else the defaults.
 * @param test the project's own `test`, extended or not
 * @throws ConfigurationError when options, environment or a file are wrong; the message says where and what to do
 */
export function conformance(test: TestType<object, object>, options: ConformanceOptions = {}): void {
  const parts = partsOf(options);
  const it = test.extend<object, WorkerFixtures>({
    conformanceSession: [
      // Playwright reads the names of the fixtures that are needed from this pattern, so it stays, empty.
      async ({}, use, { config, project }) => {
        const worker = await WorkerSession.open(parts, { folder: project.outputDir, workers: config.workers });
        await use(worker);
        await worker.close();
      },
      { scope: 'worker', timeout: parts.target.totalMs },
    ],
  });
  for (const group of parts.plan.groups) {
    it.describe(`${group.area}: ${group.title}`, () => {
      for (const entry of group.cases) declareCase(it, parts, { entry, group });
    });
  }
  declareWholeRun(it, parts);
}

type ExtendedTest = TestType<object, WorkerFixtures>;

function partsOf({ areas, waivers, insecure = false, ...choice }: ConformanceOptions): RunParts<Target> {
  const { target, contract } = resolveTarget(choice);
  if (!insecure) assertEncrypted(target);
  if (target.embedded) alterationOf(target.embedded);
  readControlKey(target);
  if (target.provider === 'graph') throw new ConfigurationError(`${target.name}: ${onlyByCommand}`);
  const given = waivers === undefined ? [] : readWaivers(path.resolve(waivers));
  return { target, contract, plan: planRun(contract, target, areas ?? null), waivers: given };
}

interface Placed {
  readonly entry: Case;
  readonly group: CaseGroup;
}

function declareCase(it: ExtendedTest, parts: RunParts<Target>, { entry, group }: Placed): void {
  const rows = [...new Set(entry.then.flatMap(({ requirementIds }) => requirementIds))];
  const own = rows.filter((id) => rowOf(parts.contract, id)?.area === group.area);
  const annotation = [
    { type: caseAnnotation, description: entry.id },
    { type: runAnnotation, description: runKeyOf(parts) },
    ...rows.map((id) => ({ type: 'requirement', description: id })),
  ];
  it(entry.title, { tag: own.map((id) => `@${id}`), annotation }, async ({ conformanceSession: worker }, testInfo) => {
    testInfo.setTimeout(timeoutOf(parts.target, [entry, parts.plan.cases.get(entry.control?.caseId ?? '')]));
    const { records, verdict } = await worker.judge(entry, parts);
    const { shard } = testInfo.config;
    const told = toldOf(parts, worker, { shard: shard && { current: shard.current, total: shard.total }, records });
    await testInfo.attach(toldAttachment, { body: JSON.stringify(told), contentType: 'application/json' });
    const [fault] = verdict.suiteFaults;
    if (fault !== undefined) throw new Error(`The suite itself is at fault: ${fault}`);
    tell(entry, verdict, testInfo);
  });
}

/** Ends a test as its checks demand: red for a MUST, skipped for what could not be told, a note for all that warns. */
function tell({ id: caseId }: Case, { requirements, checks, waivers }: RunVerdict, testInfo: TestInfo): void {
  const findings: string[] = [];
  for (const row of requirements) {
    for (const check of row.checks.filter((one) => one.caseId === caseId && one.verdict === 'failed')) {
      const { id } = row.requirement;
      const messages = check.findings.map(({ message }) => `${id} (${row.level}): ${message}`);
      const isWaived = waivers.some(
        (one) => one.state === 'applied' && one.requirement === id && one.check === check.id,
      );
      if (row.level === 'MUST' && !isWaived) findings.push(...messages);
      else note(messages, isWaived ? 'waived' : 'warning', testInfo);
    }
  }
  expect(findings, 'requirements that this target breaks here').toEqual([]);
  const doubt = checks.find((check) => check.caseId === caseId && check.verdict === 'inconclusive');
  // What could not be told must not read as passed.
  testInfo.skip(doubt !== undefined, doubt?.reason ?? '');
}

const note = (messages: readonly string[], type: string, { annotations }: TestInfo): number =>
  annotations.push(...messages.map((description) => ({ type, description })));

/** What can only be told from several successes together: those of the cases that demand one, carried out once more for it. */
function declareWholeRun(it: ExtendedTest, { target, contract, plan }: RunParts<Target>): void {
  const { wholeRun, verbs } = contract.endpoint;
  if (!(plan.areas?.includes(wholeRun.case.area) ?? true) || target.expensive) return;
  const succeeding = [...plan.cases.values()].filter(({ then }) =>
    then.some(({ verb }) => verbs[verb]?.demandsSuccess === true),
  );
  const annotation = [{ type: 'requirement', description: wholeRun.requirementId }];
  it(
    `${wholeRun.case.area}: ${wholeRun.title}`,
    { tag: `@${wholeRun.requirementId}`, annotation },
    async ({ conformanceSession: worker }, testInfo) => {
      testInfo.setTimeout(timeoutOf(target, succeeding));
      const { verdict, findings, reason } = wholeRun.judge(plan.cases, await worker.perform(succeeding));
      expect(
        findings.map(({ message }) => message),
        wholeRun.title,
      ).toEqual([]);
      testInfo.skip(verdict === 'inconclusive', reason ?? '');
    },
  );
}

function timeoutOf({ timeoutMs, settleMs }: Target, cases: readonly (Case | undefined)[]): number {
  const calls = cases.reduce((sum, entry) => sum + (entry ? entry.when.length + arrangingCallsPerCase : 0), 0);
  return calls * (timeoutMs + settleMs);
}

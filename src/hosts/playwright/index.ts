import path from 'node:path';
import { expect, type TestDetails, type TestInfo, type TestType } from '@playwright/test';
import { onlyByCommand } from '../../arrange/graph/approval.js';
import { alterationOf } from '../../emulators/endpoint/named.js';
import { callsOf, type Case, type CaseGroup } from '../../engine/case.js';
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
import { caseAnnotation, runAnnotation, runKeyOf, toldAttachment, toldOf, verdictAnnotation } from './told.js';
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

export interface WorkerFixtures {
  readonly conformanceSession: WorkerSession;
}

/** A test, ready to be declared where the project wants it. */
export interface ConformanceTest {
  /** Area, group and case. */
  readonly title: string;
  readonly details: TestDetails;
  readonly body: (fixtures: WorkerFixtures, testInfo: TestInfo) => Promise<void>;
}

/** The suite as tests of a Playwright project. */
export interface ConformanceTests {
  /** The project's own `test` with the fixture that the tests need: one session with the target for each worker. */
  readonly test: TestType<object, WorkerFixtures>;
  /** One for each case, in the order of the suite, and one for what only several successes show together. */
  readonly cases: readonly ConformanceTest[];
}

/**
 * The suite as tests of a Playwright project: red when a MUST failed, skipped with the reason when it could not be told. The
 * project declares them itself, so that they stand in its own file:
 *
 * `for (const { title, details, body } of cases) test(title, details, body);`
 *
 * Each is tagged with the requirements of its area, so that `-g CANCEL-PERM-008` runs those that are about it. Without the
 * suite's reporter the tests tell their findings; with it the conformance report is written as well.
 *
 * As with the command, settings come from the options, else the environment variables, else the target file, else the defaults.
 * @param base the project's own `test`, extended or not
 * @throws ConfigurationError when options, environment or a file are wrong; the message says where and what to do
 */
export function conformance(base: TestType<object, object>, options: ConformanceOptions = {}): ConformanceTests {
  const parts = partsOf(options);
  const test = base.extend<object, WorkerFixtures>({
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
  const tags = tagsByCase(parts);
  const ofCases = parts.plan.groups.flatMap((group) =>
    group.cases.map((entry) => testOf(parts, { entry, group, tags: tags.get(entry.id) ?? [] })),
  );
  return { test, cases: [...ofCases, ...testsOfWholeRun(parts)] };
}

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
  /** Ids of the requirements that it is found by. */
  readonly tags: readonly string[];
}

const rowsOf = ({ then }: Case): readonly string[] => [
  ...new Set(then.flatMap(({ requirementIds }) => requirementIds)),
];

/**
 * The requirements that each case is found by: those of its area. A requirement that every refusal owes, and that has no case of
 * its own, is found by the first case that judges it.
 */
function tagsByCase({ plan, contract }: RunParts<Target>): ReadonlyMap<string, readonly string[]> {
  const placed = plan.groups.flatMap(({ area, cases }) => cases.map((entry) => ({ entry, area })));
  const isAtHome = (id: string, area: string): boolean => rowOf(contract, id)?.area === area;
  const atHome = new Set(placed.flatMap(({ entry, area }) => rowsOf(entry).filter((id) => isAtHome(id, area))));
  const taken = new Set(atHome);
  return new Map(
    placed.map(({ entry, area }) => {
      const lodgers = rowsOf(entry).filter((id) => !taken.has(id));
      for (const id of lodgers) taken.add(id);
      return [entry.id, [...rowsOf(entry).filter((id) => isAtHome(id, area)), ...lodgers]] as const;
    }),
  );
}

function testOf(parts: RunParts<Target>, { entry, group, tags }: Placed): ConformanceTest {
  const annotation = [
    { type: caseAnnotation, description: entry.id },
    { type: runAnnotation, description: runKeyOf(parts) },
    ...rowsOf(entry).map((id) => ({ type: 'requirement', description: id })),
  ];
  const body: ConformanceTest['body'] = async ({ conformanceSession: worker }, testInfo) => {
    testInfo.setTimeout(timeoutOf(parts.target, [entry, parts.plan.cases.get(entry.control?.caseId ?? '')]));
    const { records, verdict } = await worker.judge(entry, parts);
    const { shard } = testInfo.config;
    const told = toldOf(parts, worker, { shard: shard && { current: shard.current, total: shard.total }, records });
    await testInfo.attach(toldAttachment, { body: JSON.stringify(told), contentType: 'application/json' });
    const [fault] = verdict.suiteFaults;
    if (fault !== undefined) throw new Error(`The suite itself is at fault: ${fault}`);
    tell(entry, verdict, testInfo);
  };
  const title = `${group.area}: ${group.title}: ${entry.title}`;
  return { title, details: { tag: tags.map((id) => `@${id}`), annotation }, body };
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
  const own = checks.filter((check) => check.caseId === caseId);
  const isTold = own.some(({ verdict }) => verdict === 'passed');
  const doubt = own.find(({ verdict }) => verdict === 'inconclusive') ?? (isTold ? undefined : own[0]);
  // What could not be told must not read as passed.
  testInfo.skip(doubt !== undefined, doubt?.reason ?? '');
}

const note = (messages: readonly string[], type: string, { annotations }: TestInfo): number =>
  annotations.push(...messages.map((description) => ({ type, description })));

/** What can only be told from several successes together: those of the cases that demand one, carried out once more for it. */
function testsOfWholeRun({ target, contract, plan }: RunParts<Target>): readonly ConformanceTest[] {
  const { wholeRun, verbs } = contract.endpoint;
  const { area } = wholeRun.case;
  if (!(plan.areas?.includes(area) ?? true) || target.expensive) return [];
  const succeeding = [...plan.cases.values()].filter(({ then }) =>
    then.some(({ verb }) => verbs[verb]?.demandsSuccess === true),
  );
  const body: ConformanceTest['body'] = async ({ conformanceSession: worker }, testInfo) => {
    testInfo.setTimeout(timeoutOf(target, succeeding));
    const { verdict, findings, reason } = wholeRun.judge(plan.cases, await worker.perform(succeeding));
    note([verdict], verdictAnnotation, testInfo);
    expect(
      findings.map(({ message }) => message),
      wholeRun.title,
    ).toEqual([]);
    testInfo.skip(verdict === 'inconclusive', reason ?? '');
  };
  const annotation = [
    { type: runAnnotation, description: runKeyOf({ target, plan }) },
    { type: 'requirement', description: wholeRun.requirementId },
  ];
  const details = { tag: `@${wholeRun.requirementId}`, annotation };
  return [{ title: `${area}: ${wholeRun.case.group}: ${wholeRun.title}`, details, body }];
}

function timeoutOf({ timeoutMs, settleMs }: Target, cases: readonly (Case | undefined)[]): number {
  const calls = cases.reduce((sum, entry) => sum + (entry ? callsOf(entry) + arrangingCallsPerCase : 0), 0);
  return calls * (timeoutMs + settleMs);
}

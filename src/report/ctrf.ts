import { againCommand, optionsOf } from './again.js';
import { digest, type Digest, filedUnder, firstFinding, reasonOf } from './digest.js';
import type { Report, RequirementReport } from './model.js';
import { visibleReport } from './visible.js';
import { areaTitle, markOf } from './words.js';

/** Of the format, which has schemas of its own for each. */
const specVersion = '0.0.0';

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

/** One test of the format, as far as a requirement has something to say in it. */
interface Test {
  readonly name: string;
  readonly testId: string;
  readonly status: Status;
  /** In milliseconds. */
  readonly duration: number;
  readonly rawStatus: string;
  readonly suite: readonly [string, ...string[]];
  readonly message?: string;
  readonly tags: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * `ctrf.json` (Common Test Report Format), for tools that show, send or keep results of any runner: a test for each requirement. What
 * the gate lets pass is `other`, never `failed`, as a failed SHOULD and what is waived; what could not be told is `pending`, what
 * does not apply `skipped`. The time of a case is counted once, with the first requirement that it tells of. Pure.
 */
export function renderCtrf(report: Report): string {
  const all = digest(visibleReport(report));
  const { run, suite, target, suiteFaults, requirements } = all.report;
  const durations = durationsOf(all);
  const tests = [
    ...requirements.map((row) => testOf(row, durations.get(row.id) ?? 0, all)),
    ...suiteFaults.map((message) => faultOf(message)),
  ];
  const start = Date.parse(run.startedAt);
  const document = {
    reportFormat: 'CTRF',
    specVersion,
    reportId: run.id,
    runId: run.id,
    timestamp: new Date(start + run.durationMs).toISOString(),
    generatedBy: `${suite.name} ${suite.version}`,
    results: {
      tool: { name: suite.name, version: suite.version },
      summary: {
        tests: tests.length,
        ...counts(tests),
        start,
        stop: start + run.durationMs,
        duration: run.durationMs,
        extra: { outcome: run.outcome, exitCode: run.exitCode, explanation: run.explanation, partial: run.partial },
      },
      tests,
      environment: { testEnvironment: target.name, extra: { baseUrl: target.baseUrl, edition: target.edition } },
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function testOf(row: RequirementReport, duration: number, all: Digest): Test {
  const { id, level, title, area, verdict } = row;
  const message = messageOf(row, all);
  return {
    name: `${id}: ${title}`,
    testId: id,
    status: statusOf(row),
    duration,
    rawStatus: markOf(verdict, level, row.waived === true).word,
    suite: [areaTitle(area)],
    ...(message === null ? {} : { message }),
    tags: [level, area],
    labels: { level, area, ...(verdict === 'failed' ? { again: againCommand([row], optionsOf(all.report)) } : {}) },
  };
}

function statusOf({ verdict, level, waived }: RequirementReport): Status {
  if (verdict === 'failed') return level === 'MUST' && waived !== true ? 'failed' : 'other';
  return verdict === 'inconclusive' ? 'pending' : verdict === 'not-applicable' ? 'skipped' : 'passed';
}

function messageOf(row: RequirementReport, all: Digest): string | null {
  if (row.verdict === 'passed') return null;
  if (row.verdict !== 'failed') return reasonOf(row);
  return firstFinding(row, all)?.message ?? 'failed without a finding';
}

/** A fault of the suite itself, which no requirement has anything to do with. */
const faultOf = (message: string): Test => ({
  name: 'The suite itself is at fault',
  testId: 'suite-fault',
  status: 'failed',
  duration: 0,
  rawStatus: 'suite fault',
  suite: ['suite'],
  message,
  tags: [],
  labels: {},
});

function counts(tests: readonly Test[]): Record<Status, number> {
  const many: Record<Status, number> = { passed: 0, failed: 0, skipped: 0, pending: 0, other: 0 };
  for (const { status } of tests) many[status] += 1;
  return many;
}

/** Milliseconds of each requirement, in whole numbers. */
function durationsOf({ report, caseById }: Digest): ReadonlyMap<string, number> {
  const [durations, timed] = [new Map<string, number>(), new Set<string>()];
  for (const check of report.checks) {
    if (timed.has(check.caseId)) continue;
    timed.add(check.caseId);
    const row = filedUnder(check);
    durations.set(row, (durations.get(row) ?? 0) + (caseById.get(check.caseId)?.durationMs ?? 0));
  }
  return new Map([...durations].map(([id, ms]) => [id, Math.round(ms)]));
}

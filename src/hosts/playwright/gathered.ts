import type { FullResult, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { loadContract } from '../../cancel/contract.js';
import { provenanceHere } from '../provenance.js';
import { knownToCatch } from '../../engine/contract/kill-matrix.js';
import type { Contract } from '../../engine/contract/types.js';
import { bounds, excessOf } from '../../engine/bounds.js';
import { assertMatches } from '../../engine/contract/schemas.js';
import { ConfigurationError } from '../../engine/errors.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import { groupBy } from '../../engine/plan/group-by.js';
import { onlyCases, planRun, type Plan } from '../../engine/plan/plan.js';
import { reportOf, type EndedRun } from '../../report/assemble/report-of.js';
import type { Report } from '../../report/model.js';
import { caseAnnotation, runAnnotation, toldAttachment, verdictAnnotation, type Told } from './told.js';

/**
 * What a test told; null for a test of somebody else's.
 * @throws ConfigurationError for what no test of this suite tells: it may come out of a blob report, which is a file
 */
export function toldBy({ attachments }: Pick<TestResult, 'attachments'>): Told | null {
  const body = attachments.find(({ name }) => name === toldAttachment)?.body;
  if (body === undefined) return null;
  const text = body.length > bounds.told.bytes ? null : body.toString('utf8');
  const excess = text === null ? `is larger than ${bounds.told.bytes / 1024 / 1024} MiB` : excessOf(text, bounds.told);
  if (text === null || excess !== null) throw strange(excess ?? '');
  const value = parsed(text);
  const locate = (keys: readonly (string | number)[]): string =>
    [`the attachment ${toldAttachment}`, ...keys].join(': ');
  assertMatches({ name: locate([]), value, locate }, 'suite/told');
  return value as Told;
}

const strange = (what: string): ConfigurationError =>
  new ConfigurationError(
    `the attachment ${toldAttachment} of a test ${what}: no test of this suite told that; report on blob reports as the suite wrote them`,
  );

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw strange('is not JSON');
  }
}

const annotated = ({ annotations }: TestCase, type: string): string | null =>
  annotations.find((one) => one.type === type)?.description ?? null;

/** The case that a test carries out; null for a test of somebody else's. */
export const caseOf = (test: TestCase): string | null => annotated(test, caseAnnotation);

/** Whether a test of the suite failed before it came to a verdict: nothing is held against the target for that. */
export const isCutShort = (test: TestCase, { status, annotations }: TestResult): boolean =>
  annotated(test, runAnnotation) !== null &&
  status === 'failed' &&
  !annotations.some(({ type }) => type === verdictAnnotation);

/** What was told, by what belongs together: one target each, in the order of their first tests. */
export function byRun(told: readonly Told[]): readonly (readonly [Told, ...Told[]])[] {
  const runs = groupBy(told, ({ runKey }) => runKey);
  return [...runs.values()].flatMap(([first, ...rest]) => (first ? [[first, ...rest] as const] : []));
}

/** All that the reporter was told until the end of a run. */
export interface Gathered {
  readonly told: readonly [Told, ...Told[]];
  readonly suite: Suite;
  readonly suiteFaults: readonly string[];
  /** Why cases have no record, when some have none. */
  readonly unfinished: string;
  readonly status: FullResult['status'];
  readonly durationMs: number;
}

/** A report, and which parts of a divided run were not there. */
export interface GatheredReport {
  readonly report: Report;
  readonly missing: readonly number[];
  /** How many there should be; 0 for a run that was not divided. */
  readonly total: number;
}

/**
 * Judges what the tests of one target told, as if they had run in one process. Pure.
 * @throws ConfigurationError when another version of this suite ran the tests
 */
export function reportOfGathered(gathered: Gathered): GatheredReport {
  const [first] = gathered.told;
  const { target, areas, waivers } = first;
  const contract = loadContract(target.edition);
  const plan = planRun(contract, target, areas);
  if (first.suiteVersion !== contract.version || first.planHash !== plan.hash) {
    throw new ConfigurationError(
      `the tests ran with another suite (version ${first.suiteVersion}; this is ${contract.version}); report with the suite that ran`,
    );
  }
  const { missing, total } = missingIn(gathered.told);
  const chosen = total > 0 ? null : chosenIn(gathered.suite, { plan, runKey: first.runKey });
  const judged = chosen ? onlyCases(plan, chosen) : plan;
  const run = endedRun(gathered, { contract, plan: judged, missing, total });
  const known = knownToCatch(contract.edition.id);
  return { report: reportOf(run, { target, contract, plan: judged, waivers }, known), missing, total };
}

/** Numbers of the parts of a divided run of which no test told anything. */
function missingIn(told: Gathered['told']): { readonly missing: readonly number[]; readonly total: number } {
  const total = Math.max(0, ...told.map(({ shard }) => shard?.total ?? 0));
  const present = new Set(told.map(({ shard }) => shard?.current));
  const all = Array.from({ length: total }, (_, at) => at + 1);
  return { missing: all.filter((current) => !present.has(current)), total };
}

/** The cases of the tests that were chosen, by a filter of the runner's; null for all. */
function chosenIn(
  suite: Suite,
  { plan: { cases, groups }, runKey }: { readonly plan: Plan; readonly runKey: string },
): readonly string[] | null {
  const tests = suite.allTests().filter((test) => annotated(test, runAnnotation) === runKey);
  const chosen = new Set(tests.flatMap((test) => caseOf(test) ?? []));
  const all = groups.flatMap((group) => group.cases.map(({ id }) => id)).filter((id) => cases.has(id));
  return all.every((id) => chosen.has(id)) ? null : all.filter((id) => chosen.has(id));
}

/** Numbers in ascending order, as words: it is the reason of each check, and of a thousand numbers each would be compared with all. */
export function inRanges(numbers: readonly number[]): string {
  const ranges: { readonly first: number; last: number }[] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range?.last === number - 1) range.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges.map(({ first, last }) => (first === last ? String(first) : `${first} to ${last}`)).join(', ');
}

interface Judging {
  readonly contract: Contract;
  readonly plan: Plan;
  readonly missing: readonly number[];
  readonly total: number;
}

function endedRun(gathered: Gathered, { contract, plan, missing, total }: Judging): EndedRun {
  const told = inOnePlace(gathered.told);
  const [{ runId, baseUrl, claimHints }] = told;
  return {
    runId,
    startedAt: told.map(({ startedAt }) => startedAt).sort()[0] ?? '',
    durationMs: gathered.durationMs,
    baseUrl,
    claimHints,
    records: recordsIn(told, { contract, plan }),
    suiteFaults: gathered.suiteFaults,
    ending: gathered.status === 'interrupted' ? 'SIGINT' : gathered.status === 'timedout' ? 'bound' : 'complete',
    unfinished: missing.length > 0 ? `shard ${inRanges(missing)} of ${total} is missing` : gathered.unfinished,
    remarks: told.at(-1)?.remarks ?? null,
    provenance: provenanceHere(),
  };
}

/**
 * Every worker starts an embedded target of its own, on a port that was free there. They are one target, and are told by the
 * address of the first: else each case would differ from its control in the address.
 */
function inOnePlace(told: Gathered['told']): Gathered['told'] {
  const [first, ...rest] = told;
  if (!first.target.embedded) return told;
  const hostOf = ({ baseUrl }: Told): string => new URL(baseUrl).host;
  const moved = (one: Told): Told => JSON.parse(JSON.stringify(one).replaceAll(hostOf(one), hostOf(first))) as Told;
  return [first, ...rest.map(moved)];
}

/** Every worker carries out the controls by itself. One that failed anywhere counts: what rests on it there proves nothing. */
function recordsIn(
  told: Gathered['told'],
  { contract: { endpoint }, plan }: Pick<Judging, 'contract' | 'plan'>,
): readonly CaseRecord[] {
  const succeeded = ({ looks }: CaseRecord): boolean =>
    looks.some(({ role, when, status }) => role === 'subject' && when === 'after' && endpoint.readsDone(status));
  const controls = new Set(plan.controls.map(({ id }) => id));
  const byCase = new Map<string, CaseRecord>();
  for (const record of told.flatMap(({ records }) => records)) {
    const known = byCase.get(record.caseId);
    const counts = controls.has(record.caseId) && known && (!succeeded(known) || succeeded(record)) ? known : record;
    byCase.set(record.caseId, counts);
  }
  return [...byCase.values()];
}

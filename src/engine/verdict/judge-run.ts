import type { Case } from '../case.js';
import type { JudgedCheck, Rules } from '../judge/facts.js';
import { lapseOf, lapsesIn } from '../judge/vouched.js';
import { judgeCase, suiteFaultsOf, unservedBeside } from '../judge/judge-case.js';
import type { Contract } from '../contract/types.js';
import type { Waiver } from '../contract/waivers.js';
import type { CaseRecord } from '../evidence/records.js';
import { isFiltered, type Plan } from '../plan/plan.js';
import { fingerprintOf } from './fingerprint.js';
import { decideOutcome, type Ending, type RunFate, type RunOutcome } from './outcome.js';
import { judgeRequirements, type JudgedRequirement } from './requirements.js';
import { withoutScoreOfLate } from './unscored.js';
import { failsRun, judgeWaivers, markWaived, type JudgedWaiver } from './waivers.js';

/** Everything that verdicts are computed from. */
export interface RunEvidence {
  readonly plan: Plan;
  readonly records: readonly CaseRecord[];
  readonly contract: Contract;
  readonly rules: Rules;
  readonly provider: string;
  /** Faults of the suite that were noticed while it ran. */
  readonly suiteFaults: readonly string[];
  readonly ending: Ending;
  /** Why cases have no record, when some have none. */
  readonly unfinished: string;
  /** The waivers that were given, and the instant at which the run started: they expire. */
  readonly waiving?: { readonly waivers: readonly Waiver[]; readonly startedAt: string };
}

/** A judged run. */
export interface RunVerdict extends RunOutcome {
  readonly checks: readonly JudgedCheck[];
  readonly requirements: readonly JudgedRequirement[];
  readonly suiteFaults: readonly string[];
  /** Fingerprint of every failed check, by its id. */
  readonly fingerprints: ReadonlyMap<string, string>;
  readonly waivers: readonly JudgedWaiver[];
}

/** Computes every verdict of a run. Pure: the same evidence under the same contract gives the same verdicts. */
export function judgeRun(evidence: RunEvidence): RunVerdict {
  const { plan, contract, rules } = evidence;
  const records = new Map(evidence.records.map((record) => [record.caseId, record]));
  const cases = [...plan.cases.values()];
  const vouched = lapsesIn(plan, evidence.records);
  const judged = cases.flatMap((entry) => {
    const record = records.get(entry.id) ?? unfinishedRecord(entry, evidence.unfinished);
    const control = entry.control ? plan.cases.get(entry.control.caseId) : undefined;
    const callers = [...entry.when, ...(control?.when ?? [])].map(({ persona }) => persona);
    const lapse = vouched.size === 0 ? null : lapseOf(record, callers, vouched);
    const unserved = unservedBeside(entry, (id) => records.get(id), rules);
    return judgeCase({ case: entry, record, rules }, control && records.get(control.id), { lapse, unserved });
  });
  const { wholeRun } = contract.endpoint;
  const isToldWhole = plan.only === null && (plan.areas?.includes(wholeRun.case.area) ?? true);
  // In the order of the plan: which case ended first differs from run to run, and must not show in a verdict.
  const inOrder = cases.flatMap(({ id }) => records.get(id) ?? []);
  const all = isToldWhole ? [...judged, wholeRun.judge(plan.cases, inOrder)] : judged;
  const checks = withoutScoreOfLate(all, plan.cases, contract);
  const suiteFaults = [...evidence.suiteFaults, ...cases.flatMap((entry) => malformedProbes(entry, records, rules))];
  const fingerprints = fingerprintsOf(checks, evidence, records);
  const waivers = judgeGivenWaivers(evidence, checks, fingerprints);
  const rows = judgeRequirements(checks, {
    contract,
    provider: evidence.provider,
    areas: plan.areas,
    only: plan.only,
    spared: new Set([...plan.spared.values()].flatMap(({ then }) => then.flatMap((one) => one.requirementIds))),
  });
  const requirements = markWaived(rows, waivers);
  const fate: RunFate = {
    suiteFaults,
    ending: evidence.ending,
    filtered: isFiltered(plan),
    failingWaivers: waivers.filter(failsRun),
  };
  return { checks, requirements, suiteFaults, fingerprints, waivers, ...decideOutcome(requirements, fate) };
}

function fingerprintsOf(
  checks: readonly JudgedCheck[],
  { plan: { cases }, contract: { endpoint } }: RunEvidence,
  records: ReadonlyMap<string, CaseRecord>,
): ReadonlyMap<string, string> {
  const failed = checks.filter(({ verdict }) => verdict === 'failed');
  return new Map(
    failed.map((check) => {
      const seenIn = { endpoint, entry: cases.get(check.caseId), record: records.get(check.caseId) };
      return [check.id, fingerprintOf(check, seenIn)] as const;
    }),
  );
}

function judgeGivenWaivers(
  { contract, plan, waiving }: RunEvidence,
  checks: readonly JudgedCheck[],
  fingerprints: ReadonlyMap<string, string>,
): readonly JudgedWaiver[] {
  if (!waiving) return [];
  const today = waiving.startedAt.slice(0, 'YYYY-MM-DD'.length);
  return judgeWaivers(waiving.waivers, { contract, areas: plan.areas, today, checks, fingerprints });
}

function malformedProbes(entry: Case, records: ReadonlyMap<string, CaseRecord>, rules: Rules): readonly string[] {
  const record = records.get(entry.id);
  const control = entry.control ? records.get(entry.control.caseId) : undefined;
  return record ? suiteFaultsOf({ case: entry, record, rules }, control) : [];
}

function unfinishedRecord(entry: Case, reason: string): CaseRecord {
  return { caseId: entry.id, blocked: reason, exchanges: [], looks: [], startedAt: '', durationMs: 0 };
}

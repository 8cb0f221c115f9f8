import type { Case, Expectation } from '../case.js';
import type { JudgedCheck, Rules } from '../judge/facts.js';
import { lapseOf, lapsesIn } from '../judge/vouched.js';
import { judgeCase, suiteFaultsOf, unservedBeside } from '../judge/judge-case.js';
import type { Contract } from '../contract/types.js';
import type { Waiver } from '../contract/waivers.js';
import type { CaseRecord } from '../evidence/records.js';
import { isFiltered, type Plan } from '../plan/plan.js';
import { fingerprintOf } from './fingerprint.js';
import { decideOutcome, type Ending, type RunFate, type RunOutcome } from './outcome.js';
import { unreachedIn } from './reached.js';
import { judgeRequirements, type JudgedRequirement, type RequirementContext } from './requirements.js';
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
  const records = recordsOf(evidence);
  const cases = [...plan.cases.values()];
  const judged = judgeCases(evidence, cases);
  const { wholeRun } = contract.endpoint;
  const isToldWhole = plan.only === null && (plan.areas?.includes(wholeRun.case.area) ?? true);
  // In the order of the plan: which case ended first differs from run to run, and must not show in a verdict.
  const inOrder = cases.flatMap(({ id }) => records.get(id) ?? []);
  const all = isToldWhole ? [...judged, wholeRun.judge(plan.cases, inOrder)] : judged;
  const checks = withoutScoreOfLate(all, plan.cases, contract);
  const suiteFaults = [...evidence.suiteFaults, ...cases.flatMap((entry) => malformedProbes(entry, records, rules))];
  return rollUp(evidence, { checks, suiteFaults, requirements: judgeRequirements(checks, contextOf(evidence)) });
}

/** What is judged anew where something else than the evidence has changed. */
export interface Touched {
  /** Requirements that are demanded otherwise. */
  readonly rows: ReadonlySet<string>;
  /** Cases of which everything is. */
  readonly cases: ReadonlySet<string>;
}

/**
 * Rows and outcome of a run under another contract: what the change touches is judged anew, all else is as it was. Pure.
 * @param known the verdict on the same run under its own contract
 */
export function judgeAnew(
  evidence: RunEvidence,
  known: RunVerdict,
  { rows, cases }: Touched,
): Pick<RunVerdict, 'requirements' | 'outcome'> {
  const { plan, contract } = evidence;
  const isAsked = (entry: Case, { requirementIds }: Expectation): boolean =>
    cases.has(entry.id) || requirementIds.some((id) => rows.has(id));
  const told = known.requirements.filter(({ requirement: { id } }) => rows.has(id));
  const caseIds = new Set([...cases, ...told.flatMap(({ checks }) => checks.map(({ caseId }) => caseId))]);
  const concerned = [...caseIds].flatMap((id) => plan.cases.get(id) ?? []);
  const anew = withoutScoreOfLate(judgeCases(evidence, concerned, isAsked), plan.cases, contract);
  const byId = new Map(anew.map((check) => [check.id, check]));
  const replaced = (check: JudgedCheck): JudgedCheck => byId.get(check.id) ?? check;
  const changed = new Set([...rows, ...anew.flatMap(({ requirementIds }) => requirementIds)]);
  const former = known.requirements.filter(({ requirement: { id } }) => changed.has(id));
  const again = judgeRequirements(
    [...new Set(former.flatMap(({ checks }) => checks))].map(replaced),
    contextOf({
      ...evidence,
      contract: { ...contract, requirements: contract.requirements.filter(({ id }) => changed.has(id)) },
    }),
  );
  const rowsAnew = new Map(again.map((row) => [row.requirement.id, row]));
  const requirements = known.requirements.map((row) => rowsAnew.get(row.requirement.id) ?? row);
  // Without waivers nobody asks what all the checks came to.
  const checks = known.waivers.length > 0 ? known.checks.map(replaced) : anew;
  return rollUp(evidence, { checks, suiteFaults: known.suiteFaults, requirements });
}

/** Records by case: made once for a run, which is judged by several readings. */
const indexed = new WeakMap<readonly CaseRecord[], ReadonlyMap<string, CaseRecord>>();

function recordsOf({ records }: RunEvidence): ReadonlyMap<string, CaseRecord> {
  const known = indexed.get(records) ?? new Map(records.map((record) => [record.caseId, record]));
  indexed.set(records, known);
  return known;
}

function judgeCases(
  evidence: RunEvidence,
  cases: readonly Case[],
  isAsked: (entry: Case, expectation: Expectation) => boolean = () => true,
): readonly JudgedCheck[] {
  const { plan, rules } = evidence;
  const records = recordsOf(evidence);
  const vouched = lapsesIn(plan, evidence.records);
  const unreached = unreachedIn(plan, records, rules);
  return cases.flatMap((entry) => {
    const record = records.get(entry.id) ?? unfinishedRecord(entry, evidence.unfinished);
    const control = entry.control ? plan.cases.get(entry.control.caseId) : undefined;
    const callers = [...entry.when, ...(control?.when ?? [])].map(({ persona }) => persona);
    const lapse = vouched.size === 0 ? null : lapseOf(record, callers, vouched);
    const unserved = unservedBeside(entry, (id) => records.get(id), rules);
    const asked = { unreached, lapse, unserved, isAsked: (one: Expectation) => isAsked(entry, one) };
    return judgeCase({ case: entry, record, rules }, control && records.get(control.id), asked);
  });
}

const contextOf = ({ plan, contract, provider }: RunEvidence): RequirementContext => ({
  contract,
  provider,
  areas: plan.areas,
  only: plan.only,
  spared: new Set([...plan.spared.values()].flatMap(({ then }) => then.flatMap((one) => one.requirementIds))),
});

/** What follows from the verdicts of checks and rows: waivers and the outcome. */
function rollUp(
  evidence: RunEvidence,
  { checks, suiteFaults, requirements: rows }: Pick<RunVerdict, 'checks' | 'suiteFaults' | 'requirements'>,
): RunVerdict {
  const fingerprints = fingerprintsOf(checks, evidence, recordsOf(evidence));
  const waivers = judgeGivenWaivers(evidence, checks, fingerprints);
  const requirements = markWaived(rows, waivers);
  const fate: RunFate = {
    suiteFaults,
    ending: evidence.ending,
    filtered: isFiltered(evidence.plan),
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

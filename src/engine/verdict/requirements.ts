import type { JudgedCheck } from '../judge/facts.js';
import { isLate, lateReason } from '../contract/late.js';
import { applies, isOpen, openReason } from '../contract/rows.js';
import type { Area, Contract, Level, Requirement } from '../contract/types.js';
import type { VerdictWord } from '../evidence/verdicts.js';

/** A row with its verdict. */
export interface JudgedRequirement {
  readonly requirement: Requirement;
  /** The level in force for this target. */
  readonly level: Level;
  readonly verdict: VerdictWord;
  readonly reason: string | null;
  readonly checks: readonly JudgedCheck[];
  /** True when it failed, and a waiver covers each of its failures. It is not met all the same. */
  readonly waived?: true;
}

export interface RequirementContext {
  readonly contract: Contract;
  /** The provider that arranged the requests: some levels depend on it. */
  readonly provider: string;
  /** The areas that were asked for; null for all. */
  readonly areas: readonly Area[] | null;
  /** The cases that were asked for; null for all. */
  readonly only?: readonly string[] | null;
  /** Rows that spared cases would have told as well. */
  readonly spared?: ReadonlySet<string>;
}

/**
 * The verdict of every row: failed if any of its checks failed, else inconclusive if one of the cases that are about it is,
 * else passed.
 * A row that no check could be applied to is not applicable; one that no check speaks of is inconclusive, never passed.
 */
export function judgeRequirements(
  checks: readonly JudgedCheck[],
  context: RequirementContext,
): readonly JudgedRequirement[] {
  const { contract, provider } = context;
  const checksByRow = new Map<string, JudgedCheck[]>(contract.requirements.map(({ id }) => [id, []]));
  for (const check of checks) for (const id of new Set(check.requirementIds)) checksByRow.get(id)?.push(check);
  return contract.requirements.map((requirement) => {
    const own = checksByRow.get(requirement.id) ?? [];
    const level = requirement.levelByProvider?.[provider] ?? requirement.level;
    const decided = decide(requirement, own, context);
    return { requirement, level, checks: own, ...decided };
  });
}

function decide(
  requirement: Requirement,
  checks: readonly JudgedCheck[],
  { contract, areas, only = null, spared }: RequirementContext,
): { verdict: VerdictWord; reason: string | null } {
  const { id } = contract.edition;
  if (!applies(requirement, contract)) return { verdict: 'not-applicable', reason: `not a row of the edition ${id}` };
  const { since } = requirement;
  if (since !== undefined && isLate(since, contract.edition))
    return { verdict: 'not-applicable', reason: lateReason(since, contract.edition) };
  const failed = checks.find((check) => check.verdict === 'failed');
  if (isOpen(requirement) && !failed) return { verdict: 'not-applicable', reason: openReason(requirement.open) };
  if (areas && !areas.includes(requirement.area))
    return { verdict: 'inconclusive', reason: 'left out by the filter on areas' };
  if (only && checks.length === 0) return { verdict: 'inconclusive', reason: 'left out by the choice of cases' };
  if (failed) return { verdict: 'failed', reason: null };
  const unclear = checks.filter((check) => check.verdict === 'inconclusive');
  const passed = checks.filter((check) => check.verdict === 'passed');
  // What a case merely owes besides is told by those that could tell it; what it is about, by all.
  if (unclear.some(({ owed }) => owed !== true) || (unclear.length > 0 && passed.length === 0))
    return { verdict: 'inconclusive', reason: reasonsOf(unclear) };
  if (unclear.length > 0) {
    const told = `told by ${passed.length} of ${passed.length + unclear.length} cases`;
    return { verdict: 'passed', reason: `${told}; of the others: ${reasonsOf(unclear)}` };
  }
  if (passed.length > 0) return { verdict: 'passed', reason: null };
  const seen = checks.find((check) => check.seen);
  if (seen) return { verdict: 'not-applicable', reason: seen.reason };
  const moot = checks.find((check) => check.moot);
  if (moot) return { verdict: 'inconclusive', reason: `nothing in this run could show it: ${reasonsOf(checks)}` };
  if (checks.length > 0) return { verdict: 'not-applicable', reason: reasonsOf(checks) };
  if ((requirement.level === 'MAY' || requirement.spareable) && spared?.has(requirement.id) === true) {
    return {
      verdict: 'not-applicable',
      reason: 'spared: it decides nothing and would use up a request of its own; requests.cases: all observes it',
    };
  }
  return { verdict: 'inconclusive', reason: 'no check of this run speaks of it' };
}

function reasonsOf(checks: readonly JudgedCheck[]): string {
  const reasons = [...new Set(checks.map((check) => check.reason ?? 'no reason given'))];
  const [first = 'no reason given'] = reasons;
  return reasons.length > 1
    ? `${first} (and ${reasons.length - 1} other ${reasons.length === 2 ? 'reason' : 'reasons'})`
    : first;
}

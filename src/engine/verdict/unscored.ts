import type { Case } from '../case.js';
import type { JudgedCheck } from '../judge/facts.js';
import { isLate, lateReason } from '../contract/late.js';
import type { Contract } from '../contract/types.js';

/**
 * Takes the weight from checks that came after the edition was frozen: their case did, or every row that they judge. What
 * such a check saw stays in its reason and in `unscored`. Pure.
 */
export function withoutScoreOfLate(
  checks: readonly JudgedCheck[],
  cases: ReadonlyMap<string, Pick<Case, 'since'>>,
  contract: Contract,
): readonly JudgedCheck[] {
  const { edition, requirements } = contract;
  const sinceOfRow = new Map(requirements.map(({ id, since }) => [id, since]));
  return checks.map((check) => {
    const rows = check.requirementIds.map((id) => sinceOfRow.get(id));
    const lateRow = rows.every((since) => isLate(since, edition)) ? rows[0] : undefined;
    const since = [cases.get(check.caseId)?.since, lateRow].find((version) => isLate(version, edition));
    return since === undefined ? check : unscored(check, lateReason(since, edition));
  });
}

function unscored(check: JudgedCheck, reason: string): JudgedCheck {
  const { id, caseId, requirementIds, verb, member } = check;
  const seen = check.findings[0]?.message ?? check.reason;
  return {
    id,
    caseId,
    requirementIds,
    verb,
    ...(member === undefined ? {} : { member }),
    verdict: 'not-applicable',
    unscored: check.verdict,
    reason: `${reason}; it would be ${check.verdict}${seen === null ? '' : `: ${seen}`}`,
    findings: [],
  };
}

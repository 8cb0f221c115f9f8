import type { CaseRecord } from '../evidence/records.js';
import type { Plan } from '../plan/plan.js';

/** One record per case: a control that also belongs to a group is carried out once and counted once. */
export function allRecords(records: readonly CaseRecord[]): readonly CaseRecord[] {
  return [...new Map(records.map((record) => [record.caseId, record])).values()];
}

/**
 * The record by which a case is told, when it is known already: its own, or that of the case which sends the same calls
 * where requests are spared.
 */
export function knownRecord(
  id: string,
  { carriedBy }: Pick<Plan, 'carriedBy'>,
  records: readonly CaseRecord[],
): CaseRecord | undefined {
  const carrier = carriedBy.get(id) ?? id;
  // What was carried out again alone is told by that.
  const record = records.findLast(({ caseId }) => caseId === carrier);
  return record && { ...record, caseId: id };
}

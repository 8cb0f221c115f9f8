import type { CaseRecord } from '../evidence/records.js';

/** Name of the attachment in which a test hands its records to the reporter. */
export const recordsAttachment = 'case-records';

/** One record per case: a control that also belongs to a group is carried out once and counted once. */
export function allRecords(records: readonly CaseRecord[]): readonly CaseRecord[] {
  return [...new Map(records.map((record) => [record.caseId, record])).values()];
}

import type { WholeRun } from '../../engine/endpoint.js';
import type { CancelWords } from '../words.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import type { Case } from '../../engine/case.js';
import { answersOf, isSuccess, lookAt, type JudgedCheck } from '../../engine/judge/facts.js';
import { readsCancelled } from '../statuses.js';

const verb = 'one-success-status';

/** The run as a whole, filed like a case: what can only be told from all cases together. */
const runAsCase = {
  id: 'run-all-successes',
  area: 'RESP',
  group: 'the run as a whole',
  title: 'all successes of the run together',
} as const;

/** The row that is judged on all cases together (C-1: a target that mixes its success statuses fails under every reading). */
const oneSuccessStatusRow = 'CANCEL-RESP-002';

/** Status codes of all cancels that succeeded, each with the exchanges that show it. */
export function successStatuses(
  cases: ReadonlyMap<string, Case>,
  records: readonly CaseRecord[],
): ReadonlyMap<number, readonly string[]> {
  const seen = new Map<number, string[]>();
  for (const record of records) {
    // Another client may prefer another answer, and get it (RFC 7240 section 4.2).
    const isOther =
      cases.get(record.caseId)?.when.some(({ method, client }) => (method ?? client) !== undefined) === true;
    if (isOther || !readsCancelled(lookAt(record, 'subject', 'after')?.status ?? null)) continue;
    for (const { exchange, response } of answersOf(record)) {
      if (!isSuccess(response)) continue;
      // Cases may share an exchange; it is one success.
      seen.set(response.status, [...new Set([...(seen.get(response.status) ?? []), exchange.id])]);
    }
  }
  return seen;
}

/** Judges what concerns the run as a whole. Pure. */
function judgeRunAsWhole(cases: ReadonlyMap<string, Case>, records: readonly CaseRecord[]): JudgedCheck {
  const seen = [...successStatuses(cases, records)].sort(([a], [b]) => a - b);
  const check = {
    id: `${runAsCase.id}/${verb}`,
    caseId: runAsCase.id,
    requirementIds: [oneSuccessStatusRow],
    verb,
    reason: null,
    findings: [],
  } as const;
  if (seen.length === 0) return { ...check, verdict: 'inconclusive', reason: 'no cancel succeeded in this run' };
  if (seen.length === 1) return { ...check, verdict: 'passed' };
  const actual = seen.map(([status, ids]) => `${status} in ${ids.length}`).join(', ');
  const findings = seen.map(([status, ids]) => ({
    message: `successes are answered with different statuses: ${actual}; this one with ${status}`,
    expected: 'one status for every success',
    actual,
    exchangeId: ids[0] ?? null,
  }));
  return { ...check, verdict: 'failed', findings };
}

/** That a target answers every success with the same status is told from all of them. */
export const wholeRun: WholeRun<CancelWords> = {
  case: runAsCase,
  verb,
  title: 'answers every success with the same status',
  requirementId: oneSuccessStatusRow,
  judge: judgeRunAsWhole,
};

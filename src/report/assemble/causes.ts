import type { Case } from '../../engine/case.js';
import type { Proof } from '../../engine/contract/kill-matrix.js';
import { likelyCauses } from '../../engine/verdict/likely-causes.js';
import type { CheckReport, Report } from '../model.js';

/** So many mistakes in the place of one are named; more help nobody to look for it. */
const mostNamed = 5;

/** The known mistakes that explain what failed; nothing where nothing failed, or where no mistakes are known. Pure. */
export function causesIn(
  checks: readonly CheckReport[],
  cases: ReadonlyMap<string, Case>,
  proof: Proof | null,
): Pick<Report, 'causes'> {
  const told = checks.filter(({ verdict }) => verdict === 'passed' || verdict === 'failed');
  if (proof === null || !told.some(({ verdict }) => verdict === 'failed')) return {};
  const { causes, unexplained, isNear } = likelyCauses(
    proof.mistakes,
    told.map(({ id, caseId, requirementIds, verdict }) => ({
      id,
      requirementIds,
      isFailed: verdict === 'failed',
      isCell: cases.get(caseId)?.cell !== undefined,
    })),
  );
  const found = causes.map(({ mistakes, alike, checks: ids }) => ({
    mistakes: mistakes.slice(0, mostNamed).map(({ id, sentence }) => ({ id, sentence })),
    alike,
    checks: ids,
  }));
  return {
    causes: { proof: proof.stamp, known: proof.mistakes.length, found, ...(isNear ? { near: true } : {}), unexplained },
  };
}

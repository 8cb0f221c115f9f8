import { rulesOf } from '../../engine/judge/judge-case.js';
import { knownToCatch } from '../../engine/contract/kill-matrix.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import type { Report } from '../model.js';
import { judgeRun } from '../../engine/verdict/judge-run.js';
import { assembleReport } from './assemble.js';
import { allRecords } from '../../engine/evidence/known.js';
import { providerName, type Account, type SessionParts } from '../../engine/perform/session.js';

/** What the test runner's side knows at the end of a run. */
export interface EndedRun {
  readonly records: readonly CaseRecord[];
  readonly suiteFaults: readonly string[];
  /** Why cases have no record, when some have none. */
  readonly unfinished: string;
  readonly interrupted: boolean;
  readonly durationMs: number;
}

/** What its preparation knew, without secrets. */
export interface Preparation {
  readonly runId: string;
  readonly startedAt: string;
  readonly baseUrl: string;
  readonly claimHints: Readonly<Record<string, readonly string[]>>;
  readonly controls: readonly CaseRecord[];
}

/**
 * Judges a run that has ended. Pure.
 * @param account what became of an inventory's requests; null when there is none
 */
export function judgeEnded(
  { run, preparation, account }: EndedParts,
  { plan, contract, target, waivers = [] }: SessionParts,
): Report {
  const known = knownToCatch(contract.edition.id);
  const evidence = {
    plan,
    records: allRecords([...run.records, ...preparation.controls]),
    contract,
    rules: rulesOf(contract, target.readings, providerName(target)),
    provider: providerName(target),
    suiteFaults: [...run.suiteFaults, ...(known.problem === null ? [] : [known.problem])],
    interrupted: run.interrupted,
    unfinished: run.unfinished,
    waiving: { waivers, startedAt: preparation.startedAt },
  };
  const { runId, startedAt, baseUrl, claimHints } = preparation;
  const circumstances = { runId, startedAt, durationMs: run.durationMs, target, baseUrl, claimHints, account };
  return assembleReport(evidence, judgeRun(evidence), { ...circumstances, knownToCatch: known.byCheck });
}

/** A run that has ended, whole. */
export interface EndedParts {
  readonly run: EndedRun;
  readonly preparation: Preparation;
  readonly account: Account | null;
}

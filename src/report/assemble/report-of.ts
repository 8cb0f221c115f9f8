import type { KnownToCatch } from '../../engine/contract/kill-matrix.js';
import type { CaseRecord } from '../../engine/evidence/records.js';
import { rulesOf } from '../../engine/judge/judge-case.js';
import { allRecords } from '../../engine/perform/known.js';
import type { Remarks } from '../../engine/perform/provider.js';
import type { RunParts, Tested } from '../../engine/perform/session.js';
import { judgeRun, type RunEvidence } from '../../engine/verdict/judge-run.js';
import type { Ending } from '../../engine/verdict/outcome.js';
import type { Provenance } from '../../engine/models/report.js';
import type { Report } from '../model.js';
import { assembleReport, type RunCircumstances } from './assemble.js';

/** A run that has ended: all that a report is made of besides what it was asked to do. */
export interface EndedRun {
  readonly runId: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly baseUrl: string;
  readonly claimHints: Readonly<Record<string, readonly string[]>>;
  /** Of several records of one case the last one counts. */
  readonly records: readonly CaseRecord[];
  readonly suiteFaults: readonly string[];
  readonly ending: Ending;
  /** Why cases have no record, when some have none. */
  readonly unfinished: string;
  readonly remarks: Remarks | null;
  /** By what it was carried out. */
  readonly provenance: Provenance;
}

/** A target as far as a report speaks of it. */
type Reported = Tested & { readonly configuration: Readonly<Record<string, string>> };

/** Judges evidence and puts it into the model of reports: the one way from evidence to a report. Pure. */
export const reportOfEvidence = (evidence: RunEvidence, circumstances: RunCircumstances): Report =>
  assembleReport(evidence, judgeRun(evidence), circumstances);

/** What verdicts on a run that has ended are computed from. Pure. */
export function evidenceOf(
  run: EndedRun,
  { plan, contract, target, waivers = [] }: RunParts,
  problem: KnownToCatch['problem'] = null,
): RunEvidence {
  return {
    plan,
    contract,
    provider: target.provider,
    records: allRecords(run.records),
    rules: rulesOf(contract, target),
    suiteFaults: [...run.suiteFaults, ...(problem === null ? [] : [problem])],
    ending: run.ending,
    unfinished: run.unfinished,
    waiving: { waivers, startedAt: run.startedAt },
  };
}

/** The report of a run that has ended. Pure. */
export function reportOf(run: EndedRun, parts: RunParts<Reported>, known: KnownToCatch): Report {
  const { target } = parts;
  const configuration = { ...target.configuration, ...(known.note === null ? {} : { proof: known.note }) };
  return reportOfEvidence(evidenceOf(run, parts, known.problem), {
    ...run,
    target: { ...target, configuration },
    knownToCatch: known.byCheck,
    proof: known.proof,
  });
}

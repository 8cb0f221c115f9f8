import type { Report } from '../engine/models/report.js';

export type {
  Case as CaseReport,
  Check as CheckReport,
  Finding,
  OtherReading,
  Report,
  Reproducer,
  Requirement as RequirementReport,
  Share,
  Verdict as VerdictWord,
  Counts as VerdictCounts,
  Waiver as WaiverReport,
} from '../engine/models/report.js';

/** The gate's word on a whole run. */
export type Outcome = Report['run']['outcome'];

/** What judging took besides the evidence, so that the run can be judged once more. */
export type JudgingBasis = NonNullable<Report['basis']>;

import type { Comparison, Drift } from '../../engine/models/comparison.js';

export type {
  Cause,
  CauseKind,
  Change as ChangedCheck,
  Circumstance,
  Comparison,
  Drift,
  Requirement as ComparedRequirement,
  Run as ComparedRun,
  Verdict as ComparedVerdict,
} from '../../engine/models/comparison.js';

export type ComparisonTotals = Comparison['totals'];

/** What a requirement came to in one run. */
export type RequirementInRun = Comparison['requirements'][number]['runs'][number];

/** What a check came to in one run. */
export type CheckInRun = Comparison['changes'][number]['runs'][number];

/** What drifted. */
export type Aspect = Drift['aspect'];

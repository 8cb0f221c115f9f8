import type { Area, Level } from '../../engine/contract/types.js';
import type { Outcome, Share, VerdictWord } from '../../report/model.js';

/** A verdict as a run has it; `left-out`: a partial run did not carry it out; `absent`: the run does not know it. */
export type ComparedVerdict = VerdictWord | 'left-out' | 'absent';

/**
 * Why a verdict differs. Only `target-behaved-differently` speaks of the target: it was judged by the same suite, edition
 * and readings, and what it did differs.
 */
export type CauseKind =
  'target-behaved-differently' | 'rule-changed' | 'edition-or-reading-changed' | 'fixture-missing' | 'waiver-changed';

/** Why a run differs from the one that it is held against. */
export interface Cause {
  /** Index of the run that differs. */
  readonly run: number;
  /** Index of the run that it is held against: the first one that was not left out. */
  readonly against: number;
  readonly kind: CauseKind;
  /** What differs, in words. */
  readonly detail: string;
}

/** One of the runs, in the order in which they were given; the first one is the base. */
export interface ComparedRun {
  /** `A`, `B`, …: how the run is called in every projection. */
  readonly letter: string;
  /** The file as it was named. */
  readonly file: string;
  readonly id: string;
  readonly startedAt: string;
  readonly suiteVersion: string;
  readonly target: { readonly name: string; readonly baseUrl: string };
  readonly edition: string;
  readonly readings: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly partial: boolean;
  readonly areas: readonly Area[] | null;
  readonly provable: Share;
  readonly proven: Share;
}

/** Something besides the target that the runs do not have in common. */
export interface Circumstance {
  /** `edition`, `reading C-1`, `suite version`, or a key of the configuration. */
  readonly name: string;
  /** The value in each run; null where it has none. */
  readonly values: readonly (string | null)[];
  /** True for what the target was judged by; the rest is told and is no difference by itself. */
  readonly counts: boolean;
}

/** A requirement in one run. */
export interface RequirementInRun {
  readonly verdict: ComparedVerdict;
  readonly waived: boolean;
}

export interface ComparedRequirement {
  readonly id: string;
  readonly level: Level;
  readonly area: Area;
  readonly title: string;
  readonly runs: readonly RequirementInRun[];
  /**
   * `differs`: its verdict, or whether it is waived; `differs-below`: only its text, its level or single checks, which the
   * verdict does not show; `left-out`: fewer than two runs carried it out.
   */
  readonly state: 'same' | 'differs' | 'differs-below' | 'left-out';
  /** Why it differs, the causes of its checks included, each kind once. */
  readonly causes: readonly CauseKind[];
  /** What differs about the row itself, beyond its checks. */
  readonly own: readonly Cause[];
  /** Ids of its checks that changed. */
  readonly changes: readonly string[];
}

/** A check in one run. */
export interface CheckInRun {
  readonly verdict: ComparedVerdict;
  readonly waived: boolean;
  /** Why it is inconclusive or not applicable. */
  readonly reason: string | null;
  /** The first thing that was seen where something else was demanded. */
  readonly finding: string | null;
}

export interface ChangedCheck {
  readonly id: string;
  readonly title: string;
  readonly requirementIds: readonly string[];
  readonly runs: readonly CheckInRun[];
  /** One for each run that differs. */
  readonly causes: readonly Cause[];
}

/** What was looked at in an answer, in the readings of a case, or in what was recorded without judging. */
export type Aspect =
  | 'status'
  | 'error-code'
  | 'headers'
  | 'header-value'
  | 'body'
  | 'error-members'
  | 'state'
  | 'members-changed'
  | 'observation'
  | 'contested';

/** One difference in what was seen, with all places where it is the same. */
export interface Drift {
  readonly aspect: Aspect;
  /** Which one: a header, a watched request, a clause; empty where the aspect says all. */
  readonly name: string;
  /** What each run saw; null where it could not look. Of lists only what not all runs have. */
  readonly values: readonly (string | null)[];
  /** Where: a case and the number of its call, a case, or a clause. */
  readonly places: readonly string[];
  /** How many of the places belong to cases of which no check changed: nothing else tells of these. */
  readonly silentPlaces: number;
}

export interface ComparisonTotals {
  readonly requirements: {
    readonly all: number;
    readonly same: number;
    readonly differing: number;
    readonly differingBelow: number;
    readonly leftOut: number;
  };
  readonly checks: { readonly all: number; readonly changed: number };
  /** Requirements that differ, above or below, by cause; one may have several. */
  readonly causes: Readonly<Record<CauseKind, number>>;
  readonly drift: { readonly all: number; readonly silent: number };
}

/** The one model of a comparison. `comparison.json` is its JSON; page, Markdown and terminal are projections of it. */
export interface Comparison {
  readonly schemaVersion: 1;
  readonly suite: { readonly name: string; readonly version: string };
  /** True when nothing differs: exit code 0. */
  readonly same: boolean;
  readonly runs: readonly ComparedRun[];
  readonly circumstances: readonly Circumstance[];
  readonly totals: ComparisonTotals;
  readonly requirements: readonly ComparedRequirement[];
  readonly changes: readonly ChangedCheck[];
  readonly drift: readonly Drift[];
}

// Made from schemas/suite/comparison.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/**
 * How a run is called.
 *
 */
export type Letter = string;
/**
 * How much a requirement weighs: MUST decides, SHOULD warns, MAY is recorded.
 *
 */
export type Level = 'MUST' | 'SHOULD' | 'MAY';
/**
 * The part of the endpoint's behaviour that a requirement or a case belongs to.
 *
 */
export type Area = string;
/**
 * Permanent id of a requirement.
 *
 */
export type RequirementId = string;
/**
 * Id of a clause on which the sources disagree.
 *
 */
export type ContestedId = string;
/**
 * Verdict in one run. `left-out`: a partial run did not carry it out; `absent`: the run does not know it.
 *
 */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'not-applicable' | 'left-out' | 'absent';
/**
 * Why something differs. Only `target-behaved-differently` speaks of the target.
 *
 */
export type CauseKind =
  'target-behaved-differently' | 'rule-changed' | 'edition-or-reading-changed' | 'fixture-missing' | 'waiver-changed';
/**
 * Index of a run, from 0.
 *
 */
export type RunIndex = number;
/**
 * One for each run; null where it has none or could not look.
 *
 *
 * Items: The value in a run.
 */
export type Values = readonly (string | null)[];
/**
 * What differs between runs and why: `comparison.json`. Page, Markdown and terminal are projections of it.
 */
export interface Comparison {
  /**
   * Version of this schema.
   */
  readonly schemaVersion: 1;
  /**
   * The suite that compared.
   */
  readonly suite: {
    /**
     * Name of the suite.
     */
    readonly name: string;
    /**
     * Version of the suite.
     */
    readonly version: string;
  };
  /**
   * True when nothing differs: exit code 0.
   */
  readonly same: boolean;
  /**
   * The runs in the order given; the first one is the base.
   */
  readonly runs: readonly Run[];
  /**
   * What the runs do not have in common besides the target.
   */
  readonly circumstances: readonly Circumstance[];
  /**
   * Counts of everything in this comparison.
   */
  readonly totals: {
    /**
     * Requirements by state.
     */
    readonly requirements: {
      /**
       * All.
       */
      readonly all: number;
      /**
       * The same in all runs.
       */
      readonly same: number;
      /**
       * Of another verdict.
       */
      readonly differing: number;
      /**
       * Of the same verdict, with a difference below it.
       */
      readonly differingBelow: number;
      /**
       * Carried out by fewer than two runs.
       */
      readonly leftOut: number;
    };
    /**
     * Checks.
     */
    readonly checks: {
      /**
       * All.
       */
      readonly all: number;
      /**
       * Changed.
       */
      readonly changed: number;
    };
    /**
     * Requirements that differ, by cause; one may have several.
     */
    readonly causes: {
      /**
       * How many.
       */
      readonly 'target-behaved-differently': number;
      /**
       * How many.
       */
      readonly 'rule-changed': number;
      /**
       * How many.
       */
      readonly 'edition-or-reading-changed': number;
      /**
       * How many.
       */
      readonly 'fixture-missing': number;
      /**
       * How many.
       */
      readonly 'waiver-changed': number;
    };
    /**
     * Drift.
     */
    readonly drift: {
      /**
       * All.
       */
      readonly all: number;
      /**
       * With a place of which no check changed.
       */
      readonly silent: number;
    };
  };
  /**
   * All requirements that any of the runs knows.
   */
  readonly requirements: readonly Requirement[];
  /**
   * All checks that changed.
   */
  readonly changes: readonly Change[];
  /**
   * All that was seen differently.
   */
  readonly drift: readonly Drift[];
}
/**
 * A part of a whole, counted.
 *
 */
export interface Share {
  /**
   * How many.
   */
  readonly count: number;
  /**
   * Of how many.
   */
  readonly of: number;
  /**
   * `count / of` in percent, rounded down to one decimal; null when `of` is 0.
   */
  readonly percent: number | null;
}
/**
 * Why a run differs from the one that it is held against.
 *
 */
export interface Cause {
  readonly run: RunIndex;
  readonly against: RunIndex;
  readonly kind: CauseKind;
  /**
   * What differs, in words.
   */
  readonly detail: string;
}
/**
 * One of the runs.
 *
 */
export interface Run {
  readonly letter: Letter;
  /**
   * The file or folder as it was named.
   */
  readonly file: string;
  /**
   * Path of its page, `/` between folders, from the folder of the comparison; missing where none lay beside its report.
   */
  readonly page?: string;
  /**
   * Id of the run.
   */
  readonly id: string;
  /**
   * When it started.
   */
  readonly startedAt: string;
  /**
   * Version of the suite that ran.
   */
  readonly suiteVersion: string;
  /**
   * Who was tested.
   */
  readonly target: {
    /**
     * The target's name.
     */
    readonly name: string;
    /**
     * What stands before the path of the edition.
     */
    readonly baseUrl: string;
  };
  /**
   * Edition that was judged.
   */
  readonly edition: string;
  /**
   * The reading in force per contested clause.
   */
  readonly readings: {
    /**
     * Name of the reading.
     */
    readonly [k: string]: string;
  };
  /**
   * The gate's word on the whole run.
   */
  readonly outcome: 'conformant' | 'nonconformant' | 'incomplete' | 'suite-fault' | 'interrupted';
  /**
   * The exit code of the command.
   */
  readonly exitCode: 0 | 1 | 3 | 4 | 129 | 130 | 143;
  /**
   * True when a filter or an interruption left cases out.
   */
  readonly partial: boolean;
  /**
   * The areas that ran when a filter was given; otherwise null.
   */
  readonly areas: readonly Area[] | null;
  readonly provable: Share;
  readonly proven: Share;
}
/**
 * Something besides the target that the runs do not have in common.
 *
 */
export interface Circumstance {
  /**
   * `edition`, `reading C-1`, `suite version`, or a key of the configuration.
   */
  readonly name: string;
  readonly values: Values;
  /**
   * True for what the target was judged by; the rest is no difference by itself.
   */
  readonly counts: boolean;
}
/**
 * One requirement in all runs.
 *
 */
export interface Requirement {
  readonly id: RequirementId;
  readonly level: Level;
  readonly area: Area;
  /**
   * What is demanded.
   */
  readonly title: string;
  /**
   * In each run.
   *
   * Items: In one run.
   */
  readonly runs: readonly {
    readonly verdict: Verdict;
    /**
     * True when it failed and waivers cover all of its failures.
     */
    readonly waived: boolean;
  }[];
  /**
   * `differs`: its verdict, or whether it is waived; `differs-below`: only its text, its level or single checks; `left-out`: fewer than two runs carried it out.
   */
  readonly state: 'same' | 'differs' | 'differs-below' | 'left-out';
  /**
   * Why it differs, the causes of its checks included.
   */
  readonly causes: readonly CauseKind[];
  /**
   * What differs about the row itself, beyond its checks.
   */
  readonly own: readonly Cause[];
  /**
   * Ids of its checks that changed.
   *
   * Items: Id of a check.
   */
  readonly changes: readonly string[];
}
/**
 * A check that changed.
 *
 */
export interface Change {
  /**
   * Id of the check.
   */
  readonly id: string;
  /**
   * What is checked.
   */
  readonly title: string;
  /**
   * Ids of the requirements that it speaks for.
   */
  readonly requirementIds: readonly RequirementId[];
  /**
   * In each run.
   *
   * Items: In one run.
   */
  readonly runs: readonly {
    readonly verdict: Verdict;
    /**
     * True when a waiver covers its failure.
     */
    readonly waived: boolean;
    /**
     * Why it is inconclusive or not applicable.
     */
    readonly reason: string | null;
    /**
     * The first thing that was seen where something else was demanded.
     */
    readonly finding: string | null;
  }[];
  /**
   * One for each run that differs.
   */
  readonly causes: readonly Cause[];
}
/**
 * One difference in what was seen.
 *
 */
export interface Drift {
  /**
   * What was looked at.
   */
  readonly aspect:
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
  /**
   * Which one: a header, a watched request, a clause; empty where the aspect says all.
   */
  readonly name: string;
  readonly values: Values;
  /**
   * A case and the number of its call, a case, or a clause.
   *
   * Items: One place.
   */
  readonly places: readonly string[];
  /**
   * How many of the places belong to cases of which no check changed.
   */
  readonly silentPlaces: number;
}

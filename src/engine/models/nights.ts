// Made from schemas/suite/nights.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/**
 * Name of a night and of its folder: the day on which it began, in UTC, and a number where that day has several.
 *
 */
export type NightName = string;
/**
 * The nights of one target: what was told of it when, and which night each check is held against. Written by `cancel-conformance night`, changed by `cancel-conformance accept` and by nobody else.
 */
export interface Nights {
  /**
   * Version of this schema.
   */
  readonly schemaVersion: 1;
  /**
   * Name of the target, as in its target file.
   */
  readonly target: string;
  /**
   * The night that the next one is held against; null before the first that told anything.
   */
  readonly base: null | NightName;
  /**
   * The last night that told each check and was taken as it was, by id of the check.
   */
  readonly told: {
    readonly [k: string]: NightName;
  };
  /**
   * What is another than in its base, and the night in which that began, by its words.
   */
  readonly moved: {
    readonly [k: string]: NightName;
  };
  /**
   * All nights, the latest last.
   */
  readonly nights: readonly Night[];
  /**
   * Who took what had moved as it is from then on.
   */
  readonly accepted: readonly Acceptance[];
}
/**
 * One night.
 *
 */
export interface Night {
  readonly night: NightName;
  /**
   * Id of its run.
   */
  readonly runId: string;
  /**
   * When it began.
   */
  readonly startedAt: string;
  /**
   * Version of the suite.
   */
  readonly suiteVersion: string;
  /**
   * Edition that it was judged by.
   */
  readonly edition: string;
  /**
   * Outcome of its run.
   */
  readonly outcome: 'conformant' | 'nonconformant' | 'incomplete' | 'suite-fault' | 'interrupted';
  /**
   * How many of the checks that were told before it told as well; in the first night, all that it told.
   */
  readonly told: number;
  /**
   * How many were told before; in the first night, all that it has.
   */
  readonly of: number;
  /**
   * base: the first that told anything. same: as in its base. moved: something is another than in its base. untold: too little was told to say.
   */
  readonly state: 'base' | 'same' | 'moved' | 'untold';
  /**
   * Whether so much was told that later nights may be held against it.
   */
  readonly enough: boolean;
  /**
   * The night in one line, as whoever is woken by it reads it.
   */
  readonly line: string;
  /**
   * Whether its folder is still there.
   */
  readonly kept: boolean;
}
/**
 * What had moved, taken as it is.
 *
 */
export interface Acceptance {
  readonly night: NightName;
  /**
   * What it was, in words.
   */
  readonly moved: readonly string[];
  /**
   * Who answers for it.
   */
  readonly owner: string;
  /**
   * Why it is accepted.
   */
  readonly reason: string;
  /**
   * When.
   */
  readonly at: string;
}

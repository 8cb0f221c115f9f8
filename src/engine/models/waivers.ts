// Made from schemas/suite/waivers.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/**
 * Failures that somebody answers for until a day, given with --waivers. A waived check still runs and still shows as failed. `cancel-conformance waive` drafts this file from a report.
 */
export interface Waivers {
  /**
   * The waivers; each is for one requirement on one check in one edition.
   */
  readonly waivers: readonly Waiver[];
}
/**
 * One failure that is accepted until a day.
 *
 */
export interface Waiver {
  /**
   * Id of the requirement that failed.
   */
  readonly requirement: string;
  /**
   * Id of the check that failed, exactly as the report has it; no patterns.
   */
  readonly check: string;
  /**
   * Edition of the documentation by which it failed; runs by another edition pass the waiver over.
   */
  readonly edition: string;
  /**
   * Fingerprint of the failure, as it stands beside the check in report.json. Quote it: YAML takes one made of digits for a number.
   */
  readonly fingerprint: string;
  /**
   * Why the failure is accepted.
   */
  readonly reason: string;
  /**
   * Who answers for it: a person or a team, on one line.
   */
  readonly owner: string;
  /**
   * Last day on which it holds, in UTC.
   */
  readonly expires: string;
}

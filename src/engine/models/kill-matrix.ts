// Made from schemas/suite/kill-matrix.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/*
 */
export type Id = string;
/**
 * Every fault and every variant of the embedded target against the suite, as `cancel-conformance prove` writes it: what the suite catches, and what it does not accuse.
 */
export interface KillMatrix {
  /**
   * Version of this schema.
   */
  readonly schemaVersion: 1;
  /**
   * What was proved.
   */
  readonly suite: {
    readonly name: string;
    readonly version: string;
  };
  /**
   * Edition whose requirements were judged.
   */
  readonly edition: Id;
  /**
   * SHA-256 over what the contract, the checks and the faults mean: no comment and no prose counts.
   */
  readonly stamp: string;
  /**
   * The day on which it was made, in UTC.
   */
  readonly made?: string;
  /**
   * True when only some faults or variants were run: no claim.
   */
  readonly partial: boolean;
  /**
   * Every fault.
   */
  readonly faults: readonly Fault[];
  /**
   * Every variant.
   */
  readonly variants: readonly Variant[];
  /**
   * All pairs of faults within an area; only with --pairs.
   */
  readonly pairs?: readonly Pair[];
  /**
   * Faults laid over variants; only with --across.
   */
  readonly across?: readonly Crossing[];
}
/**
 * Checks of one requirement that failed for a fault.
 *
 */
export interface Row {
  /**
   * Id of a requirement that failed.
   */
  readonly requirement: Id;
  /**
   * Ids of its checks that failed.
   */
  readonly checks: readonly Id[];
}
/**
 * A mistake laid over the embedded target, and what became of it.
 *
 */
export interface Fault {
  readonly id: Id;
  /**
   * What the altered target does.
   */
  readonly sentence: string;
  /**
   * Ids of the requirements that it breaks.
   */
  readonly breaks: readonly Id[];
  /**
   * killed: every requirement that it names failed.
   */
  readonly state: 'killed' | 'survived' | 'changes-nothing' | 'cannot-start';
  /**
   * The requirements that it names and that failed.
   */
  readonly killedBy: readonly Row[];
  /**
   * Ids of the requirements that it names and that did not fail.
   */
  readonly missed: readonly Id[];
  /**
   * Other requirements that failed.
   */
  readonly collateral: readonly Row[];
  /**
   * Why it is not killed.
   */
  readonly reason?: string;
}
/**
 * A way to be different and right, and what became of it.
 *
 */
export interface Variant {
  readonly id: Id;
  /**
   * What the altered target does.
   */
  readonly sentence: string;
  /**
   * The contested clauses and requirements whose freedom it uses.
   */
  readonly touches: readonly Id[];
  /**
   * accused: a MUST row failed or could not be told, or a SHOULD row that it does not touch.
   */
  readonly state: 'conformant' | 'accused' | 'cannot-start';
  /**
   * Ids of the requirements that failed.
   */
  readonly failed: readonly Id[];
  /**
   * Ids of the requirements that could not be told.
   */
  readonly untold: readonly Id[];
  /**
   * Why there is no verdict, or a fault of the suite.
   */
  readonly reason?: string;
}
/**
 * Two faults in one target, judged by the rows of an area that both break something of.
 *
 */
export interface Pair {
  /**
   * Ids of the two.
   */
  readonly faults: readonly Id[];
  /**
   * Area whose rows were judged.
   */
  readonly area: Id;
  /**
   * killed: a row of the area failed that one of the two names.
   */
  readonly state: 'killed' | 'survived' | 'cannot-start';
  /**
   * Ids of those rows.
   */
  readonly killedBy: readonly Id[];
  /**
   * Why it is not killed.
   */
  readonly reason?: string;
}
/**
 * A fault laid over a variant, and what became of it.
 *
 */
export interface Crossing {
  /**
   * Id of the fault.
   */
  readonly fault: Id;
  /**
   * Id of the variant.
   */
  readonly variant: Id;
  /**
   * killed: every requirement failed that the fault names and the variant's readings demand. hidden: every answer was as with the variant alone. not-demanded: it would have survived, but a reading of the variant leaves a part of each of its requirements to the target.
   */
  readonly state: 'killed' | 'hidden' | 'not-demanded' | 'survived' | 'cannot-start';
  /**
   * Ids of those requirements that did not fail.
   */
  readonly missed: readonly Id[];
  /**
   * Why it is not killed.
   */
  readonly reason?: string;
}

// Made from schemas/suite/report.schema.json by: npm run types. Change the schema, and the words in it, not this file.

/**
 * Verdict on a check or a requirement.
 *
 */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'not-applicable';
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
 * Header lines in the order of the wire: name in its own casing, value without surrounding white space.
 *
 */
export type Headers = readonly (readonly [string, string])[];
/**
 * Ids of requirements.
 *
 */
export type RequirementIds = readonly RequirementId[];
/**
 * The one model of a finished run: `report.json`. Every other report file is a projection of it.
 */
export interface Report {
  /**
   * Version of this schema.
   */
  readonly schemaVersion: 1;
  /**
   * The suite that wrote the report.
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
   * The run and its outcome.
   */
  readonly run: {
    /**
     * Id of the run.
     */
    readonly id: string;
    /**
     * When the run started.
     */
    readonly startedAt: string;
    /**
     * How long it took, in milliseconds.
     */
    readonly durationMs: number;
    /**
     * The gate's word on the whole run.
     */
    readonly outcome: 'conformant' | 'nonconformant' | 'incomplete' | 'suite-fault' | 'interrupted';
    /**
     * One to three sentences: why this outcome.
     */
    readonly explanation: string;
    /**
     * The exit code of the command.
     */
    readonly exitCode: 0 | 1 | 3 | 4 | 129 | 130 | 143;
    /**
     * True when a filter or an interruption left cases out: no claim of conformance.
     */
    readonly partial: boolean;
    /**
     * The areas that ran when a filter was given; otherwise null.
     */
    readonly areas: readonly Area[] | null;
    /**
     * Ids of the cases that were asked for, when cases were chosen.
     *
     * Items: Id of a case.
     */
    readonly only?: readonly string[];
  };
  /**
   * Who was tested, and how it was configured.
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
    /**
     * Where the user's own file describes it, for programs that show findings beside code.
     */
    readonly at?: {
      /**
       * Path of the file, from the folder of the run.
       */
      readonly file: string;
      /**
       * Line, from 1.
       */
      readonly line: number;
    };
    /**
     * Id of the documented edition that was judged.
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
     * The effective configuration by key; secrets are replaced by where they come from.
     */
    readonly configuration: {
      /**
       * The value.
       */
      readonly [k: string]: string;
    };
  };
  /**
   * Counts of everything in this report.
   */
  readonly totals: {
    /**
     * All requirements.
     */
    readonly requirements: Counts;
    /**
     * Requirements of level MUST.
     */
    readonly must: Counts;
    /**
     * Requirements of level SHOULD.
     */
    readonly should: Counts;
    /**
     * Requirements of level MAY.
     */
    readonly may: Counts;
    /**
     * Checks.
     */
    readonly checks: Counts;
    /**
     * Number of cases.
     */
    readonly cases: number;
    /**
     * Number of exchanges.
     */
    readonly exchanges: number;
  };
  /**
   * Share of the applicable MUST requirements that this target let the suite check.
   */
  readonly provable: Share;
  /**
   * Share of the applicable MUST requirements that passed.
   */
  readonly proven: Share;
  /**
   * All requirements of the catalogue with their verdicts.
   */
  readonly requirements: readonly Requirement[];
  /**
   * All checks.
   */
  readonly checks: readonly Check[];
  /**
   * All cases.
   */
  readonly cases: readonly Case[];
  /**
   * All exchanges with the target, as evidence.
   */
  readonly exchanges: readonly Exchange[];
  /**
   * How to send again what the findings rest on: one for each exchange that a finding names; where a finding names none, for the calls of its case.
   */
  readonly reproducers: readonly Reproducer[];
  /**
   * What was seen and recorded without judging it.
   */
  readonly observations: readonly Observation[];
  /**
   * The clauses on which the sources disagree, how they were read and what was seen.
   */
  readonly contested: readonly Contested[];
  /**
   * All waivers that were given, applied or not.
   */
  readonly waivers: readonly Waiver[];
  /**
   * Faults of the suite itself; not empty exactly when the outcome is `suite-fault`.
   *
   * Items: One fault in words.
   */
  readonly suiteFaults: readonly string[];
  readonly provenance?: Provenance;
  /**
   * Known mistakes that explain what failed, the fewest or, where that would be more than five, those that explain most one after the other, by the kill matrix that came with the suite. Missing where nothing failed, and where what mistakes leave behind is not known.
   */
  readonly causes?: {
    /**
     * Stamp of the matrix.
     */
    readonly proof: string;
    /**
     * How many mistakes were held against the run.
     */
    readonly known: number;
    /**
     * One for each mistake of a set whose failing checks, together, are those of the run but for the unexplained.
     */
    readonly found: readonly Cause[];
    /**
     * Set where a few checks passed that fail by themselves of targets that make these mistakes, and nothing explains the run better.
     */
    readonly near?: true;
    /**
     * The failed checks that none of them explains.
     *
     * Items: Id of a check.
     */
    readonly unexplained: readonly string[];
  };
  /**
   * Earlier runs of the same target, the latest last, taken from the file of `run --history` as they stand there; missing where no such file was named.
   */
  readonly history?: readonly PastRun[];
  /**
   * What verdicts rest on besides edition, readings, areas, waivers, frames and exchanges, so that `judge` can recompute them. Missing in reports of before `judge`.
   */
  readonly basis?: {
    /**
     * The provider that arranged the requests, by the name that levels of requirements go by.
     */
    readonly provider: string;
    /**
     * True when requests were hard to come by: cases that send the same calls share one record.
     */
    readonly sharedRequests: boolean;
    /**
     * Status codes of a gateway in front of the target, which tell nothing of it, where the target file names some.
     *
     * Items: A status code.
     */
    readonly gatewayStatuses?: readonly number[];
    /**
     * True when each created request counted: cases were spared that decide nothing which others do not decide as well.
     */
    readonly fewestCases?: boolean;
    /**
     * What stands between whoever calls and the target, where something does: a proxy, a certificate authority of its own, a client certificate that it asks for.
     *
     * Items: One of them.
     */
    readonly between?: readonly ('proxy' | 'ca' | 'certificate')[];
    /**
     * True when the run was interrupted.
     */
    readonly interrupted: boolean;
    /**
     * How the run came to its end, where that was neither by itself nor by SIGINT.
     */
    readonly ending?: 'bound' | 'SIGTERM' | 'SIGHUP';
    /**
     * Why cases were not carried out, where some were not.
     */
    readonly unfinished: string;
    /**
     * Faults of the suite that were noticed while it ran; all others are found by judging.
     *
     * Items: One fault in words.
     */
    readonly noticedFaults: readonly string[];
  };
}
/**
 * Counts per verdict word.
 *
 */
export interface Counts {
  /**
   * How many are passed.
   */
  readonly passed: number;
  /**
   * How many are failed.
   */
  readonly failed: number;
  /**
   * How many are inconclusive.
   */
  readonly inconclusive: number;
  /**
   * How many are not applicable.
   */
  readonly 'not-applicable': number;
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
 * Where a clause stands in the public sources.
 *
 */
export interface SourcePointer {
  /**
   * The document's title.
   */
  readonly document: string;
  /**
   * The section of the document.
   */
  readonly section: string;
  /**
   * Segment id of the English side of the bilingual publication.
   */
  readonly segment?: string;
  /**
   * Where the document can be read today.
   */
  readonly url?: string;
}
/**
 * One clause and the verdict on it.
 *
 */
export interface Requirement {
  readonly id: RequirementId;
  readonly level: Level;
  readonly area: Area;
  /**
   * What is demanded, in at most 80 characters.
   */
  readonly title: string;
  /**
   * The clause in the words of this project.
   */
  readonly statement: string;
  /**
   * Where it stands in specs/requirements.yaml, from 1.
   */
  readonly line: number;
  /**
   * Where the clause stands.
   */
  readonly source: readonly SourcePointer[];
  readonly verdict: Verdict;
  /**
   * Set when it failed and waivers cover all of its failures; it is not met all the same.
   */
  readonly waived?: true;
  /**
   * Why it is inconclusive or not applicable.
   */
  readonly reason?: string;
  /**
   * Ids of its checks.
   *
   * Items: Id of a check.
   */
  readonly checks: readonly string[];
}
/**
 * What was seen where something else was demanded.
 *
 */
export interface Finding {
  /**
   * One sentence: what was expected, what was seen.
   */
  readonly message: string;
  /**
   * What was demanded.
   */
  readonly expected: string;
  /**
   * What was seen.
   */
  readonly actual: string;
  /**
   * The exchange that shows it; null when it shows in the status readings.
   */
  readonly exchangeId: string | null;
}
/**
 * One requirement judged on one case.
 *
 */
export interface Check {
  /**
   * Case id, a slash, the verb of the expectation (and `:member`); permanent.
   */
  readonly id: string;
  /**
   * Id of the case that it was judged on.
   */
  readonly caseId: string;
  /**
   * Ids of the requirements that it speaks for; it is filed under the first.
   */
  readonly requirementIds: readonly RequirementId[];
  /**
   * What is checked.
   */
  readonly title: string;
  readonly verdict: Verdict;
  /**
   * Why it is inconclusive or not applicable.
   */
  readonly reason?: string;
  /**
   * The verdict that it would have, where it came after the edition was frozen: it is shown and does not score.
   */
  readonly unscored?: Verdict;
  /**
   * Whose credential the case used.
   */
  readonly persona: string;
  /**
   * What was seen where something else was demanded; not empty when it failed.
   */
  readonly findings: readonly Finding[];
  /**
   * What failed: the same in every run in which the check fails in the same way. Set exactly when it failed.
   */
  readonly fingerprint?: string;
  /**
   * Ids of the requirements for which a waiver covers its failure.
   */
  readonly waivedFor?: readonly RequirementId[];
  /**
   * Ids of the exchanges that it was judged on.
   *
   * Items: Id of an exchange.
   */
  readonly exchanges: readonly string[];
  /**
   * Ids of the faults that it is known to catch.
   *
   * Items: Id of a fault.
   */
  readonly knownToCatch: readonly string[];
}
/**
 * One reading of a request's state through the arranging side.
 *
 */
export interface Look {
  /**
   * `subject`: the request itself; `sibling`: another request of the same requestor; `stranger`: a request of another requestor.
   */
  readonly role: 'subject' | 'sibling' | 'stranger';
  /**
   * Whether it was read before or after what the case sent.
   */
  readonly when: 'before' | 'after';
  /**
   * Id of the request that was read.
   */
  readonly requestId: string;
  /**
   * False when the arranging side no longer knows the request.
   */
  readonly found: boolean;
  /**
   * The status as read, in the casing of the wire; null when not found.
   */
  readonly status: string | null;
  /**
   * The whole resource of a subject, when the arranging side gives it; null for bystanders. Its members are those of the target, so this object is open.
   */
  readonly resource: {
    readonly [k: string]: unknown;
  } | null;
  /**
   * Milliseconds between the end of the last probe and this reading; 0 for `before`.
   */
  readonly afterMs: number;
}
/**
 * The frame of one case: the requests that it watched and how their status read.
 *
 */
export interface Case {
  /**
   * Permanent id of the case.
   */
  readonly id: string;
  readonly area: Area;
  /**
   * The group of cases that it ran in.
   */
  readonly group: string;
  /**
   * The fact that the case states.
   */
  readonly title: string;
  /**
   * Status of the request before the calls; null for the run as a whole.
   */
  readonly status: string | null;
  /**
   * Whose credential its first call carries, or what stands in its place.
   */
  readonly persona: string;
  /**
   * Id of the case that it differs from in the declared places; null for a case that needs no control.
   */
  readonly control: string | null;
  /**
   * The declared places in which it differs from its control.
   *
   * Items: A place.
   */
  readonly mutates: readonly string[];
  /**
   * Set for one cell of a gate: where a call breaks this gate and no other.
   */
  readonly cell?: {
    /**
     * Name of the gate.
     */
    readonly gate: string;
    /**
     * What breaks it.
     */
    readonly by: string;
    /**
     * In what the call differs from the documented one.
     */
    readonly dimension: string;
    /**
     * The value that it has there.
     */
    readonly value: string;
  };
  /**
   * Why it could not be carried out; null when it was.
   */
  readonly blocked: string | null;
  /**
   * True when it was not carried out because the target is known not to have what it is about.
   */
  readonly absent?: true;
  /**
   * True when no target of its kind can have that, or the target file declares so: what the case tells does not apply.
   */
  readonly excluded?: true;
  /**
   * When it started; empty when it was not carried out.
   */
  readonly startedAt: string;
  /**
   * How long it took, in milliseconds.
   */
  readonly durationMs: number;
  /**
   * The readings of the requests that it watched, in order.
   */
  readonly looks: readonly Look[];
  /**
   * What failed where other cases were carried out beside this one; it was then carried out again alone, and judged by that.
   *
   * Items: One failure in words.
   */
  readonly beside?: readonly string[];
}
/**
 * A body as captured.
 *
 */
export interface Body {
  /**
   * The content, at most up to the capture cap.
   */
  readonly text: string;
  /**
   * `base64` when the bytes are not valid UTF-8.
   */
  readonly encoding: 'utf8' | 'base64';
  /**
   * True size in bytes of what was sent or received.
   */
  readonly bytes: number;
  /**
   * True when `text` does not hold all bytes.
   */
  readonly truncated: boolean;
}
/**
 * The request as its bytes left the suite.
 *
 */
export interface Request {
  /**
   * HTTP method.
   */
  readonly method: string;
  /**
   * Absolute URL, as it was meant; probes of the address may use one that is not a valid URI.
   */
  readonly url: string;
  /**
   * The request target of the first line, exactly as written.
   */
  readonly requestTarget: string;
  /**
   * Header lines as sent, credentials replaced by names.
   */
  readonly headers: Headers;
  /**
   * The body; null when there was neither a body nor a framing header for one.
   */
  readonly body: Body | null;
}
/**
 * The answer as its bytes arrived.
 *
 */
export interface Response {
  /**
   * HTTP status code.
   */
  readonly status: number;
  /**
   * Header lines as received.
   */
  readonly headers: Headers;
  /**
   * The content after decoding the transfer coding; empty text when there was none.
   */
  readonly body: Body;
  /**
   * Bytes that followed the head on the wire though an answer of this status has no content, whatever its head announces (a 204 or 304). Null for any other status, and when this exchange did not look behind it.
   */
  readonly strayBytes: number | null;
}
/**
 * Why no complete answer came.
 *
 */
export interface NoAnswer {
  /**
   * The kind of trouble; never a finding by itself.
   */
  readonly reason: 'timeout' | 'connection-refused' | 'connection-closed' | 'protocol-error' | 'unreachable';
  /**
   * The trouble in words.
   */
  readonly message: string;
}
/**
 * One request to the target under test and what became of it.
 *
 */
export interface Exchange {
  /**
   * The case id, a dot, and a serial number starting with 1.
   */
  readonly id: string;
  /**
   * `probe`: what the case is about; `opening`: what went before over the same connection; `throttled`: a probe that was answered 429 and sent again; `liveness`: asks whether the endpoint still answers after a probe got no answer; `sign-of-life`: a read by a caller who was answered 401.
   */
  readonly role: 'probe' | 'opening' | 'throttled' | 'liveness' | 'sign-of-life';
  /**
   * Whose credential it carried.
   */
  readonly persona: string;
  /**
   * When it was sent.
   */
  readonly startedAt: string;
  /**
   * How long it took, in milliseconds.
   */
  readonly durationMs: number;
  readonly request: Request;
  /**
   * The answer; null when none came.
   */
  readonly response: Response | null;
  /**
   * Why no answer came; set exactly when `response` is null.
   */
  readonly noAnswer: NoAnswer | null;
}
/**
 * How to send an exchange again.
 *
 */
export interface Reproducer {
  /**
   * Id of the exchange.
   */
  readonly exchangeId: string;
  /**
   * Why curl cannot send the same bytes; `text` then says so and holds no command. Null when it can.
   */
  readonly obstacle: string | null;
  /**
   * Lines for a POSIX shell, in printable ASCII. Secrets are variables to be set; ids of requests and the base URL are variables that hold what was used.
   */
  readonly text: string;
}
/**
 * Something seen and recorded without judging it.
 *
 */
export interface Observation {
  /**
   * Stable name of what was looked at.
   */
  readonly key: string;
  /**
   * What was seen.
   */
  readonly value: string;
  /**
   * The exchange that shows it; null when it shows elsewhere.
   */
  readonly exchangeId: string | null;
}
/**
 * How a clause was read on which the sources disagree.
 *
 */
export interface Contested {
  readonly id: ContestedId;
  /**
   * What the clause is about.
   */
  readonly title: string;
  /**
   * The reading in force.
   */
  readonly reading: string;
  /**
   * What this target did, in words; null when the run did not see it.
   */
  readonly observed: string | null;
  /**
   * What the sources say that cannot all be so; missing in reports from before.
   */
  readonly disagreement?: string;
  /**
   * Where they say it; missing in reports from before.
   */
  readonly source?: readonly SourcePointer[];
  /**
   * Ids of the cases in which each thing observed was seen first.
   *
   * Items: Id of a case.
   */
  readonly seenIn: readonly string[];
  /**
   * What each other reading that could be chosen would have made of this run, computed from its evidence; missing in reports from before.
   */
  readonly others?: readonly OtherReading[];
}
/**
 * What another reading of a clause would have made of the run.
 *
 */
export interface OtherReading {
  /**
   * Name of the reading.
   */
  readonly reading: string;
  /**
   * The gate's word on the whole run under this reading.
   */
  readonly outcome: 'conformant' | 'nonconformant' | 'incomplete' | 'suite-fault' | 'interrupted';
  /**
   * The requirements that would have another verdict, and those that did not pass and would weigh otherwise.
   */
  readonly requirements: readonly OtherVerdict[];
}
/**
 * By what the run was carried out; missing in reports of before it was written down.
 *
 */
export interface Provenance {
  /**
   * Version of Node.js.
   */
  readonly node: string;
  /**
   * Operating system and processor.
   */
  readonly platform: string;
  /**
   * Stamp of the suite as it was built: what its contract, checks and faults mean.
   */
  readonly build?: string;
  /**
   * The pipeline, where the environment names one.
   */
  readonly pipeline?: {
    /**
     * The service.
     */
    readonly name: string;
    /**
     * Address of the run.
     */
    readonly run?: string;
    /**
     * The commit that it runs.
     */
    readonly commit?: string;
    /**
     * Who started it, as the service names people.
     */
    readonly by?: string;
    /**
     * The machine that carries it out, as the service names machines.
     */
    readonly runner?: string;
  };
}
/**
 * A likely cause.
 *
 */
export interface Cause {
  /**
   * Those that leave this very trace, then those that would explain as much in their place; five at most.
   */
  readonly mistakes: readonly Mistake[];
  /**
   * How many known mistakes leave this very trace.
   */
  readonly alike: number;
  /**
   * The failed checks that it explains.
   *
   * Items: Id of a check.
   */
  readonly checks: readonly string[];
}
/**
 * A known mistake.
 *
 */
export interface Mistake {
  /**
   * Id of the fault of the embedded target that makes it.
   */
  readonly id: string;
  /**
   * What is wrong.
   */
  readonly sentence: string;
}
/**
 * A requirement under another reading.
 *
 */
export interface OtherVerdict {
  readonly id: RequirementId;
  readonly level: Level;
  readonly verdict: Verdict;
}
/**
 * A run as a history keeps it.
 *
 */
export interface PastRun {
  /**
   * Id of the run.
   */
  readonly id: string;
  /**
   * When it started.
   */
  readonly startedAt: string;
  /**
   * Version of the suite.
   */
  readonly suiteVersion: string;
  /**
   * Stamp of the suite as it was built, where it was known.
   */
  readonly build?: string;
  /**
   * Edition that it was judged by.
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
   * Ids of the requirements by their verdict; a verdict that none has is left out.
   */
  readonly verdicts: {
    /**
     * Those that passed.
     */
    readonly passed?: RequirementIds;
    /**
     * Those that failed, waived or not.
     */
    readonly failed?: RequirementIds;
    /**
     * Those that could not be told.
     */
    readonly inconclusive?: RequirementIds;
    /**
     * Those that did not apply.
     */
    readonly 'not-applicable'?: RequirementIds;
  };
  /**
   * Ids of the failed requirements whose failure was waived.
   */
  readonly waived: RequirementIds;
  /**
   * Path of its page, `/` between folders, from the folder of the file in which this stands; in a report only where the page lay there. It begins with `..` eight times at most, names no scheme and ends in `.html`.
   */
  readonly page?: string;
}
/**
 * A waiver that was given, and what became of it.
 *
 */
export interface Waiver {
  /**
   * Id of the requirement.
   */
  readonly requirement: string;
  /**
   * Id of the check.
   */
  readonly check: string;
  /**
   * Edition of the documentation that it is for.
   */
  readonly edition: string;
  /**
   * Fingerprint of the failure that it waives.
   */
  readonly fingerprint: string;
  /**
   * Why the failure is accepted.
   */
  readonly reason: string;
  /**
   * Who answers for it.
   */
  readonly owner: string;
  /**
   * Last day on which it holds, in UTC.
   */
  readonly expires: string;
  /**
   * Where it stands: `file:line`. Missing in reports of before `judge`.
   */
  readonly at?: string;
  /**
   * What became of it in this run. `stale`, `different-failure`, `expired` and `unmatched` fail the run.
   */
  readonly state: 'applied' | 'stale' | 'different-failure' | 'expired' | 'unmatched' | 'other-edition' | 'not-told';
  /**
   * Where it stands, what became of it, and what its owner should do.
   */
  readonly message: string;
}

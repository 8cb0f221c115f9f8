/**
 * What a run leaves behind: plain data, already free of secrets (each stands as a pseudonym such as
 * `‹token:requestor›`). Every verdict is computed from these records and the contract alone.
 */

/** One header line as it stood on the wire: name in its own casing, value without surrounding white space. */
export type HeaderPair = readonly [name: string, value: string];

/** A body as captured. `text` holds at most the capture cap; `bytes` is the true size. */
export interface CapturedBody {
  readonly text: string;
  /** `base64` when the bytes are not valid UTF-8. */
  readonly encoding: 'utf8' | 'base64';
  /** True size in bytes of what was sent or received (up to the transfer cap). */
  readonly bytes: number;
  /** True when `text` does not hold all bytes. */
  readonly truncated: boolean;
}

/** The request as its bytes left the suite. */
interface SentRequest {
  readonly method: string;
  /** Absolute URL. */
  readonly url: string;
  /** The request target of the first line, exactly as written. */
  readonly requestTarget: string;
  readonly headers: readonly HeaderPair[];
  /** `null`: no body and no framing header for one. */
  readonly body: CapturedBody | null;
}

/** The answer as its bytes arrived. */
export interface ReceivedResponse {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  /** The content after decoding the transfer coding; empty text when there was none. */
  readonly body: CapturedBody;
  /**
   * Bytes that followed the head on the wire though an answer of this status has no content, whatever its head announces
   * (a 204 or 304, RFC 9110 section 15.3.5). `null` for any other status, and when this exchange did not look behind it.
   */
  readonly strayBytes: number | null;
}

/** Why no (complete) answer came. Trouble of this kind is never a finding by itself. */
export type NoAnswerReason = 'timeout' | 'connection-refused' | 'connection-closed' | 'protocol-error' | 'unreachable';

/** One request to the target under test and what became of it. */
export interface Exchange {
  /** Unique in a run: the case id, a dot, and a serial number starting with 1. */
  readonly id: string;
  /**
   * `probe`: what the case is about; `throttled`: a probe that was answered 429 and sent again; `liveness`: asks whether
   * the endpoint still answers after a probe got no answer.
   */
  readonly role: 'probe' | 'throttled' | 'liveness';
  /** Whose credential it carried: a persona, or a derived one such as `anonymous`. */
  readonly persona: string;
  /** ISO 8601 with milliseconds. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly request: SentRequest;
  readonly response: ReceivedResponse | null;
  /** Set exactly when `response` is null. */
  readonly noAnswer: { readonly reason: NoAnswerReason; readonly message: string } | null;
}

/** The requests that a case watches: its own, and two that nobody may touch. */
export type FrameRole = 'subject' | 'sibling' | 'stranger';

/** Ids of the requests of a frame. */
export type FrameIds = Readonly<Record<FrameRole, string>>;

/** One reading of a request's state through the arranging side. */
export interface Look {
  readonly role: FrameRole;
  readonly when: 'before' | 'after';
  readonly requestId: string;
  /** False when the arranging side no longer knows the request. */
  readonly found: boolean;
  /** As read, in the casing of the wire; `null` when not found. */
  readonly status: string | null;
  /** The whole resource of a subject, when the arranging side gives it. */
  readonly resource: Readonly<Record<string, unknown>> | null;
  /** Milliseconds between the end of the last probe and this reading; 0 for `before`. */
  readonly afterMs: number;
}

/** Everything that one case left behind. */
export interface CaseRecord {
  readonly caseId: string;
  /** Set when the case could not be carried out: what was missing, in words for the reader. */
  readonly blocked: string | null;
  /** True when it was blocked because the target is known not to have what the case is about, before anything was tried. */
  readonly absent?: true;
  readonly exchanges: readonly Exchange[];
  readonly looks: readonly Look[];
  /** What failed where other cases were carried out beside this one; this record is then of the second time, alone. */
  readonly beside?: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
}

/**
 * What a run leaves behind: plain data, already free of secrets (each stands as a pseudonym such as
 * `‹token:requestor›`). Every verdict is computed from these records and the contract alone.
 */

import type { Body, Exchange, Headers, Look, NoAnswer, Response } from '../models/report.js';

export type { Exchange, Look };

/** One header line as it stood on the wire: name in its own casing, value without surrounding white space. */
export type HeaderPair = Headers[number];

export type CapturedBody = Body;

export type ReceivedResponse = Response;

export type NoAnswerReason = NoAnswer['reason'];

/** The requests that a case watches: its own, and two that nobody may touch. */
export type FrameRole = Look['role'];

/** Ids of the requests of a frame. */
export type FrameIds = Readonly<Record<FrameRole, string>>;

/** Everything that one case left behind. */
export interface CaseRecord {
  readonly caseId: string;
  /** Set when the case could not be carried out: what was missing, in words for the reader. */
  readonly blocked: string | null;
  /** True when it was blocked because the target is known not to have what the case is about, before anything was tried. */
  readonly absent?: true;
  /** True when no such target can have it, or its file declares that: then what the case tells does not apply. */
  readonly excluded?: true;
  readonly exchanges: readonly Exchange[];
  readonly looks: readonly Look[];
  /** What failed where other cases were carried out beside this one; this record is then of the second time, alone. */
  readonly beside?: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
}

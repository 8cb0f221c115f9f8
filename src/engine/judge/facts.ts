import type { ValidateFunction } from 'ajv/dist/2020.js';
import type { Edition, Requirement } from '../contract/types.js';
import type { CaseRecord, Exchange, FrameRole, Look, ReceivedResponse } from '../evidence/records.js';
import type { Finding, VerdictWord } from '../evidence/verdicts.js';
import type { Case, Expectation } from '../case.js';
import type { Endpoint } from '../endpoint.js';

/** All that a judgement may look at: evidence, contract, edition and readings; nothing else. */
export interface Facts {
  readonly case: Case;
  readonly record: CaseRecord;
  readonly rules: Rules;
}

/** The contract as far as judging needs it. */
export interface Rules {
  readonly endpoint: Endpoint;
  readonly edition: Edition;
  /** Success status codes under the reading in force of the clause that names some. */
  readonly successStatuses: readonly number[];
  /** A row as the readings in force have it. */
  readonly requirement: (id: string) => Requirement | undefined;
  /** Personas whose right calls a reading in force leaves to the target, each with that reading in words. */
  readonly unserved: ReadonlyMap<string, string>;
  /** Status codes that come from the way to the service, or say that it cannot just now: they tell nothing of the call. */
  readonly disturbances: readonly number[];
  /** Validator of `schemas/wire/error.schema.json`. */
  readonly matchesErrorSchema: ValidateFunction;
}

/** The outcome of one expectation on one case. */
export type Judgement =
  | { readonly verdict: 'passed' }
  | { readonly verdict: 'failed'; readonly findings: readonly Finding[] }
  | { readonly verdict: 'inconclusive'; readonly reason: string }
  | {
      readonly verdict: 'not-applicable';
      readonly reason: string;
      /** True when what the row speaks of did not happen in this case, though it should happen somewhere in a run. */
      readonly moot?: true;
      /** True when what was answered showed that the row does not apply to this target. */
      readonly seen?: true;
      /** True when no target of its kind can have what the case is about, or its file declares so. */
      readonly excluded?: true;
    };

/** Judges one expectation. Pure. */
export type Judge = (facts: Facts, expectation: Expectation) => Judgement;

/** One check, judged. */
export interface JudgedCheck {
  readonly id: string;
  readonly caseId: string;
  readonly requirementIds: readonly string[];
  readonly verb: string;
  /** The member, for a verb that has one. */
  readonly member?: string;
  readonly verdict: VerdictWord;
  /** Why it is inconclusive or not applicable; null otherwise. */
  readonly reason: string | null;
  readonly findings: readonly Finding[];
  /** True when the case is about other rows, and merely owes this besides. */
  readonly owed?: true;
  /** True when it is not applicable because what the row speaks of did not happen in this case. */
  readonly moot?: true;
  /** True when what was answered showed that the row does not apply to this target. */
  readonly seen?: true;
  /** True when no target of its kind can have what the case is about, or its file declares so. */
  readonly excluded?: true;
  /** The verdict that it would have, where it came after the edition was frozen and therefore does not score. */
  readonly unscored?: VerdictWord;
}

/** A probe that was answered. */
export interface Answered {
  readonly exchange: Exchange;
  readonly response: ReceivedResponse;
}

export const passed: Judgement = { verdict: 'passed' };
export const inconclusive = (reason: string): Judgement => ({ verdict: 'inconclusive', reason });
export const notApplicable = (reason: string): Judgement => ({ verdict: 'not-applicable', reason });
/** The target showed that the row does not speak of it, whatever else did not happen. */
export const seenNotToApply = (reason: string): Judgement => ({ verdict: 'not-applicable', reason, seen: true });
/** The row speaks of something that did not happen here; if it happens nowhere in the run, nothing was told. */
export const moot = (reason: string): Judgement => ({ verdict: 'not-applicable', reason, moot: true });
export const failedBy = (findings: readonly Finding[]): Judgement =>
  findings.length === 0 ? passed : { verdict: 'failed', findings };

export const probesOf = (record: CaseRecord): readonly Exchange[] =>
  record.exchanges.filter((exchange) => exchange.role === 'probe');

export const answersOf = (record: CaseRecord): readonly Answered[] =>
  probesOf(record).flatMap((exchange) => (exchange.response ? [{ exchange, response: exchange.response }] : []));

/** The first probe without an answer. */
export const unanswered = (record: CaseRecord): Exchange | undefined =>
  probesOf(record).find((exchange) => exchange.noAnswer !== null);

/** True when a probe got no answer and the endpoint answered another call right after it. */
export const endpointAlive = (record: CaseRecord): boolean =>
  record.exchanges.some((exchange) => exchange.role === 'liveness' && exchange.response !== null);

export const noAnswerReason = (exchange: Exchange): string =>
  `no answer to ${exchange.request.method} ${exchange.request.url} (${exchange.noAnswer?.reason ?? 'unknown'}: ${exchange.noAnswer?.message ?? ''}${exchange.noAnswer?.reason === 'connection-closed' ? handlerEnded : ''})`;

/** What closes a connection most often in place of an answer. */
const handlerEnded = '; a handler that ends in an error does that, and the log of the target says where';

/**
 * What a case says of something that none of its answers was. A call that nobody answered may have been it, unless the endpoint
 * hung up on that call and lives on: then it has not said anything that could be judged.
 */
export function mootUnlessSilent(record: CaseRecord, why: string): Judgement {
  const silent = unanswered(record);
  return silent && !endpointAlive(record) ? inconclusive(noAnswerReason(silent)) : moot(why);
}

export const isSuccess = (response: ReceivedResponse): boolean => response.status >= 200 && response.status < 300;
export const isRefusal = (response: ReceivedResponse): boolean => response.status >= 400 && response.status < 500;

/** First value of a header; names ignore case (RFC 9110 section 5.1). */
export const header = (response: ReceivedResponse, name: string): string | undefined =>
  response.headers.find(([candidate]) => candidate.toLowerCase() === name)?.[1];

/** Whether a call was answered before its body was sent to the end, as one that waits for others may be. */
export const isCutShort = ({ request }: Exchange): boolean =>
  request.headers.some(
    ([name, value]) => name.toLowerCase() === 'content-length' && Number(value) > (request.body?.bytes ?? 0),
  );

export const lookAt = (record: CaseRecord, role: FrameRole, when: Look['when']): Look | undefined =>
  record.looks.find((look) => look.role === role && look.when === when);

/** Status values are compared without regard to case (C-4). */
export const sameStatus = (a: string | null, b: string | null): boolean => a?.toLowerCase() === b?.toLowerCase();

/** Whether a request reads as one in the status that was asked for; what is done may be spelled in several ways (C-5). */
export const isInStatus = (
  seen: string | null,
  asked: string,
  { readsDone }: { readonly readsDone: (status: string | null) => boolean },
): boolean => sameStatus(seen, asked) || (readsDone(asked) && readsDone(seen));

/** The answer in a few words: its status and, where there is one, its error code. */
export function answerInWords(response: ReceivedResponse): string {
  const code = errorMember(parseJson(response), 'code');
  return typeof code === 'string' && code !== '' ? `${response.status} ${code}` : String(response.status);
}

/** The body as JSON; undefined when it is none. */
export function parseJson(response: ReceivedResponse): unknown {
  if (response.body.encoding !== 'utf8' || response.body.truncated) return undefined;
  try {
    return JSON.parse(response.body.text);
  } catch {
    return undefined;
  }
}

/** A member of `error` in a parsed error body. */
export function errorMember(body: unknown, member: string): unknown {
  const error = memberOf(body, 'error');
  return memberOf(error, member);
}

/** A member of a value that may or may not be an object. */
export const memberOf = (value: unknown, member: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[member] : undefined;

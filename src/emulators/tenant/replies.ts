import type { HeaderPair } from '../../engine/evidence/records.js';
import { defaultSeams } from '../endpoint/defaults.js';
import type { RefusalCause } from '../endpoint/refusals.js';
import type { Answer, Call } from '../endpoint/seams.js';
import type { Members } from './model.js';

/** What a handler answers; without a body there is no content. */
export interface Reply {
  readonly status: number;
  /** A text is sent as that. */
  readonly body?: object | string;
}

/** A call that the tenant refuses. The answer is an error body with this status and code. */
export class RefusedCall extends Error {
  override readonly name = 'RefusedCall';
  readonly status: number;
  readonly code: string;
  readonly headers: readonly HeaderPair[];

  constructor(status: number, code: string, options: { message: string; headers?: readonly HeaderPair[] }) {
    super(options.message);
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? [];
  }
}

/* The codes seen from this service: contract, section 3. */

export const invalidModel = (message: string): RefusedCall => new RefusedCall(400, 'InvalidModel', { message });
export const notResourceOwner = (message: string): RefusedCall =>
  new RefusedCall(400, 'CallerNotResourceOwner', { message });
export const unauthorized = (message: string): RefusedCall => new RefusedCall(403, 'UnAuthorized', { message });
export const notFound = (what: string): RefusedCall =>
  new RefusedCall(404, 'ResourceNotFound', { message: `There is no ${what} with this id.` });
export const conflict = (message: string): RefusedCall => new RefusedCall(409, 'Conflict', { message });

/** The refusal with which the embedded target answers to a cause. */
export function refusalFor(cause: RefusalCause, call: Call): RefusedCall {
  const refusal = defaultSeams.describeRefusal(cause, call);
  const headers = defaultSeams.refusalHeaders(refusal, []);
  return new RefusedCall(refusal.status, refusal.code, { message: refusal.message, headers });
}

/** How a refusal is spelt. */
export interface Spelling {
  /** True: `innererror`, as some answers have it. */
  readonly lowerCase: boolean;
  /** True: the date of the error carries its zone, as is documented and not the rule. */
  readonly zone: boolean;
}

/** A reply as an answer that can be sent. */
export function answerOf({ status, body }: Reply, call: Call): Answer {
  const content = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json;odata.metadata=minimal;charset=utf-8';
  const headers: readonly HeaderPair[] = content === '' ? [] : [['Content-Type', type]];
  return defaultSeams.decorate({ outcome: 'read', status, headers, content, framing: 'length' }, call);
}

/** A refusal as an answer that can be sent. */
export function refusedAnswer(refused: RefusedCall, call: Call, { lowerCase, zone }: Spelling): Answer {
  const { status, code, message } = refused;
  const { error } = defaultSeams.errorBody({ cause: 'serverError', status, code, message }, call) as {
    readonly error: Members & { readonly innerError: Members };
  };
  const { innerError, ...rest } = error;
  const inner = zone ? { ...innerError, date: `${String(innerError['date'])}Z` } : innerError;
  const body = { error: { ...rest, [lowerCase ? 'innererror' : 'innerError']: inner } };
  const headers: readonly HeaderPair[] = [['Content-Type', 'application/json'], ...refused.headers];
  const content = JSON.stringify(body);
  return defaultSeams.decorate({ outcome: 'serverError', status, headers, content, framing: 'length' }, call);
}

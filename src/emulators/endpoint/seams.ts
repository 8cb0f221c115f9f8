import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Edition } from '../../engine/contract/types.js';
import type { HeaderPair } from '../../engine/evidence/records.js';
import type { RefusalCause } from './refusals.js';
import type { RequestStore, StoredRequest } from './store.js';
import type { Claims, TokenAuthority } from './tokens.js';

/** What a request target names. Segments stand as they were sent: nothing is decoded, no dot segment is resolved. */
export type Address =
  | { readonly kind: 'request'; readonly idSegment: string }
  | { readonly kind: 'action'; readonly idSegment: string; readonly actionSegment: string }
  | { readonly kind: 'unknown' };

/** The two halves of an Authorization header. Either may be empty. */
export interface Credentials {
  readonly scheme: string;
  readonly token: string;
}

/** Who calls, as far as the token and the directory say. */
export interface Caller {
  readonly claims: Claims;
  /** Object id of the user (of the service principal, for an application). */
  readonly userId: string | null;
  readonly permissions: readonly string[];
  readonly administrator: boolean;
}

/** A request body after parsing. `value` is any JSON value. */
export type ParsedBody = { readonly present: false } | { readonly present: true; readonly value: unknown };

/** One call to the service. The last five members start empty and are filled in by the gates, in their order. */
export interface Call {
  readonly edition: Edition;
  readonly store: RequestStore;
  readonly authority: TokenAuthority;
  readonly incoming: IncomingMessage;
  readonly method: string;
  /** The request target of the first line, exactly as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** GUID made for this call. */
  readonly requestId: string;
  /** What the caller sent as `client-request-id`, else `requestId`. */
  readonly clientRequestId: string;
  address: Address;
  caller: Caller | null;
  id: string | null;
  request: StoredRequest | null;
  body: ParsedBody;
}

/** A call whose caller and request are known: what the later gates work on. */
export interface AdmittedCall extends Call {
  caller: Caller;
  id: string;
  request: StoredRequest;
}

/** Why an answer was given: a cancel took place, a request was read, or the cause of the refusal. */
type Outcome = 'cancelled' | 'read' | RefusalCause;

/** An answer before it is written. */
export interface Answer {
  readonly outcome: Outcome;
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  /** Empty: no content. */
  readonly content: string;
  /**
   * `length`: Content-Length, except for 204 and 304; `chunked`: chunked coding, also around no content at all;
   * `raw`: head and content go to the socket exactly as they stand here, whatever HTTP says, and the connection ends.
   */
  readonly framing: 'length' | 'chunked' | 'raw';
}

/** A refusal in the terms of the error body. */
export interface Refusal {
  readonly cause: RefusalCause;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** A question that a call must pass before it takes effect. See `pipeline.ts` for what each one asks. */
export type GateName =
  'authentication' | 'accountKind' | 'permission' | 'id' | 'existence' | 'ownership' | 'body' | 'status';

type Awaitable<T> = T | Promise<T>;

/**
 * Everything about the service that a fault or a variant can change: one small function each. The pipeline asks them;
 * they never ask each other, so overriding one changes that one thing. An override receives the seams below it
 * and may delegate to them. Every seam may throw: the caller is then answered with 500.
 */
export interface Seams {
  /* Address */

  /** The path in a request target, without its query. */
  readonly rawPath: (target: string) => string;
  /** What a path names. */
  readonly locate: (path: string, edition: Edition) => Address;
  /** Whether the last segment of an action's address names cancel. */
  readonly namesAction: (segment: string) => boolean;
  /** The methods that an address allows; every method allowed on the action cancels. */
  readonly allowedMethods: (address: Address) => readonly string[];
  /** Asked before every gate of the action: an answer given whatever the call is like, or null to go on. */
  readonly intercept: (call: Call) => Awaitable<Answer | RefusalCause | null>;
  /** Whether a call is let pass all the same where a gate has a reason to refuse it; may fill in what the gate would have learnt. */
  readonly overlooks: (cause: RefusalCause, call: Call) => Awaitable<boolean>;
  /** The gates of the action in the order in which they are asked; a gate left out is not asked. */
  readonly order: readonly GateName[];
  /** The id that a segment stands for, in the spelling of the store; null when it cannot be one. */
  readonly parseId: (segment: string) => string | null;
  /** The request that has an id. */
  readonly findRequest: (id: string, call: Call) => StoredRequest | null;

  /* Credentials */

  /** The credentials of a call; null without any. */
  readonly readCredentials: (call: Call) => Credentials | null;
  /** Whether an authentication scheme is that of bearer tokens. */
  readonly acceptsScheme: (scheme: string) => boolean;
  /** The claims of a token that this service's authority signed; null for any other token. */
  readonly readClaims: (token: string, call: Call) => Awaitable<Claims | null>;
  /** Whether issuer and audience are right. */
  readonly isForThisService: (claims: Claims) => boolean;
  /** Whether the token is valid at a moment, in seconds since 1970. */
  readonly isWithinLifetime: (claims: Claims, nowS: number) => boolean;

  /* Who may cancel */

  /** Whether a token was given to a user and not to an application by itself. */
  readonly isDelegated: (claims: Claims) => boolean;
  readonly isPersonalAccount: (claims: Claims) => boolean;
  /** The permissions that a token carries: scopes of a user's token, roles of an application's. */
  readonly grantedPermissions: (claims: Claims) => readonly string[];
  /** Whether one of the granted permissions is one that suffices. */
  readonly permits: (granted: readonly string[], sufficient: readonly string[]) => boolean;
  /** Whether the directory holds the caller for an administrator of entitlement management. */
  readonly isAdministrator: (claims: Claims) => boolean;
  /** Whether the caller made the request. */
  readonly owns: (caller: Caller, request: StoredRequest) => boolean;

  /* Body */

  /** All bytes of the body. */
  readonly readBody: (call: Call) => Awaitable<Buffer | RefusalCause>;
  /** Whether a body of this media type is read; `undefined` when the caller names none. */
  readonly acceptsMediaType: (contentType: string | undefined) => boolean;
  /** The body as JSON, or why it is none. */
  readonly parseBody: (bytes: Buffer, call: AdmittedCall) => Awaitable<ParsedBody | RefusalCause>;
  /** What is wrong with a body by the edition's rule; null when nothing is. */
  readonly checkBody: (body: ParsedBody, call: AdmittedCall) => RefusalCause | null;

  /* Effect */

  readonly isCancellable: (request: StoredRequest, call: AdmittedCall) => boolean;
  /** What a request looks like once it is cancelled. Writes nothing. */
  readonly cancelledRecord: (request: StoredRequest, call: AdmittedCall) => StoredRequest;
  /** Writes the cancelled record; a cause when it could not be written after all. */
  readonly applyCancel: (record: StoredRequest, call: AdmittedCall) => Awaitable<RefusalCause | null>;
  /** What happens after an answer on the action's address was handed to the connection. */
  readonly lateEffect: (answer: Answer, call: Call) => void;

  /* Answers */

  /** The answer to a cancel that took place. */
  readonly success: (call: AdmittedCall) => Answer;
  /** Status, code and message for a cause. */
  readonly describeRefusal: (cause: RefusalCause, call: Call) => Refusal;
  /** The body of a refusal, a JSON value. */
  readonly errorBody: (refusal: Refusal, call: Call) => unknown;
  /** Headers that belong to a refusal only, such as WWW-Authenticate and Allow. */
  readonly refusalHeaders: (refusal: Refusal, allowed: readonly string[]) => readonly HeaderPair[];
  /** The last word on every answer of the service: headers, content and framing. */
  readonly decorate: (answer: Answer, call: Call) => Answer;

  /* Representation */

  /** A request as a resource on the wire. */
  readonly represent: (request: StoredRequest, edition: Edition) => Readonly<Record<string, unknown>>;
  /** A request's status in the control protocol. */
  readonly controlStatus: (request: StoredRequest) => string;
}

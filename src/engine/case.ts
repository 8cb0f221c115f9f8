import type { Persona } from '../cancel/personas.js';
import type { Area } from './contract/types.js';
import type { AddressForm } from '../cancel/forms/addresses.js';
import type { BodyForm } from '../cancel/forms/bodies.js';
import type { CredentialForm } from '../cancel/forms/credentials.js';

export type { Persona };

/** Where one request may differ from its control. `body` includes the headers that frame it. */
export type Place = 'method' | 'path' | 'query' | 'header:authorization' | 'header:content-type' | 'body';

/** One cancel call, declared. What is left out is as in a well-formed cancel of one's frame. */
export interface Probe {
  readonly persona: Persona;
  /** Default `bearer`. */
  readonly credential?: CredentialForm;
  /** Default `POST`. */
  readonly method?: string;
  /** Default: what the edition's body rule demands. */
  readonly body?: BodyForm;
  /** Default `application/json` when there is a body; null sends none. */
  readonly contentType?: string | null;
  /** Default `own`. */
  readonly address?: AddressForm;
  /** True: over a bare socket, so that every byte of the answer is seen. */
  readonly wire?: true;
}

/** What is judged; each verb has one pure function in `judge/`. */
export type Verb =
  | 'cancels'
  | 'success-ends-cancelled'
  | 'ends-cancelled'
  | 'answers-accepted-status'
  | 'answers-no-server-error'
  | 'answers-in-time-without-server-error'
  | 'subject-unchanged'
  | 'subject-unchanged-unless-accepted'
  | 'sibling-unchanged'
  | 'stranger-unchanged'
  | 'stays-readable'
  | 'member-unchanged'
  | 'success-status-allowed'
  | 'success-without-content'
  | 'no-content-without-length'
  | 'no-content-without-stray-bytes'
  | 'success-has-request-id'
  | 'success-echoes-client-request-id'
  | 'refusal-is-json'
  | 'refusal-has-code'
  | 'refusal-has-message'
  | 'refusal-code-not-empty'
  | 'refusal-has-inner-error'
  | 'refusal-has-request-id'
  | 'leaks-no-stack-trace'
  | 'leaks-no-source-path'
  | 'leaks-no-token'
  | 'challenge-on-401'
  | 'allow-on-405'
  | 'same-answer'
  | 'observed';

/** One thing demanded of a case: a check. */
export interface Expectation {
  readonly verb: Verb;
  /** The rows it judges. */
  readonly requirementIds: readonly [string, ...string[]];
  /** For `member-unchanged`: the member of the resource. */
  readonly member?: string;
}

/** One case: given a frame of requests, when somebody calls, then this is demanded. No branches. */
export interface Case {
  /** Permanent, kebab-case, beginning with its area; statuses and personas keep their own spelling. */
  readonly id: string;
  /** States a fact, at most 80 characters. */
  readonly title: string;
  /** Version of the suite that brought it to rows which were there before; left out for cases of the first. */
  readonly since?: string;
  readonly given: {
    /** Status of the subject. */
    readonly status: string;
    /** Who made the subject; default `requestor`. */
    readonly requestor?: Persona;
  };
  /** The calls, one after the other unless `simultaneously`. */
  readonly when: readonly [Probe, ...Probe[]];
  readonly simultaneously?: true;
  /** The frame is read once more, at least this long after the last answer: for what changes a moment later. */
  readonly watchedMs?: number;
  /** The case that differs from this one in the declared places only, and must have succeeded on this target in this run. */
  readonly control?: { readonly caseId: string; readonly mutates: readonly Place[] };
  readonly then: readonly Expectation[];
}

/** Cases that are carried out one after the other on shared bystanders: one test of the runner. */
export interface CaseGroup {
  readonly area: Area;
  readonly title: string;
  readonly cases: readonly Case[];
}

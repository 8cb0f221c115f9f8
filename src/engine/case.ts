import type { HeaderPair } from './evidence/records.js';

/**
 * The words of one endpoint, as unions: what its tables are keyed by. The engine itself knows none of them and takes them
 * for any text.
 */
export interface Words {
  readonly area: string;
  readonly persona: string;
  readonly verb: string;
  readonly clause: string;
  readonly body: string;
  readonly address: string;
  readonly credential: string;
  readonly client: string;
  readonly gate: string;
}

/** Where one request may differ from its control. `body` includes the headers that say how long it is. */
export type Place = 'method' | 'path' | 'query' | `header:${string}` | 'framing' | 'body';

/** One call, declared. What is left out is as in a well-formed call on one's frame. */
export interface Probe<W extends Words = Words> {
  readonly persona: W['persona'];
  /** Default: the endpoint's own way to present a token. */
  readonly credential?: W['credential'];
  /** Default: the endpoint's own method. */
  readonly method?: string;
  /** Default: what the edition's body rule demands. */
  readonly body?: W['body'];
  /** Default `application/json` when there is a body; null sends none. */
  readonly contentType?: string | null;
  /** Default: the address of the case's own request. */
  readonly address?: W['address'];
  /** How the end of the body is told (RFC 9112 section 6); default: by its length. */
  readonly framing?: 'chunked';
  /** Media type that the caller takes; default `application/json`, as every client of Graph says; null says nothing, of codings neither. */
  readonly accepts?: string | null;
  /** The kind of client that it comes from, by what it says besides the call; default: the suite's own. */
  readonly client?: W['client'];
  /** Headers besides all others. */
  readonly headers?: readonly HeaderPair[];
  /** True: the names of headers in capitals, which says nothing else (RFC 9110 section 5.1). */
  readonly capitals?: true;
  /** Query string with its question mark. */
  readonly query?: string;
  /** True: with the cookies that the target set in its answer to the call before, as a browser sends them back (RFC 6265). */
  readonly returnsCookies?: true;
  /** True: with a tap on the connection, so that every byte of the answer is seen. */
  readonly wire?: true;
}

/** One thing demanded of a case: a check. */
export interface Expectation<W extends Words = Words> {
  /** What is judged: a row of the endpoint's table of verbs. */
  readonly verb: W['verb'];
  /** The rows it judges. */
  readonly requirementIds: readonly [string, ...string[]];
  /** For a verb about one member of the resource: that member. */
  readonly member?: string;
}

/** The case that vouches for another one: but for what differs in the places named, the same call was answered with success. */
interface Control {
  readonly caseId: string;
  readonly mutates: readonly Place[];
  /** True: a target need not serve the control. Where it does not, the case says nothing. */
  readonly ifServed?: true;
  /** Further cases that a target need not serve, and without whose success the case says nothing either. */
  readonly alsoServed?: readonly string[];
}

/** Where a gate is tried: the gate, what breaks it, and the one value that differs from the documented call. */
interface Cell<W extends Words = Words> {
  readonly gate: W['gate'];
  /** What breaks it: the row of a matrix. */
  readonly by: string;
  /** Name of the dimension and its value: the column of a matrix. */
  readonly dimension: string;
  readonly value: string;
}

/** One case: given a frame of requests, when somebody calls, then this is demanded. No branches. */
export interface Case<W extends Words = Words> {
  /** Permanent, kebab-case, beginning with its area; statuses and personas keep their own spelling. */
  readonly id: string;
  /** States a fact, at most 80 characters. */
  readonly title: string;
  /** Version of the suite that brought it to rows which were there before; left out for cases of the first. */
  readonly since?: string;
  readonly given: {
    /** Status of the subject. */
    readonly status: string;
    /** Who made the subject; default: the endpoint's usual owner. */
    readonly requestor?: W['persona'];
    /** True: the subject is removed before the calls, so that they name a request that is gone. */
    readonly removed?: true;
  };
  /** Sent before the one call, which then goes over the same connection. It is no probe: its own answer is not judged. */
  readonly opening?: Probe<W>;
  /** The calls, one after the other unless `simultaneously`. */
  readonly when: readonly [Probe<W>, ...Probe<W>[]];
  readonly simultaneously?: true;
  /** The frame is read once more, at least this long after the last answer: for what changes a moment later. */
  readonly watchedMs?: number;
  /** The case that differs from this one in the declared places only, and must have succeeded on this target in this run. */
  readonly control?: Control;
  /** True: other cases tell its rows of other statuses, so a target that has not this one leaves nothing untold. */
  readonly redundant?: true;
  /** Set for one cell of a gate. Its call must be refused, so cells share a subject while it reads untouched. */
  readonly cell?: Cell<W>;
  readonly then: readonly Expectation<W>[];
}

/** Cases that are carried out one after the other on shared bystanders. */
export interface CaseGroup<W extends Words = Words> {
  readonly area: W['area'];
  readonly title: string;
  /** True: carried out when all others are, one by one. What its calls do not succeed at any more, cases before may not have either. */
  readonly closing?: true;
  readonly cases: readonly Case<W>[];
}

/** Ids of the cases that have to be carried out before a case can be told. */
export const controlsOf = ({ control }: Pick<Case, 'control'>): readonly string[] =>
  control === undefined ? [] : [control.caseId, ...(control.alsoServed ?? [])];

/** What request a case is about: cases of which this is the same may share one. */
export const requestOf = ({ given }: Pick<Case, 'given'>): string => `${given.status} ${given.requestor ?? ''}`;

/** How many calls a case makes, where all of them are answered. */
export const callsOf = ({ opening, when }: Pick<Case, 'opening' | 'when'>): number =>
  when.length + (opening === undefined ? 0 : 1);

/** Id of a check: its case, the verb and, where the verb has one, the member. */
export function checkId(caseId: string, { verb, member }: Pick<Expectation, 'verb' | 'member'>): string {
  return member === undefined ? `${caseId}/${verb}` : `${caseId}/${verb}:${member}`;
}

/** The parts of a check's id. */
export function partsOfCheckId(id: string): { readonly caseId: string; readonly verb: string } {
  const [caseId = '', demand = ''] = id.split('/');
  return { caseId, verb: demand.split(':')[0] ?? '' };
}

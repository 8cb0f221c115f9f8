import type { RefusalCause } from './refusals.js';
import type { Answer, Call, Refusal, Seams } from './seams.js';

/** A named change of the service's behaviour: it replaces seams and may delegate to those it replaces. */
export interface Alteration {
  /** Kebab-case. */
  readonly id: string;
  /** What the altered service does, in one sentence. */
  readonly sentence: string;
  /** Called once per running target, so state in its closure is the target's own. */
  readonly override: (seams: Seams) => Partial<Seams>;
}

/** A mistake that an implementer could make. */
export interface Fault extends Alteration {
  /** The requirements that it breaks first-hand. */
  readonly breaks: readonly string[];
  /** True: it was derived from a gate, so any requirement of that gate may show it. */
  readonly derived?: true;
  /** The column whose cells look for it; left out: whatever is no cell. */
  readonly column?: { readonly dimension: string; readonly value: string };
  /** True: it lies in how a body is read, so it changes nothing where the edition has none. */
  readonly readsBody?: true;
  /** Ids of variants over which it does nothing wrong, although it changes what is answered. */
  readonly harmlessOver?: readonly string[];
}

/** A behaviour that differs where the contract leaves freedom. It breaks nothing. */
export interface Variant extends Alteration {
  /**
   * The contested clauses and the requirements whose freedom it uses. A SHOULD row among them may warn. Rows that it merely
   * answers with another status need not stand here: the proof sees them.
   */
  readonly touches: readonly string[];
  /** What the suite has to be told about a target of this kind, as its target file would say it. */
  readonly needs?: {
    readonly settleMs?: number;
    /** Readings of contested clauses, by clause id. */
    readonly readings?: Readonly<Record<string, string>>;
  };
}

/** The seams after all alterations; a later one sees the seams that the earlier ones left. */
export function alter(seams: Seams, alterations: readonly Alteration[]): Seams {
  return alterations.reduce((below, alteration) => ({ ...below, ...alteration.override(below) }), seams);
}

/** An override that changes some of the finished answers. */
export function alteringAnswers(
  concerns: (answer: Answer) => boolean,
  change: (answer: Answer, call: Call) => Answer,
): Alteration['override'] {
  return (seams) => ({
    decorate: (answer, call) => {
      const decorated = seams.decorate(answer, call);
      return concerns(answer) ? change(decorated, call) : decorated;
    },
  });
}

/** An override that changes the answers to cancels that took place. */
export function alteringSuccess(change: (answer: Answer, call: Call) => Answer): Alteration['override'] {
  return alteringAnswers(({ outcome }) => outcome === 'cancelled', change);
}

/** An override that gives some causes of refusal other terms. */
export function refusingWith(terms: Partial<Refusal>, causes: readonly RefusalCause[]): Alteration['override'] {
  return (seams) => ({
    describeRefusal: (cause, call) => ({
      ...seams.describeRefusal(cause, call),
      ...(causes.includes(cause) ? terms : {}),
    }),
  });
}

/** Members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

/** An override that changes the error object in the body of every refusal. */
export function alteringError(change: (error: Members) => Members): Alteration['override'] {
  return (seams) => ({
    errorBody: (refusal, call) => {
      const body = seams.errorBody(refusal, call) as Members;
      // Another alteration may have taken the error object away: then there is nothing to change.
      return isMembers(body['error']) ? { ...body, error: change(body['error']) } : body;
    },
  });
}

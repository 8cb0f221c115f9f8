import { verbs } from '../cancel/verbs/index.js';
import { partsOfCheckId } from '../engine/case.js';
import { consequences, type Consequence, type VerbRule } from '../engine/endpoint.js';
import { checksOf, type Digest } from './digest.js';
import type { CheckReport, RequirementReport } from './model.js';
import { isWaivedFor } from './waived.js';

const rules: Readonly<Record<string, VerbRule>> = verbs;

/** What each consequence is called: on a card, and counted in a sentence; and what it is. */
export const consequenceWords: Readonly<
  Record<Consequence, { readonly badge: string; readonly noun: string; readonly call: string; readonly note: string }>
> = {
  changed: {
    badge: 'security',
    noun: 'security hole',
    call: 'had to be refused',
    note: 'A call that had to be refused changed something: a wrong caller, or a wrong state.',
  },
  touched: {
    badge: 'stray change',
    noun: 'stray change',
    call: 'reached another request',
    note: 'A request changed that the call was not about.',
  },
  leaked: { badge: 'leak', noun: 'leak', call: 'was told too much', note: 'An answer told what has to stay inside.' },
  denied: {
    badge: 'denied',
    noun: 'denial',
    call: 'had to succeed',
    note: 'Somebody who may was refused, or nothing came of it.',
  },
  answer: {
    badge: 'answer',
    noun: 'wrong answer',
    call: 'had to be answered otherwise',
    note: 'A status or code that the documentation rules out.',
  },
  form: {
    badge: 'form',
    noun: 'wrong form',
    call: 'was answered in a wrong form',
    note: 'The right answer in a form that the documentation rules out.',
  },
};

/**
 * What the failure of a check means. A check that demands a refusal without an effect says by where it was seen which of the two was
 * missing; one of a verb that this version does not know is taken for one on the answer.
 */
export function consequenceOf({ id, findings }: Pick<CheckReport, 'id' | 'findings'>): Consequence {
  const own = rules[partsOfCheckId(id).verb]?.consequence ?? 'answer';
  return own === 'changed' && !findings.some(({ exchangeId }) => exchangeId === null) ? 'answer' : own;
}

/** Where what a check looks at stands in an answer. */
export const placeOf = ({ id }: Pick<CheckReport, 'id'>): VerbRule['place'] =>
  rules[partsOfCheckId(id).verb]?.place ?? 'status';

/** Whether a check fails because a call did not do what it had to do. */
export const demandsSuccess = ({ id }: Pick<CheckReport, 'id'>): boolean =>
  rules[partsOfCheckId(id).verb]?.demandsSuccess === true;

/** The gravest of some consequences. */
const gravestConsequence = (found: readonly Consequence[]): Consequence =>
  consequences.find((one) => found.includes(one)) ?? 'form';

export const graver = (a: Consequence, b: Consequence): number => consequences.indexOf(a) - consequences.indexOf(b);

/** What the failure of a requirement means: the gravest of its failed checks, of those that are not waived if there are any. */
export function consequenceOfRow(row: RequirementReport, all: Digest): Consequence {
  const failed = checksOf(row, all).filter(({ verdict }) => verdict === 'failed');
  const open = failed.filter((check) => !isWaivedFor(check, row.id));
  return gravestConsequence((open.length > 0 ? open : failed).map(consequenceOf));
}

/** The gravest that a failure of a requirement could mean, by what its checks look at. */
export const gravestPossible = (row: RequirementReport, all: Digest): Consequence =>
  gravestConsequence(checksOf(row, all).map(({ id }) => rules[partsOfCheckId(id).verb]?.consequence ?? 'answer'));

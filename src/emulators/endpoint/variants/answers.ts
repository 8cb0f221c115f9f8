import { alteringAnswers, refusingWith, type Variant } from '../alterations.js';
import { refusalTerms, type RefusalCause } from '../refusals.js';
import { withHeader } from '../wire.js';

/** What is answered with another status, as the rows that accept it know it. */
interface Choice {
  readonly what: string;
  readonly words: string;
  readonly causes: readonly RefusalCause[];
  /** The contested clauses whose freedom it is; left out: none. */
  readonly touches?: readonly string[];
}

const refusedStatuses: Choice = {
  what: 'state',
  words: 'a status that cannot be cancelled',
  causes: ['notCancellable', 'alreadyCancelled'],
};

const refusedBodies: Choice = {
  what: 'body',
  words: 'a body that does not name the request and the status',
  causes: ['unacceptableBody', 'malformedBody'],
};

const refusedTokens: Choice = {
  what: 'insufficient-token',
  words: 'a valid token that does not suffice',
  causes: ['applicationToken', 'personalAccount', 'missingPermission'],
};

const foreignRequests: Choice = {
  what: 'foreign-request',
  words: 'the request of somebody else',
  causes: ['notOwner'],
  touches: ['C-8'],
};

const malformedIds: Choice = {
  what: 'malformed-id',
  words: 'an id that cannot be one',
  causes: ['malformedId'],
};

/** One of the other accepted answers. */
const answered = (status: number, { what, words, causes, touches = [] }: Choice): Variant => ({
  id: `${what}-${status}`,
  touches,
  sentence: `Answers ${words} with ${status}.`,
  override: refusingWith({ status }, causes),
});

/** Every accepted answer to a refusal that is not the embedded target's own. */
export const answerVariants: readonly Variant[] = [
  ...[403, 404, 409, 412, 422].map((status) => answered(status, refusedStatuses)),
  {
    id: 'state-405',
    touches: [],
    sentence: 'Answers a status that cannot be cancelled with 405 and an Allow that names no method.',
    override: (seams) => ({
      ...refusingWith({ status: 405 }, refusedStatuses.causes)(seams),
      ...alteringAnswers(
        ({ outcome }) => outcome === 'notCancellable' || outcome === 'alreadyCancelled',
        (answer) => withHeader(answer, 'Allow', ''),
      )(seams),
    }),
  },
  ...[403, 404, 409, 415, 422].map((status) => answered(status, refusedBodies)),
  answered(401, refusedTokens),
  answered(400, { what: 'personal-account', words: 'a personal account', causes: ['personalAccount'] }),
  answered(400, { what: 'application-token', words: 'an application', causes: ['applicationToken'] }),
  answered(401, foreignRequests),
  {
    id: 'foreign-request-404',
    touches: ['C-8'],
    sentence: 'Hides requests of other users: they are answered like unknown ids.',
    override: refusingWith(refusalTerms.unknownId, ['notOwner']),
  },
  {
    id: 'unknown-id-403',
    touches: ['C-8'],
    sentence: 'Answers an unknown id as if it were the request of somebody else.',
    override: refusingWith(refusalTerms.notOwner, ['unknownId']),
  },
  answered(403, malformedIds),
  answered(404, malformedIds),
  {
    id: 'other-methods-404',
    touches: [],
    sentence: 'Knows no address for methods other than POST.',
    override: refusingWith(refusalTerms.unknownRoute, ['methodNotAllowed']),
  },
];

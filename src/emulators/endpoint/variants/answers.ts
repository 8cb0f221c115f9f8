import { alteringAnswers, refusingWith, type Variant } from '../alterations.js';
import { refusalTerms, type RefusalCause } from '../refusals.js';
import { withHeader } from '../wire.js';

/** What is answered with another status, as the rows that accept it know it. */
interface Choice {
  readonly what: string;
  readonly words: string;
  readonly causes: readonly RefusalCause[];
  readonly touches: readonly string[];
}

const refusedStatuses: Choice = {
  what: 'state',
  words: 'a status that cannot be cancelled',
  causes: ['notCancellable', 'alreadyCancelled'],
  touches: ['06', '07', '08', '09', '10', '11', '12'].map((number) => `CANCEL-STATE-0${number}`),
};

const refusedBodies: Choice = {
  what: 'body',
  words: 'a body that does not name the request and the status',
  causes: ['unacceptableBody', 'malformedBody'],
  touches: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) => `CANCEL-BODY-${String(number).padStart(3, '0')}`),
};

const refusedTokens: Choice = {
  what: 'insufficient-token',
  words: 'a valid token that does not suffice',
  causes: ['applicationToken', 'personalAccount', 'missingPermission'],
  touches: [4, 5, 6, 7, 8].map((number) => `CANCEL-PERM-00${number}`),
};

const foreignRequests: Choice = {
  what: 'foreign-request',
  words: 'the request of somebody else',
  causes: ['notOwner'],
  touches: ['CANCEL-PERM-003', 'C-8'],
};

const malformedIds: Choice = {
  what: 'malformed-id',
  words: 'an id that cannot be one',
  causes: ['malformedId'],
  touches: ['CANCEL-ADDR-002'],
};

/** One of the other accepted answers. */
const answered = (status: number, { what, words, causes, touches }: Choice): Variant => ({
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
    touches: refusedStatuses.touches,
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
  {
    ...answered(400, {
      ...refusedTokens,
      what: 'personal-account',
      words: 'a personal account',
      causes: ['personalAccount'],
    }),
    touches: ['CANCEL-PERM-005'],
  },
  answered(401, foreignRequests),
  {
    id: 'foreign-request-404',
    touches: foreignRequests.touches,
    sentence: 'Hides requests of other users: they are answered like unknown ids.',
    override: refusingWith(refusalTerms.unknownId, ['notOwner']),
  },
  {
    id: 'unknown-id-403',
    touches: ['C-8', 'CANCEL-ADDR-001'],
    sentence: 'Answers an unknown id as if it were the request of somebody else.',
    override: refusingWith(refusalTerms.notOwner, ['unknownId']),
  },
  answered(403, malformedIds),
  answered(404, malformedIds),
  {
    id: 'other-methods-404',
    touches: ['CANCEL-ADDR-008'],
    sentence: 'Knows no address for methods other than POST.',
    override: refusingWith(refusalTerms.unknownRoute, ['methodNotAllowed']),
  },
];

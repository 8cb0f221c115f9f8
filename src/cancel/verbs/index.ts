import type { VerbRule } from '../../engine/endpoint.js';
import type { Judge } from '../../engine/judge/facts.js';
import * as answers from './answers.js';
import * as frame from './frame.js';
import * as refusal from './refusal.js';
import * as success from './success.js';

/** A refusal and its effect in one: for cells, of which there are hundreds. */
const refusedUntouched: Judge = (facts, expectation) => {
  const effect = frame.subjectUnchanged(facts, expectation);
  return effect.verdict === 'passed' ? answers.answersAcceptedStatus(facts, expectation) : effect;
};

/** Everything that can be demanded of a case: the one home of each verb. */
export const verbs = {
  cancels: {
    title: 'answers with success and cancels the request',
    judge: answers.cancels,
    place: 'status',
    consequence: 'denied',
    demandsSuccess: true,
    needsSuccess: true,
  },
  'success-ends-cancelled': {
    title: 'cancels what it says it cancelled',
    judge: frame.successEndsCancelled,
    place: 'status',
    consequence: 'denied',
  },
  'ends-cancelled': {
    title: 'ends with the request cancelled',
    judge: frame.endsCancelled,
    place: 'status',
    consequence: 'denied',
    needsSuccess: true,
  },
  'each-success-ends-cancelled': {
    title: 'cancels each request of which it says so',
    judge: frame.eachSuccessEndsCancelled,
    place: 'status',
    consequence: 'denied',
  },
  'answers-refusal': {
    title: 'refuses in some way',
    judge: answers.answersRefusal,
    place: 'status',
    consequence: 'answer',
    demandsRefusal: true,
  },
  'answers-accepted-status': {
    title: 'answers with an accepted status',
    judge: answers.answersAcceptedStatus,
    place: 'status',
    consequence: 'answer',
    demandsRefusal: true,
  },
  'answers-no-server-error': {
    title: 'answers without a server error',
    judge: answers.noServerError,
    place: 'status',
    consequence: 'answer',
  },
  'answers-in-time-without-server-error': {
    title: 'answers in time and without a server error',
    judge: answers.inTimeWithoutServerError,
    place: 'status',
    consequence: 'answer',
    asksForLife: true,
  },
  'subject-unchanged': {
    title: 'leaves the request as it was',
    judge: frame.subjectUnchanged,
    place: 'status',
    consequence: 'changed',
    demandsRefusal: true,
    seenByEffect: true,
  },
  'subject-unchanged-unless-accepted': {
    title: 'leaves the request as it was when it refuses',
    judge: frame.subjectUnchangedUnlessAccepted,
    place: 'status',
    consequence: 'changed',
    seenByEffect: true,
  },
  'unchanged-by-strangers': {
    title: 'leaves the request as it was for all who may not cancel it',
    judge: frame.unchangedByStrangers,
    place: 'status',
    consequence: 'changed',
    demandsRefusal: true,
    mootWhereAllowed: true,
  },
  'refused-untouched': {
    title: 'refuses, and leaves the request as it was',
    judge: refusedUntouched,
    place: 'status',
    consequence: 'changed',
    demandsRefusal: true,
  },
  'sibling-unchanged': {
    title: "leaves the requestor's other request as it was",
    judge: frame.siblingUnchanged,
    place: 'status',
    consequence: 'touched',
    seenByEffect: true,
  },
  'stranger-unchanged': {
    title: "leaves another user's request as it was",
    judge: frame.strangerUnchanged,
    place: 'status',
    consequence: 'touched',
    seenByEffect: true,
  },
  'stays-readable': {
    title: 'keeps the cancelled request readable',
    judge: frame.staysReadable,
    place: 'status',
    consequence: 'denied',
  },
  'member-unchanged': {
    title: 'keeps a member of the resource as it was',
    judge: frame.memberUnchanged,
    place: 'status',
    consequence: 'denied',
  },
  'success-status-allowed': {
    title: 'answers a success with an allowed status',
    judge: success.statusAllowed,
    place: 'status',
    consequence: 'answer',
  },
  'success-without-content': {
    title: 'answers a success without content',
    judge: success.withoutContent,
    place: 'body',
    consequence: 'form',
  },
  'no-content-without-length': {
    title: 'sends no Content-Length with a 204',
    judge: success.noContentWithoutLength,
    place: 'headers',
    consequence: 'form',
  },
  'no-content-without-stray-bytes': {
    title: 'sends no bytes behind a 204',
    judge: success.noStrayBytes,
    place: 'body',
    consequence: 'form',
  },
  'no-content-without-transfer-coding': {
    title: 'sends no Transfer-Encoding with a 204',
    judge: success.noContentWithoutTransferCoding,
    place: 'headers',
    consequence: 'form',
  },
  'success-has-request-id': {
    title: 'sends request-id with a success',
    judge: success.hasRequestId,
    place: 'headers',
    consequence: 'form',
  },
  'success-echoes-client-request-id': {
    title: 'repeats client-request-id in a success',
    judge: success.echoesClientRequestId,
    place: 'headers',
    consequence: 'form',
  },
  'refusal-is-json': {
    title: 'refuses with a JSON error body',
    judge: refusal.isJson,
    place: 'body',
    consequence: 'form',
  },
  'refusal-has-code': {
    title: 'gives error.code as a string',
    judge: refusal.refusalHasCode,
    place: 'body',
    consequence: 'form',
  },
  'refusal-has-message': {
    title: 'gives error.message as a string',
    judge: refusal.refusalHasMessage,
    place: 'body',
    consequence: 'form',
  },
  'refusal-code-not-empty': {
    title: 'gives a code that is not empty',
    judge: refusal.codeNotEmpty,
    place: 'body',
    consequence: 'form',
  },
  'refusal-message-not-empty': {
    title: 'gives a message that is not empty',
    judge: refusal.messageNotEmpty,
    place: 'body',
    consequence: 'form',
  },
  'refusal-has-inner-error': {
    title: 'gives error.innerError',
    judge: refusal.hasInnerError,
    place: 'body',
    consequence: 'form',
  },
  'refusal-has-request-id': {
    title: 'sends request-id with a refusal',
    judge: refusal.hasRequestId,
    place: 'headers',
    consequence: 'form',
  },
  'leaks-no-stack-trace': {
    title: 'shows no stack trace',
    judge: refusal.leaksNoStackTrace,
    place: 'body',
    consequence: 'leaked',
    knownByMessage: true,
  },
  'leaks-no-source-path': {
    title: 'shows no path of a source file',
    judge: refusal.leaksNoSourcePath,
    place: 'body',
    consequence: 'leaked',
    knownByMessage: true,
  },
  'leaks-no-token': {
    title: 'does not repeat the token',
    judge: refusal.leaksNoToken,
    place: 'body',
    consequence: 'leaked',
    knownByMessage: true,
  },
  'challenge-on-401': {
    title: 'sends WWW-Authenticate with a 401',
    judge: answers.challengeOn401,
    place: 'headers',
    consequence: 'form',
  },
  'allow-on-405': { title: 'sends Allow with a 405', judge: answers.allowOn405, place: 'headers', consequence: 'form' },
  'allow-lists-post': {
    title: 'lists POST in the Allow of a 405',
    judge: answers.allowListsPost,
    place: 'headers',
    consequence: 'form',
  },
  'last-cancels': {
    title: 'answers the last call with success and cancels the request',
    judge: answers.lastCancels,
    place: 'status',
    consequence: 'denied',
    needsSuccess: true,
  },
  'last-is-refused': {
    title: 'refuses the last call',
    judge: answers.lastIsRefused,
    place: 'status',
    consequence: 'answer',
    needsSuccess: true,
  },
  'reads-chunks': {
    title: 'carries out a body in chunks, or asks for a length',
    judge: answers.readsChunks,
    place: 'status',
    consequence: 'denied',
    needsSuccess: true,
  },
  'keeps-in-step': {
    title: 'is carried out over a connection on which another call was refused',
    judge: answers.keepsInStep,
    place: 'status',
    consequence: 'denied',
    needsSuccess: true,
    asksForLife: true,
  },
  'head-without-content': {
    title: 'sends no content in answer to HEAD',
    judge: answers.headWithoutContent,
    place: 'body',
    consequence: 'form',
  },
  'same-answer': {
    title: 'gives both calls the same answer',
    judge: answers.sameAnswer,
    place: 'status',
    consequence: 'answer',
  },
  'same-answer-by-status': {
    title: 'answers alike, whatever the status of the request',
    judge: answers.sameAnswerByStatus,
    place: 'status',
    consequence: 'leaked',
    demandsRefusal: true,
    comparesAnswers: true,
  },
  observed: {
    title: 'answers in some way, which is recorded, or as a chosen reading has it',
    judge: answers.observed,
    place: 'status',
    consequence: 'answer',
  },
} as const satisfies Readonly<Record<string, VerbRule>>;

export type Verb = keyof typeof verbs;

import {
  answerInWords,
  answersOf,
  endpointAlive,
  errorMember,
  failedBy,
  header,
  inconclusive,
  isRefusal,
  isSuccess,
  moot,
  mootUnlessSilent,
  lookAt,
  noAnswerReason,
  notApplicable,
  parseJson,
  passed,
  probesOf,
  sameStatus,
  unanswered,
  type Answered,
  type Facts,
  type Judge,
  type Judgement,
} from '../../engine/judge/facts.js';
import { lateHint, readsCancelled } from '../statuses.js';

/** Judges every probe's answer; a probe without one makes the check inconclusive, never failed. */
const everyAnswer =
  (
    find: (answer: Answered, facts: Facts, accepted: readonly number[] | undefined) => string | null,
    expected: string,
  ): Judge =>
  (facts, expectation): Judgement => {
    const silent = unanswered(facts.record);
    if (silent) return inconclusive(noAnswerReason(silent));
    const accepted = facts.rules.requirement(expectation.requirementIds[0])?.accepted;
    const demanded = accepted ? `one of ${accepted.join(', ')}` : expected;
    const findings = answersOf(facts.record).flatMap((answer) => {
      const message = find(answer, facts, accepted);
      const actual = answerInWords(answer.response);
      return message === null ? [] : [{ message, expected: demanded, actual, exchangeId: answer.exchange.id }];
    });
    return failedBy(findings);
  };

export const cancels: Judge = (facts, expectation) => {
  const answers = everyAnswer(
    ({ response }) => (isSuccess(response) ? null : `answered ${answerInWords(response)} where a success is due`),
    'a success',
  )(facts, expectation);
  if (answers.verdict !== 'passed') return answers;
  const after = lookAt(facts.record, 'subject', 'after');
  if (!after) return inconclusive('the status of the request could not be read after the call');
  if (readsCancelled(after.status)) return passed;
  const actual = after.found ? `status ${after.status ?? 'unknown'}` : 'no such request';
  return failedBy([
    {
      message: `answered with success, but the request was not cancelled: ${actual}${lateHint(after)}`,
      expected: 'a success, and the request reads cancelled',
      actual,
      exchangeId: probesOf(facts.record)[0]?.id ?? null,
    },
  ]);
};

export const answersAcceptedStatus = everyAnswer(({ exchange, response }, _, accepted) => {
  // OPTIONS asks what may be sent, and an answer to that is no refusal (RFC 9110 section 9.3.7).
  if (exchange.request.method === 'OPTIONS' && isSuccess(response)) return null;
  if (accepted ? accepted.includes(response.status) : isRefusal(response)) return null;
  return `answered ${answerInWords(response)}, which is no accepted refusal`;
}, 'a 4xx');

export const answersRefusal = everyAnswer(
  ({ response }) => (isRefusal(response) ? null : `answered ${answerInWords(response)}, which is no refusal`),
  'a 4xx',
);

/** 501 is the right answer to a method that a server does not know (RFC 9110 section 15.6.2). */
const isServerError = ({ exchange, response }: Answered): boolean =>
  response.status >= 500 && !(response.status === 501 && exchange.request.method !== 'POST');

export const noServerError = everyAnswer(
  (answer) => (isServerError(answer) ? `answered ${answerInWords(answer.response)}` : null),
  'no 5xx',
);

export const inTimeWithoutServerError: Judge = (facts, expectation) => {
  const silent = unanswered(facts.record);
  if (!silent) return noServerError(facts, expectation);
  if (!endpointAlive(facts.record)) return inconclusive(noAnswerReason(silent));
  // Neither a server error nor a hang, as long as others are still served; whether a server may do so, no document says.
  if (silent.noAnswer?.reason !== 'timeout')
    return notApplicable(
      `no answer and no hang, while another call right after it was answered: ${noAnswerReason(silent)}`,
    );
  const message = 'no answer in time, while another call right after it was answered';
  return failedBy([{ message, expected: 'an answer', actual: silent.noAnswer.message, exchangeId: silent.id }]);
};

export const challengeOn401: Judge = (facts, expectation) => {
  const any401 = answersOf(facts.record).some(({ response }) => response.status === 401);
  if (!any401) return notApplicable('the answer is not a 401');
  return everyAnswer(({ response }) => {
    if (response.status !== 401) return null;
    const challenges = response.headers.filter(([name]) => name.toLowerCase() === 'www-authenticate');
    const said = challenges.map(([, value]) => value).join(', ');
    if (/(?:^|,)\s*(?:Bearer|DPoP|PoP)\b/i.test(said)) return null;
    return said === '' ? 'a 401 without WWW-Authenticate' : `a 401 whose challenge asks for no bearer token: ${said}`;
  }, 'WWW-Authenticate with a challenge for a bearer token')(facts, expectation);
};

export const allowOn405: Judge = (facts, expectation) => {
  const any405 = answersOf(facts.record).some(({ response }) => response.status === 405);
  if (!any405) return notApplicable('the answer is not a 405');
  return everyAnswer(({ response }) => {
    // An empty Allow is legal: it says that no method is allowed (RFC 9110 section 10.2.1).
    return response.status !== 405 || header(response, 'allow') !== undefined ? null : 'a 405 without Allow';
  }, 'an Allow header')(facts, expectation);
};

export const allowListsPost: Judge = (facts, expectation) => {
  const refused = answersOf(facts.record).filter(({ response }) => response.status === 405);
  const named = refused.filter(({ response }) => (header(response, 'allow') ?? '').trim() !== '');
  if (named.length === 0) return notApplicable('no 405 names a method');
  return everyAnswer(({ response }) => {
    const allow = response.status === 405 ? (header(response, 'allow') ?? '') : '';
    if (allow.trim() === '' || allow.split(',').some((method) => method.trim() === 'POST')) return null;
    return `a 405 whose Allow is ${allow}, though POST is served there`;
  }, 'an Allow that lists POST')(facts, expectation);
};

/** The last of several calls, as the only one that was made, and whether one before it was carried out; null when nothing was sent. */
function lastOf(facts: Facts): { readonly facts: Facts; readonly isAfterSuccess: boolean } | null {
  const probes = probesOf(facts.record);
  const last = probes.at(-1);
  if (!last) return null;
  const isAfterSuccess = probes.some((probe) => probe !== last && probe.response !== null && isSuccess(probe.response));
  return { facts: { ...facts, record: { ...facts.record, exchanges: [last] } }, isAfterSuccess };
}

/** Whether the last of several calls is carried out, whatever those before it were answered with. */
export const lastCancels: Judge = (facts, expectation) => {
  const last = lastOf(facts);
  if (!last) return inconclusive('nothing was sent');
  return last.isAfterSuccess ? moot('a call before it was accepted') : cancels(last.facts, expectation);
};

/**
 * What was answered with success must not be so for whoever asks next. In which way it is refused is left open: the request is
 * cancelled by then, and a target may look at that first.
 */
export const lastIsRefused: Judge = (facts, expectation) => {
  const last = lastOf(facts);
  if (!last) return inconclusive('nothing was sent');
  return last.isAfterSuccess
    ? answersRefusal(last.facts, expectation)
    : mootUnlessSilent(facts.record, 'no call before it was accepted');
};

/** 411 asks for a length, which any server may (RFC 9110 section 15.5.12). */
export const readsChunks: Judge = (facts, expectation) => {
  const answers = answersOf(facts.record);
  if (answers.some(({ response }) => response.status === 411)) return passed;
  return cancels(facts, expectation);
};

/** What follows over the same connection is read for what it is: an answer to something else, or none, is a sign that it was not. */
export const keepsInStep: Judge = (facts, expectation) => {
  const silent = unanswered(facts.record);
  if (!silent) return cancels(facts, expectation);
  const { reason, message: actual } = silent.noAnswer ?? { reason: 'unreachable', message: '' };
  const isLost = reason === 'protocol-error' || (reason === 'timeout' && endpointAlive(facts.record));
  if (!isLost) return inconclusive(noAnswerReason(silent));
  const message = 'the call was not answered over a connection that a refusal had left open';
  return failedBy([{ message, expected: 'a success, or a closed connection', actual, exchangeId: silent.id }]);
};

export const headWithoutContent: Judge = ({ record }) => {
  const answers = answersOf(record).filter(({ exchange }) => exchange.request.method === 'HEAD');
  if (answers.length === 0) return inconclusive('no answer to HEAD came');
  if (answers.some(({ response }) => response.strayBytes === null))
    return inconclusive('the connection was not looked at');
  return failedBy(
    answers.flatMap(({ exchange, response: { strayBytes } }) =>
      strayBytes === 0
        ? []
        : [
            {
              message: `${strayBytes} bytes follow the head of an answer to HEAD`,
              expected: '0 bytes',
              actual: `${strayBytes} bytes`,
              exchangeId: exchange.id,
            },
          ],
    ),
  );
};

/** The answer as an outsider sees it: status, code and message, whatever differs by nature taken out. */
function outsideView({ response }: Answered): string {
  const body = parseJson(response);
  const message = errorMember(body, 'message');
  const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
  return [answerInWords(response), typeof message === 'string' ? message.replaceAll(guid, '‹id›') : ''].join(': ');
}

export const sameAnswer: Judge = ({ record }) => {
  const silent = unanswered(record);
  if (silent) return inconclusive(noAnswerReason(silent));
  const [first, second] = answersOf(record);
  if (!first || !second) return inconclusive('two answers are needed');
  const [expected, actual] = [outsideView(first), outsideView(second)];
  if (expected === actual) return passed;
  const message = 'an anonymous caller can tell a known id from an unknown one by the answer';
  return failedBy([{ message, expected, actual, exchangeId: second.exchange.id }]);
};

/** The second call is of the sibling, which must be in another status than the subject for the two to be compared. */
export const sameAnswerByStatus: Judge = ({ record, rules: { edition } }) => {
  const silent = unanswered(record);
  if (silent) return inconclusive(noAnswerReason(silent));
  const [first, second] = answersOf(record);
  if (!first || !second) return inconclusive('two answers are needed');
  // What may be cancelled and was is no longer there to be compared; what was cancelled before may be said to be.
  if (isSuccess(second.response)) return moot('the call on the other request was accepted');
  const [subject, sibling] = [lookAt(record, 'subject', 'before'), lookAt(record, 'sibling', 'before')];
  if (!edition.cancellable.some((status) => sameStatus(status, sibling?.status ?? null))) {
    return inconclusive(`the other request was made to be cancellable, but read ${sibling?.status ?? 'nothing'}`);
  }
  const [actual, expected] = [answerInWords(first.response), answerInWords(second.response)];
  if (actual === expected) return passed;
  const message = `the answer tells a request that is ${subject?.status ?? 'unknown'} from one that is ${sibling?.status ?? 'unknown'}`;
  return failedBy([{ message, expected, actual, exchangeId: first.exchange.id }]);
};

/** Recorded and not judged, unless a reading in force names the answers that it accepts. */
export const observed: Judge = (facts, { requirementIds: [id] }) => {
  const silent = unanswered(facts.record);
  if (silent) return inconclusive(noAnswerReason(silent));
  const accepted = facts.rules.requirement(id)?.accepted;
  return accepted === undefined ? passed : answeredAsRead(facts, accepted);
};

/** Of several calls one is the cancel itself, and each other one repeats it: these are what the row is about. */
function answeredAsRead(
  { case: { when, simultaneously }, record, rules }: Facts,
  accepted: readonly number[],
): Judgement {
  const answers = answersOf(record);
  const isRepeated = when.length > 1;
  const cancel = isRepeated ? answers.find(({ response }) => isSuccess(response)) : undefined;
  if (isRepeated && simultaneously !== true && cancel !== answers[0])
    return inconclusive('the first call did not succeed, so the second one repeats nothing');
  const judged = answers.filter((answer) => answer !== cancel);
  const disturbed = judged.find(({ response }) => rules.disturbances.includes(response.status));
  if (disturbed)
    return inconclusive(`the target turned the call away (${disturbed.response.status}, ${disturbed.exchange.id})`);
  const expected = `one of ${accepted.join(', ')}`;
  const findings = judged.flatMap(({ exchange, response }) => {
    if (accepted.includes(response.status)) return [];
    const actual = answerInWords(response);
    return [
      {
        message: `answered ${actual} where the reading in force has ${expected}`,
        expected,
        actual,
        exchangeId: exchange.id,
      },
    ];
  });
  if (isRepeated && !cancel) {
    const message = 'none of the calls at one moment succeeded';
    return failedBy([
      { message, expected: 'one success', actual: 'none', exchangeId: answers[0]?.exchange.id ?? null },
    ]);
  }
  return findings.length > 0 ? failedBy(findings) : carriedOut(record, judged);
}

/** A success that the reading has, and after which the request does not read cancelled, is none. */
function carriedOut(record: Facts['record'], answers: readonly Answered[]): Judgement {
  const [success] = answers.filter(({ response }) => isSuccess(response));
  if (!success) return passed;
  const after = lookAt(record, 'subject', 'after');
  if (!after) return inconclusive('the status of the request could not be read after the call');
  if (readsCancelled(after.status)) return passed;
  const actual = `status ${after.status ?? 'unknown'}`;
  const message = `answered with success, but the request was not cancelled: ${actual}${lateHint(after)}`;
  return failedBy([{ message, expected: 'the request reads cancelled', actual, exchangeId: success.exchange.id }]);
}

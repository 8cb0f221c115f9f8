import type { Finding } from '../../engine/evidence/verdicts.js';
import {
  answersOf,
  failedBy,
  header,
  inconclusive,
  isSuccess,
  moot,
  notApplicable,
  type Answered,
  type Facts,
  type Judge,
} from '../../engine/judge/facts.js';

type Complaint = Pick<Finding, 'message' | 'expected' | 'actual'>;

/** Judges every answer that is a success; without one this case has nothing to tell. */
const everySuccess =
  (find: (answer: Answered, facts: Facts) => Complaint | null): Judge =>
  (facts) => {
    const successes = answersOf(facts.record).filter(({ response }) => isSuccess(response));
    if (successes.length === 0) return moot('no call was answered with success');
    return failedBy(
      successes.flatMap((answer) => {
        const complaint = find(answer, facts);
        return complaint ? [{ ...complaint, exchangeId: answer.exchange.id }] : [];
      }),
    );
  };

/** As `everySuccess`, for rows that speak of a 204 alone. */
const everyNoContent =
  (find: (answer: Answered) => Complaint | null): Judge =>
  (facts, expectation) => {
    const successes = answersOf(facts.record).filter(({ response }) => isSuccess(response));
    if (successes.length > 0 && successes.every(({ response }) => response.status !== 204)) {
      return notApplicable('the success is not a 204');
    }
    return everySuccess((answer) => (answer.response.status === 204 ? find(answer) : null))(facts, expectation);
  };

const statusAllowed = everySuccess(({ response }, { rules }) => {
  if (rules.successStatuses.includes(response.status)) return null;
  const expected = rules.successStatuses.join(' or ');
  return {
    message: `the success is a ${response.status}; the reading in force allows ${expected}`,
    expected,
    actual: String(response.status),
  };
});

const withoutContent = everySuccess(({ response }) => {
  if (response.body.bytes === 0) return null;
  const actual = `${response.body.bytes} bytes`;
  return { message: `the success carries content of ${actual}`, expected: '0 bytes', actual };
});

const noContentWithoutLength = everyNoContent(({ response }) => {
  const length = header(response, 'content-length');
  if (length === undefined) return null;
  return { message: 'a 204 with Content-Length', expected: 'no Content-Length', actual: `Content-Length: ${length}` };
});

const noStrayBytes: Judge = (facts, expectation) => {
  const unseen = answersOf(facts.record).some(({ response }) => response.strayBytes === null);
  if (unseen) return inconclusive('the bare socket was not looked at');
  return everyNoContent(({ response }) => {
    if (response.strayBytes === 0) return null;
    const actual = `${response.strayBytes ?? 0} bytes`;
    return { message: `${actual} follow the head of a 204 on the connection`, expected: '0 bytes', actual };
  })(facts, expectation);
};

const hasRequestId = everySuccess(({ response }) => {
  if ((header(response, 'request-id') ?? '') !== '') return null;
  return { message: 'the success has no request-id', expected: 'a request-id header', actual: 'none' };
});

const echoesClientRequestId = everySuccess(({ exchange, response }) => {
  const sent = exchange.request.headers.find(([name]) => name.toLowerCase() === 'client-request-id')?.[1] ?? '';
  const actual = header(response, 'client-request-id');
  if (actual?.toLowerCase() === sent.toLowerCase()) return null;
  return { message: 'client-request-id is not repeated', expected: sent, actual: actual ?? 'no such header' };
});

/** Verbs that look at the answer of a success. */
export const successJudges = {
  'success-status-allowed': statusAllowed,
  'success-without-content': withoutContent,
  'no-content-without-length': noContentWithoutLength,
  'no-content-without-stray-bytes': noStrayBytes,
  'success-has-request-id': hasRequestId,
  'success-echoes-client-request-id': echoesClientRequestId,
} satisfies Record<string, Judge>;

import type { Finding } from '../../engine/evidence/verdicts.js';
import {
  answersOf,
  failedBy,
  header,
  inconclusive,
  isSuccess,
  mootUnlessSilent,
  seenNotToApply,
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
    if (successes.length === 0) return mootUnlessSilent(facts.record, 'no call was answered with success');
    return failedBy(
      successes.flatMap((answer) => {
        const complaint = find(answer, facts);
        return complaint ? [{ ...complaint, exchangeId: answer.exchange.id }] : [];
      }),
    );
  };

/** As `everySuccess`, for rows that speak of a 204 alone; a text says why one of them cannot be told. */
const everyNoContent =
  (find: (answer: Answered) => Complaint | string | null): Judge =>
  (facts, expectation) => {
    const successes = answersOf(facts.record).filter(({ response }) => isSuccess(response));
    const without = successes.filter(({ response }) => response.status === 204);
    if (successes.length > 0 && without.length === 0) return seenNotToApply('the success is not a 204');
    const unseen = without.map(find).find((found) => typeof found === 'string');
    if (unseen !== undefined) return inconclusive(unseen);
    return everySuccess((answer) => {
      const found = answer.response.status === 204 ? find(answer) : null;
      return typeof found === 'string' ? null : found;
    })(facts, expectation);
  };

export const statusAllowed = everySuccess(({ response }, { rules }) => {
  if (rules.successStatuses.includes(response.status)) return null;
  const expected = rules.successStatuses.join(' or ');
  return {
    message: `the success is a ${response.status}; the reading in force allows ${expected}`,
    expected,
    actual: String(response.status),
  };
});

export const withoutContent = everySuccess(({ response }) => {
  if (response.body.bytes === 0 || isCodedNothing(response)) return null;
  const actual = `${response.body.bytes} bytes`;
  return { message: `the success carries content of ${actual}`, expected: '0 bytes', actual };
});

/** The most that gzip makes of nothing: a head of 10 bytes, an empty block, a checksum and a length (RFC 1952). */
const codedNothing: Readonly<Record<string, number>> = { gzip: 23, 'x-gzip': 23, deflate: 8, br: 1 };

/** Whether a body is nothing in a content coding: what it was before it was coded is judged (RFC 9110 section 8.4). */
const isCodedNothing = (response: Answered['response']): boolean =>
  response.body.bytes <= (codedNothing[header(response, 'content-encoding')?.toLowerCase() ?? ''] ?? 0);

export const noContentWithoutLength = everyNoContent(({ response }) => {
  const length = header(response, 'content-length');
  if (length === undefined) return null;
  return { message: 'a 204 with Content-Length', expected: 'no Content-Length', actual: `Content-Length: ${length}` };
});

export const noContentWithoutTransferCoding = everyNoContent(({ response }) => {
  const coding = header(response, 'transfer-encoding');
  if (coding === undefined) return null;
  const actual = `Transfer-Encoding: ${coding}`;
  return { message: 'a 204 with Transfer-Encoding', expected: 'no Transfer-Encoding', actual };
});

export const noStrayBytes = everyNoContent(({ response }) => {
  if (response.strayBytes === null) return 'the connection was not looked at';
  if (response.strayBytes === 0) return null;
  const actual = `${response.strayBytes} bytes`;
  return { message: `${actual} follow the head of a 204 on the connection`, expected: '0 bytes', actual };
});

export const hasRequestId = everySuccess(({ response }) => {
  if ((header(response, 'request-id') ?? '') !== '') return null;
  return { message: 'the success has no request-id', expected: 'a request-id header', actual: 'none' };
});

export const echoesClientRequestId = everySuccess(({ exchange, response }) => {
  const sent = exchange.request.headers.find(([name]) => name.toLowerCase() === 'client-request-id')?.[1] ?? '';
  const actual = header(response, 'client-request-id');
  if (actual?.toLowerCase() === sent.toLowerCase()) return null;
  return { message: 'client-request-id is not repeated', expected: sent, actual: actual ?? 'no such header' };
});

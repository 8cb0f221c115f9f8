import { isDeepStrictEqual } from 'node:util';
import type { FrameRole } from '../../engine/evidence/records.js';
import type { Finding } from '../../engine/evidence/verdicts.js';
import { ownerOf } from '../../engine/endpoint.js';
import {
  answersOf,
  endpointAlive,
  failedBy,
  inconclusive,
  isSuccess,
  lookAt,
  memberOf,
  moot,
  mootUnlessSilent,
  noAnswerReason,
  notApplicable,
  passed,
  sameStatus,
  unanswered,
  type Facts,
  type Judge,
  type Judgement,
} from '../../engine/judge/facts.js';
import { documentedMembers, lateHint, readsCancelled } from '../statuses.js';

const roleName: Readonly<Record<FrameRole, string>> = {
  subject: 'the request',
  sibling: "the requestor's other request",
  stranger: "another user's request",
};

type Resource = Readonly<Record<string, unknown>> | null;

const asText = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

/** Documented members that two readings of one request have otherwise; statuses are compared apart, whatever their casing. */
function differingMembers(before: Resource, after: Resource): readonly Record<'member' | 'was' | 'is', string>[] {
  if (before === null || after === null) return [];
  return documentedMembers
    .filter((member) => !isDeepStrictEqual(before[member], after[member]))
    .filter((member) => asText(before[member]).toLowerCase() !== asText(after[member]).toLowerCase())
    .map((member) => ({ member, was: asText(before[member]), is: asText(after[member]) }));
}

/** Whether a watched request reads the same after the calls as before. */
function unchanged({ record }: Facts, role: FrameRole): Judgement {
  const before = lookAt(record, role, 'before');
  const after = lookAt(record, role, 'after');
  if (!before || !after) return inconclusive(`the status of ${roleName[role]} could not be read after the call`);
  const differing = after.found ? differingMembers(before.resource, after.resource) : [];
  if (after.found && sameStatus(before.status, after.status) && differing.length > 0) {
    return failedBy(
      differing.map(({ member, was, is }) => ({
        message: `${member} of ${roleName[role]} changed from ${was} to ${is}`,
        expected: was,
        actual: is,
        exchangeId: null,
      })),
    );
  }
  if (after.found && sameStatus(before.status, after.status)) return passed;
  const actual = after.found ? `it reads ${after.status ?? 'nothing'}` : 'it is gone';
  return failedBy([
    {
      message: `${roleName[role]} was ${before.status ?? 'unknown'} before the call; afterwards ${actual}`,
      expected: `status ${before.status ?? 'unknown'}`,
      actual,
      exchangeId: null,
    },
  ]);
}

export const subjectUnchanged: Judge = (facts) => {
  const judgement = unchanged(facts, 'subject');
  const silent = unanswered(facts.record);
  return silent && judgement.verdict === 'passed' ? inconclusive(noAnswerReason(silent)) : judgement;
};

/** Where a call of the owner or of an administrator was carried out, nothing is told of the others. */
export const unchangedByStrangers: Judge = (facts, expectation) => {
  const { rules } = facts;
  const allowed = [ownerOf(facts.case, rules), rules.endpoint.cast.decider];
  const accepted = answersOf(facts.record).find(
    ({ exchange, response }) => allowed.includes(exchange.persona) && isSuccess(response),
  );
  return accepted
    ? moot(`the call of ${accepted.exchange.persona} was accepted`)
    : subjectUnchanged(facts, expectation);
};

export const subjectUnchangedUnlessAccepted: Judge = (facts) => {
  const { record } = facts;
  if (answersOf(record).some(({ response }) => isSuccess(response))) return moot('the call was accepted');
  const judgement = unchanged(facts, 'subject');
  const silent = unanswered(record);
  if (!silent) return judgement;
  // The peer hung up but is alive: nothing was accepted, so nothing may have changed; if something did, who knows why.
  return endpointAlive(record) && judgement.verdict === 'passed' ? passed : inconclusive(noAnswerReason(silent));
};

export const endsCancelled: Judge = ({ record }) => {
  const after = lookAt(record, 'subject', 'after');
  if (!after) return inconclusive('the status of the request could not be read after the call');
  if (after.found && readsCancelled(after.status)) return passed;
  const silent = unanswered(record);
  if (silent) return inconclusive(noAnswerReason(silent));
  const actual = after.found
    ? `status ${after.status ?? 'unknown'} ${after.afterMs} ms after the answer`
    : 'no such request';
  return failedBy([
    {
      message: `the request does not read cancelled: ${actual}${lateHint(after)}`,
      expected: 'cancelled',
      actual,
      exchangeId: null,
    },
  ]);
};

export const successEndsCancelled: Judge = (facts, expectation) =>
  answersOf(facts.record).some(({ response }) => isSuccess(response))
    ? endsCancelled(facts, expectation)
    : mootUnlessSilent(facts.record, 'no call was answered with success');

/** Of two calls, the first of the subject and the second of its sibling. */
export const eachSuccessEndsCancelled: Judge = ({ record }) => {
  const silent = unanswered(record);
  if (silent) return inconclusive(noAnswerReason(silent));
  const calls = answersOf(record).map(
    (answer, index) => ({ ...answer, role: index === 0 ? 'subject' : 'sibling' }) as const,
  );
  const done = calls.filter(({ response }) => isSuccess(response));
  if (done.length === 0) return moot('no call was answered with success');
  const read = done.map((one) => ({ ...one, after: lookAt(record, one.role, 'after') }));
  if (read.some(({ after }) => !after)) return inconclusive('a request could not be read after the calls');
  return failedBy(
    read.flatMap(({ role, after, exchange }) => {
      if (!after || (after.found && readsCancelled(after.status))) return [];
      const actual = after.found ? `status ${after.status ?? 'unknown'}` : 'no such request';
      const message = `answered with success beside another cancel, but ${roleName[role]} was not cancelled: ${actual}${lateHint(after)}`;
      return [{ message, expected: 'cancelled', actual, exchangeId: exchange.id }];
    }),
  );
};

/**
 * What a cancel leaves alone is told by one that was carried out: a call that should have been, and was refused or came to nothing,
 * tells nothing of it.
 */
function ofSuccess({ case: { then }, record }: Facts, judgement: Judgement): Judgement {
  const isDue = then.some(({ verb }) => verb === 'success-ends-cancelled');
  if (!isDue || judgement.verdict !== 'passed') return judgement;
  if (!answersOf(record).some(({ response }) => isSuccess(response)))
    return mootUnlessSilent(record, 'no call was answered with success');
  const after = lookAt(record, 'subject', 'after');
  return after && !readsCancelled(after.status) ? moot('no request was cancelled') : judgement;
}

export const staysReadable: Judge = (facts) => {
  const after = lookAt(facts.record, 'subject', 'after');
  if (!after) return inconclusive('the request could not be read after the call');
  const actual = 'the arranging side no longer knows the request';
  return after.found
    ? ofSuccess(facts, passed)
    : failedBy([{ message: 'the cancelled request is gone', expected: 'readable', actual, exchangeId: null }]);
};

const changed = (member: string, expected: string, actual: string): Finding => ({
  message: `${member} changed from ${expected} to ${actual}`,
  expected,
  actual,
  exchangeId: null,
});

export const memberUnchanged: Judge = (facts, { member = '' }) => {
  const { record } = facts;
  const before = lookAt(record, 'subject', 'before')?.resource;
  const after = lookAt(record, 'subject', 'after')?.resource;
  if (!before || !after) return inconclusive('the arranging side does not give the whole resource');
  const [was, is] = [memberOf(before, member), memberOf(after, member)];
  if (was === undefined && is === undefined) return notApplicable(`the resource has no ${member}`);
  if (isDeepStrictEqual(was, is)) return ofSuccess(facts, passed);
  const [expected, actual] = [was, is].map((value) => (value === undefined ? 'absent' : JSON.stringify(value)));
  return failedBy([changed(member, expected ?? '', actual ?? '')]);
};

/** One that something else has changed since it was made would no longer show what the call does to it. */
function bystanderUnchanged(facts: Facts, role: 'sibling' | 'stranger'): Judgement {
  const before = lookAt(facts.record, role, 'before');
  const { cancellable } = facts.rules.edition;
  if (!before || cancellable.some((status) => sameStatus(before.status, status)))
    return ofSuccess(facts, unchanged(facts, role));
  const reads = before.status ?? 'nothing';
  return inconclusive(`${roleName[role]} was made to be cancellable, but read ${reads} before the call`);
}

export const siblingUnchanged: Judge = (facts) => bystanderUnchanged(facts, 'sibling');

export const strangerUnchanged: Judge = (facts) => bystanderUnchanged(facts, 'stranger');

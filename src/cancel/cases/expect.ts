import type { Expectation, Verb } from '../words.js';

const one = (verb: Verb, requirementId: string): Expectation => ({ verb, requirementIds: [requirementId] });

const bystanders: readonly Expectation[] = [
  one('sibling-unchanged', 'CANCEL-EFFECT-001'),
  one('stranger-unchanged', 'CANCEL-EFFECT-002'),
];

const leaks: readonly Expectation[] = [
  one('leaks-no-stack-trace', 'CANCEL-ERR-007'),
  one('leaks-no-source-path', 'CANCEL-ERR-008'),
  one('leaks-no-token', 'CANCEL-ERR-009'),
];

const errorBody: readonly Expectation[] = [
  one('refusal-is-json', 'CANCEL-ERR-001'),
  one('refusal-has-code', 'CANCEL-ERR-002'),
  one('refusal-has-message', 'CANCEL-ERR-003'),
  one('refusal-code-not-empty', 'CANCEL-ERR-004'),
  one('refusal-has-inner-error', 'CANCEL-ERR-005'),
  one('refusal-has-request-id', 'CANCEL-ERR-006'),
  one('refusal-message-not-empty', 'CANCEL-ERR-010'),
];

const success: readonly Expectation[] = [
  one('success-status-allowed', 'CANCEL-RESP-001'),
  one('success-without-content', 'CANCEL-RESP-003'),
  one('no-content-without-length', 'CANCEL-RESP-004'),
  one('no-content-without-transfer-coding', 'CANCEL-RESP-008'),
  one('success-has-request-id', 'CANCEL-RESP-006'),
  one('success-echoes-client-request-id', 'CANCEL-RESP-007'),
];

/** The call succeeds and the request ends cancelled: the rows named, and all that every success owes. */
export const cancels = (first?: string, ...rest: readonly string[]): readonly Expectation[] => [
  ...(first === undefined ? [] : [{ verb: 'cancels', requirementIds: [first, ...rest] } as const]),
  one('success-ends-cancelled', 'CANCEL-STATE-005'),
  ...success,
  ...bystanders,
];

/** The success's answer, seen through the tap on its connection, carries no content on the wire. */
export const leavesTheWireEmpty: Expectation = one('no-content-without-stray-bytes', 'CANCEL-RESP-005');

/** What a cancel may not change about the cancelled request itself. */
export const keepsTheRequest: readonly Expectation[] = [
  one('stays-readable', 'CANCEL-EFFECT-003'),
  ...['requestType', 'justification', 'requestor', 'createdDateTime'].map((member, index): Expectation => {
    return { verb: 'member-unchanged', requirementIds: [`CANCEL-EFFECT-00${index + 4}`], member };
  }),
];

/** The call is refused with an accepted answer of the row, and nothing changes: the row, and all that every refusal owes. */
export const refuses = (requirementId: string): readonly Expectation[] => [
  one('answers-accepted-status', requirementId),
  one('subject-unchanged-unless-accepted', 'CANCEL-STATE-013'),
  ...bystanders,
  ...errorBody,
  ...leaks,
];

/** As `refuses`, for an address that a server in front of the target may refuse by itself, with a page of its own. */
export const refusesAddress = (requirementId: string): readonly Expectation[] => [
  one('answers-accepted-status', requirementId),
  one('subject-unchanged-unless-accepted', 'CANCEL-STATE-013'),
  one('refusal-is-json', 'CANCEL-ERR-011'),
  ...bystanders,
  ...leaks,
];

/** Whatever the call is answered with, it does not cancel. */
export const doesNotCancel = (requirementId: string): readonly Expectation[] => [
  one('subject-unchanged', requirementId),
  ...bystanders,
  ...leaks,
];

/** As `refuses`, for a row that says who or what must not cancel: a change of the request fails the row itself, too. */
export const forbids = (requirementId: string): readonly Expectation[] => [
  ...refuses(requirementId),
  one('subject-unchanged', requirementId),
  one('challenge-on-401', 'CANCEL-AUTH-007'),
];

/** As `refuses`, for a call without valid credentials: 401 with a challenge. */
export const demandsCredentials = (requirementId: string): readonly Expectation[] => [
  ...refuses(requirementId),
  one('challenge-on-401', 'CANCEL-AUTH-007'),
];

/** Another method than POST: does not cancel, should be refused as a method, and names the allowed ones. */
export const doesNotCancelBy = (requirementId: string): readonly Expectation[] => [
  { verb: 'subject-unchanged', requirementIds: [requirementId] },
  one('answers-accepted-status', 'CANCEL-ADDR-008'),
  one('allow-on-405', 'CANCEL-ADDR-009'),
  one('allow-lists-post', 'CANCEL-ADDR-019'),
  one('refusal-is-json', 'CANCEL-ERR-011'),
  ...bystanders,
  ...leaks,
];

/** The call reaches no bystander, whatever it is answered with. */
export const reachesNoOther = (requirementId: string): readonly Expectation[] => [
  one('sibling-unchanged', requirementId),
  one('answers-no-server-error', 'CANCEL-ROBUST-008'),
  one('stranger-unchanged', 'CANCEL-EFFECT-002'),
  ...leaks,
];

/** The answer is recorded and not judged; the frame is. */
export const observes = (requirementId: string): readonly Expectation[] => [
  one('observed', requirementId),
  one('answers-no-server-error', 'CANCEL-ROBUST-008'),
  one('subject-unchanged-unless-accepted', 'CANCEL-STATE-013'),
  ...bystanders,
  ...leaks,
];

/** Hostile input: answered in time, no server error, nothing cancelled unless accepted. */
export const survives = (requirementId: string): readonly Expectation[] => [
  one('answers-in-time-without-server-error', requirementId),
  one('subject-unchanged-unless-accepted', 'CANCEL-ROBUST-006'),
  ...bystanders,
  ...leaks,
];

/** One expectation that stands alone. */
export const expects = (verb: Verb, requirementId: string): Expectation => one(verb, requirementId);

/** A refused call changes nothing; its answer is judged elsewhere. */
export const leavesTheRequest: readonly Expectation[] = [
  one('subject-unchanged-unless-accepted', 'CANCEL-STATE-013'),
  ...bystanders,
];

/** The bystanders of a case whose own outcome is judged otherwise. */
export const leavesBystanders: readonly Expectation[] = bystanders;

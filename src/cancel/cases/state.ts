import type { Case, CaseGroup, Persona } from '../words.js';
import { cancels, expects, keepsTheRequest, leavesBystanders, leavesTheRequest, observes, refuses } from './expect.js';

/** The two callers whose rights differ; each status is tried as both. */
const callers: readonly Persona[] = ['administrator', 'requestor'];

/** The controls of nearly all refusals: a well-formed cancel that must have succeeded on this target in this run. */
export const administratorControl = 'state-cancels-pendingApproval-administrator';
export const requestorControl = 'state-cancels-pendingApproval-requestor';

export const controlOf = (persona: Persona): string =>
  persona === 'requestor' ? requestorControl : administratorControl;

const cancellable = [
  ['accepted', 'CANCEL-STATE-001'],
  ['pendingApproval', 'CANCEL-STATE-002'],
  ['pendingNotBefore', 'CANCEL-STATE-003'],
  ['pendingApprovalEscalated', 'CANCEL-STATE-004'],
] as const;

export const notCancellable = [
  ['delivering', 'CANCEL-STATE-006'],
  ['delivered', 'CANCEL-STATE-007'],
  ['partiallyDelivered', 'CANCEL-STATE-008'],
  ['denied', 'CANCEL-STATE-009'],
  ['deliveryFailed', 'CANCEL-STATE-010'],
  ['waitingForCallback', 'CANCEL-STATE-011'],
  ['expired', 'CANCEL-STATE-012'],
] as const;

const cancelling = (persona: Persona): readonly Case[] =>
  cancellable.map(([status, row]) => ({
    id: `state-cancels-${status}-${persona}`,
    title: `cancels a request that is ${status}, as ${persona}`,
    given: { status },
    when: [{ persona }],
    then: [...cancels(row), ...keepsTheRequest],
  }));

const refusing = (persona: Persona): readonly Case[] =>
  notCancellable.map(([status, row]) => ({
    id: `state-refuses-${status}-${persona}`,
    title: `refuses a request that is ${status}, as ${persona}`,
    given: { status },
    when: [{ persona }],
    control: { caseId: controlOf(persona), mutates: [] },
    then: refuses(row),
  }));

const simultaneous = callers.map((persona): Case => ({
  id: `state-two-cancels-at-once-${persona}`,
  title: `two cancels at the same moment end cancelled, as ${persona}`,
  given: { status: 'pendingApproval' },
  when: [{ persona }, { persona }],
  simultaneously: true,
  control: { caseId: controlOf(persona), mutates: [] },
  then: [
    expects('answers-no-server-error', 'CANCEL-STATE-014'),
    expects('ends-cancelled', 'CANCEL-STATE-015'),
    expects('observed', 'CANCEL-STATE-016'),
    ...leavesBystanders,
  ],
}));

const byTwoCallers: Case = {
  id: 'state-two-callers-cancel-at-once',
  title: 'two cancels by two callers at the same moment end cancelled',
  given: { status: 'pendingApproval' },
  when: [{ persona: 'administrator' }, { persona: 'requestor' }],
  simultaneously: true,
  control: { caseId: administratorControl, mutates: ['header:authorization'] },
  then: [
    expects('answers-no-server-error', 'CANCEL-STATE-014'),
    expects('ends-cancelled', 'CANCEL-STATE-015'),
    expects('observed', 'CANCEL-STATE-016'),
    ...leavesBystanders,
  ],
};

/** Whoever writes back all that was read before loses what came in between. */
const ofTwoRequests = callers.map((persona): Case => ({
  id: `state-cancels-of-two-requests-at-once-${persona}`,
  title: `cancels two requests at the same moment, as ${persona}`,
  given: { status: 'pendingApproval' },
  when: [{ persona }, { persona, address: 'sibling' }],
  simultaneously: true,
  control: { caseId: controlOf(persona), mutates: ['path', 'body'] },
  // Both requests are read again where effects are late.
  watchedMs: 1,
  then: [
    expects('answers-no-server-error', 'CANCEL-STATE-014'),
    expects('each-success-ends-cancelled', 'CANCEL-STATE-005'),
    expects('stranger-unchanged', 'CANCEL-EFFECT-002'),
  ],
}));

const second: Case = {
  id: 'state-second-cancel-administrator',
  title: 'a second cancel is answered, as administrator',
  given: { status: 'pendingApproval' },
  when: [{ persona: 'administrator' }, { persona: 'administrator' }],
  control: { caseId: administratorControl, mutates: [] },
  then: [expects('success-ends-cancelled', 'CANCEL-STATE-005'), ...observes('CANCEL-STATE-016')],
};

/** Far above what an unawaited write or a queue in the target's own process takes; the group waits for it once. */
const watchedMs = 60;

/** What is refused must not be carried out a moment later either, and what is cancelled must stay so. */
const momentLater: readonly Case[] = [
  // First, so that whatever else it cancels is not taken for a change of what was refused.
  {
    id: 'state-stays-cancelled',
    title: 'a moment after a success, the request is cancelled and no other',
    given: { status: 'pendingApproval' },
    when: [{ persona: 'administrator' }],
    watchedMs,
    then: [expects('success-ends-cancelled', 'CANCEL-STATE-005'), ...leavesBystanders],
  },
  {
    id: 'state-stays-as-refused-delivered',
    title: 'a moment after two refusals, a delivered request is as it was',
    given: { status: 'delivered' },
    when: [{ persona: 'administrator' }, { persona: 'requestor' }],
    control: { caseId: administratorControl, mutates: ['header:authorization'] },
    watchedMs,
    then: leavesTheRequest,
  },
  {
    id: 'state-stays-as-refused-callers',
    title: 'a moment after it refused a method and two callers, the request is as it was',
    given: { status: 'pendingApproval' },
    when: [
      { persona: 'otherUser' },
      { persona: 'requestor', credential: 'none' },
      { persona: 'requestor', method: 'PATCH' },
    ],
    control: { caseId: requestorControl, mutates: ['header:authorization', 'method'] },
    watchedMs,
    then: leavesTheRequest,
  },
  {
    id: 'state-stays-as-refused-body',
    title: 'a moment after it refused a body, the request is as it was',
    given: { status: 'pendingApproval' },
    when: [{ persona: 'requestor', body: 'empty-object' }],
    control: { caseId: requestorControl, mutates: ['body'] },
    watchedMs,
    then: refuses('CANCEL-BODY-002'),
  },
];

/** The controls once more, when all else is done: what was refused beyond the last success of a caller proves nothing. */
const onceMore: readonly Case[] = (
  [
    ['administrator', 'requestor'],
    ['requestor', 'requestor'],
    ['otherUser', 'otherUser'],
  ] as const
).map(([persona, requestor]) => ({
  id: `state-still-cancels-${persona}`,
  title: `still cancels at the end of the run, as ${persona}`,
  given: { status: 'pendingApproval', requestor },
  when: [{ persona }],
  then: [expects('answers-no-server-error', 'CANCEL-ROBUST-008')],
}));

export const closingGroups: readonly CaseGroup[] = [
  { area: 'STATE', title: 'the controls once more', closing: true, cases: onceMore },
];

export const stateGroups: readonly CaseGroup[] = [
  { area: 'STATE', title: 'cancellable statuses, as administrator', cases: cancelling('administrator') },
  { area: 'STATE', title: 'cancellable statuses, as requestor', cases: cancelling('requestor') },
  { area: 'STATE', title: 'other statuses, as administrator', cases: refusing('administrator') },
  { area: 'STATE', title: 'other statuses, as requestor', cases: refusing('requestor') },
  { area: 'STATE', title: 'two cancels of one request', cases: [...simultaneous, byTwoCallers, second] },
  { area: 'STATE', title: 'a moment after the answer', cases: momentLater },
  // One group each: both requests of the requestor are used up.
  ...ofTwoRequests.map((entry): CaseGroup => ({ area: 'STATE', title: entry.title, cases: [entry] })),
];

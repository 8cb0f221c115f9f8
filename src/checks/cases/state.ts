import type { Case, CaseGroup, Persona } from '../case.js';
import { cancels, expects, keepsTheRequest, leavesBystanders, observes, refuses } from '../expect.js';

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

const notCancellable = [
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
    ...leavesBystanders,
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

export const stateGroups: readonly CaseGroup[] = [
  { area: 'STATE', title: 'cancellable statuses, as administrator', cases: cancelling('administrator') },
  { area: 'STATE', title: 'cancellable statuses, as requestor', cases: cancelling('requestor') },
  { area: 'STATE', title: 'other statuses, as administrator', cases: refusing('administrator') },
  { area: 'STATE', title: 'other statuses, as requestor', cases: refusing('requestor') },
  { area: 'STATE', title: 'two cancels of one request', cases: [...simultaneous, second] },
];

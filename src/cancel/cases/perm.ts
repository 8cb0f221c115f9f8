import type { Case, CaseGroup, Persona, Probe } from '../words.js';
import { cancels, expects, forbids, leavesBystanders, refuses } from './expect.js';
import { administratorControl, requestorControl } from './state.js';

/** A caller who differs from the control's by the token alone, and must be refused. */
const refusedCaller = (persona: Persona, row: string, control: string): Case => ({
  id: `perm-refuses-${persona}`,
  title: `refuses ${persona}, whose token alone differs from one that succeeds`,
  given: { status: 'pendingApproval' },
  when: [{ persona }],
  control: { caseId: control, mutates: ['header:authorization'] },
  then: forbids(row),
});

/** Often enough that a caller kept in a field of the target's would have been taken for another: the owner sends a wrong body. */
const atOnce: Case['when'] = [
  { persona: 'otherUser' },
  ...Array.from({ length: 3 }, (): readonly Probe[] => [
    { persona: 'requestor', body: 'without-status' },
    { persona: 'otherUser' },
  ]).flat(),
  // Last, so that a caller kept in a field is the owner when the bodies come.
  { persona: 'requestor', body: 'without-status' },
];

/** Where an edition wants no body, none is wrong: these cases are of the others. */
const wrongBody: Case['then'] = [expects('answers-no-server-error', 'CANCEL-BODY-004'), ...leavesBystanders];

/** A call by the least permission, on the caller's own request. */
export const subjectControl = 'perm-subject-user-cancels-own';

/** Calls by callers whom a branch of its own may serve. */
export const administratorsOwnControl = 'perm-administrator-cancels-own';
export const manyScopesControl = 'perm-manyScopesUser-cancels';

export const permGroups: readonly CaseGroup[] = [
  {
    area: 'PERM',
    title: 'whose request it is',
    cases: [
      {
        id: 'perm-administrator-cancels-requestors-request',
        title: 'cancels the request of somebody else, as administrator',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'administrator' }],
        then: cancels('CANCEL-PERM-001'),
      },
      {
        id: 'perm-requestor-cancels-own',
        title: 'cancels their own request, as requestor',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'requestor' }],
        then: cancels('CANCEL-PERM-002'),
      },
      {
        id: 'perm-administrator-cancels-other-users-request',
        title: 'cancels the request of yet another user, as administrator',
        given: { status: 'pendingApproval', requestor: 'otherUser' },
        when: [{ persona: 'administrator' }],
        then: cancels('CANCEL-PERM-001'),
      },
      {
        id: 'perm-other-user-cancels-own',
        title: 'cancels their own request, as otherUser',
        given: { status: 'pendingApproval', requestor: 'otherUser' },
        when: [{ persona: 'otherUser' }],
        then: cancels('CANCEL-PERM-002'),
      },
      {
        id: administratorsOwnControl,
        title: 'cancels their own request, as administrator',
        given: { status: 'pendingApproval', requestor: 'administrator' },
        when: [{ persona: 'administrator' }],
        then: cancels('CANCEL-PERM-002'),
      },
      refusedCaller('otherUser', 'CANCEL-PERM-003', requestorControl),
      {
        ...refusedCaller('otherUser', 'CANCEL-PERM-003', requestorControl),
        id: 'perm-refuses-otherUser-named-in-the-body',
        title: 'refuses another user who names themselves as the owner in the body',
        when: [{ persona: 'otherUser', body: 'owner-named' }],
        control: { caseId: requestorControl, mutates: ['header:authorization', 'body'] },
      },
      ...(['requestor', 'administrator'] as const).map((before) => ({
        ...refusedCaller('otherUser', 'CANCEL-PERM-003', requestorControl),
        id: `perm-refuses-otherUser-on-a-connection-of-${before}`,
        title: `refuses another user over a connection that had a call of ${before} before`,
        opening: { persona: before, method: 'GET', address: 'resource', body: 'absent' } as const,
      })),
      {
        ...refusedCaller('requestor', 'CANCEL-PERM-003', 'perm-other-user-cancels-own'),
        given: { status: 'pendingApproval', requestor: 'otherUser' },
      },
    ],
  },
  {
    area: 'PERM',
    title: 'kinds of token',
    cases: [
      refusedCaller('application', 'CANCEL-PERM-004', administratorControl),
      refusedCaller('personalAccount', 'CANCEL-PERM-005', administratorControl),
    ],
  },
  {
    area: 'PERM',
    title: 'scopes',
    cases: [
      refusedCaller('readOnlyAdministrator', 'CANCEL-PERM-006', administratorControl),
      refusedCaller('unscopedUser', 'CANCEL-PERM-007', administratorControl),
      refusedCaller('similarScopeUser', 'CANCEL-PERM-008', administratorControl),
    ],
  },
  {
    area: 'PERM',
    title: 'several scopes',
    cases: [
      {
        id: manyScopesControl,
        title: 'cancels as somebody whose permission is the last of several scopes',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'manyScopesUser' }],
        control: { caseId: administratorControl, mutates: ['header:authorization'] },
        then: cancels('CANCEL-PERM-011'),
      },
    ],
  },
  {
    area: 'PERM',
    title: 'callers in turn and at once',
    cases: [
      {
        id: 'perm-refused-owner-then-stranger',
        title: 'does not take another user for the owner who called before',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'requestor', body: 'without-status' }, { persona: 'otherUser' }],
        control: { caseId: requestorControl, mutates: ['body', 'header:authorization'] },
        then: [expects('unchanged-by-strangers', 'CANCEL-PERM-003'), ...wrongBody],
      },
      {
        id: 'perm-refused-owner-then-garbage',
        title: 'does not take a garbage token for the owner who called before',
        given: { status: 'pendingApproval' },
        when: [
          { persona: 'requestor', body: 'without-status' },
          { persona: 'requestor', credential: 'garbage' },
        ],
        control: { caseId: requestorControl, mutates: ['body', 'header:authorization'] },
        then: [expects('unchanged-by-strangers', 'CANCEL-AUTH-004'), ...wrongBody],
      },
      {
        id: 'perm-refused-owner-then-owner',
        title: 'carries out the right call of an owner whose call before was refused',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'requestor', body: 'without-status' }, { persona: 'requestor' }],
        control: { caseId: requestorControl, mutates: ['body'] },
        then: [expects('last-cancels', 'CANCEL-PERM-002'), ...wrongBody],
      },
      {
        id: 'perm-refused-administrator-then-stranger',
        title: 'does not take another user for the administrator who called before',
        given: { status: 'delivered' },
        when: [{ persona: 'administrator' }, { persona: 'otherUser', address: 'sibling' }],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'path', 'body'] },
        then: [expects('sibling-unchanged', 'CANCEL-PERM-003'), expects('stranger-unchanged', 'CANCEL-EFFECT-002')],
      },
      {
        // What the body names is refused for itself as well, so only what becomes of the request tells.
        id: 'perm-other-user-names-a-request-of-their-own',
        title: 'does not take who owns the request in the body for the owner of that in the path',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'otherUser', address: 'sibling', body: 'id-of-stranger' }],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'path', 'body'] },
        then: [expects('sibling-unchanged', 'CANCEL-PERM-003'), expects('stranger-unchanged', 'CANCEL-EFFECT-002')],
      },
      {
        id: 'perm-malformed-administrator-then-other-user',
        title: 'does not take another user for the administrator whose body was refused before',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'administrator', body: 'malformed' }, { persona: 'otherUser' }],
        control: { caseId: administratorControl, mutates: ['body', 'header:authorization'] },
        then: [expects('unchanged-by-strangers', 'CANCEL-PERM-003'), ...leavesBystanders],
      },
      {
        id: 'perm-malformed-administrator-then-garbage',
        title: 'does not take garbage for the administrator whose body was refused before',
        given: { status: 'pendingApproval' },
        when: [
          { persona: 'administrator', body: 'malformed' },
          { persona: 'administrator', credential: 'garbage' },
        ],
        control: { caseId: administratorControl, mutates: ['body', 'header:authorization'] },
        then: [expects('unchanged-by-strangers', 'CANCEL-AUTH-004'), ...leavesBystanders],
      },
      {
        id: 'perm-refused-stranger-then-owner',
        title: 'does not refuse the owner for another user who called before',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'otherUser' }, { persona: 'requestor' }],
        control: { caseId: requestorControl, mutates: ['header:authorization'] },
        then: [expects('last-cancels', 'CANCEL-PERM-002'), ...leavesBystanders],
      },
      {
        id: 'perm-refused-stranger-then-administrator',
        title: 'does not refuse an administrator for another user who called before',
        given: { status: 'pendingApproval' },
        when: [{ persona: 'otherUser' }, { persona: 'administrator' }],
        control: { caseId: administratorControl, mutates: ['header:authorization'] },
        then: [expects('last-cancels', 'CANCEL-PERM-001'), ...leavesBystanders],
      },
      {
        id: 'perm-two-callers-at-once',
        title: 'does not take one caller for another who calls at the same moment',
        given: { status: 'pendingApproval' },
        when: atOnce,
        simultaneously: true,
        control: { caseId: requestorControl, mutates: ['body', 'header:authorization'] },
        then: [expects('unchanged-by-strangers', 'CANCEL-PERM-003'), ...wrongBody],
      },
    ],
  },
  {
    area: 'PERM',
    title: 'SubjectAccess',
    cases: [
      {
        id: subjectControl,
        title: 'cancels their own request, as subjectUser',
        given: { status: 'pendingApproval', requestor: 'subjectUser' },
        when: [{ persona: 'subjectUser' }],
        then: cancels('CANCEL-PERM-009'),
      },
      ...(['accepted', 'pendingNotBefore', 'pendingApprovalEscalated'] as const).map((status): Case => ({
        id: `perm-subject-user-cancels-own-${status}`,
        title: `cancels their own request, ${status}, as subjectUser`,
        given: { status, requestor: 'subjectUser' },
        redundant: true,
        when: [{ persona: 'subjectUser' }],
        then: cancels('CANCEL-PERM-009'),
      })),
      refusedCaller('subjectUser', 'CANCEL-PERM-010', requestorControl),
      {
        id: 'perm-subject-user-delivered',
        title: 'refuses their own request that is delivered, as subjectUser',
        given: { status: 'delivered', requestor: 'subjectUser' },
        when: [{ persona: 'subjectUser' }],
        control: { caseId: subjectControl, mutates: [] },
        then: refuses('CANCEL-PERM-014'),
      },
      {
        id: 'perm-subject-user-without-members',
        title: 'refuses an empty object for their own request, as subjectUser',
        given: { status: 'pendingApproval', requestor: 'subjectUser' },
        when: [{ persona: 'subjectUser', body: 'empty-object' }],
        control: { caseId: subjectControl, mutates: ['body'] },
        then: refuses('CANCEL-PERM-015'),
      },
    ],
  },
];

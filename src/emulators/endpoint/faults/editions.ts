import type { Fault } from '../alterations.js';
import type { Caller } from '../seams.js';

const subjectAccess = 'EntitlementMgmt-SubjectAccess.ReadWrite';

const hasOnlySubjectAccess = ({ permissions }: Caller): boolean =>
  permissions.includes(subjectAccess) && !permissions.some((name) => name.startsWith('EntitlementManagement.'));

/** Faults about what some editions say and others do not. */
export const editionFaults: readonly Fault[] = [
  {
    id: 'subject-access-unknown',
    breaks: ['CANCEL-PERM-009'],
    sentence: 'Knows the permission of the editions before June 2026 only.',
    override: (seams) => ({
      permits: (granted, sufficient) =>
        seams.permits(
          granted.filter((permission) => permission !== subjectAccess),
          sufficient,
        ),
    }),
  },
  {
    id: 'subject-access-needs-a-role',
    breaks: ['CANCEL-PERM-009'],
    sentence: "Asks for an administrator's role even from those who cancel their own request by the lesser permission.",
    override: (seams) => ({ owns: (caller, request) => !hasOnlySubjectAccess(caller) && seams.owns(caller, request) }),
  },
  {
    id: 'subject-access-suffices-for-all',
    breaks: ['CANCEL-PERM-010'],
    sentence: 'Lets the lesser permission suffice for the requests of everybody.',
    override: (seams) => ({ owns: (caller, request) => hasOnlySubjectAccess(caller) || seams.owns(caller, request) }),
  },
  {
    id: 'subject-access-to-foreign-request-crashes',
    breaks: ['CANCEL-PERM-010'],
    sentence: 'Looks a foreign request up among those of the caller, and fails when it is not there.',
    override: (seams) => ({
      owns: (caller, request) => {
        const isOwn = seams.owns(caller, request);
        if (!isOwn && hasOnlySubjectAccess(caller)) throw new TypeError('not among the own requests');
        return isOwn;
      },
    }),
  },
  {
    id: 'body-demanded-where-none-is-due',
    breaks: ['CANCEL-BODY-020'],
    sentence: 'Demands of v1.0 the body that the beta page asks for.',
    override: (seams) => ({
      checkBody: (body, call) =>
        call.edition.body.rule === 'none' && !call.caller.administrator && !body.present
          ? 'unacceptableBody'
          : seams.checkBody(body, call),
    }),
  },
  {
    id: 'media-type-demanded-without-a-body',
    breaks: ['CANCEL-BODY-020'],
    sentence: 'Refuses a call without Content-Type, even one that has no body.',
    override: (seams) => ({
      readBody: (call) => (call.headers['content-type'] === undefined ? 'unsupportedMediaType' : seams.readBody(call)),
    }),
  },
  {
    id: 'subject-access-without-status-check',
    breaks: ['CANCEL-PERM-014'],
    sentence: 'Has a way of its own for callers with SubjectAccess, which never looks at the status.',
    override: (seams) => ({
      isCancellable: (request, call) => hasOnlySubjectAccess(call.caller) || seams.isCancellable(request, call),
    }),
  },
  {
    id: 'subject-access-without-body-check',
    readsBody: true,
    breaks: ['CANCEL-PERM-015'],
    sentence: 'Has a way of its own for callers with SubjectAccess, which never looks at the body.',
    override: (seams) => ({
      checkBody: (body, call) => (hasOnlySubjectAccess(call.caller) ? null : seams.checkBody(body, call)),
    }),
  },
  {
    id: 'subject-access-for-pending-approval-alone',
    breaks: ['CANCEL-PERM-009'],
    sentence: 'Lets callers with SubjectAccess cancel what waits for approval, and nothing else.',
    override: (seams) => ({
      isCancellable: (request, call) =>
        seams.isCancellable(request, call) &&
        (!hasOnlySubjectAccess(call.caller) || request.status === 'pendingApproval'),
    }),
  },
];

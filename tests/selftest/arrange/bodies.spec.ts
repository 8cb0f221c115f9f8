import { expect, test } from '@playwright/test';
import {
  adminAddBody,
  adminRemoveBody,
  policyBody,
  userAddBody,
  type PolicyKind,
} from '../../../src/arrange/graph/bodies.js';

const users = { requestors: ['asks', 'asks-too'], approver: 'decides', escalationApprover: 'decides-then' };

const one = (id: string): object => ({ '@odata.type': '#microsoft.graph.singleUser', isBackup: false, id });

const askable = {
  ...{ scopeType: 'SpecificDirectorySubjects', acceptRequests: true },
  allowedRequestors: [one('asks'), one('asks-too')],
};

const stage = {
  ...{ approvalStageTimeOutInDays: 14, isApproverJustificationRequired: false, isEscalationEnabled: false },
  ...{ primaryApprovers: [one('decides')], escalationApprovers: [] },
};

/** Nothing is asked of anybody but to approve, and of nobody for an extension. */
const settings = (stages: readonly object[]): object => ({
  isApprovalRequired: stages.length > 0,
  isApprovalRequiredForExtension: false,
  isRequestorJustificationRequired: false,
  approvalMode: stages.length > 0 ? 'SingleStage' : 'NoApproval',
  approvalStages: stages,
});

const policies: Readonly<Record<PolicyKind, readonly [requestors: object, approval: object]>> = {
  direct: [{ scopeType: 'NoSubjects', acceptRequests: true, allowedRequestors: [] }, settings([])],
  approval: [askable, settings([stage])],
  escalation: [
    askable,
    settings([
      {
        ...stage,
        ...{ isEscalationEnabled: true, escalationTimeInMinutes: 1440, escalationApprovers: [one('decides-then')] },
      },
    ]),
  ],
};

for (const kind of ['direct', 'approval', 'escalation'] as const) {
  test(`a policy of the kind ${kind} asks for what it is there for, and for nothing else`, () => {
    const [requestorSettings, requestApprovalSettings] = policies[kind];
    expect(policyBody(kind, { name: 'a name', packageId: 'a-package' }, users)).toEqual({
      ...{ accessPackageId: 'a-package', displayName: 'a name', accessReviewSettings: null },
      description: `Made by a conformance run, which deletes it: ${kind}.`,
      ...{ requestorSettings, requestApprovalSettings },
      // Nobody gets mail for what a run makes.
      accessPackageNotificationSettings: { isAssignmentNotificationDisabled: true },
    });
  });
}

test('a request is for one user, by one policy, and begins when it is told to', () => {
  const wanted = { targetId: 'a-user', packageId: 'a-package', policyId: 'a-policy', justification: 'why' };
  const rest = {
    justification: 'why',
    accessPackageAssignment: { targetId: 'a-user', assignmentPolicyId: 'a-policy', accessPackageId: 'a-package' },
  };
  const startDateTime = '2026-12-01T00:00:00Z';
  const schedule = { startDateTime, expiration: { type: 'noExpiration' } };
  expect(userAddBody(wanted)).toEqual({ requestType: 'UserAdd', ...rest });
  expect(adminAddBody(wanted, null)).toEqual({ requestType: 'AdminAdd', ...rest });
  expect(adminAddBody(wanted, startDateTime)).toEqual({ requestType: 'AdminAdd', ...rest, schedule });
  expect(adminRemoveBody('an-assignment', 'why')).toEqual({
    ...{ requestType: 'AdminRemove', accessPackageAssignment: { id: 'an-assignment' }, justification: 'why' },
  });
});

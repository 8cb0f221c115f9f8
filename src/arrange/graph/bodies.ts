/**
 * What is sent to a tenant to bring requests into a status (contract, section 6): access packages that give access to
 * nothing, their policies, and requests for them.
 */

/** One user of the tenant in a policy. */
const singleUser = (id: string): object => ({ '@odata.type': '#microsoft.graph.singleUser', isBackup: false, id });

/** How long a prepared request waits before it is escalated, in minutes: the least that the service allows. */
export const escalationMinutes = 1440;

/** How long a request waits for somebody who decides, in days: then it is over. */
export const approvalDays = 14;

export const catalogBody = (name: string): object => ({
  displayName: name,
  description: 'Made by a conformance run, which deletes it.',
  isExternallyVisible: false,
});

export const packageBody = (name: string, catalogId: string): object => ({
  catalogId,
  displayName: name,
  description: 'Gives access to nothing.',
});

/** Who may ask by a policy, and who decides. */
export interface PolicyUsers {
  readonly requestors: readonly string[];
  readonly approver: string;
  readonly escalationApprover: string;
}

/** A kind of policy, and what makes it that. */
export type PolicyKind = 'direct' | 'approval' | 'escalation';

interface PolicyNames {
  readonly name: string;
  readonly packageId: string;
}

export function policyBody(kind: PolicyKind, { name, packageId }: PolicyNames, users: PolicyUsers): object {
  return {
    accessPackageId: packageId,
    displayName: name,
    description: `Made by a conformance run, which deletes it: ${kind}.`,
    accessReviewSettings: null,
    // Without this each request mails whoever decides and whoever asks.
    accessPackageNotificationSettings: { isAssignmentNotificationDisabled: true },
    ...settingsOf[kind](users),
  };
}

const settingsOf: Readonly<Record<PolicyKind, (users: PolicyUsers) => object>> = {
  direct: () => ({
    requestorSettings: { scopeType: 'NoSubjects', acceptRequests: true, allowedRequestors: [] },
    requestApprovalSettings: approvalSettings([]),
  }),
  approval: ({ requestors, approver }) => ({
    requestorSettings: askable(requestors),
    requestApprovalSettings: approvalSettings([stage(approver)]),
  }),
  escalation: ({ requestors, approver, escalationApprover }) => ({
    requestorSettings: askable(requestors),
    requestApprovalSettings: approvalSettings([
      {
        ...stage(approver),
        isEscalationEnabled: true,
        escalationTimeInMinutes: escalationMinutes,
        escalationApprovers: [singleUser(escalationApprover)],
      },
    ]),
  }),
};

const askable = (requestors: readonly string[]): object => ({
  scopeType: 'SpecificDirectorySubjects',
  acceptRequests: true,
  allowedRequestors: requestors.map(singleUser),
});

const approvalSettings = (stages: readonly object[]): object => ({
  isApprovalRequired: stages.length > 0,
  isApprovalRequiredForExtension: false,
  isRequestorJustificationRequired: false,
  approvalMode: stages.length > 0 ? 'SingleStage' : 'NoApproval',
  approvalStages: stages,
});

const stage = (approver: string): object => ({
  approvalStageTimeOutInDays: approvalDays,
  isApproverJustificationRequired: false,
  isEscalationEnabled: false,
  primaryApprovers: [singleUser(approver)],
  escalationApprovers: [],
});

/** For whom a request is, by which policy. */
export interface RequestFor {
  readonly targetId: string;
  readonly packageId: string;
  readonly policyId: string;
  readonly justification: string;
}

export const userAddBody = (wanted: RequestFor): object => requestBody('UserAdd', wanted);

/** @param startsAt ISO 8601; null for at once */
export const adminAddBody = (wanted: RequestFor, startsAt: string | null): object => ({
  ...requestBody('AdminAdd', wanted),
  ...(startsAt === null ? {} : { schedule: { startDateTime: startsAt, expiration: { type: 'noExpiration' } } }),
});

export const adminRemoveBody = (assignmentId: string, justification: string): object => ({
  requestType: 'AdminRemove',
  accessPackageAssignment: { id: assignmentId },
  justification,
});

const requestBody = (requestType: string, { targetId, packageId, policyId, justification }: RequestFor): object => ({
  requestType,
  justification,
  accessPackageAssignment: { targetId, assignmentPolicyId: policyId, accessPackageId: packageId },
});

import { dayMs, minuteMs } from '../clock.js';
import type { ApprovalStage, Members, SetUpObject } from '../model.js';

/* A policy's members were checked when it was created: see `bodies.ts`. */

interface User {
  readonly id: string;
}

interface RequestorSettings {
  readonly scopeType: string;
  readonly acceptRequests: boolean;
  readonly allowedRequestors: readonly User[];
}

interface ApprovalSettings {
  readonly isApprovalRequired: boolean;
  readonly isRequestorJustificationRequired?: boolean;
  readonly approvalStages: readonly {
    readonly approvalStageTimeOutInDays: number;
    readonly isEscalationEnabled: boolean;
    readonly escalationTimeInMinutes?: number;
    readonly primaryApprovers: readonly User[];
    readonly escalationApprovers?: readonly User[];
  }[];
}

const requestorSettings = ({ members }: SetUpObject): RequestorSettings =>
  members['requestorSettings'] as Members & RequestorSettings;

const approvalSettings = ({ members }: SetUpObject): ApprovalSettings =>
  members['requestApprovalSettings'] as Members & ApprovalSettings;

/** Whether a policy lets a user request access for themselves. */
export function maySelfRequest(policy: SetUpObject, userId: string): boolean {
  const { scopeType, acceptRequests, allowedRequestors } = requestorSettings(policy);
  if (!acceptRequests || scopeType === 'NoSubjects') return false;
  return scopeType === 'AllExistingDirectorySubjects' || idsOf(allowedRequestors).includes(userId);
}

export const isJustificationRequired = (policy: SetUpObject): boolean =>
  approvalSettings(policy).isRequestorJustificationRequired === true;

/** Who has to approve by a policy; null for nobody. */
export function approvalStageOf(policy: SetUpObject): ApprovalStage | null {
  const [stage] = approvalSettings(policy).approvalStages;
  if (stage === undefined) return null;
  const { isEscalationEnabled, escalationTimeInMinutes = 0, escalationApprovers = [] } = stage;
  return {
    primaryApprovers: idsOf(stage.primaryApprovers),
    escalationApprovers: isEscalationEnabled ? idsOf(escalationApprovers) : [],
    escalationMs: isEscalationEnabled ? escalationTimeInMinutes * minuteMs : null,
    timeOutMs: stage.approvalStageTimeOutInDays * dayMs,
  };
}

const idsOf = (users: readonly User[]): readonly string[] => users.map(({ id }) => id.toLowerCase());

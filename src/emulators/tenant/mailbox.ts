import { isoTime } from './clock.js';
import type { Members, TenantRequest } from './model.js';
import type { Directory } from './tenant.js';

/** A mail that the service sent to somebody. */
interface Mail {
  /** ISO 8601, by the tenant's clock. */
  readonly at: string;
  /** Object id of the user. */
  readonly to: string;
  readonly subject: string;
  readonly requestId: string;
  /** True: it is about a request of others. */
  readonly foreign: boolean;
}

/** What the service writes to whom when a request enters a status; who is not named here hears nothing. */
const occasions: Readonly<Record<string, (request: TenantRequest) => readonly (readonly [string, string])[]>> = {
  accepted: ({ targetId, stage }) => (stage === null ? [] : [[targetId, 'Your request is awaiting approval']]),
  pendingApproval: ({ stage }) => (stage?.primaryApprovers ?? []).map((to) => [to, 'Approve or deny a request']),
  pendingApprovalEscalated: ({ stage }) =>
    (stage?.escalationApprovers ?? []).map((to) => [to, 'A request was forwarded to you']),
  denied: ({ targetId }) => [[targetId, 'Your request was denied']],
  expired: ({ targetId }) => [[targetId, 'Your request has expired']],
  delivered: ({ targetId, removes }) => [[targetId, removes ? 'Your access was removed' : 'You now have access']],
};

/** Whom the service has written to. A policy may say that nobody is to be. */
export class Mailbox {
  readonly #directory: Directory;
  readonly #mails: Mail[] = [];

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /** Notes what is sent when a request enters its status. */
  entered(request: TenantRequest): void {
    const policy = this.#directory.find('accessPackageAssignmentPolicies', request.policyId);
    const settings = policy?.members['accessPackageNotificationSettings'] as Members | null | undefined;
    if (settings?.['isAssignmentNotificationDisabled'] === true) return;
    const { id: requestId, foreign, sinceMs } = request;
    for (const [to, subject] of occasions[request.status]?.(request) ?? [])
      this.#mails.push({ at: isoTime(sinceMs), to, subject, requestId, foreign });
  }

  /** All mails, the oldest first. */
  all(): readonly Mail[] {
    return this.#mails;
  }
}

import type { StoredRequest } from '../endpoint/store.js';

/** Members of a JSON object. */
export type Members = Readonly<Record<string, unknown>>;

/** The kinds of objects that are set up before anybody can ask for access. */
export type SetUpKind = 'accessPackageCatalogs' | 'accessPackages' | 'accessPackageAssignmentPolicies';

/** Every kind of object that the tenant holds, by the name of its collection. */
export type Kind =
  SetUpKind | 'accessPackageAssignmentRequests' | 'accessPackageAssignments' | 'accessPackageAssignmentApprovals';

/** What every kept object has. */
interface Kept {
  /** GUID in lower case. */
  readonly id: string;
  /** Its place in lists; later objects have higher ones. */
  readonly sequence: number;
  /** True for what the tenant held before anybody called: it belongs to others. */
  readonly foreign: boolean;
  /** Milliseconds of the tenant's clock. */
  readonly createdMs: number;
  /** Object id of the caller who created it. */
  readonly createdBy: string;
}

/** A catalog, a package or a policy. */
export interface SetUpObject extends Kept {
  readonly kind: SetUpKind;
  readonly displayName: string;
  /** The object that it belongs to: the catalog of a package, the package of a policy. */
  readonly parentId: string | null;
  /** As sent by its creator, completed with what a creator may leave out. */
  readonly members: Members;
}

/** Who decides on a request, and until when. */
export interface ApprovalStage {
  readonly primaryApprovers: readonly string[];
  readonly escalationApprovers: readonly string[];
  /** From the moment from which the request waits; null: there is no escalation. */
  readonly escalationMs: number | null;
  readonly timeOutMs: number;
}

/** How an approver decided. */
interface Decision {
  readonly result: 'Approve' | 'Deny';
  readonly justification: string | null;
  readonly by: string;
  readonly atMs: number;
}

/** An assignment request as the tenant keeps it: what the embedded target knows of it, and its way through the tenant. */
export interface TenantRequest extends StoredRequest, Kept {
  readonly packageId: string;
  readonly policyId: string;
  /** Who gets access, or loses it. */
  readonly targetId: string;
  /** The assignment that it leads to, or that it removes. */
  readonly assignmentId: string;
  /** True: it takes the assignment away. */
  readonly removes: boolean;
  /** When it entered its status, in milliseconds of the tenant's clock. */
  readonly sinceMs: number;
  /** As sent by the creator; null for none. */
  readonly schedule: Members | null;
  /** Earliest delivery; null: at once. */
  readonly startMs: number | null;
  /** Null: nobody has to approve. */
  readonly stage: ApprovalStage | null;
  /** The step of its approval. */
  readonly stepId: string;
  readonly decision: Decision | null;
  /** A cancel that was accepted and takes effect at a moment; null: none is due. */
  readonly cancel: { readonly atMs: number; readonly record: StoredRequest } | null;
  /** True: its delivery hangs. */
  readonly hangs: boolean;
  /** True: its assignment was taken away again. */
  readonly removed: boolean;
}

/** The statuses after which nothing happens any more by itself. */
const finalStatuses: readonly string[] = [
  'delivered',
  'partiallyDelivered',
  'deliveryFailed',
  'denied',
  'cancelled',
  'expired',
];

export const isFinal = ({ status }: StoredRequest): boolean => finalStatuses.includes(status);

/** Whether a request has led to an assignment that is still there. */
export const isAssigned = ({ status, removes, removed }: TenantRequest): boolean =>
  !removes && !removed && (status === 'delivered' || status === 'partiallyDelivered');

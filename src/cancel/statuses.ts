/** The status of bystanders: cancellable, so that a cancel that goes astray shows. */
export const bystanderStatus = 'pendingApproval';

/** Statuses that a request is in for a moment only, in lower case. */
export const passingStatuses: readonly string[] = ['accepted'];

/** Members of the resource that the documents name: nothing but a cancel of the request itself may change one of them. */
export const documentedMembers: readonly string[] = [
  'id',
  'requestType',
  'requestState',
  'requestStatus',
  'state',
  'status',
  'isValidationOnly',
  'createdDateTime',
  'completedDate',
  'completedDateTime',
  'expirationDateTime',
  'justification',
  'answers',
  'requestor',
  'schedule',
  'accessPackage',
  'accessPackageAssignment',
  'assignment',
];

/** Both spellings are read as cancelled (C-5). */
export const readsCancelled = (status: string | null): boolean => /^cancell?ed$/i.test(status ?? '');

/** Milliseconds within which nobody has waited for an effect. */
const soonMs = 1000;

/** What to say of a status that was read soon after a success and is not cancelled: of a target that is late, all rows would contradict. */
export const lateHint = ({ afterMs }: { readonly afterMs: number }): string =>
  afterMs < soonMs ? '; if its effects show later, settleMs of the target file says how much' : '';

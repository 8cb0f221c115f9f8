/** The status of bystanders: cancellable, so that a cancel that goes astray shows. */
export const bystanderStatus = 'pendingApproval';

/** Statuses that a request is in for a moment only, in lower case. */
export const passingStatuses: readonly string[] = ['accepted'];

/** Both spellings are read as cancelled (C-5). */
export const readsCancelled = (status: string | null): boolean => /^cancell?ed$/i.test(status ?? '');

/** The status of bystanders: cancellable, so that a cancel that goes astray shows. */
export const bystanderStatus = 'pendingApproval';

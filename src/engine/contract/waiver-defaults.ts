/** Stands in a drafted waiver where its author has to write; no waiver holds while it stands there. */
export const toBeReplaced = 'REPLACE ME';

/** How long a drafted waiver holds, in days. */
export const defaultDays = 30;

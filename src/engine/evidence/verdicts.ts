/** Verdict on a check or a requirement; the words are explained on the report's page. */
export type VerdictWord = 'passed' | 'failed' | 'inconclusive' | 'not-applicable';

/** What was seen where something else was demanded. */
export interface Finding {
  /** What was seen, as a clause. */
  readonly message: string;
  readonly expected: string;
  readonly actual: string;
  /** The exchange that shows it; null when it shows in the frame (a status reading). */
  readonly exchangeId: string | null;
}

/** Verdicts and findings as the report holds them; the words are explained in its schema and on its page. */
export type { Finding, Verdict as VerdictWord } from '../models/report.js';

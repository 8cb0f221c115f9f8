import type { Report } from './model.js';
import { visible } from './visible.js';

/**
 * `evidence.jsonl`: one exchange per line, lossless. `visible` works on the JSON text, where its escapes are JSON's
 * own, so that no reader splits a line at U+2028 and no control character reaches a terminal.
 */
export function renderEvidence(report: Pick<Report, 'exchanges'>): string {
  return report.exchanges.map((exchange) => `${visible(JSON.stringify(exchange))}\n`).join('');
}

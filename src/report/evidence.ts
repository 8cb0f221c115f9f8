import type { Report } from './model.js';
import { visible } from './visible.js';

/**
 * `evidence.jsonl`: one exchange per line, lossless. `visible` works on the JSON text, where its escapes are JSON's
 * own, so that no reader splits a line at U+2028 and no control character reaches a terminal.
 * @returns its lines, each with the line feed that ends it: a target may fill tens of megabytes
 */
export function* evidenceLines({ exchanges }: Pick<Report, 'exchanges'>): Generator<string> {
  for (const exchange of exchanges) yield `${visible(JSON.stringify(exchange))}\n`;
}

/** All of `evidence.jsonl`. */
export const renderEvidence = (report: Pick<Report, 'exchanges'>): string => [...evidenceLines(report)].join('');

import { createHash } from 'node:crypto';
import { renderEvidence } from './evidence.js';
import type { Report } from './model.js';

/** What the evidence of a run can be recognised by. */
export interface Seal {
  /** SHA-256 of `evidence.jsonl`, as any tool computes it. */
  readonly evidence: string;
  /** The last link of the chain over its lines: each is the hash of the one before it and a line. */
  readonly root: string;
}

const hashOf = (...texts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  return hash.digest('hex');
};

const seals = new WeakMap<Report['exchanges'], Seal>();

/** The seal of the exchanges of a report, computed once. Pure. */
export function sealOf({ exchanges }: Pick<Report, 'exchanges'>): Seal {
  const known = seals.get(exchanges);
  if (known) return known;
  const text = renderEvidence({ exchanges });
  // A line feed ends each line, and none stands within one.
  const lines = text.split('\n').slice(0, -1);
  const root = lines.reduce((before, line) => hashOf(before, '\n', line, '\n'), hashOf(''));
  const seal = { evidence: hashOf(text), root };
  seals.set(exchanges, seal);
  return seal;
}

import { createHash } from 'node:crypto';
import { evidenceLines } from './evidence.js';
import type { Report } from './model.js';

/** What the evidence of a run can be recognised by. */
export interface Seal {
  /** SHA-256 of `evidence.jsonl`, as any tool computes it. */
  readonly evidence: string;
  /** The last link of the chain over its lines: each is the hash of the one before it and a line. */
  readonly root: string;
}

const linkOf = (before: string, line: string): string =>
  createHash('sha256').update(`${before}\n${line}`).digest('hex');

const seals = new WeakMap<Report['exchanges'], Seal>();

/** The seal of the exchanges of a report, computed once. Pure. */
export function sealOf({ exchanges }: Pick<Report, 'exchanges'>): Seal {
  const known = seals.get(exchanges);
  if (known) return known;
  const whole = createHash('sha256');
  let root = createHash('sha256').digest('hex');
  for (const line of evidenceLines({ exchanges })) {
    whole.update(line);
    root = linkOf(root, line);
  }
  const seal = { evidence: whole.digest('hex'), root };
  seals.set(exchanges, seal);
  return seal;
}

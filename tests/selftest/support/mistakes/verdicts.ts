import type { Mistake } from './mistake.js';

/** What a target does, and what its user waived: the only mistakes that end in 1. */
export const verdicts = {
  failed: {
    what: 'a target that breaks a MUST requirement',
    says: '✗ NONCONFORMANT (exit code 1: a MUST requirement failed)',
    code: 1,
  },
  waived: {
    what: 'the same, with a waiver for each failure',
    says: '✓ CONFORMANT, WITH WAIVERS (exit code 0: every MUST requirement that applies passed, or its failure is waived)',
    code: 0,
  },
  otherwise: {
    what: 'a failure that is waived, and fails in another way since',
    says: '✗ NONCONFORMANT, PARTIAL (exit code 1: a MUST requirement failed)',
    code: 1,
  },
  unheld: {
    what: 'a waiver that is stale, expired or matches nothing',
    says: '✗ NONCONFORMANT, PARTIAL (exit code 1: a waiver does not hold)',
    code: 1,
  },
} as const satisfies Readonly<Record<string, Mistake>>;

import { expect, test } from '@playwright/test';
import type { Requirement } from '../../../src/engine/contract/types.js';
import type { VerdictWord } from '../../../src/engine/evidence/verdicts.js';
import { decideOutcome, type RunFate } from '../../../src/engine/verdict/outcome.js';
import { contract } from '../support/made-up-evidence.js';

type Row = Parameters<typeof decideOutcome>[0][number];

const fine: RunFate = { suiteFaults: [], ending: 'complete', filtered: false, failingWaivers: [] };

/** Rows of an area, one after the other. */
function rowsOf(area: Requirement['area'], verdicts: readonly (VerdictWord | 'waived')[]): readonly Row[] {
  const ofArea = contract.requirements.filter((row) => row.area === area && row.level === 'MUST');
  return verdicts.map((verdict, at) => {
    const requirement = ofArea[at];
    if (!requirement) throw new Error(`${area} has no ${at + 1} MUST rows`);
    const word = verdict === 'waived' ? ('failed' as const) : verdict;
    const isWaived = verdict === 'waived' ? { waived: true as const } : {};
    return { requirement, level: 'MUST', verdict: word, reason: 'made up', checks: [], ...isWaived };
  });
}

test('what failed is counted by area, in the order of the rows; what is waived is counted apart', () => {
  const rows = [
    ...rowsOf('STATE', ['failed', 'waived', 'passed', 'failed']),
    ...rowsOf('PERM', ['failed']),
    ...rowsOf('AUTH', ['waived', 'passed']),
    ...rowsOf('BODY', ['inconclusive']),
  ];
  expect(decideOutcome(rows, fine)).toMatchObject({
    outcome: 'nonconformant',
    explanation:
      'Failed MUST requirements by area: STATE 2, PERM 1. 2 MUST requirements fail and are waived, which is not the same as met. 1 MUST requirement could not be told: made up.',
    provable: { count: 7, of: 8 },
    proven: { count: 2, of: 8 },
  });
});

test('where all that failed is waived, no area is said to have failed', () => {
  const { outcome, explanation } = decideOutcome(rowsOf('STATE', ['waived', 'passed']), fine);
  expect(outcome).toBe('conformant');
  expect(explanation).not.toContain('by area');
});

test('a row that could not be told never counts as passed, and its reason is the one that most share', () => {
  const rows = rowsOf('STATE', ['passed', 'inconclusive', 'inconclusive', 'inconclusive']).map((row, at) => ({
    ...row,
    reason: at === 1 ? 'nobody is like me' : 'shared by two',
    checks:
      row.verdict === 'inconclusive'
        ? [{ verdict: row.verdict, reason: at === 1 ? 'nobody is like me' : 'shared by two' } as Row['checks'][number]]
        : [],
  }));
  expect(decideOutcome(rows, fine)).toMatchObject({
    outcome: 'incomplete',
    explanation: '3 MUST requirements could not be told, 2 of them because: shared by two.',
    proven: { count: 1, of: 4 },
  });
});

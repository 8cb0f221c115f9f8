import { expect, test } from '@playwright/test';
import { casesById } from '../../../src/cancel/cases/index.js';
import type { CapturedBody, Exchange } from '../../../src/engine/evidence/records.js';
import { reproducerOf } from '../../../src/report/assemble/reproducers.js';
import type { Reproducer } from '../../../src/report/model.js';
import { caseOf, contract, madeUpExchange, madeUpRecord, requestIdOf, textBody } from '../support/made-up-evidence.js';

const baseUrl = 'http://target.test/beta';

/** The command that sends a body, of a call of this case. */
function reproducerWith(caseId: string, body: CapturedBody): Reproducer {
  const record = madeUpRecord(caseOf(caseId), { answers: [{ status: 204 }] });
  const made = madeUpExchange(caseId, { status: 204 });
  const exchange: Exchange = { ...made, request: { ...made.request, body } };
  return reproducerOf(exchange, record, { cases: casesById, contract, baseUrl, between: [] });
}

const plain = 'state-cancels-pendingApproval-requestor';

for (const [bytes, option] of [
  [4096, '--data-raw'],
  [4097, '--data-binary @-'],
] as const) {
  test(`a body of ${bytes} bytes is given by ${option}`, () => {
    const { text, obstacle } = reproducerWith(plain, textBody('ab'.repeat(3000).slice(0, bytes)));
    expect(obstacle).toBeNull();
    expect(text.match(/--data-\w+(?: @-)?/g)).toEqual([option]);
  });
}

test.describe('a body of which evidence holds the beginning', () => {
  const [large] = [...casesById.values()]
    .filter(({ when }) => when.some((probe) => probe.body === 'one-mebibyte'))
    .map(({ id }) => id);
  const idOf = (role: 'subject' | 'sibling' | 'stranger'): string => requestIdOf(large ?? '', role);
  const built = contract.endpoint.forms.bodies['one-mebibyte']?.({
    edition: contract.edition,
    ids: { subject: idOf('subject'), sibling: idOf('sibling'), stranger: idOf('stranger') },
    callerId: null,
    token: null,
    resource: null,
  });
  const sent = { ...textBody(String(built).slice(0, 1000)), bytes: 1024 * 1024, truncated: true };

  test('is built again where beginning and size agree with what was sent', () => {
    expect(built).toHaveLength(1024 * 1024);
    const { text, obstacle } = reproducerWith(large ?? '', sent);
    expect(obstacle).toBeNull();
    expect(text).toContain('--data-binary @-');
  });

  for (const [what, change] of [
    ['size', { bytes: 1024 * 1024 + 1 }],
    ['beginning', { text: `another ${sent.text}` }],
  ] as const) {
    test(`is not where it was of another ${what}`, () => {
      const { obstacle } = reproducerWith(large ?? '', { ...sent, ...change });
      expect(obstacle).toMatch(/^evidence holds only the beginning of its body of \d+ bytes$/);
    });
  }
});

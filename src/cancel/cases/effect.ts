import type { Case, CaseGroup, Persona } from '../words.js';
import { expects, keepsTheRequest, leavesBystanders } from './expect.js';

/** Every case watches two bystanders; these two look at nothing else. */
const changesOneRequest = (persona: Persona): Case => ({
  id: `effect-changes-one-request-${persona}`,
  title: `changes the named request and no other, as ${persona}`,
  given: { status: 'pendingApproval' },
  when: [{ persona }],
  then: [expects('success-ends-cancelled', 'CANCEL-STATE-005'), ...leavesBystanders, ...keepsTheRequest],
});

export const effectGroups: readonly CaseGroup[] = [
  {
    area: 'EFFECT',
    title: 'what else a cancel changes',
    cases: [changesOneRequest('administrator'), changesOneRequest('requestor')],
  },
];

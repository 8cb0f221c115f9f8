import type { Case, CaseGroup, Persona } from '../words.js';
import { expects, keepsTheRequest, leavesBystanders } from './expect.js';
import { controlOf } from './state.js';

/** Every case watches two bystanders; these two look at nothing else. */
const changesOneRequest = (persona: Persona): Case => ({
  id: `effect-changes-one-request-${persona}`,
  title: `changes the named request and no other, as ${persona}`,
  given: { status: 'pendingApproval' },
  when: [{ persona }],
  then: [expects('success-ends-cancelled', 'CANCEL-STATE-005'), ...leavesBystanders, ...keepsTheRequest],
});

const callers: readonly Persona[] = ['administrator', 'requestor'];

/** A representation says how the request is; what it says otherwise is no wish to change it. */
const storesNoOtherValues = (persona: Persona): Case => ({
  id: `effect-stores-no-other-values-${persona}`,
  title: `stores none of the other values that a body holds, as ${persona}`,
  given: { status: 'pendingApproval' },
  when: [{ persona, body: 'other-values' }],
  control: { caseId: controlOf(persona), mutates: ['body'] },
  then: [
    expects('answers-no-server-error', 'CANCEL-ROBUST-008'),
    ...leavesBystanders,
    ...keepsTheRequest.filter(({ verb }) => verb === 'member-unchanged'),
  ],
});

export const effectGroups: readonly CaseGroup[] = [
  {
    area: 'EFFECT',
    title: 'what else a cancel changes',
    cases: [changesOneRequest('administrator'), changesOneRequest('requestor'), ...callers.map(storesNoOtherValues)],
  },
];

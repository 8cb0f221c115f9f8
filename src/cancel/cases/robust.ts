import type { Case, CaseGroup } from '../words.js';
import { survives } from './expect.js';
import type { BodyForm } from '../forms/bodies.js';
import { administratorControl, requestorControl } from './state.js';

const given = { status: 'pendingApproval' } as const;

/** The requestor's body has to be read, so it reaches the target's parser. */
const hostileBody = (body: BodyForm, row: string): Case => ({
  id: `robust-${body}`,
  title: `survives a body of the kind ${body}`,
  given,
  when: [{ persona: 'requestor', body }],
  control: { caseId: requestorControl, mutates: ['body'] },
  then: survives(row),
});

export const robustGroups: readonly CaseGroup[] = [
  {
    area: 'ROBUST',
    title: 'large and deep bodies',
    cases: [hostileBody('one-mebibyte', 'CANCEL-ROBUST-001'), hostileBody('deep-nesting', 'CANCEL-ROBUST-002')],
  },
  {
    area: 'ROBUST',
    title: 'bodies and ids out of shape',
    cases: [
      hostileBody('invalid-utf8', 'CANCEL-ROBUST-003'),
      hostileBody('duplicate-keys', 'CANCEL-ROBUST-004'),
      {
        id: 'robust-overlong-id',
        title: 'survives an id of 8,000 characters',
        given,
        when: [{ persona: 'administrator', address: 'overlong-id' }],
        control: { caseId: administratorControl, mutates: ['path'] },
        then: survives('CANCEL-ROBUST-005'),
      },
    ],
  },
];

import type { Case, CaseGroup, Place } from '../words.js';
import { doesNotCancelBy, expects, leavesTheRequest, observes, reachesNoOther, refuses } from './expect.js';
import type { AddressForm } from '../forms/addresses.js';
import { administratorControl, requestorControl } from './state.js';

const given = { status: 'pendingApproval' } as const;

/** An administrator's call whose path alone differs from the control's. */
const addressed = (name: string, address: AddressForm, then: Case['then']): Case => ({
  id: `addr-${name}`,
  title: name.replaceAll('-', ' '),
  given,
  when: [{ persona: 'administrator', address }],
  control: { caseId: administratorControl, mutates: ['path'] },
  then,
});

/** GET, HEAD and DELETE go without a body: one would make them malformed rather than another method. */
const byMethod = (method: string, row: string): Case => {
  const bodiless = ['GET', 'HEAD', 'DELETE'].includes(method);
  const mutates: readonly Place[] = bodiless ? ['method', 'body', 'header:content-type'] : ['method'];
  return {
    id: `addr-${method.toLowerCase()}-does-not-cancel`,
    title: `${method} on the cancel path does not cancel`,
    given,
    when: [{ persona: 'administrator', method, ...(bodiless ? { body: 'absent' } : {}) }],
    control: { caseId: administratorControl, mutates },
    then: doesNotCancelBy(row),
  };
};

export const addrGroups: readonly CaseGroup[] = [
  {
    area: 'ADDR',
    title: 'ids that no request has',
    cases: [
      addressed('refuses-an-unknown-id', 'unknown-id', refuses('CANCEL-ADDR-001')),
      {
        // Who is no administrator is asked about the owner, of whom there is none. The id in the body is another one by then,
        // so 400 is as good an answer; a server error is not.
        ...addressed('unknown-id-as-requestor', 'unknown-id', [
          expects('answers-no-server-error', 'CANCEL-ADDR-001'),
          ...leavesTheRequest,
        ]),
        when: [{ persona: 'requestor', address: 'unknown-id' }],
        control: { caseId: requestorControl, mutates: ['path'] },
      },
      addressed('refuses-a-malformed-id', 'malformed-id', refuses('CANCEL-ADDR-002')),
      addressed('refuses-a-truncated-id', 'truncated-id', refuses('CANCEL-ADDR-002')),
    ],
  },
  {
    area: 'ADDR',
    title: 'other methods',
    cases: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'].map((method, index) =>
      byMethod(method, `CANCEL-ADDR-00${index + 3}`),
    ),
  },
  {
    area: 'ADDR',
    title: 'encoded separators and dot segments',
    cases: [
      addressed('an-encoded-separator-before-an-id', 'encoded-separator', reachesNoOther('CANCEL-ADDR-010')),
      addressed('an-encoded-action-behind-an-id', 'encoded-action', reachesNoOther('CANCEL-ADDR-010')),
      addressed('encoded-dot-segments-before-an-id', 'encoded-dot-segments', reachesNoOther('CANCEL-ADDR-011')),
      addressed('encoded-dots-before-an-id', 'encoded-dots', reachesNoOther('CANCEL-ADDR-011')),
    ],
  },
  {
    area: 'ADDR',
    title: 'other spellings of the path',
    cases: [
      addressed('trailing-slash', 'trailing-slash', observes('CANCEL-ADDR-012')),
      addressed('action-in-capitals', 'upper-case-action', observes('CANCEL-ADDR-013')),
      addressed('namespace-qualified-action', 'qualified-action', observes('CANCEL-ADDR-014')),
    ],
  },
];

import type { Case, CaseGroup, Place, Probe } from '../words.js';
import {
  doesNotCancel,
  doesNotCancelBy,
  expects,
  leavesBystanders,
  observes,
  reachesNoOther,
  refuses,
  refusesAddress,
} from './expect.js';
import type { AddressForm } from '../forms/addresses.js';
import { administratorControl, controlOf, requestorControl } from './state.js';

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

/** A request that was there and is gone: whatever remembers it must not cancel it. */
const ofRemoved = (persona: 'administrator' | 'requestor'): Case => ({
  id: `addr-refuses-a-removed-request-${persona}`,
  title: `refuses a request that was removed, as ${persona}`,
  given: { ...given, removed: true },
  when: [{ persona }],
  control: { caseId: controlOf(persona), mutates: [] },
  then: [expects('answers-refusal', 'CANCEL-ADDR-001'), ...leavesBystanders],
});

/** A path in which a careless reader finds another request; the body names that. */
const leading = (name: string, address: AddressForm, row: string): Case => ({
  ...addressed(name, address, reachesNoOther(row)),
  control: { caseId: administratorControl, mutates: ['path', 'body'] },
});

/** A path that names another request, or none; the body names the same, so that path and body give one reason. */
const ofNoRequest = (name: string, address: AddressForm, row: string): Case => ({
  ...addressed(name, address, refuses(row)),
  control: { caseId: administratorControl, mutates: ['path', 'body'] },
});

export const methodRows = [
  ['GET', 'CANCEL-ADDR-003'],
  ['HEAD', 'CANCEL-ADDR-004'],
  ['PUT', 'CANCEL-ADDR-005'],
  ['PATCH', 'CANCEL-ADDR-006'],
  ['DELETE', 'CANCEL-ADDR-007'],
] as const;

const isBodiless = (method: string): boolean => ['GET', 'HEAD', 'DELETE', 'OPTIONS'].includes(method);

/** As clients send these methods: some of them without a body. */
const byMethod = (method: string, row: string): Case => ({
  id: `addr-${method.toLowerCase()}-does-not-cancel`,
  title: `${method} on the cancel path does not cancel`,
  given,
  when: [
    { persona: 'administrator', method, ...ofHead(method).wire, ...(isBodiless(method) ? { body: 'absent' } : {}) },
  ],
  control: {
    caseId: administratorControl,
    mutates: isBodiless(method) ? ['method', 'body', 'header:content-type'] : ['method'],
  },
  then: [...doesNotCancelBy(row), ...ofHead(method).then],
});

/** What a call by HEAD needs and owes besides. */
const ofHead = (method: string): { readonly wire: Pick<Probe, 'wire'>; readonly then: Case['then'] } =>
  method === 'HEAD'
    ? { wire: { wire: true }, then: [expects('head-without-content', 'CANCEL-ADDR-021')] }
    : { wire: {}, then: [] };

/** With the body of a cancel, so that nothing but the method keeps it from being one. */
const withBody = (method: string, row: string): Case => ({
  id: `addr-${method.toLowerCase()}-with-the-body-does-not-cancel`,
  title: `${method} with the body of a cancel does not cancel`,
  given,
  when: [{ persona: 'administrator', method, ...ofHead(method).wire }],
  control: { caseId: administratorControl, mutates: ['method'] },
  then: [
    expects('subject-unchanged', row),
    expects('allow-on-405', 'CANCEL-ADDR-009'),
    ...leavesBystanders,
    ...ofHead(method).then,
  ],
});

/** A safe method that asks to be taken for another one. */
const overridden = (how: string, asking: Pick<Probe, 'headers' | 'query'>, place: Place): Case => ({
  id: `addr-get-overridden-by-${how}-does-not-cancel`,
  title: `GET that asks by ${how} to be a POST does not cancel`,
  given,
  when: [{ persona: 'administrator', method: 'GET', ...asking }],
  control: { caseId: administratorControl, mutates: ['method', place] },
  then: [expects('subject-unchanged', 'CANCEL-ADDR-018'), ...leavesBystanders],
});

export const addrGroups: readonly CaseGroup[] = [
  {
    area: 'ADDR',
    title: 'ids that no request has',
    cases: [
      ofNoRequest('refuses-an-unknown-id', 'unknown-id', 'CANCEL-ADDR-001'),
      {
        // Who is no administrator is asked about the owner, of whom there is none.
        ...ofNoRequest('unknown-id-as-requestor', 'unknown-id', 'CANCEL-ADDR-001'),
        then: [...refuses('CANCEL-ADDR-001'), expects('answers-no-server-error', 'CANCEL-ADDR-001')],
        when: [{ persona: 'requestor', address: 'unknown-id' }],
        control: { caseId: requestorControl, mutates: ['path', 'body'] },
      },
      ofRemoved('administrator'),
      ofRemoved('requestor'),
      ofNoRequest('refuses-a-malformed-id', 'malformed-id', 'CANCEL-ADDR-002'),
      ofNoRequest('refuses-a-truncated-id', 'truncated-id', 'CANCEL-ADDR-002'),
      ofNoRequest('refuses-the-beginning-of-an-id', 'id-beginning', 'CANCEL-ADDR-002'),
      addressed('refuses-the-beginning-of-the-bodys-id', 'id-beginning-in-path', refuses('CANCEL-ADDR-002')),
      addressed('refuses-a-part-of-the-bodys-id', 'truncated-id-in-path', refuses('CANCEL-ADDR-002')),
      ...(
        [
          'id-with-blank',
          'id-with-parameter',
          'id-with-percent',
          'id-with-nul',
          'id-with-stray-byte',
          'id-with-broken-escape',
        ] as const
      ).map((address) => addressed(`refuses-an-${address}`, address, refusesAddress('CANCEL-ADDR-002'))),
    ],
  },
  {
    area: 'ADDR',
    title: 'paths that begin like that of the action',
    cases: [
      addressed('another-action-does-not-cancel', 'another-action', doesNotCancel('CANCEL-ADDR-020')),
      addressed('a-deeper-path-does-not-cancel', 'deeper-path', doesNotCancel('CANCEL-ADDR-020')),
    ],
  },
  {
    area: 'ADDR',
    title: 'other methods',
    cases: [
      ...methodRows.map(([method, row]) => byMethod(method, row)),
      ...methodRows.flatMap(([method, row]) => (isBodiless(method) ? [withBody(method, row)] : [])),
      byMethod('OPTIONS', 'CANCEL-ADDR-016'),
      withBody('OPTIONS', 'CANCEL-ADDR-016'),
      withBody('MERGE', 'CANCEL-ADDR-017'),
      overridden('header', { headers: [['x-http-method-override', 'POST']] }, 'header:x-http-method-override'),
      overridden('query', { query: '?_method=POST' }, 'query'),
    ],
  },
  {
    area: 'ADDR',
    title: 'encoded separators and dot segments',
    cases: [
      leading('an-encoded-separator-before-an-id', 'encoded-separator', 'CANCEL-ADDR-010'),
      leading('an-encoded-action-behind-an-id', 'encoded-action', 'CANCEL-ADDR-010'),
      leading('encoded-dot-segments-before-an-id', 'encoded-dot-segments', 'CANCEL-ADDR-011'),
      leading('encoded-dots-before-an-id', 'encoded-dots', 'CANCEL-ADDR-011'),
      leading('an-encoded-climb-from-id-to-id', 'encoded-climb', 'CANCEL-ADDR-011'),
      leading('a-separator-that-is-encoded-twice', 'double-encoded-separator', 'CANCEL-ADDR-010'),
      leading('encoded-backslashes-from-id-to-id', 'encoded-backslashes', 'CANCEL-ADDR-010'),
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

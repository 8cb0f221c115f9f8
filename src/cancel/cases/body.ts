import type { Case, CaseGroup, Persona, Place, Probe } from '../words.js';
import { cancels, observes, reachesNoOther, refuses } from './expect.js';
import type { BodyForm } from '../forms/bodies.js';
import { administratorControl, controlOf, requestorControl } from './state.js';

const given = { status: 'pendingApproval' } as const;

/** A requestor's call whose body alone differs from the control's, and must be refused. */
const refusedBody = (name: string, body: BodyForm, row: string): Case => ({
  id: `body-refuses-${name}`,
  title: `refuses ${name.replaceAll('-', ' ')} from a requestor`,
  given,
  when: [{ persona: 'requestor', body }],
  control: { caseId: requestorControl, mutates: body === 'absent' ? ['body', 'header:content-type'] : ['body'] },
  then: refuses(row),
});

/** A well-formed body, written as the standards allow. */
const written = (how: string, probe: Pick<Probe, 'body' | 'contentType'>): Case => ({
  id: `body-takes-${how.replaceAll(' ', '-')}`,
  title: `takes the required members, with ${how}`,
  given,
  when: [{ persona: 'requestor', ...probe }],
  control: { caseId: requestorControl, mutates: [probe.body === undefined ? 'header:content-type' : 'body'] },
  then: cancels('CANCEL-BODY-024'),
});

interface ObservedBody {
  readonly persona: Persona;
  readonly body?: BodyForm;
  readonly contentType?: string | null;
  readonly mutates: readonly Place[];
}

const observedBody = (name: string, row: string, { mutates, ...probe }: ObservedBody): Case => ({
  id: `body-${name}`,
  title: `answer to ${name.replaceAll('-', ' ')}`,
  given,
  when: [probe],
  control: { caseId: controlOf(probe.persona), mutates },
  then: observes(row),
});

export const bodyGroups: readonly CaseGroup[] = [
  {
    area: 'BODY',
    title: 'members that must be there',
    cases: [
      refusedBody('an-absent-body', 'absent', 'CANCEL-BODY-001'),
      refusedBody('an-empty-object', 'empty-object', 'CANCEL-BODY-002'),
      refusedBody('a-body-without-id', 'without-id', 'CANCEL-BODY-003'),
      refusedBody('a-body-without-status', 'without-status', 'CANCEL-BODY-004'),
      refusedBody('an-unknown-status-value', 'status-approved', 'CANCEL-BODY-005'),
      refusedBody('the-status-it-already-has', 'status-pending-approval', 'CANCEL-BODY-005'),
      refusedBody('an-id-that-is-null', 'id-null', 'CANCEL-BODY-003'),
      refusedBody('an-empty-id', 'id-empty', 'CANCEL-BODY-003'),
      refusedBody('an-id-that-is-a-number', 'id-number', 'CANCEL-BODY-003'),
      refusedBody('an-id-that-is-true', 'id-true', 'CANCEL-BODY-003'),
      refusedBody('a-status-that-is-true', 'status-true', 'CANCEL-BODY-005'),
      refusedBody('a-status-that-is-zero', 'status-zero', 'CANCEL-BODY-005'),
      refusedBody('an-id-in-a-list', 'id-list', 'CANCEL-BODY-003'),
      refusedBody('a-status-that-is-null', 'status-null', 'CANCEL-BODY-005'),
      refusedBody('an-empty-status', 'status-empty', 'CANCEL-BODY-005'),
      refusedBody('a-status-that-is-a-number', 'status-number', 'CANCEL-BODY-005'),
      refusedBody('a-status-in-a-list', 'status-list', 'CANCEL-BODY-005'),
      refusedBody('a-status-in-an-object', 'status-as-object', 'CANCEL-BODY-005'),
      refusedBody('a-phrase-that-holds-the-status', 'status-phrase', 'CANCEL-BODY-005'),
      refusedBody('a-state-in-place-of-the-status', 'state-in-its-place', 'CANCEL-BODY-004'),
      refusedBody('members-within-a-member', 'members-nested', 'CANCEL-BODY-003'),
      refusedBody('a-status-that-goes-on', 'status-longer', 'CANCEL-BODY-005'),
      refusedBody('another-status-of-the-list', 'status-denied', 'CANCEL-BODY-005'),
      refusedBody('a-status-under-another-name', 'status-under-another-name', 'CANCEL-BODY-004'),
    ],
  },
  {
    area: 'BODY',
    title: "another request's id",
    cases: [
      refusedBody('the-id-of-their-other-request', 'id-of-sibling', 'CANCEL-BODY-006'),
      refusedBody('the-beginning-of-its-id', 'id-prefix', 'CANCEL-BODY-006'),
      refusedBody('an-id-that-goes-on', 'id-longer', 'CANCEL-BODY-006'),
      refusedBody('the-id-of-another-users-request', 'id-of-stranger', 'CANCEL-BODY-006'),
      {
        id: 'body-of-another-request-administrator',
        title: 'does not cancel the request that only the body names, as administrator',
        given,
        when: [{ persona: 'administrator', body: 'id-of-sibling' }],
        control: { caseId: administratorControl, mutates: ['body'] },
        then: reachesNoOther('CANCEL-BODY-011'),
      },
      {
        id: 'body-of-another-request-requestor',
        title: 'does not cancel the request that only the body names, as requestor',
        given,
        when: [{ persona: 'requestor', body: 'id-of-sibling' }],
        control: { caseId: requestorControl, mutates: ['body'] },
        then: reachesNoOther('CANCEL-BODY-011'),
      },
    ],
  },
  {
    area: 'BODY',
    title: 'JSON that is no object',
    cases: [
      refusedBody('a-json-array', 'array', 'CANCEL-BODY-007'),
      refusedBody('a-json-string', 'string', 'CANCEL-BODY-008'),
      refusedBody('json-null', 'null', 'CANCEL-BODY-009'),
      refusedBody('malformed-json', 'malformed', 'CANCEL-BODY-010'),
      refusedBody('nothing-but-blanks', 'blank', 'CANCEL-BODY-010'),
    ],
  },
  {
    area: 'BODY',
    title: 'bodies that only a lenient reader takes',
    cases: [
      refusedBody('a-trailing-comma', 'trailing-comma', 'CANCEL-BODY-023'),
      refusedBody('text-behind-the-object', 'text-behind', 'CANCEL-BODY-023'),
      refusedBody('nan-as-a-value', 'not-a-number', 'CANCEL-BODY-023'),
      {
        ...refusedBody('a-form', 'form-encoded', 'CANCEL-BODY-023'),
        when: [{ persona: 'requestor', body: 'form-encoded', contentType: 'application/x-www-form-urlencoded' }],
        control: { caseId: requestorControl, mutates: ['body', 'header:content-type'] },
      },
      {
        ...refusedBody('members-in-the-query', 'absent', 'CANCEL-BODY-001'),
        when: [{ persona: 'requestor', body: 'absent', query: '?requestStatus=cancelled' }],
        control: { caseId: requestorControl, mutates: ['body', 'header:content-type', 'query'] },
      },
      {
        ...refusedBody('all-members-in-the-query', 'absent', 'CANCEL-BODY-001'),
        when: [{ persona: 'requestor', body: 'absent', address: 'members-in-the-query' }],
        control: { caseId: requestorControl, mutates: ['body', 'header:content-type', 'query'] },
      },
      refusedBody('single-quotes', 'single-quotes', 'CANCEL-BODY-023'),
      refusedBody('a-list-of-the-status-alone', 'status-list-of-one', 'CANCEL-BODY-023'),
    ],
  },
  {
    area: 'BODY',
    title: 'the same body in another writing',
    cases: [
      written('members reordered', { body: 'reordered' }),
      written('members spaced', { body: 'spaced' }),
      written('members escaped', { body: 'escaped' }),
      written('a charset', { contentType: 'application/json; charset=utf-8' }),
      written('a media type in capitals', { contentType: 'Application/JSON' }),
    ],
  },
  {
    area: 'BODY',
    title: 'representations',
    cases: [
      {
        id: 'body-accepts-a-full-representation',
        title: 'accepts a representation with all members from a requestor',
        given,
        when: [{ persona: 'requestor', body: 'full-representation' }],
        control: { caseId: requestorControl, mutates: ['body'] },
        then: cancels('CANCEL-BODY-012'),
      },
      observedBody('unknown-extra-members', 'CANCEL-BODY-013', {
        persona: 'requestor',
        body: 'extra-members',
        mutates: ['body'],
      }),
      observedBody('status-value-in-upper-case', 'CANCEL-BODY-014', {
        persona: 'requestor',
        body: 'status-upper-case',
        mutates: ['body'],
      }),
      observedBody('canceled-with-one-l', 'CANCEL-BODY-015', {
        persona: 'requestor',
        body: 'status-one-l',
        mutates: ['body'],
      }),
    ],
  },
  {
    area: 'BODY',
    title: 'content types, and bodies of administrators',
    cases: [
      observedBody('no-content-type', 'CANCEL-BODY-016', {
        persona: 'requestor',
        contentType: null,
        mutates: ['header:content-type'],
      }),
      observedBody('content-type-text', 'CANCEL-BODY-017', {
        persona: 'requestor',
        contentType: 'text/plain',
        mutates: ['header:content-type'],
      }),
      observedBody('empty-object-from-administrator', 'CANCEL-BODY-018', {
        persona: 'administrator',
        body: 'empty-object',
        mutates: ['body'],
      }),
      // The rule on the body speaks of non-administrators; a target may leave an administrator's body unread.
      observedBody('malformed-json-from-administrator', 'CANCEL-BODY-018', {
        persona: 'administrator',
        body: 'malformed',
        mutates: ['body'],
      }),
      observedBody('absent-body-from-administrator', 'CANCEL-BODY-019', {
        persona: 'administrator',
        body: 'absent',
        mutates: ['body', 'header:content-type'],
      }),
    ],
  },
  {
    area: 'BODY',
    title: 'editions without a body',
    cases: [
      {
        id: 'body-cancels-without-a-body',
        title: 'cancels without a request body, as requestor',
        given,
        when: [{ persona: 'requestor', body: 'absent' }],
        then: cancels('CANCEL-BODY-020'),
      },
      {
        id: 'body-supplied-where-none-is-due',
        title: 'answer to a body where the edition wants none',
        given,
        when: [{ persona: 'requestor', body: 'required' }],
        then: observes('CANCEL-BODY-021'),
      },
    ],
  },
];

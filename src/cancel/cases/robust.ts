import type { Case, CaseGroup, Probe } from '../words.js';
import { expects, leavesBystanders, survives } from './expect.js';
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

/** A refused call, behind which the target has to be ready for the next one over the same connection, or to close that. */
const inStepBehind = (name: string, opening: Probe): Case => ({
  id: `robust-in-step-behind-${name}`,
  title: `reads the next call for what it is, behind ${name.replaceAll('-', ' ')}`,
  given,
  opening,
  when: [{ persona: 'administrator' }],
  control: { caseId: administratorControl, mutates: [] },
  then: [expects('keeps-in-step', 'CANCEL-ROBUST-011'), ...leavesBystanders],
});

export const robustGroups: readonly CaseGroup[] = [
  {
    area: 'ROBUST',
    title: 'large and deep bodies',
    cases: [
      {
        ...hostileBody('one-mebibyte', 'CANCEL-ROBUST-001'),
        then: [...survives('CANCEL-ROBUST-001'), expects('refusal-is-json', 'CANCEL-ERR-011')],
      },
      hostileBody('deep-nesting', 'CANCEL-ROBUST-002'),
    ],
  },
  {
    area: 'ROBUST',
    title: 'bodies and ids out of shape',
    cases: [
      hostileBody('invalid-utf8', 'CANCEL-ROBUST-003'),
      hostileBody('duplicate-keys', 'CANCEL-ROBUST-004'),
      ...(
        [
          'lone-surrogate',
          'nul-character',
          'long-number',
          'infinite-number',
          'number',
          'true',
          'utf16',
          'byte-order-mark',
          'beyond-ascii',
        ] as const
      ).map((body) => hostileBody(body, 'CANCEL-ROBUST-009')),
      // Who reads the body for non-administrators alone reads this one elsewhere.
      ...(['number', 'text', 'array'] as const).map((body) => ({
        ...hostileBody(body, 'CANCEL-ROBUST-009'),
        id: `robust-${body}-from-administrator`,
        title: `survives a body of the kind ${body} from an administrator`,
        when: [{ persona: 'administrator', body }] as const,
        control: { caseId: administratorControl, mutates: ['body'] } as const,
      })),
      {
        ...hostileBody('gzip', 'CANCEL-ROBUST-009'),
        when: [{ persona: 'requestor', body: 'gzip', headers: [['content-encoding', 'gzip']] }],
        control: { caseId: requestorControl, mutates: ['body', 'header:content-encoding'] },
      },
      {
        id: 'robust-unknown-charset',
        title: 'survives a charset that nobody knows',
        given,
        when: [{ persona: 'requestor', contentType: 'application/json; charset=x-nobody-knows' }],
        control: { caseId: requestorControl, mutates: ['header:content-type'] },
        then: survives('CANCEL-ROBUST-009'),
      },
      {
        id: 'robust-accepts-html-only',
        title: 'survives a client that accepts HTML only',
        given,
        when: [{ persona: 'requestor', accepts: 'text/html' }],
        control: { caseId: requestorControl, mutates: ['header:accept'] },
        then: survives('CANCEL-ROBUST-010'),
      },
      {
        id: 'robust-says-nothing-of-what-it-accepts',
        title: 'survives a client that says nothing of what it accepts',
        given,
        when: [{ persona: 'requestor', accepts: null }],
        control: { caseId: requestorControl, mutates: ['header:accept', 'header:accept-encoding'] },
        then: survives('CANCEL-ROBUST-010'),
      },
      {
        id: 'robust-overlong-id',
        title: 'survives an id of 8,000 characters',
        given,
        when: [{ persona: 'administrator', address: 'overlong-id' }],
        control: { caseId: administratorControl, mutates: ['path', 'body'] },
        then: [...survives('CANCEL-ROBUST-005'), expects('refusal-is-json', 'CANCEL-ERR-011')],
      },
    ],
  },
  {
    area: 'ROBUST',
    title: 'the next call over the same connection',
    cases: [
      inStepBehind('a-call-without-credentials', { persona: 'administrator', credential: 'none' }),
      inStepBehind('chunks-without-credentials', { persona: 'administrator', credential: 'none', framing: 'chunked' }),
      inStepBehind('an-unknown-id', { persona: 'administrator', address: 'unknown-id' }),
      inStepBehind('another-method', { persona: 'administrator', method: 'PUT' }),
      inStepBehind('a-foreign-media-type', {
        persona: 'administrator',
        credential: 'garbage',
        contentType: 'text/plain',
      }),
    ],
  },
];

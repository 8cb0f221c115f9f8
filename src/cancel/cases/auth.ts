import type { Case, CaseGroup, Persona } from '../words.js';
import { cancels, demandsCredentials, expects, forbids, leavesBystanders, refuses } from './expect.js';
import type { CredentialForm } from '../forms/credentials.js';
import { administratorControl } from './state.js';

const given = { status: 'pendingApproval' } as const;

/** A call whose Authorization header alone differs from the control's. */
const unauthenticated = (name: string, credential: CredentialForm, row: string): Case => ({
  id: `auth-${name}`,
  title: `answers 401 to ${name.replaceAll('-', ' ')}`,
  given,
  when: [{ persona: 'administrator', credential }],
  control: { caseId: administratorControl, mutates: ['header:authorization'] },
  then: demandsCredentials(row),
});

const schemeCase = (credential: CredentialForm, word: string): Case => ({
  id: `auth-accepts-${credential}`,
  title: `accepts the scheme name written ${word}`,
  given,
  when: [{ persona: 'administrator', credential }],
  control: { caseId: administratorControl, mutates: ['header:authorization'] },
  then: cancels('CANCEL-AUTH-008'),
});

/** Whatever came before, whoever has no token is refused, and nothing changes; how a refusal looks other cases tell. */
const stillDemandsCredentials = (row: string): Case['then'] => [
  expects('answers-accepted-status', row),
  expects('subject-unchanged', row),
  ...leavesBystanders,
];

/** One more way to damage a token: how a refusal looks is told by the others. */
const damaged = (name: string, credential: CredentialForm): Case => ({
  ...unauthenticated(name, credential, 'CANCEL-AUTH-006'),
  then: stillDemandsCredentials('CANCEL-AUTH-006'),
});

const expired: Persona = 'expired';

/** A token that somebody else's service, time or tenant would take. */
const tokenOf = (persona: Persona, row: string): Case => ({
  id: `auth-refuses-${persona}`,
  title: `refuses ${persona}, whose token alone differs from one that succeeds`,
  given,
  when: [{ persona }],
  control: { caseId: administratorControl, mutates: ['header:authorization'] },
  then: [...refuses(row), expects('subject-unchanged', row)],
});

export const authGroups: readonly CaseGroup[] = [
  {
    area: 'AUTH',
    title: 'missing credentials',
    cases: [
      unauthenticated('no-authorization-header', 'none', 'CANCEL-AUTH-001'),
      unauthenticated('an-empty-authorization-header', 'empty', 'CANCEL-AUTH-002'),
      unauthenticated('the-scheme-without-a-token', 'bearer-without-token', 'CANCEL-AUTH-002'),
      {
        id: 'auth-anonymous-known-and-unknown-id',
        title: 'answers an anonymous caller alike for a known and an unknown id',
        given,
        when: [
          { persona: 'administrator', credential: 'none' },
          { persona: 'administrator', credential: 'none', address: 'unknown-id' },
        ],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'path', 'body'] },
        then: [
          expects('same-answer', 'CANCEL-AUTH-010'),
          expects('subject-unchanged-unless-accepted', 'CANCEL-STATE-013'),
          ...leavesBystanders,
        ],
      },
    ],
  },
  {
    area: 'AUTH',
    title: 'unusable tokens',
    cases: [
      unauthenticated('a-valid-token-behind-the-basic-scheme', 'basic-scheme', 'CANCEL-AUTH-003'),
      unauthenticated('basic-credentials', 'basic-credentials', 'CANCEL-AUTH-003'),
      unauthenticated('a-token-without-a-scheme', 'bare-token', 'CANCEL-AUTH-003'),
      unauthenticated('a-garbage-token', 'garbage', 'CANCEL-AUTH-004'),
      { ...unauthenticated('an-expired-token', 'bearer', 'CANCEL-AUTH-005'), when: [{ persona: expired }] },
      unauthenticated('a-token-with-a-tampered-signature', 'tampered-signature', 'CANCEL-AUTH-006'),
      unauthenticated('a-token-with-a-tampered-payload', 'tampered-payload', 'CANCEL-AUTH-006'),
      unauthenticated('a-token-whose-signature-was-removed', 'unsigned-token', 'CANCEL-AUTH-006'),
      damaged('a-token-that-claims-no-algorithm-in-other-letters', 'algorithm-none-in-other-letters'),
      damaged('a-signature-in-the-other-case', 'signature-in-other-case'),
      damaged('a-signature-with-something-behind-it', 'signature-followed'),
      unauthenticated('a-signature-that-begins-otherwise', 'tampered-signature-start', 'CANCEL-AUTH-006'),
      unauthenticated('a-token-that-claims-no-algorithm', 'algorithm-none', 'CANCEL-AUTH-006'),
      unauthenticated('a-token-whose-signature-is-empty', 'signature-emptied', 'CANCEL-AUTH-006'),
      unauthenticated('a-token-whose-signature-was-cut-off', 'signature-cut-off', 'CANCEL-AUTH-006'),
    ],
  },
  {
    area: 'AUTH',
    title: 'where and how the token stands',
    cases: [
      schemeCase('lower-case-scheme', 'in lower case'),
      schemeCase('upper-case-scheme', 'in upper case'),
      {
        id: 'auth-accepts-header-names-in-capitals',
        title: 'accepts the names of headers in capitals',
        given,
        when: [{ persona: 'administrator', capitals: true }],
        control: { caseId: administratorControl, mutates: [] },
        then: cancels('CANCEL-AUTH-016'),
      },
      {
        id: 'auth-no-credentials-on-a-connection-that-had-some',
        title: 'answers 401 without credentials, over a connection that had some before',
        given,
        opening: { persona: 'administrator', method: 'GET', address: 'resource', body: 'absent' },
        when: [{ persona: 'administrator', credential: 'none' }],
        control: { caseId: administratorControl, mutates: ['header:authorization'] },
        then: [...demandsCredentials('CANCEL-AUTH-015'), expects('subject-unchanged', 'CANCEL-AUTH-015')],
      },
      {
        // A target may answer a GET without a look at who sends it; a cancel that it refuses for its address it has to look at.
        id: 'auth-no-credentials-behind-a-refused-cancel',
        title: 'answers 401 without credentials, over a connection on which a cancel was refused',
        given,
        opening: { persona: 'administrator', address: 'unknown-id' },
        when: [{ persona: 'administrator', credential: 'none' }],
        control: { caseId: administratorControl, mutates: ['header:authorization'] },
        then: stillDemandsCredentials('CANCEL-AUTH-015'),
      },
      {
        id: 'auth-no-credentials-but-the-cookies-of-the-target',
        title: 'answers 401 without credentials, with the cookies that it set before',
        given,
        opening: { persona: 'administrator', address: 'unknown-id' },
        when: [{ persona: 'administrator', credential: 'none', returnsCookies: true }],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'header:cookie'] },
        then: stillDemandsCredentials('CANCEL-AUTH-001'),
      },
      {
        id: 'auth-no-credentials-behind-a-success',
        title: 'refuses without credentials the call that just succeeded',
        given,
        when: [{ persona: 'administrator' }, { persona: 'administrator', credential: 'none' }],
        control: { caseId: administratorControl, mutates: ['header:authorization'] },
        then: [expects('last-is-refused', 'CANCEL-AUTH-001'), ...leavesBystanders],
      },
      {
        id: 'auth-token-in-body',
        title: 'does not authenticate a token among the members of the body',
        given,
        when: [{ persona: 'administrator', credential: 'none', body: 'token-among-members' }],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'body'] },
        then: stillDemandsCredentials('CANCEL-AUTH-009'),
      },
      {
        id: 'auth-token-in-query',
        title: 'does not authenticate a token in the query string',
        given,
        when: [{ persona: 'administrator', credential: 'query' }],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'query'] },
        then: forbids('CANCEL-AUTH-009'),
      },
      {
        id: 'auth-token-in-cookie',
        title: 'does not authenticate a token in a cookie',
        given,
        when: [{ persona: 'administrator', credential: 'cookie' }],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'header:cookie'] },
        then: forbids('CANCEL-AUTH-009'),
      },
      {
        id: 'auth-token-in-other-header',
        title: 'does not authenticate a token in a header of another name',
        given,
        when: [{ persona: 'administrator', credential: 'other-header' }],
        control: { caseId: administratorControl, mutates: ['header:authorization', 'header:x-access-token'] },
        then: forbids('CANCEL-AUTH-009'),
      },
    ],
  },
  {
    area: 'AUTH',
    title: 'tokens for others',
    cases: [
      tokenOf('wrongAudience', 'CANCEL-AUTH-011'),
      tokenOf('notYetValid', 'CANCEL-AUTH-012'),
      tokenOf('foreignTenant', 'CANCEL-AUTH-013'),
    ],
  },
];

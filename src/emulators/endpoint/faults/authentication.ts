import { alteringAnswers, refusingWith, type Fault } from '../alterations.js';
import { claimsOf, findPersona } from '../personas.js';
import type { Call, Seams } from '../seams.js';
import { decodeClaims, type Claims } from '../tokens.js';
import { withHeader, withoutHeader } from '../wire.js';

const dayS = 86_400;

/** Whether a call names a request that can be cancelled no more, whoever calls. */
export function isDecided({ address, store, edition }: Call, seams: Seams): boolean {
  const id = address.kind === 'unknown' ? null : seams.parseId(address.idSegment);
  const request = id === null ? null : store.get(id);
  return request !== null && !edition.cancellable.includes(request.status);
}

/** Faults about the credentials. */
export const authenticationFaults: readonly Fault[] = [
  {
    id: 'missing-credentials-forbidden',
    breaks: ['CANCEL-AUTH-001'],
    sentence: 'Answers a call without an Authorization header with 403.',
    override: refusingWith({ status: 403 }, ['missingCredentials']),
  },
  {
    id: 'redirect-to-login',
    breaks: ['CANCEL-AUTH-001'],
    sentence: 'Redirects a call without credentials to a page for signing in.',
    override: alteringAnswers(
      ({ outcome }) => outcome === 'missingCredentials',
      (answer) => withHeader({ ...answer, status: 302, content: '' }, 'Location', '/login'),
    ),
  },
  {
    id: 'anonymous-trusted',
    breaks: ['CANCEL-AUTH-001', 'CANCEL-AUTH-009', 'CANCEL-AUTH-010'],
    sentence: 'Takes a call without an Authorization header for one from inside, made by an administrator.',
    override: (seams) => ({
      readCredentials: (call) => seams.readCredentials(call) ?? { scheme: 'Bearer', token: 'from-inside' },
      readClaims: (token, call) => {
        const persona = token === 'from-inside' ? findPersona('administrator') : undefined;
        return persona ? claimsOf(persona, call.edition, { nowS: Date.now() / 1000 }) : seams.readClaims(token, call);
      },
    }),
  },
  {
    id: 'empty-credentials-crash',
    breaks: ['CANCEL-AUTH-002'],
    sentence: 'Fails on an Authorization header that carries nothing behind the scheme.',
    override: (seams) => ({
      readCredentials: (call) => {
        const credentials = seams.readCredentials(call);
        if (credentials?.token === '') throw new TypeError('the second half of the header is undefined');
        return credentials;
      },
    }),
  },
  {
    id: 'empty-credentials-bad-request',
    breaks: ['CANCEL-AUTH-002'],
    sentence: 'Takes an Authorization header without a token for a malformed request and answers 400.',
    override: refusingWith({ status: 400 }, ['emptyCredentials']),
  },
  {
    id: 'other-scheme-forbidden',
    breaks: ['CANCEL-AUTH-003'],
    sentence: 'Answers another scheme than Bearer with 403.',
    override: refusingWith({ status: 403 }, ['foreignScheme']),
  },
  {
    id: 'other-scheme-accepted',
    breaks: ['CANCEL-AUTH-003'],
    sentence: 'Accepts a valid token behind any scheme, such as Basic.',
    override: () => ({ acceptsScheme: () => true }),
  },
  {
    id: 'garbage-token-crashes',
    breaks: ['CANCEL-AUTH-004'],
    sentence: 'Fails on a token that has no readable payload.',
    override: (seams) => ({
      readClaims: (token, call) => {
        if (decodeClaims(token) === null) throw new SyntaxError('unexpected token in the payload');
        return seams.readClaims(token, call);
      },
    }),
  },
  {
    id: 'garbage-token-forbidden',
    breaks: ['CANCEL-AUTH-004'],
    sentence: 'Answers a token that is none at all with 403.',
    override: (seams) => ({
      describeRefusal: (cause, call) => ({
        ...seams.describeRefusal(cause, call),
        ...(cause === 'invalidToken' && !call.headers.authorization?.includes('.') ? { status: 403 } : {}),
      }),
    }),
  },
  {
    id: 'expiry-ignored',
    breaks: ['CANCEL-AUTH-005'],
    sentence: 'Accepts tokens whose lifetime has ended.',
    override: () => ({ isWithinLifetime: () => true }),
  },
  {
    id: 'clock-skew-of-a-day',
    breaks: ['CANCEL-AUTH-005'],
    sentence: 'Forgives a day where it means to forgive minutes, in case the clocks differ.',
    override: (seams) => ({
      isWithinLifetime: (claims, nowS) => seams.isWithinLifetime({ ...claims, exp: (claims.exp ?? 0) + dayS }, nowS),
    }),
  },
  {
    id: 'expired-token-forbidden',
    breaks: ['CANCEL-AUTH-005'],
    sentence: 'Answers an expired token with 403.',
    override: refusingWith({ status: 403 }, ['expiredToken']),
  },
  {
    id: 'tampered-token-crashes',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Lets the error of a failed verification through as a server error.',
    override: (seams) => ({
      readClaims: async (token, call) => {
        const claims = await seams.readClaims(token, call);
        if (claims === null && decodeClaims(token) !== null) throw new Error('signature verification failed');
        return claims;
      },
    }),
  },
  {
    id: 'verification-remembered-by-payload',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Remembers verified tokens by their payload, and believes the next one that has the same.',
    override: (seams) => {
      const known = new Map<string, Claims>();
      return {
        readClaims: async (token, call) => {
          const payload = token.split('.')[1] ?? '';
          const claims = known.get(payload) ?? (await seams.readClaims(token, call));
          if (claims !== null) known.set(payload, claims);
          return claims;
        },
      };
    },
  },
  {
    id: 'signature-not-verified',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Decodes a token and believes it without verifying its signature.',
    override: () => ({ readClaims: decodeClaims }),
  },
  {
    id: 'unsigned-token-accepted',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Verifies the signature of a token only when there is one.',
    override: (seams) => ({
      readClaims: (token, call) => {
        const unsigned = (token.split('.')[2] ?? '') === '';
        return unsigned ? decodeClaims(token) : seams.readClaims(token, call);
      },
    }),
  },
  {
    id: 'unauthorized-without-challenge',
    breaks: ['CANCEL-AUTH-007'],
    sentence: 'Sends 401 without WWW-Authenticate.',
    override: (seams) => ({
      decorate: (answer, call) => withoutHeader(seams.decorate(answer, call), 'WWW-Authenticate'),
    }),
  },
  {
    id: 'challenge-only-without-token',
    breaks: ['CANCEL-AUTH-007'],
    sentence: 'Sends WWW-Authenticate to callers without a token, and none to those whose token is not valid.',
    override: alteringAnswers(
      ({ outcome }) => outcome === 'invalidToken' || outcome === 'expiredToken',
      (answer) => withoutHeader(answer, 'WWW-Authenticate'),
    ),
  },
  {
    id: 'scheme-compared-with-case',
    breaks: ['CANCEL-AUTH-008'],
    sentence: 'Knows the scheme in the spelling "Bearer" only.',
    override: () => ({ acceptsScheme: (scheme) => scheme === 'Bearer' }),
  },
  {
    id: 'token-in-query-accepted',
    breaks: ['CANCEL-AUTH-009'],
    sentence: 'Reads the token from the query string when there is no Authorization header.',
    override: (seams) => ({
      readCredentials: (call) => {
        const token = new URLSearchParams(call.target.split('?')[1]).get('access_token');
        return seams.readCredentials(call) ?? (token === null ? null : { scheme: 'Bearer', token });
      },
    }),
  },
  {
    id: 'request-looked-up-before-authentication',
    breaks: ['CANCEL-AUTH-010'],
    sentence: 'Answers 404 to an unknown id before it asks who calls.',
    override: (seams) => ({
      order: ['id', 'existence', ...seams.order.filter((gate) => gate !== 'id' && gate !== 'existence')],
    }),
  },
  {
    id: 'status-told-before-authentication',
    breaks: ['CANCEL-AUTH-014'],
    sentence: 'Answers that a request cannot be cancelled before it asks who calls.',
    override: (seams) => ({
      describeRefusal: (cause, call) =>
        seams.describeRefusal(
          cause === 'missingCredentials' && isDecided(call, seams) ? 'notCancellable' : cause,
          call,
        ),
    }),
  },
  {
    id: 'status-told-by-the-code-of-a-401',
    breaks: ['CANCEL-AUTH-014'],
    sentence: 'Has an error code of its own for a 401 on a request that was decided already.',
    override: (seams) => ({
      describeRefusal: (cause, call) => {
        const refusal = seams.describeRefusal(cause, call);
        return cause === 'missingCredentials' && isDecided(call, seams)
          ? { ...refusal, code: 'RequestAlreadyDecided' }
          : refusal;
      },
    }),
  },
];

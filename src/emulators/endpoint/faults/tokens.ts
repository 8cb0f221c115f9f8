import { alteringAnswers, type Fault } from '../alterations.js';
import { isJsonObject, jsonIn, readingOnce } from '../defaults/body.js';
import type { Claims } from '../tokens.js';
import { decodeClaims } from '../tokens.js';
import { withHeader } from '../wire.js';

/** Faults about which tokens are for this service, at this time, of this tenant, and where their scopes stand. */
export const tokenFaults: readonly Fault[] = [
  {
    id: 'first-scope-only',
    breaks: ['CANCEL-PERM-011'],
    sentence: 'Looks at the first scope of a token alone.',
    override: (seams) => ({ grantedPermissions: (claims) => seams.grantedPermissions(claims).slice(0, 1) }),
  },
  {
    id: 'scopes-compared-as-one',
    breaks: ['CANCEL-PERM-011'],
    sentence: 'Compares the whole list of scopes with the permission.',
    override: (seams) => ({ grantedPermissions: (claims) => [seams.grantedPermissions(claims).join(' ')] }),
  },
  {
    id: 'audience-unchecked',
    breaks: ['CANCEL-AUTH-011'],
    sentence: 'Takes tokens that were issued for other services.',
    override: (seams) => ({
      isForThisService: (claims) => seams.isForThisService({ ...claims, aud: 'https://graph.microsoft.com' }),
    }),
  },
  {
    id: 'not-before-unchecked',
    breaks: ['CANCEL-AUTH-012'],
    sentence: 'Looks at the end of the lifetime of a token and not at its beginning.',
    override: (seams) => ({
      isWithinLifetime: (claims, nowS) => seams.isWithinLifetime({ ...claims, nbf: 0 }, nowS),
    }),
  },
  {
    id: 'tenant-unchecked',
    breaks: ['CANCEL-AUTH-013'],
    sentence: 'Takes tokens of every tenant.',
    override: () => ({ isForThisService: ({ aud }) => aud === 'https://graph.microsoft.com' }),
  },
  {
    id: 'caller-cached-by-address',
    breaks: ['CANCEL-AUTH-004'],
    sentence: 'Remembers by the address who called there, and takes any token for theirs.',
    override: (seams) => {
      const known = new Map<string, Claims>();
      return {
        readClaims: async (token, call) => {
          const claims = await seams.readClaims(token, call);
          if (claims !== null) known.set(call.target, claims);
          return claims ?? known.get(call.target) ?? null;
        },
      };
    },
  },
  {
    id: 'administrator-cached-by-address',
    breaks: ['CANCEL-AUTH-004'],
    sentence: 'Remembers by the address that an administrator called there, and takes any token for theirs.',
    override: (seams) => {
      const known = new Map<string, Claims>();
      return {
        readClaims: async (token, call) => {
          const claims = await seams.readClaims(token, call);
          if (claims !== null && seams.isAdministrator(claims)) known.set(call.target, claims);
          return claims ?? known.get(call.target) ?? null;
        },
      };
    },
  },
  {
    id: 'challenge-for-basic',
    breaks: ['CANCEL-AUTH-007'],
    sentence: 'Asks for Basic credentials in its challenge, which it does not take.',
    override: alteringAnswers(
      ({ status }) => status === 401,
      (answer) => withHeader(answer, 'WWW-Authenticate', 'Basic realm=""'),
    ),
  },
  {
    id: 'verdict-cached-by-payload',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Remembers by the payload of a token that it was verified, and takes any signature then.',
    override: (seams) => {
      const verified = new Map<string, Claims>();
      return {
        readClaims: async (token, call) => {
          const payload = token.split('.')[1] ?? '';
          const claims = await seams.readClaims(token, call);
          if (claims !== null) verified.set(payload, claims);
          return claims ?? verified.get(payload) ?? null;
        },
      };
    },
  },
  {
    id: 'empty-signature-unverified',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Verifies the signature of a token only where there is one.',
    override: (seams) => ({
      readClaims: (token, call) => (token.endsWith('.') ? decodeClaims(token) : seams.readClaims(token, call)),
    }),
  },
  {
    id: 'algorithm-believed',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Lets the header of a token say that it needs no signature.',
    override: (seams) => ({
      readClaims: (token, call) =>
        Buffer.from(token.split('.')[0] ?? '', 'base64url').includes('"none"')
          ? decodeClaims(token)
          : seams.readClaims(token, call),
    }),
  },
  {
    id: 'algorithm-believed-in-other-letters',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Refuses the algorithm none by this spelling, and verifies nothing of a token that spells it otherwise.',
    override: (seams) => ({
      readClaims: (token, call) => {
        const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
        const isOther = /"none"/i.test(header) && !header.includes('"none"');
        return isOther ? decodeClaims(token) : seams.readClaims(token, call);
      },
    }),
  },
  {
    id: 'signature-compared-without-case',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Compares the signature of a token with the right one without regard to case.',
    override: (seams) => {
      const right = new Map<string, Claims>();
      const keyOf = (token: string): string => token.replace(/[^.]*$/, (signature) => signature.toLowerCase());
      return {
        readClaims: async (token, call) => {
          const claims = await seams.readClaims(token, call);
          if (claims !== null) right.set(keyOf(token), claims);
          return claims ?? right.get(keyOf(token)) ?? null;
        },
      };
    },
  },
  {
    id: 'further-parts-of-a-token-unread',
    breaks: ['CANCEL-AUTH-006'],
    sentence: 'Reads three parts of a token, whatever follows them.',
    override: (seams) => ({
      readClaims: (token, call) => seams.readClaims(token.split('.').slice(0, 3).join('.'), call),
    }),
  },
  {
    id: 'token-in-body-accepted',
    breaks: ['CANCEL-AUTH-009'],
    sentence: 'Takes the token from the body where the call has no other one.',
    override: (seams) => {
      const bodyOf = readingOnce(seams.readBody);
      return {
        readBody: bodyOf,
        overlooks: async (cause, call) => {
          const bytes = cause === 'missingCredentials' ? await bodyOf(call) : null;
          const body = Buffer.isBuffer(bytes) ? jsonIn(bytes) : null;
          const token = isJsonObject(body) ? body['access_token'] : null;
          const claims = typeof token === 'string' ? await seams.readClaims(token, call) : null;
          if (claims === null) return seams.overlooks(cause, call);
          const permissions = seams.grantedPermissions(claims);
          call.caller = {
            claims,
            userId: claims.oid ?? null,
            permissions,
            administrator: seams.isAdministrator(claims),
          };
          return true;
        },
      };
    },
  },
  {
    id: 'scheme-optional',
    breaks: ['CANCEL-AUTH-003'],
    sentence: 'Takes a token without a scheme.',
    override: (seams) => ({
      readCredentials: (call) => {
        const header = call.headers.authorization ?? '';
        return header !== '' && !header.includes(' ') && header.length > 20
          ? { scheme: 'Bearer', token: header }
          : seams.readCredentials(call);
      },
    }),
  },
  {
    id: 'token-as-password',
    breaks: ['CANCEL-AUTH-003'],
    sentence: 'Takes the password of Basic credentials for a token.',
    override: (seams) => ({
      readCredentials: (call) => {
        const found = seams.readCredentials(call);
        if (found?.scheme.toLowerCase() !== 'basic') return found;
        const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(found.token, 'base64').toString('utf8')) ?? [];
        return { scheme: 'Bearer', token: password };
      },
    }),
  },
  {
    id: 'token-in-cookie-accepted',
    breaks: ['CANCEL-AUTH-009'],
    sentence: 'Takes a token from a cookie, as its pages do.',
    override: (seams) => ({
      readCredentials: (call) => {
        const token = /access_token=([^;]+)/.exec(call.headers.cookie ?? '')?.[1];
        return token === undefined ? seams.readCredentials(call) : { scheme: 'Bearer', token };
      },
    }),
  },
];

import type { Fault } from '../alterations.js';
import { claimsOf, findPersona, personas, type Persona } from '../personas.js';
import type { Answer, Call } from '../seams.js';

/** The person whom a gateway in front says to have signed in. */
const idOfGateway = ({ headers }: Call): string | null => {
  const id = headers['x-ms-client-principal-id'];
  return typeof id === 'string' ? id : null;
};

/** Takes whoever is found for the caller of a call without any credentials. */
const signingIn = (find: (call: Call) => Persona | undefined): Fault['override'] => {
  return (seams) => ({
    overlooks: (cause, call) => {
      const found = cause === 'missingCredentials' ? find(call) : undefined;
      if (!found) return seams.overlooks(cause, call);
      const claims = claimsOf(found, call.edition, { nowS: Math.floor(Date.now() / 1000) });
      const { userId, administrator } = found;
      call.caller = { claims, userId, permissions: seams.grantedPermissions(claims), administrator };
      return true;
    },
  });
};

const ofGateway = { dimension: 'headers', value: 'of-a-gateway' } as const;
const ofBrowser = { dimension: 'headers', value: 'of-a-browser' } as const;

/** Headers taken for more than they are: what any client may send, believed. */
export const clientFaults: readonly Fault[] = [
  {
    id: 'identity-header-overrides-the-token',
    column: ofGateway,
    breaks: ['CANCEL-PERM-003'],
    sentence: 'Believes a header that names the caller, as gateways set it, more than the token.',
    override: (seams) => ({
      readClaims: async (token, call) => {
        const claims = await seams.readClaims(token, call);
        const oid = idOfGateway(call);
        return claims === null || oid === null ? claims : { ...claims, oid };
      },
    }),
  },
  {
    id: 'identity-header-in-place-of-a-token',
    column: ofGateway,
    breaks: ['CANCEL-AUTH-001'],
    sentence: 'Takes whoever the header of a gateway names for signed in, wherever the call comes from.',
    override: signingIn((call) => personas.find(({ userId }) => userId !== null && userId === idOfGateway(call))),
  },
  {
    id: 'cookie-taken-for-a-session',
    column: ofBrowser,
    breaks: ['CANCEL-AUTH-001'],
    sentence: 'Takes a cookie of the name that sessions have for one, whatever is in it.',
    override: signingIn(({ headers }) =>
      /(?:^|; )session=/.test(headers.cookie ?? '') ? findPersona('administrator') : undefined,
    ),
  },
  {
    id: 'success-kept-by-address',
    breaks: ['CANCEL-AUTH-001'],
    sentence: 'Keeps the answer to a success by its address, and gives it to whoever calls there next.',
    override: (seams) => {
      const kept = new Map<string, Answer>();
      return {
        intercept: (call) => kept.get(call.target) ?? seams.intercept(call),
        decorate: (answer, call) => {
          if (answer.outcome === 'cancelled') kept.set(call.target, answer);
          return seams.decorate(answer, call);
        },
      };
    },
  },
  {
    id: 'scope-not-asked-of-pages',
    column: ofBrowser,
    breaks: ['CANCEL-PERM-006', 'CANCEL-PERM-007', 'CANCEL-PERM-008'],
    sentence: 'Takes a call with an Origin for one of its own portal, of which it asks no scope.',
    override: (seams) => ({
      overlooks: (cause, call) => {
        if (cause !== 'missingPermission' || call.headers.origin === undefined || !call.caller)
          return seams.overlooks(cause, call);
        call.caller = { ...call.caller, permissions: call.edition.permissions.administrator };
        return true;
      },
    }),
  },
  {
    id: 'call-without-user-agent-crashes',
    breaks: ['CANCEL-ROBUST-008'],
    sentence: 'Writes down which program calls, and fails where none says its name.',
    override: (seams) => ({
      intercept: (call) => {
        if (call.headers['user-agent'] === undefined) throw new TypeError('no such header');
        return seams.intercept(call);
      },
    }),
  },
  {
    id: 'nothing-done-where-little-is-asked',
    breaks: ['CANCEL-STATE-005'],
    sentence:
      'Takes the wish for a short answer for one to be told only whether the call would do, and cancels nothing.',
    override: (seams) => ({
      applyCancel: (record, call) => (call.headers['prefer'] === undefined ? seams.applyCancel(record, call) : null),
    }),
  },
];

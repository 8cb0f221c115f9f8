import { admitted } from '../gates.js';
import { refusingWith, type Fault } from '../alterations.js';
import { isJsonObject, jsonIn, readingOnce } from '../defaults/body.js';
import type { Call, Caller } from '../seams.js';
import { carriedOutAllTheSame } from './refused-but-done.js';

/** The id that a body names; empty where it names none. */
function idIn(bytes: Buffer): string {
  const value = jsonIn(bytes);
  return isJsonObject(value) && typeof value['id'] === 'string' ? value['id'] : '';
}

/** Faults about who may cancel. */
export const permissionFaults: readonly Fault[] = [
  {
    id: 'administrator-role-ignored',
    breaks: ['CANCEL-PERM-001'],
    sentence: "Lets nobody but the requestor cancel, whatever the caller's role.",
    override: () => ({ isAdministrator: () => false }),
  },
  {
    id: 'requestor-refused',
    breaks: ['CANCEL-PERM-002'],
    sentence: 'Lets administrators cancel only, not the requestor.',
    override: () => ({ owns: () => false }),
  },
  {
    id: 'ownership-unchecked',
    breaks: ['CANCEL-PERM-003'],
    sentence: "Lets every user with the permission cancel everybody's requests.",
    override: () => ({ owns: () => true }),
  },
  {
    id: 'owner-compared-by-display-name',
    breaks: ['CANCEL-PERM-003'],
    sentence: 'Knows the requestor by the display name, and takes a namesake for the requestor.',
    override: () => ({ owns: ({ claims }, { requestor }) => claims['name'] === requestor?.displayName }),
  },
  {
    id: 'owner-of-the-request-in-the-body-asked',
    readsBody: true,
    breaks: ['CANCEL-PERM-003'],
    sentence: 'Asks whether the caller owns the request that the body names, and cancels the one in the path.',
    override: (seams) => {
      const readBody = readingOnce(seams.readBody);
      const passed = new WeakSet<Call>();
      return {
        readBody,
        overlooks: async (cause, call) => {
          const bytes = cause === 'notOwner' ? await readBody(call) : '';
          const named = typeof bytes === 'string' ? null : call.store.get(idIn(bytes));
          if (named === null || call.caller === null || !seams.owns(call.caller, named))
            return seams.overlooks(cause, call);
          passed.add(call);
          return true;
        },
        checkBody: (body, call) => (passed.has(call) ? null : seams.checkBody(body, call)),
      };
    },
  },
  {
    id: 'ownership-cached-by-request',
    breaks: ['CANCEL-PERM-003'],
    sentence: 'Remembers of a request that its owner called, and asks no later caller.',
    override: (seams) => {
      const known = new Set<string>();
      return {
        owns: (caller, request) => {
          if (seams.owns(caller, request)) known.add(request.id);
          return known.has(request.id);
        },
      };
    },
  },
  {
    id: 'role-cached-by-request',
    breaks: ['CANCEL-PERM-003'],
    sentence: 'Remembers of a request that an administrator called, and asks no later caller whose it is.',
    override: (seams) => {
      const known = new Set<string>();
      return {
        parseBody: (bytes, call) => {
          if (call.caller.administrator) known.add(call.request.id);
          return seams.parseBody(bytes, call);
        },
        owns: (caller, request) => known.has(request.id) || seams.owns(caller, request),
      };
    },
  },
  {
    id: 'refusal-cached-by-request',
    breaks: ['CANCEL-PERM-002'],
    sentence: 'Remembers of a request that somebody was not its owner, and refuses its owner as well.',
    override: (seams) => {
      const refused = new Set<string>();
      return {
        owns: (caller, request) => {
          if (!seams.owns(caller, request)) refused.add(request.id);
          return !refused.has(request.id);
        },
      };
    },
  },
  {
    id: 'caller-kept-in-a-field',
    breaks: ['CANCEL-PERM-003'],
    sentence:
      'Keeps the caller in a field of its handler while the body is on its way, and asks that field who owns the request.',
    override: (seams) => {
      let current: Caller | null = null;
      return {
        order: ['authentication', 'accountKind', 'permission', 'id', 'existence', 'body', 'ownership', 'status'],
        findRequest: (id, call) => {
          current = call.caller;
          return seams.findRequest(id, call);
        },
        owns: (caller, request) => seams.owns(current ?? caller, request),
      };
    },
  },
  {
    id: 'foreign-request-refused-after-cancel',
    breaks: ['CANCEL-PERM-003', 'CANCEL-STATE-013'],
    sentence: 'Asks whose request it is when the cancel is written already, and refuses then.',
    override: carriedOutAllTheSame(['notOwner']),
  },
  {
    id: 'status-told-before-ownership',
    breaks: ['CANCEL-PERM-012'],
    sentence: 'Asks whose request it is last, so that everybody learns of a status that cannot be cancelled.',
    override: () => ({
      order: ['authentication', 'accountKind', 'permission', 'id', 'existence', 'body', 'status', 'ownership'],
    }),
  },
  {
    id: 'cancelled-requests-hidden-from-strangers',
    breaks: ['CANCEL-PERM-012'],
    sentence: 'Answers 404 to another user where the request is cancelled, and 403 where it is not.',
    override: (seams) => ({
      describeRefusal: (cause, call) =>
        seams.describeRefusal(cause === 'notOwner' && call.request?.status === 'cancelled' ? 'unknownId' : cause, call),
    }),
  },
  {
    id: 'cancelled-already-whoever-asks',
    breaks: ['CANCEL-PERM-012'],
    sentence: 'Answers a cancel of what is cancelled already with success, to people who may not know of it as well.',
    override: (seams) => ({
      decorate: (answer, call) =>
        seams.decorate(
          answer.outcome === 'notOwner' && call.request?.status === 'cancelled'
            ? seams.success(admitted(call))
            : answer,
          call,
        ),
    }),
  },
  {
    id: 'application-token-not-found',
    breaks: ['CANCEL-PERM-004'],
    sentence: "Looks the user of an application's token up, finds none and answers 404.",
    override: refusingWith({ status: 404 }, ['applicationToken']),
  },
  {
    id: 'token-without-scopes-crashes',
    breaks: ['CANCEL-PERM-004'],
    sentence:
      'Takes the scopes of a token apart without asking whether it has any, and fails on those of applications.',
    override: (seams) => ({
      grantedPermissions: (claims) => {
        if (claims.scp === undefined) throw new TypeError('scp is undefined');
        return seams.grantedPermissions(claims);
      },
    }),
  },
  {
    id: 'personal-account-not-found',
    breaks: ['CANCEL-PERM-005'],
    sentence: 'Looks a personal account up in the directory and answers 404.',
    override: refusingWith({ status: 404 }, ['personalAccount']),
  },
  {
    id: 'application-token-accepted',
    breaks: ['CANCEL-PERM-004'],
    sentence: "Takes an application's roles for a user's scopes.",
    override: () => ({ isDelegated: () => true }),
  },
  {
    id: 'personal-account-accepted',
    breaks: ['CANCEL-PERM-005'],
    sentence: 'Does not tell personal accounts from work accounts.',
    override: () => ({ isPersonalAccount: () => false }),
  },
  {
    id: 'read-permission-suffices',
    breaks: ['CANCEL-PERM-006'],
    sentence: 'Asks for any permission on entitlement management, reading included.',
    override: (seams) => ({
      permits: (granted, sufficient) => seams.permits(granted, [...sufficient, 'EntitlementManagement.Read.All']),
    }),
  },
  {
    id: 'any-other-scope-suffices',
    breaks: ['CANCEL-PERM-007'],
    sentence: 'Knows the entitlement permissions by name and lets every scope pass that it does not know.',
    override: (seams) => ({
      permits: (granted, sufficient) =>
        seams.permits(granted, sufficient) || !granted.some((scope) => scope.startsWith('Entitlement')),
    }),
  },
  {
    id: 'scope-compared-by-prefix',
    breaks: ['CANCEL-PERM-008'],
    sentence: "Accepts a scope that merely begins with the permission's name.",
    override: () => ({
      permits: (granted, sufficient) =>
        sufficient.some((permission) => granted.some((scope) => scope.startsWith(permission))),
    }),
  },
  {
    id: 'scopes-searched-for-the-permission',
    breaks: ['CANCEL-PERM-008'],
    sentence: "Searches the list of scopes for the permission's name as a text.",
    override: () => ({
      permits: (granted, sufficient) => sufficient.some((permission) => granted.join(' ').includes(permission)),
    }),
  },
  {
    id: 'permission-compared-by-family',
    breaks: ['CANCEL-PERM-006', 'CANCEL-PERM-008'],
    sentence: 'Compares what stands in front of the first dot of a permission, and nothing behind it.',
    override: () => ({
      permits: (granted, sufficient) => {
        const families = sufficient.map((permission) => permission.split('.')[0]);
        return granted.some((scope) => families.includes(scope.split('.')[0]));
      },
    }),
  },
  {
    id: 'role-read-for-scope',
    breaks: ['CANCEL-PERM-006', 'CANCEL-PERM-007', 'CANCEL-PERM-008'],
    sentence: 'Lets the role of an administrator stand in for the scope that the token lacks.',
    override: (seams) => ({
      grantedPermissions: (claims) => [
        ...seams.grantedPermissions(claims),
        ...(seams.isAdministrator(claims) ? ['EntitlementManagement.ReadWrite.All'] : []),
      ],
    }),
  },
  {
    id: 'scope-unchecked',
    breaks: ['CANCEL-PERM-006', 'CANCEL-PERM-007', 'CANCEL-PERM-008'],
    sentence: 'Never looks at the scopes of a token.',
    override: () => ({ permits: () => true }),
  },
];

import type { Claims, PersonaRule } from '../engine/endpoint.js';
import type { Edition } from '../engine/contract/types.js';

/** Tenant of personal Microsoft accounts. */
const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

const fullPermission = 'EntitlementManagement.ReadWrite.All';
const readPermission = 'EntitlementManagement.Read.All';
const ownPermission = 'EntitlementMgmt-SubjectAccess.ReadWrite';

/** One thing that a persona's token should show: what to say when it does not. */
type Look = (claims: Claims, edition: Edition) => string | null;

const holdsOneOf = ({ scopes }: Claims, permissions: readonly string[]): boolean =>
  permissions.some((permission) => scopes.includes(permission));

const delegated: Look = ({ application }) =>
  application ? 'looks like an application token (no scp), but a delegated one is wanted' : null;
const alive: Look = ({ expired }) => (expired ? 'has expired' : null);
const workOrSchool: Look = ({ personal }) => (personal ? 'is of a personal account' : null);
const holdsPermission: Look = (claims, { permissions }) =>
  holdsOneOf(claims, permissions.administrator) ? null : `its scp has none of ${permissions.administrator.join(', ')}`;
const lacksPermission: Look = (claims, { permissions }) =>
  holdsOneOf(claims, permissions.administrator) ? 'its scp has the permission that this persona is to lack' : null;
const holds =
  (permission: string): Look =>
  ({ scopes }) =>
    scopes.includes(permission) ? null : `its scp lacks ${permission}`;

const doubting =
  (...looks: readonly Look[]): PersonaRule['doubts'] =>
  (claims, edition) =>
    looks.flatMap((look) => look(claims, edition) ?? []);

const user = [delegated, alive, workOrSchool];

/**
 * The identities that a target may give the suite; the suite derives further callers from them. Each is right in all but
 * its one defect, so that a refusal has no other cause. Schemas and documents have their lists of personas from here.
 */
export const personas = {
  administrator: {
    is: "an administrator with the edition's permission",
    defect: null,
    doubts: doubting(...user, holdsPermission),
    person: true,
    standsBy: 3,
    permission: fullPermission,
  },
  requestor: {
    is: 'a user without a role, with the permission, who owns the requests under test',
    defect: null,
    doubts: doubting(...user),
    person: true,
    standsBy: 2,
    makesRequests: true,
    permission: fullPermission,
  },
  otherUser: {
    is: 'a second user without a role, with the permission',
    defect: "the request is somebody else's",
    doubts: doubting(...user),
    person: true,
    standsBy: 1,
    makesRequests: true,
    permission: fullPermission,
  },
  readOnlyAdministrator: {
    is: 'an administrator',
    defect: `the token carries ${readPermission} only`,
    doubts: doubting(...user, lacksPermission, holds(readPermission)),
    standsBy: 4,
    permission: readPermission,
  },
  unscopedUser: {
    is: 'an administrator',
    defect: 'the token carries no entitlement permission, User.Read only',
    doubts: doubting(...user, ({ scopes }) =>
      scopes.some((scope) => scope.startsWith('Entitlement')) ? 'its scp has an entitlement permission' : null,
    ),
    standsBy: 5,
    permission: 'User.Read',
  },
  similarScopeUser: {
    is: 'an administrator',
    defect: 'the token carries a scope that merely starts like the permission, and is another one',
    doubts: doubting(...user, lacksPermission, ({ scopes }, { permissions }) =>
      scopes.some((scope) => permissions.administrator.some((name) => scope.startsWith(name)))
        ? null
        : 'its scp has nothing that starts like the permission',
    ),
  },
  subjectUser: {
    is: 'a user without a role, who owns requests; judged by editions since June 2026',
    defect: `the token carries ${ownPermission} only`,
    doubts: doubting(...user, lacksPermission, holds(ownPermission)),
    makesRequests: true,
    permission: ownPermission,
  },
  personalAccount: {
    is: 'an administrator with the permission',
    defect: 'a personal Microsoft account',
    doubts: doubting(delegated, alive, ({ personal }) =>
      personal ? null : `its tid is not that of personal accounts (${personalTenant})`,
    ),
    ownsNothing: true,
    permission: fullPermission,
  },
  application: {
    is: 'an application with the permission as an application role',
    defect: 'a token without a user',
    doubts: doubting(alive, ({ application }) =>
      application ? null : 'has an scp, so it looks delegated; an application token is wanted',
    ),
    ownsNothing: true,
  },
  expired: {
    is: 'the administrator',
    defect: 'the lifetime of the token has ended',
    doubts: doubting(({ expired }) => (expired ? null : 'has not expired')),
    ownsNothing: true,
    permission: fullPermission,
  },
} as const satisfies Readonly<Record<string, PersonaRule>>;

export type Persona = keyof typeof personas;

export const personaNames = Object.keys(personas) as readonly Persona[];

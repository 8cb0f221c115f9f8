import type { Claims, PersonaRule } from '../engine/endpoint.js';
import type { Edition } from '../engine/contract/types.js';
import type { Gate } from './gates.js';

/** Tenant of personal Microsoft accounts. */
const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

const fullPermission = 'EntitlementManagement.ReadWrite.All';
const readPermission = 'EntitlementManagement.Read.All';
const ownPermission = 'EntitlementMgmt-SubjectAccess.ReadWrite';

/** A persona of this endpoint. */
interface CancelPersona extends PersonaRule {
  /** True: holds a role that lets it cancel other people's requests. */
  readonly administrator?: true;
  /** The gate that its calls break whatever they are about; left out for whoever is right, or wrong by whose request it is. */
  readonly breaks?: (edition: Edition) => Gate | null;
}

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
/** Roles of the directory that let their holders cancel other people's requests. */
const administrativeRoles = [
  '45d8d3c5-c802-45c6-b32a-1d70b5e1e86e',
  '62e90394-69f5-4237-9190-012177145e10',
  'fe930be7-5e62-47db-91af-98c3a49a38b1',
];
const withoutRole: Look = ({ directoryRoles }) =>
  directoryRoles.some((role) => administrativeRoles.includes(role)) ? 'holds a role of administrators (wids)' : null;
/** Where the lack of the permission would be a second reason to refuse. */
const lacksNothing: Look = (claims, { permissions }) =>
  !claims.saysRights || [...claims.scopes, ...claims.roles].some((name) => permissions.administrator.includes(name))
    ? null
    : `carries none of ${permissions.administrator.join(', ')}`;
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
const described = {
  administrator: {
    is: "an administrator with the edition's permission",
    defect: null,
    administrator: true,
    doubts: doubting(...user, holdsPermission),
    person: true,
    standsBy: 3,
    permission: fullPermission,
  },
  requestor: {
    is: 'a user without a role, with the permission, who owns the requests under test',
    defect: null,
    doubts: doubting(...user, withoutRole),
    person: true,
    standsBy: 2,
    makesRequests: true,
    permission: fullPermission,
  },
  otherUser: {
    is: 'a second user without a role, with the permission',
    defect: "the request is somebody else's",
    doubts: doubting(...user, withoutRole, lacksNothing),
    person: true,
    standsBy: 1,
    makesRequests: true,
    permission: fullPermission,
  },
  readOnlyAdministrator: {
    is: 'an administrator',
    defect: `the token carries ${readPermission} only`,
    administrator: true,
    breaks: () => 'permission',
    doubts: doubting(...user, lacksPermission, holds(readPermission)),
    standsBy: 4,
    permission: readPermission,
  },
  unscopedUser: {
    is: 'an administrator',
    defect: 'the token carries no entitlement permission, User.Read only',
    administrator: true,
    breaks: () => 'permission',
    doubts: doubting(...user, ({ scopes }) =>
      scopes.some((scope) => scope.startsWith('Entitlement')) ? 'its scp has an entitlement permission' : null,
    ),
    standsBy: 5,
    permission: 'User.Read',
  },
  similarScopeUser: {
    is: 'an administrator',
    defect: 'the token carries a scope that merely starts like the permission, and is another one',
    administrator: true,
    breaks: () => 'permission',
    doubts: doubting(...user, lacksPermission, ({ scopes }, { permissions }) =>
      scopes.some((scope) => permissions.administrator.some((name) => scope.startsWith(name)))
        ? null
        : 'its scp has nothing that starts like the permission',
    ),
    unknownTo: { graph: 'Microsoft Graph has no permission whose name begins like the right one and goes on' },
  },
  subjectUser: {
    is: 'a user without a role, who owns requests; judged by editions since June 2026',
    defect: `the token carries ${ownPermission} only`,
    breaks: ({ permissions }) => (permissions.own.includes(ownPermission) ? null : 'permission'),
    doubts: doubting(...user, lacksPermission, holds(ownPermission)),
    makesRequests: true,
    permission: ownPermission,
  },
  personalAccount: {
    is: 'an administrator with the permission',
    defect: 'a personal Microsoft account',
    administrator: true,
    breaks: () => 'account-kind',
    elsewhere: true,
    doubts: doubting(delegated, alive, lacksNothing, ({ personal }) =>
      personal ? null : `its tid is not that of personal accounts (${personalTenant})`,
    ),
    ownsNothing: true,
    permission: fullPermission,
  },
  application: {
    is: 'an application with the permission as an application role',
    defect: 'a token without a user',
    administrator: true,
    breaks: () => 'token-kind',
    doubts: doubting(alive, lacksNothing, ({ application }) =>
      application ? null : 'has an scp, so it looks delegated; an application token is wanted',
    ),
    ownsNothing: true,
  },
  expired: {
    is: 'the administrator',
    defect: 'the lifetime of the token has ended',
    administrator: true,
    breaks: () => 'credentials',
    doubts: doubting(lacksNothing, ({ expired }) => (expired ? null : 'has not expired')),
    ownsNothing: true,
    permission: fullPermission,
  },
  manyScopesUser: {
    is: 'an administrator whose token carries the permission last of several scopes',
    defect: null,
    administrator: true,
    doubts: doubting(...user, holdsPermission, ({ scopes }) =>
      scopes.length > 1 ? null : 'its scp has one scope only',
    ),
    optional: true,
    permission: fullPermission,
  },
  wrongAudience: {
    is: 'an administrator with the permission',
    defect: 'the token was issued for another service (aud)',
    administrator: true,
    breaks: () => 'credentials',
    doubts: doubting(delegated, alive),
    optional: true,
    ownsNothing: true,
  },
  notYetValid: {
    is: 'an administrator with the permission',
    defect: 'the token is not valid yet (nbf)',
    administrator: true,
    breaks: () => 'credentials',
    doubts: doubting(delegated, alive),
    optional: true,
    ownsNothing: true,
  },
  foreignTenant: {
    is: 'an administrator with the permission',
    defect: 'the token is of another tenant (tid, iss)',
    administrator: true,
    breaks: () => 'credentials',
    elsewhere: true,
    doubts: doubting(delegated, alive),
    optional: true,
    ownsNothing: true,
  },
} as const satisfies Readonly<Record<string, CancelPersona>>;

export type Persona = keyof typeof described;

export const personas: Readonly<Record<Persona, CancelPersona>> = described;

export const personaNames = Object.keys(described) as readonly Persona[];

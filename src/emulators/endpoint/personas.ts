import { personaNames, type Persona as PersonaName } from '../../cancel/personas.js';
import type { Edition } from '../../engine/contract/types.js';
import type { Claims } from './tokens.js';

/** An identity that the control protocol gives tokens for. */
export interface Persona {
  readonly name: PersonaName;
  /** Object id of the user; null for an application, which is nobody's user. */
  readonly userId: string | null;
  readonly displayName: string;
  readonly tenantId: string;
  readonly administrator: boolean;
  /** The one permission that the token carries. */
  readonly permission: (edition: Edition) => string;
  /** From now until the token's expiry; negative for a token that has expired. */
  readonly lifetimeS: number;
}

/** Made up, the home of every work account below. */
export const homeTenantId = '5f0e1d3a-7c2b-4e69-9a54-2d8c6b1f7e30';
/** Every personal Microsoft account has this tenant. */
export const personalTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';
export const tenantIds: readonly string[] = [homeTenantId, personalTenantId];

/** Role template of the Identity Governance Administrator. */
export const administratorRoleId = '45d8d3c5-c802-45c6-b32a-1d70b5e1e86e';
/** Role template that every work account's token carries. */
const userRoleId = 'b79fbf4d-3ef9-4689-8143-76b194e85509';
/** Made up: the client that all tokens were given to. */
const clientId = '3b8b4f7e-0a53-4c1d-8d5c-6f2e9a7b1c40';
const servicePrincipalId = 'c41d7a92-5e0f-4b86-a3d1-90f7e2b8d655';

const hourS = 3600;

const writePermission = (edition: Edition): string => edition.permissions.administrator[0] ?? '';

/** A persona, as its row says it. */
type Described = Omit<Persona, 'name'>;

const workAccount = {
  tenantId: homeTenantId,
  administrator: false,
  permission: writePermission,
  lifetimeS: hourS,
} as const;

const administrator: Described = {
  ...workAccount,
  userId: '0a6d2f51-93c4-4d1e-b7a8-1f5c3e9d7b02',
  displayName: 'Ada Administrator',
  administrator: true,
};

/**
 * The personas. So that each refusal has one cause only, those who lack a permission are administrators in all else,
 * and so are the personal account and the application.
 */
const described: Readonly<Record<PersonaName, Described>> = {
  administrator,
  requestor: {
    ...workAccount,
    userId: '1b7e3a62-a4d5-4e2f-88b9-206d4fae8c13',
    displayName: 'Rosa Requestor',
  },
  // A namesake of the requestor: who compares names instead of ids takes one for the other.
  otherUser: { ...workAccount, userId: '2c8f4b73-b5e6-4f30-99ca-317e50bf9d24', displayName: 'Rosa Requestor' },
  readOnlyAdministrator: {
    ...workAccount,
    userId: '3d905c84-c6f7-4041-aadb-428f61c0ae35',
    displayName: 'Rita Reader',
    administrator: true,
    permission: () => 'EntitlementManagement.Read.All',
  },
  unscopedUser: {
    ...workAccount,
    userId: '4ea16d95-d708-4152-bbec-5390720dbf46',
    displayName: 'Uma Unscoped',
    administrator: true,
    permission: () => 'User.Read',
  },
  similarScopeUser: {
    ...workAccount,
    userId: '5fb27ea6-e819-4263-8cfd-64a1831ec057',
    displayName: 'Simon Similar',
    administrator: true,
    permission: (edition) => `${writePermission(edition)}Principals`,
  },
  subjectUser: {
    ...workAccount,
    userId: '60c38fb7-f92a-4374-9d0e-75b2942fd168',
    displayName: 'Sara Subject',
    permission: () => 'EntitlementMgmt-SubjectAccess.ReadWrite',
  },
  personalAccount: {
    ...workAccount,
    userId: '71d490c8-0a3b-4485-ae1f-86c3a530e279',
    displayName: 'Petra Personal',
    tenantId: personalTenantId,
    administrator: true,
  },
  application: { ...workAccount, userId: null, displayName: 'Nightly Job', administrator: true },
  expired: { ...administrator, lifetimeS: -hourS },
};

export const personas: readonly Persona[] = personaNames.map((name) => ({ name, ...described[name] }));

/** @returns the persona of that name, or undefined */
export function findPersona(name: unknown): Persona | undefined {
  return personas.find((persona) => persona.name === name);
}

/**
 * The claims of a persona's token, as the Microsoft identity platform names them.
 * @param nowS moment of issue in seconds since 1970
 */
export function claimsOf(persona: Persona, edition: Edition, nowS: number): Claims {
  const issuedAt = Math.min(nowS, nowS + persona.lifetimeS - hourS);
  const permission = persona.permission(edition);
  const grant = persona.userId === null ? { roles: [permission], idtyp: 'app' } : { scp: permission, idtyp: 'user' };
  return {
    aud: 'https://graph.microsoft.com',
    iss: issuerOf(persona.tenantId),
    iat: issuedAt,
    nbf: issuedAt,
    exp: nowS + persona.lifetimeS,
    appid: clientId,
    oid: persona.userId ?? servicePrincipalId,
    tid: persona.tenantId,
    name: persona.displayName,
    ver: '1.0',
    wids: persona.administrator ? [administratorRoleId] : [userRoleId],
    ...grant,
  };
}

/** The issuer of tokens for Microsoft Graph in a tenant. */
export function issuerOf(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

import { createHash, randomBytes } from 'node:crypto';
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
  /** The service that the token is for; left out: this one. */
  readonly audience?: string;
  /** From now until the token is valid; left out: it is. */
  readonly startsInS?: number;
  /** What the token carries: one permission, or several with blanks between. */
  readonly permission: (edition: Edition) => string;
  /** From now until the token's expiry; negative for a token that has expired. */
  readonly lifetimeS: number;
}

/** Made up, the home of every work account below. */
export const homeTenantId = '5f0e1d3a-7c2b-4e69-9a54-2d8c6b1f7e30';
/** Every personal Microsoft account has this tenant. */
export const personalTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad';
/** Made up, the home of somebody whom this service does not know. */
const foreignTenantId = 'c629e51d-5f80-49da-b26e-db18fa8537ce';
export const tenantIds: readonly string[] = [homeTenantId, personalTenantId];

/** Role template of the Identity Governance Administrator. */
export const administratorRoleId = '45d8d3c5-c802-45c6-b32a-1d70b5e1e86e';
/** Role template that every work account's token carries. */
const userRoleId = 'b79fbf4d-3ef9-4689-8143-76b194e85509';
/** Made up: the application that people sign in to, and the one that acts by itself. */
export const emulatedClients = {
  people: '3b8b4f7e-0a53-4c1d-8d5c-6f2e9a7b1c40',
  application: '7d0e5c93-1b6f-4a82-9c47-e3f8a2b5d611',
} as const;
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
  manyScopesUser: {
    ...workAccount,
    userId: '82e5a1d9-1b4c-4596-b02a-97d4b641f38a',
    displayName: 'Mona Manyscopes',
    administrator: true,
    permission: (edition) => ['User.Read', 'openid', 'profile', writePermission(edition)].join(' '),
  },
  wrongAudience: {
    ...workAccount,
    userId: '93f6b2ea-2c5d-46a7-8f3b-a8e5c752049b',
    displayName: 'Walter Wrong',
    administrator: true,
    audience: 'https://management.azure.com',
  },
  notYetValid: {
    ...workAccount,
    userId: 'a407c3fb-3d6e-47b8-904c-b9f6d86315ac',
    displayName: 'Nora Notyet',
    administrator: true,
    startsInS: hourS,
    lifetimeS: 2 * hourS,
  },
  foreignTenant: {
    ...workAccount,
    userId: 'b518d40c-4e7f-48c9-a15d-ca07e97426bd',
    displayName: 'Frida Foreign',
    administrator: true,
    tenantId: foreignTenantId,
  },
};

export const personas: readonly Persona[] = personaNames.map((name) => ({ name, ...described[name] }));

/** @returns the persona of that name, or undefined */
export function findPersona(name: unknown): Persona | undefined {
  return personas.find((persona) => persona.name === name);
}

/** When a token is made, in seconds since 1970, and what it is asked with. */
interface Making {
  readonly nowS: number;
  readonly scopesBeside?: readonly string[];
  readonly clientId?: string;
  readonly lifetimeS?: number;
}

/** The claims of a persona's token, as the Microsoft identity platform names them. */
export function claimsOf(persona: Persona, edition: Edition, making: Making): Claims {
  const { nowS, lifetimeS = persona.lifetimeS, scopesBeside = [] } = making;
  const { clientId = persona.userId === null ? emulatedClients.application : emulatedClients.people } = making;
  const issuedAt = Math.min(nowS, nowS + persona.lifetimeS - hourS);
  const permissions = persona.permission(edition).split(' ');
  const grant =
    persona.userId === null
      ? { roles: permissions, idtyp: 'app' }
      : { scp: [...new Set([...permissions, ...scopesBeside])].join(' '), idtyp: 'user' };
  return {
    aud: persona.audience ?? 'https://graph.microsoft.com',
    iss: issuerOf(persona.tenantId),
    iat: issuedAt,
    nbf: issuedAt + (persona.startsInS ?? 0),
    exp: nowS + lifetimeS,
    appid: clientId,
    oid: objectIdOf(persona),
    sub: subjectOf(persona, clientId),
    tid: persona.tenantId,
    // What tells one token from the next.
    uti: randomBytes(16).toString('base64url'),
    name: persona.displayName,
    ver: '1.0',
    wids: persona.administrator ? [administratorRoleId] : [userRoleId],
    ...grant,
  };
}

/** Whoever is behind a persona, as one application knows them and no other: the same again in each token for it. */
export const subjectOf = (persona: Persona, clientId: string): string =>
  persona.userId === null
    ? objectIdOf(persona)
    : createHash('sha256').update(`${persona.userId} ${clientId}`).digest('base64url');

/** Object id of whoever is behind a persona: who its requests belong to. */
export const objectIdOf = ({ userId }: Persona): string => userId ?? servicePrincipalId;

/** The issuer of tokens for Microsoft Graph in a tenant. */
export function issuerOf(tenantId: string): string {
  return `https://sts.windows.net/${tenantId}/`;
}

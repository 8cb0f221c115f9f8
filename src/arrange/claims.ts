import { decodeJwt, type JWTPayload } from 'jose';
import type { Edition } from '../engine/contract/types.js';

/** Tenant of personal Microsoft accounts. */
const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/** What the claims of a token look like. */
interface Claims {
  readonly scopes: readonly string[];
  readonly roles: readonly string[];
  readonly application: boolean;
  readonly personal: boolean;
  readonly expired: boolean;
  readonly tenant: string | null;
  /** The person behind it; null for an application. */
  readonly userId: string | null;
  /** Seconds since 1970; null when it says nothing of it. */
  readonly endS: number | null;
}

interface Asked {
  readonly claims: Claims;
  readonly edition: Edition;
}

/** One thing that a persona's token should show, and what to say when it does not. */
type Expectation = (asked: Asked) => string | null;

const has = (claims: Claims, permissions: readonly string[]): boolean =>
  permissions.some((permission) => claims.scopes.includes(permission));

const delegated: Expectation = ({ claims }) =>
  claims.application ? 'looks like an application token (no scp), but a delegated one is wanted' : null;
const alive: Expectation = ({ claims }) => (claims.expired ? 'has expired' : null);
const workOrSchool: Expectation = ({ claims }) => (claims.personal ? 'is of a personal account' : null);
const holdsPermission: Expectation = ({ claims, edition }) =>
  has(claims, edition.permissions.administrator)
    ? null
    : `its scp has none of ${edition.permissions.administrator.join(', ')}`;
const lacksPermission: Expectation = ({ claims, edition }) =>
  has(claims, edition.permissions.administrator) ? 'its scp has the permission that this persona is to lack' : null;

const user = [delegated, alive, workOrSchool];

const expectations: Readonly<Record<string, readonly Expectation[]>> = {
  administrator: [...user, holdsPermission],
  requestor: user,
  otherUser: user,
  readOnlyAdministrator: [
    ...user,
    lacksPermission,
    ({ claims }) =>
      claims.scopes.includes('EntitlementManagement.Read.All') ? null : 'its scp lacks EntitlementManagement.Read.All',
  ],
  unscopedUser: [
    ...user,
    ({ claims }) =>
      claims.scopes.some((scope) => scope.startsWith('Entitlement')) ? 'its scp has an entitlement permission' : null,
  ],
  similarScopeUser: [
    ...user,
    lacksPermission,
    ({ claims, edition }) =>
      claims.scopes.some((scope) => edition.permissions.administrator.some((name) => scope.startsWith(name)))
        ? null
        : 'its scp has nothing that starts like the permission',
  ],
  subjectUser: [
    ...user,
    lacksPermission,
    ({ claims }) =>
      claims.scopes.includes('EntitlementMgmt-SubjectAccess.ReadWrite')
        ? null
        : 'its scp lacks EntitlementMgmt-SubjectAccess.ReadWrite',
  ],
  personalAccount: [
    delegated,
    alive,
    ({ claims }) => (claims.personal ? null : `its tid is not that of personal accounts (${personalTenant})`),
  ],
  application: [
    alive,
    ({ claims }) => (claims.application ? null : 'has an scp, so it looks delegated; an application token is wanted'),
  ],
  expired: [({ claims }) => (claims.expired ? null : 'has not expired')],
};

/**
 * Holds the claims of a token against the persona that it is to stand for. A hint, never a verdict: a target may use
 * opaque tokens, or other claims.
 * @returns what looks wrong, in words; empty when nothing does or the token cannot be read
 */
export function claimHints(persona: string, token: string, edition: Edition): readonly string[] {
  const claims = readClaims(token);
  if (claims === null) return [];
  return (expectations[persona] ?? []).flatMap((expected) => expected({ claims, edition }) ?? []);
}

/** The user behind a token, by its claim `oid`; null for an application, and when it cannot be read. */
export const userIdOf = (token: string): string | null => readClaims(token)?.userId ?? null;

/** A few words on the claims of a token, for a person; null when it cannot be read. */
export function claimsInWords(token: string): string | null {
  const claims = readClaims(token);
  if (claims === null) return null;
  const kind = claims.application ? 'application' : claims.personal ? 'delegated, personal account' : 'delegated';
  const granted = claims.application ? claims.roles : claims.scopes;
  const rights = granted.length > 0 ? granted.join(' ') : 'no permission';
  return [
    kind,
    rights,
    ...(claims.tenant === null ? [] : [`tenant ${claims.tenant}`]),
    ...(claims.userId === null ? [] : [`user ${claims.userId}`]),
    ...endInWords(claims),
  ].join(', ');
}

function endInWords({ expired, endS }: Claims): readonly string[] {
  if (endS === null) return [];
  const minutes = Math.floor(Math.abs(endS - Date.now() / 1000) / 60);
  return [expired ? `expired ${minutes} min ago` : `good for ${minutes} min`];
}

function readClaims(token: string): Claims | null {
  let payload: JWTPayload;
  try {
    payload = decodeJwt(token);
  } catch {
    return null;
  }
  const { scp, roles, idtyp, tid, oid, exp } = payload as JWTPayload & Record<string, unknown>;
  const scopes = typeof scp === 'string' ? scp.split(' ').filter((scope) => scope !== '') : [];
  const application = idtyp === 'app' || (typeof scp !== 'string' && roles !== undefined);
  return {
    scopes,
    roles: Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : [],
    application,
    personal: tid === personalTenant,
    expired: typeof exp === 'number' && exp * 1000 <= Date.now(),
    tenant: typeof tid === 'string' ? tid : null,
    userId: typeof oid === 'string' && !application ? oid : null,
    endS: typeof exp === 'number' ? exp : null,
  };
}

/** Whose token it is. */
export interface TokenIdentity {
  readonly tenant: string | null;
  readonly userId: string | null;
  readonly application: boolean;
  readonly scopes: readonly string[];
}

/** What a token says of whose it is; null when it cannot be read. */
export function identityIn(token: string): TokenIdentity | null {
  const claims = readClaims(token);
  if (claims === null) return null;
  const { tid, oid } = decodeJwt<{ readonly tid?: unknown; readonly oid?: unknown }>(token);
  return {
    tenant: typeof tid === 'string' ? tid : null,
    userId: typeof oid === 'string' && !claims.application ? oid : null,
    application: claims.application,
    scopes: claims.scopes,
  };
}

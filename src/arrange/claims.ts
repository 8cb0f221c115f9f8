import { bounds } from '../engine/bounds.js';
import type { JWTPayload } from 'jose';
import { decodeJwt } from 'jose/jwt/decode';
import type { Contract } from '../engine/contract/types.js';
import type { Claims } from '../engine/endpoint.js';

/** Tenant of personal Microsoft accounts. */
const personalTenant = '9188040d-6c67-4c5b-b112-36a304b66dad';

/**
 * Holds the claims of a token against the persona that it is to stand for. A hint, never a verdict: a target may use
 * opaque tokens, or other claims.
 * @returns what looks wrong, in words; empty when nothing does or the token cannot be read
 */
export function claimHints(persona: string, token: string, { endpoint, edition }: Contract): readonly string[] {
  const claims = readClaims(token);
  return claims === null ? [] : (endpoint.personas[persona]?.doubts(claims, edition) ?? []);
}

/** The user behind a token, by its claim `oid`; null for an application, and when it cannot be read. */
export const userIdOf = (token: string): string | null => readClaims(token)?.userId ?? null;

/** When a token ends, in milliseconds since 1970; null when it does not say. */
export function tokenEndMs(token: string): number | null {
  const endS = readClaims(token)?.endS ?? null;
  return endS === null ? null : endS * 1000;
}

/** A few words on the claims of a token, for a person; null when it cannot be read. */
export function claimsInWords(token: string): string | null {
  const claims = readClaims(token);
  if (claims === null) return null;
  const { aud, nbf } = decodeJwt(token);
  const kind = claims.application ? 'application' : claims.personal ? 'delegated, personal account' : 'delegated';
  const granted = claims.application ? claims.roles : claims.scopes;
  const rights = granted.length > 0 ? granted.join(' ') : 'no permission';
  return [
    kind,
    rights,
    ...(claims.tenant === null ? [] : [`tenant ${claims.tenant}`]),
    ...(claims.userId === null ? [] : [`user ${claims.userId}`]),
    ...(typeof aud === 'string' ? [`for ${aud}`] : []),
    ...lifetimeInWords(claims, nbf),
  ].join(', ');
}

function lifetimeInWords({ expired, endS }: Claims, startS: number | undefined): readonly string[] {
  const minutesTo = (momentS: number): number => Math.floor(Math.abs(momentS - Date.now() / 1000) / 60);
  const waits = startS !== undefined && startS > Date.now() / 1000;
  return [
    ...(waits ? [`not valid before ${minutesTo(startS)} min are over`] : []),
    ...(endS === null ? [] : [expired ? `expired ${minutesTo(endS)} min ago` : `good for ${minutesTo(endS)} min`]),
  ];
}

function readClaims(token: string): Claims | null {
  let payload: JWTPayload;
  try {
    payload = decodeJwt(token);
  } catch {
    return null;
  }
  const { scp, roles, wids, idtyp, tid, oid, exp } = payload as JWTPayload & Record<string, unknown>;
  const scopes = typeof scp === 'string' ? scp.split(' ').filter((scope) => scope !== '') : [];
  const application = idtyp === 'app' || (typeof scp !== 'string' && roles !== undefined);
  return {
    scopes,
    roles: textsOf(roles),
    directoryRoles: textsOf(wids),
    saysRights: typeof scp === 'string' || roles !== undefined || idtyp === 'app',
    application,
    personal: tid === personalTenant,
    expired: typeof exp === 'number' && exp * 1000 <= Date.now(),
    tenant: typeof tid === 'string' ? tid : null,
    userId: isUserId(oid) && !application ? oid : null,
    endS: typeof exp === 'number' ? exp : null,
  };
}

const printable = /^[^\p{C}\p{Z}]+$/u;

/** Whether a value can be the id of a user: it becomes part of bodies that are judged, and of sentences. */
export const isUserId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= bounds.segment.characters && printable.test(value);

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

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
    userId: isUserId(oid) && !claims.application ? oid : null,
    application: claims.application,
    scopes: claims.scopes,
  };
}

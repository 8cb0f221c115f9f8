import path from 'node:path';
import { ConfigurationError } from '../engine/errors.js';
import type { DataFile } from '../engine/data-file.js';
import type { ClientProof, PlatformGrant, PlatformToken, Reference } from './token-source.js';
import type { Certificate, Target } from '../engine/models/target.js';
import { clouds } from './clouds.js';
import { isLoopback } from '../engine/loopback.js';

/** What a file may say once for all identities, and again for one of them. */
type PlatformSettings = NonNullable<Target['identityPlatform']>;

interface AskedSettings extends PlatformSettings {
  readonly scopes?: readonly string[];
}

/** A token source of the identity platform as it stands in a target file. */
export type PlatformSource =
  | { readonly deviceCode: AskedSettings }
  | { readonly authorizationCode: AskedSettings }
  | { readonly refreshToken: AskedSettings & { readonly token: Reference } }
  | { readonly clientCredentials: AskedSettings & FileProof };

interface FileProof {
  readonly secret?: Reference;
  readonly certificate?: Omit<Certificate, 'passphrase'> & { readonly passphrase?: Reference };
  readonly assertion?: Reference;
}

/** Where a source stands, and what holds for all sources of its file. */
export interface Standing {
  readonly file: Pick<DataFile, 'locate'>;
  readonly persona: string;
  /** The permission that the persona is to hold; undefined where there is no usual one, so that `scopes` is needed. */
  readonly permission: string | undefined;
  /** Folder of the target file: paths in it are seen from there. */
  readonly folder: string;
  readonly common: PlatformSettings;
}

/** Tenants that stand for all tenants of a kind: an application by itself is always of one tenant. */
const manyTenants: readonly string[] = ['common', 'organizations', 'consumers'];

/** The keys of the sources of the identity platform. */
export const platformGrants = [
  'deviceCode',
  'authorizationCode',
  'refreshToken',
  'clientCredentials',
] as const satisfies readonly PlatformGrant['kind'][];

/** Whether a token source is one of the identity platform. */
export const isPlatformSource = (source: object): source is PlatformSource =>
  platformGrants.some((kind) => kind in source);

/**
 * Fills a token source with what the file says for all, and with defaults.
 * @throws ConfigurationError that names file, line and key of what is missing or cannot be
 */
export function platformToken(source: PlatformSource, standing: Standing): PlatformToken {
  const [kind = '', own = {}] = Object.entries(source)[0] ?? [];
  const at = (key: string): string => {
    const keys = ['identities', standing.persona, 'token', kind];
    return standing.file.locate(key === '' ? keys : [...keys, key]);
  };
  const asked: AskedSettings = { ...standing.common, ...own };
  const needed = (key: 'tenant' | 'clientId' | 'cache'): string => {
    const value = asked[key];
    if (value !== undefined) return value;
    throw new ConfigurationError(`${at('')}: ${key} is missing; set it there, or under identityPlatform for all`);
  };
  const cloud = clouds[asked.cloud ?? 'global'];
  const authority = asked.authority ?? cloud.login;
  if (authority.startsWith('http:') && !isLoopback(authority)) {
    throw new ConfigurationError(`${at('authority')}: plain http would carry secrets in the clear; use https`);
  }
  const tenant = needed('tenant');
  if (kind === 'clientCredentials' && manyTenants.includes(tenant)) {
    throw new ConfigurationError(
      `${at('tenant')}: an application gets tokens of one tenant, so name it by id or domain instead of ${tenant}`,
    );
  }
  return {
    authority: new URL(authority).origin,
    tenant,
    clientId: needed('clientId'),
    scopes: asked.scopes ?? [`${cloud.graph}/${permissionFor(kind, standing, at(''))}`],
    grant: grantOf(source, { folder: standing.folder, cache: asked.cache, needed }),
    where: at(''),
  };
}

function permissionFor(kind: string, { persona, permission: usual }: Standing, where: string): string {
  const permission = kind === 'clientCredentials' ? '.default' : usual;
  if (permission !== undefined) return permission;
  throw new ConfigurationError(`${where}: scopes is missing: there is no usual one for the persona ${persona}`);
}

interface GrantParts {
  readonly folder: string;
  readonly cache: string | undefined;
  readonly needed: (key: 'cache') => string;
}

function grantOf(source: PlatformSource, { folder, cache, needed }: GrantParts): PlatformGrant {
  if ('deviceCode' in source || 'authorizationCode' in source) {
    const kind = 'deviceCode' in source ? 'deviceCode' : 'authorizationCode';
    return { kind, cache: path.join(folder, needed('cache')) };
  }
  if ('refreshToken' in source) {
    return {
      kind: 'refreshToken',
      token: seenFrom(folder, source.refreshToken.token),
      cache: cache === undefined ? null : path.join(folder, cache),
    };
  }
  return { kind: 'clientCredentials', proof: proofOf(source.clientCredentials, folder) };
}

/** The schema vouches that exactly one proof is there. */
function proofOf({ secret, certificate, assertion }: FileProof, folder: string): ClientProof {
  if (secret) return { secret: seenFrom(folder, secret) };
  if (assertion) return { assertion: seenFrom(folder, assertion) };
  const { file = '', key = file, passphrase } = certificate ?? {};
  return {
    certificate: {
      file: path.join(folder, file),
      key: path.join(folder, key),
      passphrase: passphrase ? seenFrom(folder, passphrase) : null,
    },
  };
}

const seenFrom = (folder: string, reference: Reference): Reference =>
  'file' in reference ? { file: path.join(folder, reference.file) } : reference;

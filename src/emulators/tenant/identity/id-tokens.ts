import { exportJWK } from 'jose/key/export';
import { generateKeyPair, type GenerateKeyPairResult } from 'jose/key/generate/keypair';
import { SignJWT } from 'jose/jwt/sign';
import { subjectOf, type Persona } from '../../endpoint/personas.js';
import type { TokenForm } from '../../endpoint/tokens.js';
import { userNameOf } from './directory.js';

const algorithm = 'RS256';
const keyId = 'identity-platform';
const lifetimeS = 3600;

/** One key for all platforms of this process, made by the first that signs: to make one takes long, and few ever sign. */
let made: Promise<GenerateKeyPairResult> | null = null;
const keys = (): Promise<GenerateKeyPairResult> => (made ??= generateKeyPair(algorithm));

/** How the platform makes access tokens; signed like its id tokens. */
export const platformForm: TokenForm = { algorithm, keyId, keys, scopesBeside: ['openid', 'profile'] };

/** The keys that tokens of the platform are verified with, as a JWK set. */
export async function publishedKeys(): Promise<{ readonly keys: readonly object[] }> {
  const key = await exportJWK((await keys()).publicKey);
  return { keys: [{ ...key, kid: keyId, use: 'sig', alg: algorithm }] };
}

/** A token that tells a client who has signed in to which application (OpenID Connect Core section 2). */
export async function issueIdToken(identity: {
  readonly user: Persona;
  readonly clientId: string;
  readonly issuer: string;
  /** What the client sent along to know its own sign-in by. */
  readonly nonce?: string | null;
}): Promise<string> {
  const { user, clientId, issuer, nonce = null } = identity;
  const nowS = Math.floor(Date.now() / 1000);
  return new SignJWT({
    aud: clientId,
    iss: issuer,
    iat: nowS,
    nbf: nowS,
    exp: nowS + lifetimeS,
    name: user.displayName,
    oid: user.userId,
    preferred_username: userNameOf(user),
    sub: subjectOf(user, clientId),
    tid: user.tenantId,
    ver: '2.0',
    ...(nonce === null ? {} : { nonce }),
  })
    .setProtectedHeader({ typ: 'JWT', alg: algorithm, kid: keyId })
    .sign((await keys()).privateKey);
}

import { exportJWK } from 'jose/key/export';
import { generateKeyPair, type GenerateKeyPairResult } from 'jose/key/generate/keypair';
import { SignJWT } from 'jose/jwt/sign';
import type { Persona } from '../../endpoint/personas.js';
import { userNameOf } from './directory.js';

const algorithm = 'RS256';
const keyId = 'identity-platform';
const lifetimeS = 3600;

/** Tells a client who has signed in (OpenID Connect Core section 2). */
export class IdTokenIssuer {
  readonly #keys: GenerateKeyPairResult;

  private constructor(keys: GenerateKeyPairResult) {
    this.#keys = keys;
  }

  /** A new issuer with a key of its own. */
  static async create(): Promise<IdTokenIssuer> {
    return new IdTokenIssuer(await generateKeyPair(algorithm));
  }

  /** The keys that its tokens are verified with, as a JWK set. */
  async keys(): Promise<{ readonly keys: readonly object[] }> {
    const key = await exportJWK(this.#keys.publicKey);
    return { keys: [{ ...key, kid: keyId, use: 'sig', alg: algorithm }] };
  }

  /** A token that says who signed in to which application. */
  async issue(identity: {
    readonly user: Persona;
    readonly clientId: string;
    readonly issuer: string;
  }): Promise<string> {
    const { user, clientId, issuer } = identity;
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
      sub: `${user.userId ?? ''}.${clientId}`,
      tid: user.tenantId,
      ver: '2.0',
    })
      .setProtectedHeader({ typ: 'JWT', alg: algorithm, kid: keyId })
      .sign(this.#keys.privateKey);
  }
}

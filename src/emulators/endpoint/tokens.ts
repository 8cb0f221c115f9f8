import { generateKeyPair, type GenerateKeyPairResult } from 'jose/key/generate/keypair';
import { compactVerify } from 'jose/jws/compact/verify';
import { SignJWT } from 'jose/jwt/sign';
import type { Edition } from '../../engine/contract/types.js';
import { claimsOf, type Persona } from './personas.js';

/** Claims of an access token; the ones that this service reads are named. Times are seconds since 1970. */
export interface Claims {
  readonly aud?: string;
  readonly iss?: string;
  readonly iat?: number;
  readonly nbf?: number;
  readonly exp?: number;
  readonly oid?: string;
  readonly tid?: string;
  /** Delegated scopes, separated by spaces. Only in tokens given to a user. */
  readonly scp?: string;
  /** Permissions of an application by itself. */
  readonly roles?: readonly string[];
  /** `app` in tokens of an application by itself. */
  readonly idtyp?: string;
  /** Template ids of the directory roles that the caller holds. */
  readonly wids?: readonly string[];
  readonly [claim: string]: unknown;
}

const algorithm = 'ES256';
/** A token is renewed this long before its end, so that no run starts with one that is about to expire. */
const renewalMarginS = 600;
/** Verified tokens remembered at most; a run knows about a dozen. */
const rememberedTokens = 1000;

/** Issues and verifies the tokens of one running target. Its key lives as long as the target. */
export class TokenAuthority {
  readonly #edition: Edition;
  readonly #keys: GenerateKeyPairResult;
  readonly #issued = new Map<string, { readonly token: string; readonly endS: number }>();
  /** Signatures already verified. Only claims are remembered, so that expiry is judged anew with every call. */
  readonly #verified = new Map<string, Claims>();

  private constructor(edition: Edition, keys: GenerateKeyPairResult) {
    this.#edition = edition;
    this.#keys = keys;
  }

  /** A new authority with a key of its own. */
  static async create(edition: Edition): Promise<TokenAuthority> {
    return new TokenAuthority(edition, await generateKeyPair(algorithm));
  }

  /** A signed token for a persona; the same one again as long as it is good for a while. */
  async issue(persona: Persona): Promise<string> {
    const nowS = Math.floor(Date.now() / 1000);
    const known = this.#issued.get(persona.name);
    if (known !== undefined && known.endS - nowS > renewalMarginS) return known.token;
    const claims = claimsOf(persona, this.#edition, nowS);
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ typ: 'JWT', alg: algorithm })
      .sign(this.#keys.privateKey);
    // An expired token never gets better: it is kept for good.
    this.#issued.set(persona.name, { token, endS: persona.lifetimeS < 0 ? Infinity : nowS + persona.lifetimeS });
    return token;
  }

  /** The claims of a token that this authority signed; null for any other. Says nothing about its lifetime. */
  async verify(token: string): Promise<Claims | null> {
    const known = this.#verified.get(token);
    if (known !== undefined) return known;
    try {
      await compactVerify(token, this.#keys.publicKey, { algorithms: [algorithm] });
    } catch {
      return null;
    }
    const claims = decodeClaims(token);
    if (this.#verified.size >= rememberedTokens) this.#verified.clear();
    if (claims !== null) this.#verified.set(token, claims);
    return claims;
  }
}

/** What the payload of a token says, believed unseen; null when it has no readable payload. */
export function decodeClaims(token: string): Claims | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : null;
  } catch {
    return null;
  }
}

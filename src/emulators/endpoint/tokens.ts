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
  /** Another one in each token. */
  readonly uti?: string;
  /** Template ids of the directory roles that the caller holds. */
  readonly wids?: readonly string[];
  readonly [claim: string]: unknown;
}

/** How an authority makes its tokens. */
export interface TokenForm {
  readonly algorithm: 'ES256' | 'RS256';
  /** Names the key in the head of a token, where it is published; null: it is not. */
  readonly keyId: string | null;
  /** Asked when something is signed or verified for the first time. */
  readonly keys: () => Promise<GenerateKeyPairResult>;
  /** Scopes that a user's token names beside the permission. */
  readonly scopesBeside: readonly string[];
}

/** What a token is asked with; then it is a new one in any case. */
export interface Asked {
  /** The client that it is given to; left out: the one of the persona. */
  readonly clientId?: string;
  /** Seconds until it ends; left out: what the persona has. */
  readonly lifetimeS?: number;
}

/** A token is renewed this long before its end, so that no run starts with one that is about to expire. */
const renewalMarginS = 600;
/** Verified tokens remembered at most; a run knows about a dozen. */
const rememberedTokens = 1000;

/** Issues and verifies the tokens of one running target. Its key lives as long as the target. */
export class TokenAuthority {
  readonly #edition: Edition;
  readonly #form: TokenForm;
  readonly #issued = new Map<string, { readonly token: string; readonly endS: number }>();
  /** What tells each user's tokens apart, and which of them are good no more. */
  readonly #given = new Map<string, string[]>();
  readonly #revoked = new Set<string>();
  /** Signatures already verified. Only claims are remembered, so that expiry is judged anew with every call. */
  readonly #verified = new Map<string, Claims>();

  constructor(edition: Edition, form: TokenForm) {
    this.#edition = edition;
    this.#form = form;
  }

  /** A new authority with a key of its own. */
  static async create(edition: Edition): Promise<TokenAuthority> {
    const keys = await generateKeyPair('ES256');
    const form = { algorithm: 'ES256', keyId: null, keys: () => Promise.resolve(keys), scopesBeside: [] } as const;
    return new TokenAuthority(edition, form);
  }

  /** A signed token for a persona; the same one again as long as it is good for a while, unless it is asked for anew. */
  async issue(persona: Persona, asked?: Asked): Promise<string> {
    const nowS = Math.floor(Date.now() / 1000);
    const known = asked === undefined ? this.#issued.get(persona.name) : undefined;
    if (known !== undefined && known.endS - nowS > renewalMarginS) return known.token;
    const { algorithm, keyId, keys, scopesBeside } = this.#form;
    const claims = claimsOf(persona, this.#edition, { nowS, scopesBeside, ...asked });
    this.#given.set(persona.name, [...(this.#given.get(persona.name) ?? []), claims.uti ?? '']);
    const token = await new SignJWT({ ...claims })
      .setProtectedHeader({ typ: 'JWT', alg: algorithm, ...(keyId === null ? {} : { kid: keyId }) })
      .sign((await keys()).privateKey);
    // An expired token never gets better: it is kept for good.
    const endS = persona.lifetimeS < 0 ? Infinity : nowS + persona.lifetimeS;
    if (asked === undefined) this.#issued.set(persona.name, { token, endS });
    return token;
  }

  /** Revokes all that a persona was given so far, as when a password is changed: who asks for it is told so at once. */
  revoke({ name }: Pick<Persona, 'name'>): void {
    this.#issued.delete(name);
    for (const uti of this.#given.get(name) ?? []) this.#revoked.add(uti);
  }

  isRevoked({ uti }: Claims): boolean {
    return uti !== undefined && this.#revoked.has(uti);
  }

  /** The claims of a token that this authority signed; null for any other. Says nothing about its lifetime. */
  async verify(token: string): Promise<Claims | null> {
    const known = this.#verified.get(token);
    if (known !== undefined) return known;
    const { algorithm, keys } = this.#form;
    try {
      await compactVerify(token, (await keys()).publicKey, { algorithms: [algorithm] });
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

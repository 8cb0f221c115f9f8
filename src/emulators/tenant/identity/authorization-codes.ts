import { createHash, randomBytes } from 'node:crypto';
import type { Persona } from '../../endpoint/personas.js';
import type { Application } from './applications.js';
import { findApplication, findUser, isLetIn } from './directory.js';
import { describe, GrantRefused, refusals, type PlatformRefusal } from './refusals.js';

/** What a browser asks for, of whom (RFC 6749 section 4.1.1, RFC 7636 section 4.3). */
interface AuthorizationRequest {
  readonly clientId: string;
  readonly tenant: string;
  readonly redirectUri: string;
  readonly state: string | null;
  readonly challenge: string;
  readonly scope: string;
  readonly nonce: string | null;
}

interface AuthorizationCode extends AuthorizationRequest {
  readonly user: Persona;
  readonly endsAt: number;
  isUsed: boolean;
}

/** As long as the codes of the real platform are good, in milliseconds. */
const lifetimeMs = 600_000;

/** What an S256 challenge is: the hash of a verifier in base64url. */
const challengeForm = /^[A-Za-z0-9_-]{43}$/;

/** Authorization codes, from the page on which a person signs in to the token endpoint. */
export class AuthorizationCodes {
  readonly #applications: readonly Application[];
  readonly #codes = new Map<string, AuthorizationCode>();

  constructor(applications: readonly Application[]) {
    this.#applications = applications;
  }

  /**
   * Looks at what a browser asks for, before a person is shown anything.
   * @returns the request; or where the browser is sent back to at once, with what is wrong
   * @throws GrantRefused when nothing may be sent back to where the request says: the person is told instead
   */
  asked(parameters: URLSearchParams, tenant: string): AuthorizationRequest | { readonly location: string } {
    const application = findApplication(this.#applications, parameters.get('client_id'));
    const redirectUri = parameters.get('redirect_uri') ?? '';
    if (!isRegistered(redirectUri, application)) throw new GrantRefused('wrongRedirect');
    const state = parameters.get('state');
    const challenge = parameters.get('code_challenge') ?? '';
    if (parameters.get('response_type') !== 'code') return sentBack({ redirectUri, state }, refusals.onlyCodes);
    if (parameters.get('code_challenge_method') !== 'S256' || !challengeForm.test(challenge)) {
      return sentBack({ redirectUri, state }, refusals.wrongChallenge);
    }
    const { clientId } = application;
    const [scope, nonce] = [parameters.get('scope') ?? '', parameters.get('nonce')];
    return { clientId, tenant, redirectUri, state, challenge, scope, nonce };
  }

  /**
   * Ends a sign-in as the person at the browser would.
   * @param name of the persona who signs in; null when they decline
   * @returns where the browser goes next; null when there is no such user, or when they may not sign in there
   */
  signIn(request: AuthorizationRequest, name: string | null): string | null {
    if (name === null) return sentBack(request, refusals.refusedByPerson).location;
    const user = findUser(name);
    if (user === undefined || !isLetIn(user, request.tenant)) return null;
    const code = `1.${randomBytes(96).toString('base64url')}`;
    this.#codes.set(code, { ...request, user, endsAt: Date.now() + lifetimeMs, isUsed: false });
    return located(request, { code });
  }

  /** @throws GrantRefused when the code is not good, or not for whoever brings it */
  redeem(form: URLSearchParams, { clientId, publicClient }: Application): AuthorizationCode {
    const code = this.#codes.get(form.get('code') ?? '');
    if (!publicClient) throw new GrantRefused('noProof');
    if (code?.clientId !== clientId) throw new GrantRefused('noCode');
    if (code.isUsed) throw new GrantRefused('usedCode');
    if (code.endsAt <= Date.now()) throw new GrantRefused('revokedGrant');
    if (form.get('redirect_uri') !== code.redirectUri) throw new GrantRefused('otherRedirect');
    const verifier = form.get('code_verifier') ?? '';
    if (createHash('sha256').update(verifier).digest('base64url') !== code.challenge) {
      throw new GrantRefused('wrongVerifier');
    }
    code.isUsed = true;
    return code;
  }
}

/** On this machine any port will do (RFC 8252 section 7.3). */
function isRegistered(uri: string, { publicClient, redirectUris }: Application): boolean {
  if (!URL.canParse(uri)) return false;
  const registered = redirectUris ?? (publicClient ? ['http://localhost'] : []);
  const address = new URL(uri);
  return registered.some((text) => {
    const known = new URL(text);
    const isHere = known.protocol === 'http:' && known.hostname === 'localhost';
    const bare = new URL(address);
    if (isHere && bare.protocol === 'http:') bare.port = known.port;
    return bare.href === known.href;
  });
}

type Returning = Pick<AuthorizationRequest, 'redirectUri' | 'state'>;

function located({ redirectUri, state }: Returning, parameters: Readonly<Record<string, string>>): string {
  const location = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  if (state !== null) location.searchParams.set('state', state);
  return location.href;
}

const sentBack = (to: Returning, refusal: PlatformRefusal): { readonly location: string } => ({
  location: located(to, { error: refusal.error, error_description: describe(refusal) }),
});

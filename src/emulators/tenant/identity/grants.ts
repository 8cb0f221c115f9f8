import { randomBytes, randomInt } from 'node:crypto';
import type { Edition } from '../../../engine/contract/types.js';
import { decodeClaims, type Asked } from '../../endpoint/tokens.js';
import type { Persona } from '../../endpoint/personas.js';
import { authenticate, type Application } from './applications.js';
import {
  applicationPersona,
  assertDefaultScope,
  findApplication,
  findUser,
  grantedScopes,
  isLetIn,
} from './directory.js';
import { AuthorizationCodes } from './authorization-codes.js';
import { issueIdToken } from './id-tokens.js';
import { GrantRefused } from './refusals.js';

/** What the tenant demands of sign-ins; each member may be changed while the platform runs. */
export interface SignInPolicy {
  /** True: users have to give a second factor, which no token request can. */
  secondFactor: boolean;
  /** True: Conditional Access blocks users. */
  blocked: boolean;
  /** True: nobody has consented to anything. */
  withoutConsent: boolean;
  /** How often the next requests for a device code's tokens are told to slow down. */
  slowDowns: number;
  /** Seconds after which access tokens end; null: what each persona has. */
  expiresInS: number | null;
  /** True: a refresh token is good for one use, as the clients of some registrations have it. */
  rotating: boolean;
}

export interface GrantSettings {
  readonly edition: Edition;
  readonly applications: readonly Application[];
  /** A new access token of a persona. */
  readonly issue: (persona: Persona, asked: Asked) => Promise<string>;
  readonly policy: SignInPolicy;
  /** Seconds between two requests for the tokens of a device code. */
  readonly deviceCodeIntervalS: number;
  readonly deviceCodeLifetimeS: number;
}

/** A request to one of the endpoints. */
export interface GrantRequest {
  readonly form: URLSearchParams;
  /** The tenant as the path names it. */
  readonly tenant: string;
  /** Origin of the platform, by which clients know it. */
  readonly origin: string;
  /** Where people open its pages. */
  readonly pages: string;
}

interface DeviceCode {
  readonly userCode: string;
  readonly clientId: string;
  readonly tenant: string;
  readonly endsAt: number;
  outcome: 'pending' | 'declined' | Persona;
}

interface RefreshToken {
  readonly clientId: string;
  readonly user: Persona;
  state: 'good' | 'ended' | 'revoked';
}

/** The standard's name (RFC 8628 section 3.4), and the one that Microsoft's own libraries send. */
const deviceCodeGrants: readonly string[] = ['urn:ietf:params:oauth:grant-type:device_code', 'device_code'];

/** Where a person enters a device code. */
export const devicePath = '/identity/v1/device';

/** Letters that nobody takes for another. */
const userCodeLetters = 'BCDFGHJKLMNPQRSTVWXZ';

/** The grants of the platform, and what it remembers of them. */
export class Grants {
  /** Those of sign-ins in a browser. */
  readonly authorizationCodes: AuthorizationCodes;
  readonly #settings: GrantSettings;
  readonly #deviceCodes = new Map<string, DeviceCode>();
  readonly #refreshTokens = new Map<string, RefreshToken>();

  constructor(settings: GrantSettings) {
    this.#settings = settings;
    this.authorizationCodes = new AuthorizationCodes(settings.applications);
  }

  /** Begins a sign-in on another device. */
  beginDeviceCode({ form, tenant, pages }: GrantRequest): object {
    const { deviceCodeLifetimeS: lifetimeS, deviceCodeIntervalS: interval, applications } = this.#settings;
    const { clientId, publicClient } = findApplication(applications, form.get('client_id'));
    if (!publicClient) throw new GrantRefused('noProof');
    const deviceCode = randomBytes(48).toString('base64url');
    const userCode = Array.from({ length: 9 }, () => userCodeLetters[randomInt(userCodeLetters.length)]).join('');
    const endsAt = Date.now() + lifetimeS * 1000;
    this.#deviceCodes.set(deviceCode, { userCode, clientId, tenant, endsAt, outcome: 'pending' });
    const uri = pages + devicePath;
    return {
      user_code: userCode,
      device_code: deviceCode,
      verification_uri: uri,
      expires_in: lifetimeS,
      interval,
      message: `To sign in, open the page ${uri} and enter the code ${userCode} to authenticate.`,
    };
  }

  /**
   * Ends a sign-in as a person on the other device would.
   * @param name of the persona who signs in; null when they decline
   * @returns whether there is such a code and such a user, who may sign in there
   */
  endDeviceCode(userCode: unknown, name: unknown): boolean {
    const code = [...this.#deviceCodes.values()].find((candidate) => candidate.userCode === userCode);
    if (code?.outcome !== 'pending') return false;
    const user = name === null ? null : findUser(name);
    if (user === undefined || (user !== null && !isLetIn(user, code.tenant))) return false;
    code.outcome = user ?? 'declined';
    return true;
  }

  /** A refresh token as somebody got it elsewhere. */
  issueRefreshToken(clientId: string, name: string): string {
    const user = findUser(name);
    if (!user) throw new Error(`${name} is no user`);
    return this.#newRefreshToken(clientId, user);
  }

  /** Makes every refresh token that was given out so far worthless. */
  endRefreshTokens(state: 'ended' | 'revoked'): void {
    for (const token of this.#refreshTokens.values()) token.state = state;
  }

  /** The answer of the token endpoint. */
  async redeem(request: GrantRequest): Promise<object> {
    const { form, tenant } = request;
    const grant = form.get('grant_type');
    if (grant === null) throw new GrantRefused('missingParameter');
    const application = findApplication(this.#settings.applications, form.get('client_id'));
    if (deviceCodeGrants.includes(grant)) return this.#forUser(this.#userOfDeviceCode(form, application), request);
    switch (grant) {
      case 'authorization_code': {
        const { user, scope, nonce } = this.authorizationCodes.redeem(form, application);
        // Who asks for no other scope gets what the person was asked for.
        if (!form.has('scope')) form.set('scope', scope);
        return this.#forUser(user, request, nonce);
      }
      case 'client_credentials':
        return this.#byClientCredentials(application, request);
      case 'refresh_token': {
        const user = this.#userOfRefreshToken(form, application);
        if (!isLetIn(user, tenant)) throw new GrantRefused('malformedGrant');
        return this.#forUser(user, request);
      }
      default:
        throw new GrantRefused('unsupportedGrant');
    }
  }

  async #byClientCredentials(application: Application, { form, tenant, origin }: GrantRequest): Promise<object> {
    const persona = applicationPersona();
    if (!isLetIn(persona, tenant)) throw new GrantRefused('unknownClient');
    await authenticate(application, form, [
      `${origin}/${tenant}/oauth2/v2.0/token`,
      `${origin}/${tenant}/v2.0`,
      `${origin}/${persona.tenantId}/v2.0`,
    ]);
    assertDefaultScope(form);
    return this.#accessToken(persona, application.clientId);
  }

  #userOfDeviceCode(form: URLSearchParams, { clientId }: Application): Persona {
    const { policy } = this.#settings;
    const name = form.get('device_code') ?? '';
    const code = this.#deviceCodes.get(name);
    if (code?.clientId !== clientId) throw new GrantRefused('unknownCode');
    if (policy.slowDowns > 0) {
      policy.slowDowns -= 1;
      throw new GrantRefused('slowDown');
    }
    if (code.outcome === 'declined') throw new GrantRefused('declined');
    if (code.endsAt <= Date.now()) throw new GrantRefused('codeEnded');
    if (code.outcome === 'pending') throw new GrantRefused('pending');
    this.#deviceCodes.delete(name);
    return code.outcome;
  }

  #userOfRefreshToken(form: URLSearchParams, { clientId, publicClient }: Application): Persona {
    const known = this.#refreshTokens.get(form.get('refresh_token') ?? '');
    if (!publicClient) throw new GrantRefused('noProof');
    if (known?.clientId !== clientId) throw new GrantRefused('malformedGrant');
    if (known.state !== 'good') throw new GrantRefused(known.state === 'ended' ? 'endedGrant' : 'revokedGrant');
    if (this.#settings.policy.rotating) known.state = 'revoked';
    return known.user;
  }

  /** A used refresh token stays good unless they rotate; each answer brings a new one all the same. */
  async #forUser(user: Persona, { form, tenant, origin }: GrantRequest, nonce: string | null = null): Promise<object> {
    const { policy, edition } = this.#settings;
    if (policy.blocked) throw new GrantRefused('blocked');
    if (policy.secondFactor) throw new GrantRefused('secondFactor');
    if (policy.withoutConsent) throw new GrantRefused('noConsent');
    const scope = grantedScopes(form, user, edition);
    const clientId = form.get('client_id') ?? '';
    const identity = { user, clientId, issuer: `${origin}/${user.tenantId}/v2.0`, nonce };
    return {
      ...(await this.#accessToken(user, clientId)),
      scope,
      refresh_token: this.#newRefreshToken(clientId, user),
      id_token: await issueIdToken(identity),
      client_info: clientInfoOf(user),
      // Where the caller named no tenant, the answer tells which one it was.
      ...(tenant === user.tenantId ? {} : { tenant_id: user.tenantId }),
    };
  }

  async #accessToken(persona: Persona, clientId: string): Promise<object> {
    const { expiresInS } = this.#settings.policy;
    const token = await this.#settings.issue(persona, {
      clientId,
      ...(expiresInS === null ? {} : { lifetimeS: expiresInS }),
    });
    const endS = decodeClaims(token)?.exp ?? 0;
    const seconds = Math.max(0, Math.floor(endS - Date.now() / 1000));
    return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: token };
  }

  #newRefreshToken(clientId: string, user: Persona): string {
    const token = `1.${randomBytes(120).toString('base64url')}`;
    this.#refreshTokens.set(token, { clientId, user, state: 'good' });
    return token;
  }
}

/** By this, clients tell accounts apart: the user in the home tenant. */
const clientInfoOf = ({ userId, tenantId }: Persona): string =>
  Buffer.from(JSON.stringify({ uid: userId, utid: tenantId })).toString('base64url');

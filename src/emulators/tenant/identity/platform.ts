import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edition } from '../../../engine/contract/types.js';
import { boundedText } from '../../endpoint/loopback.js';
import { homeTenantId, personalTenantId, type Persona } from '../../endpoint/personas.js';
import type { Asked } from '../../endpoint/tokens.js';
import type { Application } from './applications.js';
import { isTenant } from './directory.js';
import { authorizeRoutes } from './authorize.js';
import { devicePage, deviceResult } from './pages.js';
import { devicePath, Grants, type GrantRequest, type SignInPolicy } from './grants.js';
import { publishedKeys } from './id-tokens.js';
import { formOf, isForm, type Answer, type Route, type Visit } from './visit.js';
import { bodyOf, GrantRefused, refusals, type PlatformRefusal } from './refusals.js';

/** What the emulated identity platform is to be like. */
export interface IdentityPlatformOptions {
  readonly edition: Edition;
  readonly applications: readonly Application[];
  /** A new access token of a persona: from whoever verifies it. */
  readonly issue: (persona: Persona, asked: Asked) => Promise<string>;
  /** Seconds between two requests for the tokens of a device code; the real platform says 5. */
  readonly deviceCodeIntervalS?: number;
  /** Seconds until a device code ends; the real platform says 900. */
  readonly deviceCodeLifetimeS?: number;
  /** Bearer key that calls of the control side must carry; null, the default: none is asked for. */
  readonly controlKey?: string | null;
}

/** An emulated identity platform, to be hung into a server. */
export interface IdentityPlatform {
  /** Answers a request that is for the platform; false leaves it untouched to somebody else. */
  readonly handle: (incoming: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** What the tenant demands of sign-ins, to be changed at will. */
  readonly policy: SignInPolicy;
  /** A refresh token of a persona, as somebody got it elsewhere. */
  readonly issueRefreshToken: (clientId: string, persona: string) => string;
  /** Makes every refresh token that was given out so far worthless. */
  readonly endRefreshTokens: (state: 'ended' | 'revoked') => void;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * An identity platform in the shape of Microsoft's, for the personas of the embedded target: metadata, device codes, refresh
 * tokens, authorization codes and client credentials, with the errors of the real one. Its control side: `POST /identity/v1/device`
 * `{ userCode, persona }` is the person on the other device (`persona: null` declines), who may open that address as a page as well, and `PATCH /identity/v1/policy`
 * changes what the tenant demands of sign-ins (`refreshTokens: ended | revoked` ends all that were given out).
 */
export function createIdentityPlatform(options: IdentityPlatformOptions): IdentityPlatform {
  const policy: SignInPolicy = {
    secondFactor: false,
    blocked: false,
    withoutConsent: false,
    slowDowns: 0,
    expiresInS: null,
    rotating: false,
  };
  const { deviceCodeIntervalS = 5, deviceCodeLifetimeS = 900 } = options;
  const grants = new Grants({ ...options, policy, deviceCodeIntervalS, deviceCodeLifetimeS });
  const key = options.controlKey ?? null;
  const routes = [...routesOf(grants), ...authorizeRoutes(grants, key), ...controlRoutes(grants, policy, key)];
  return {
    policy,
    issueRefreshToken: (clientId, persona) => grants.issueRefreshToken(clientId, persona),
    endRefreshTokens: (state) => {
      grants.endRefreshTokens(state);
    },
    handle: async (incoming, response) => {
      const { pathname } = new URL(incoming.url ?? '/', 'http://platform');
      const route = routes.find(({ method, path }) => method === incoming.method && path.test(pathname));
      if (!route) return false;
      const tenant = decodeURIComponent(pathname.split('/')[1] ?? '').toLowerCase();
      const { host = '', 'x-forwarded-proto': scheme } = incoming.headers;
      const [origin, pages] = [`https://${host}`, `${scheme === 'https' ? 'https' : 'http'}://${host}`];
      send(await answered(route, { incoming, tenant, origin, pages }), response);
      return true;
    },
  };
}

function routesOf(grants: Grants): readonly Route[] {
  const posted =
    (answer: (request: GrantRequest) => Promise<object> | object): Route['answer'] =>
    async (visit) => {
      const form = await formOf(visit.incoming);
      if (!isTenant(visit.tenant)) return refused(refusals.unknownTenant, form.get('client-request-id'));
      try {
        return { status: 200, body: await answer({ form, ...visit }) };
      } catch (error) {
        if (error instanceof GrantRefused) return refused(error.refusal, form.get('client-request-id'));
        throw error;
      }
    };
  return [
    {
      method: 'GET',
      path: /^\/common\/discovery\/instance$/,
      answer: ({ origin }) => ({ status: 200, body: discovered(origin) }),
    },
    {
      method: 'GET',
      path: /^\/[^/]+(?:\/v2\.0)?\/\.well-known\/openid-configuration$/,
      answer: ({ tenant, origin }) =>
        isTenant(tenant)
          ? { status: 200, body: metadata(origin, tenant) }
          : refused({ ...refusals.unknownTenant, error: 'invalid_tenant' }, null),
    },
    {
      method: 'GET',
      path: /^\/[^/]+\/discovery\/v2\.0\/keys$/,
      answer: async () => ({ status: 200, body: await publishedKeys() }),
    },
    {
      method: 'POST',
      path: /^\/[^/]+\/oauth2\/v2\.0\/devicecode$/,
      answer: posted((request) => grants.beginDeviceCode(request)),
    },
    {
      method: 'POST',
      path: /^\/[^/]+\/oauth2\/v2\.0\/token$/,
      answer: posted((request) => grants.redeem(request)),
    },
  ];
}

/** What people and administrators would do, for tests. */
function controlRoutes(grants: Grants, policy: SignInPolicy, key: string | null): readonly Route[] {
  const guarded =
    (carryOut: (members: Members) => boolean): Route['answer'] =>
    async ({ incoming }) => {
      if (key !== null && incoming.headers.authorization !== `Bearer ${key}`) return { status: 401 };
      return { status: carryOut(await membersOf(incoming)) ? 204 : 404 };
    };
  const posted = guarded(({ userCode, persona }) => grants.endDeviceCode(userCode, persona));
  return [
    {
      method: 'GET',
      path: at(devicePath),
      answer: () => ({ status: 200, body: devicePage({ isKeyed: key !== null }) }),
    },
    {
      method: 'POST',
      path: at(devicePath),
      answer: async (visit) => {
        // A page sends a form, programs send JSON.
        if (!isForm(visit.incoming)) return posted(visit);
        const form = await formOf(visit.incoming);
        if (key !== null && form.get('key') !== key) return { status: 401, body: deviceResult('unkeyed') };
        const isDeclined = form.get('persona') === '';
        const isEnded = grants.endDeviceCode(userCodeIn(form), isDeclined ? null : form.get('persona'));
        return { status: isEnded ? 200 : 404, body: deviceResult(isEnded ? 'done' : 'unknown') };
      },
    },
    {
      method: 'PATCH',
      path: /^\/identity\/v1\/policy$/,
      answer: guarded(({ refreshTokens, ...changes }) => {
        if (Object.keys(changes).some((name) => !Object.hasOwn(policy, name))) return false;
        if (refreshTokens === 'ended' || refreshTokens === 'revoked') grants.endRefreshTokens(refreshTokens);
        Object.assign(policy, changes);
        return true;
      }),
    },
  ];
}

async function answered(route: Route, visit: Visit): Promise<Answer> {
  try {
    return await route.answer(visit);
  } finally {
    visit.incoming.resume();
  }
}

function send({ status, body, location }: Answer, response: ServerResponse): void {
  const content = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const kind = typeof body === 'string' ? 'text/html' : 'application/json';
  const type = content === '' ? {} : { 'Content-Type': `${kind}; charset=utf-8` };
  response
    .writeHead(status, {
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      ...type,
      ...(location === undefined ? {} : { Location: location }),
    })
    .end(content);
}

const refused = (refusal: PlatformRefusal, correlationId: string | null): Answer => ({
  status: refusal.status,
  body: bodyOf(refusal, correlationId ?? undefined),
});

/** Who is named as the issuer under a name that stands for no tenant of its own: clients put in the tenant of the token. */
const issuers: Readonly<Record<string, string>> = {
  common: '{tenantid}',
  organizations: '{tenantid}',
  consumers: personalTenantId,
  [personalTenantId]: personalTenantId,
};

/** What clients look up before they ask (OpenID Connect Discovery section 3). */
const metadata = (origin: string, tenant: string, base = `${origin}/${tenant}`): object => ({
  token_endpoint: `${base}/oauth2/v2.0/token`,
  token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
  jwks_uri: `${base}/discovery/v2.0/keys`,
  response_modes_supported: ['query'],
  code_challenge_methods_supported: ['S256'],
  subject_types_supported: ['pairwise'],
  id_token_signing_alg_values_supported: ['RS256'],
  response_types_supported: ['code'],
  scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  issuer: `${origin}/${issuers[tenant] ?? homeTenantId}/v2.0`,
  authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
  device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
  end_session_endpoint: `${base}/oauth2/v2.0/logout`,
  claims_supported: ['sub', 'iss', 'aud', 'exp', 'iat', 'name', 'oid', 'preferred_username', 'tid', 'ver'],
});

/** Which hosts are one and the same cloud: this one, and no other. */
function discovered(origin: string): object {
  const { host } = new URL(origin);
  return {
    tenant_discovery_endpoint: `${origin}/common/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  };
}

const at = (path: string): RegExp => new RegExp(`^${path}$`);

/** People copy blanks along, and type small letters. */
const userCodeIn = (form: URLSearchParams): string => (form.get('userCode') ?? '').trim().toUpperCase();

async function membersOf(incoming: IncomingMessage): Promise<Members> {
  const text = await boundedText(incoming);
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {};
  }
}

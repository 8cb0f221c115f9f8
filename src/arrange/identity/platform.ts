import { createHash } from 'node:crypto';
import type {
  AccountInfo,
  AuthenticationResult,
  ConfidentialClientApplication,
  Configuration,
  PublicClientApplication,
} from '@azure/msal-node';
import { PrerequisiteError, StoppedError, UnreachableError, ConfigurationError } from '../../engine/errors.js';
import type { PlatformGrant, PlatformToken } from '../../target/token-source.js';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import { userIdOf } from '../claims.js';
import type { Credential } from '../../engine/perform/provider.js';
import { poll, RunClock, systemClock } from '../../engine/patience.js';
import { problemOf, readToken, type ReadyMadeToken } from '../tokens.js';
import { bounds } from '../../engine/bounds.js';
import { TokenCache } from './cache.js';
import { PlatformNetwork, wordOf, type Refusal } from './network.js';
import { readProof, type ProofOptions } from './proof.js';
import { answerOnLoopback } from './redirect.js';
import { errorOfRedirect } from './redirect-refusals.js';
import { errorOfRefusal, signInAgain } from './refusals.js';

/** What a person needs to sign in on another device. */
interface DeviceCodePrompt {
  readonly verificationUri: string;
  readonly userCode: string;
}

/** What a person needs to sign in in a browser on this machine. */
interface AddressPrompt {
  readonly address: string;
}

/** What a person is shown who is to sign in. */
export type SignInPrompt = DeviceCodePrompt | AddressPrompt;

/** For whom a token is asked, and within which bounds. */
export interface Asking {
  readonly persona: string;
  /** Bound of each call, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the token has to be good for, in milliseconds; one from the cache that ends earlier is renewed. */
  readonly neededMs: number;
  readonly secrets: SecretRegistry;
  /** Ends what takes too long; left out: nothing does. */
  readonly signal?: AbortSignal;
  /** Shows a person where to sign in; null when there is nobody to ask. */
  readonly prompt: ((prompt: SignInPrompt) => void) | null;
}

/** The sign-in library is loaded for targets that need it, and for no other run. */
const loadLibrary = () => import('@azure/msal-node');

type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** One attempt to get a token. */
interface Attempt {
  readonly token: PlatformToken;
  readonly asking: Asking;
  readonly library: Library;
  readonly network: PlatformNetwork;
  readonly register: (secret: string, kind: string) => void;
  /** Reads a secret from where the target file says that it is kept. */
  readonly read: (source: ReadyMadeToken) => Promise<string>;
}

/**
 * Gets a token of the identity platform: from the cache, by a refresh token, by a device code that a person enters, by
 * an authorization code from a browser on this machine, or by client credentials.
 * @throws PrerequisiteError when a person, an administrator or time has to help; the message says who and how
 * @throws ConfigurationError when what the target file says cannot be
 */
export async function platformCredential(token: PlatformToken, asking: Asking): Promise<Credential> {
  const { authority } = token;
  const { persona, secrets, timeoutMs, signal } = asking;
  const clock = signal && new RunClock(signal);
  const network = new PlatformNetwork({ authority, timeoutMs, secrets, persona, clock });
  const register = (secret: string, kind: string): void => {
    secrets.register(secret, `${kind}:${persona}`);
  };
  const read = async (source: ReadyMadeToken): Promise<string> => {
    try {
      return await readToken(source, { secrets, ...(signal && { signal }) });
    } catch (cause) {
      if (!(cause instanceof ConfigurationError)) throw cause;
      throw new ConfigurationError(`${token.where}: ${cause.message}`, { cause });
    }
  };
  const library = await loadLibrary();
  try {
    const result = await acquire({ token, asking, library, network, register, read });
    const problem = tokenProblem(result.accessToken);
    if (problem !== null) throw new PrerequisiteError(`${token.where}: the token of ${authority} ${problem}`);
    return { token: result.accessToken, userId: userIdOf(result.accessToken) };
  } catch (error) {
    // What the library makes of a call that was cut short says nothing.
    const isCut = signal?.aborted === true && network.trouble === null && !isTold(error);
    throw isCut ? new StoppedError(signal.reason) : explained(error, { token, library, network });
  } finally {
    network.close();
  }
}

function acquire(attempt: Attempt): Promise<AuthenticationResult> {
  const { grant } = attempt.token;
  switch (grant.kind) {
    case 'deviceCode':
    case 'authorizationCode':
      return bySignIn(attempt, grant);
    case 'refreshToken':
      return byRefreshToken(attempt, grant);
    case 'clientCredentials':
      return byClientCredentials(attempt, grant);
  }
}

/** How long a person has for a sign-in in a browser, in milliseconds: as long as for a device code of the real platform. */
const patienceMs = 900_000;

/** What the platform says of a device code that has ended. */
const codeExpired: Refusal = { status: 400, error: 'expired_token', suberror: '', codes: [] };

type Grant<Kind extends PlatformGrant['kind']> = Extract<PlatformGrant, { readonly kind: Kind }>;

/** By a sign-in of a person, unless what is kept of one is still good. */
async function bySignIn(
  attempt: Attempt,
  { kind, cache }: Grant<'deviceCode' | 'authorizationCode'>,
): Promise<AuthenticationResult> {
  const { token, asking } = attempt;
  const kept = cacheOf(attempt, cache);
  const silent = await silently(attempt, kept);
  if (silent !== null) return silent;
  const { prompt } = asking;
  if (prompt === null) {
    if (attempt.network.trouble !== null) throw new Error('what is kept was refused');
    throw new PrerequisiteError(`${token.where}: nobody has signed in yet; ${signInAgain(token)}`);
  }
  attempt.network.trouble = null;
  kept.forget();
  const client = publicClient(attempt, kept);
  const scopes = [...token.scopes];
  const result =
    kind === 'deviceCode'
      ? await client.acquireTokenByDeviceCode({ scopes, deviceCodeCallback: prompt })
      : await client.acquireTokenByCode({ scopes, ...(await authorized(client, attempt, prompt)) });
  return given(result, attempt);
}

/** What an authorization code is redeemed with. */
interface Authorized {
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** An authorization code of a person who signs in in a browser on this machine, bound to this process by PKCE (RFC 7636). */
async function authorized(
  client: PublicClientApplication,
  { token, library, network, register, asking: { signal } }: Attempt,
  prompt: (prompt: AddressPrompt) => void,
): Promise<Authorized> {
  const { verifier, challenge } = await new library.CryptoProvider().generatePkceCodes();
  register(verifier, 'code-verifier');
  const answer = await answerOnLoopback({
    invite: async (asked) => {
      const url = await client.getAuthCodeUrl({
        ...asked,
        scopes: [...token.scopes],
        codeChallenge: challenge,
        codeChallengeMethod: 'S256',
        // A browser may still be signed in as another one of the people.
        prompt: 'select_account',
      });
      prompt({ address: network.pageOf(url) });
    },
    patienceMs,
    clock: signal ? new RunClock(signal) : systemClock,
  });
  const { redirectUri } = answer;
  if (answer.kind !== 'code') throw errorOfRedirect(answer, token);
  register(answer.code, 'authorization-code');
  return { code: answer.code, codeVerifier: verifier, redirectUri };
}

async function byRefreshToken(attempt: Attempt, grant: Grant<'refreshToken'>): Promise<AuthenticationResult> {
  const { token, register, read } = attempt;
  const refreshToken = await read(grant.token);
  register(refreshToken, 'refresh-token');
  // What came of another refresh token is left aside: whoever puts a new one in place wants it to be used.
  const first = createHash('sha256').update(refreshToken).digest('base64url');
  const kept = grant.cache === null ? null : cacheOf(attempt, grant.cache, { first });
  const silent = kept === null ? null : await silently(attempt, kept);
  if (silent !== null) return silent;
  attempt.network.trouble = null;
  kept?.forget();
  const result = await publicClient(attempt, kept).acquireTokenByRefreshToken({
    scopes: [...token.scopes],
    refreshToken,
    forceCache: kept !== null,
  });
  return given(result, attempt);
}

async function byClientCredentials(
  attempt: Attempt,
  { proof }: Grant<'clientCredentials'>,
): Promise<AuthenticationResult> {
  const { library, token } = attempt;
  const options = configuration(attempt, null, await readProof(proof, attempt));
  const client: ConfidentialClientApplication = new library.ConfidentialClientApplication(options);
  return given(await client.acquireTokenByClientCredential({ scopes: [...token.scopes] }), attempt);
}

/** How long the successor of a refresh token is waited for that another process used up just now, in milliseconds. */
const successorMs = 500;

/** A token from what is kept; null when nothing is, or when it is no longer good. */
async function silently(attempt: Attempt, kept: TokenCache): Promise<AuthenticationResult | null> {
  const before = kept.content();
  const result = await silentlyOnce(attempt, kept);
  if (result !== null || before === null) return result;
  // Where refresh tokens are good for one use, another process may have used this one, and keeps its successor.
  const now = await poll(() => Promise.resolve(kept.content()), {
    settled: (content) => content !== before,
    patienceMs: successorMs,
    clock: systemClock,
  });
  if (now === before || now === null) return null;
  attempt.network.trouble = null;
  return silentlyOnce(attempt, kept);
}

async function silentlyOnce(attempt: Attempt, kept: TokenCache): Promise<AuthenticationResult | null> {
  if (kept.isEmpty) return null;
  const client = publicClient(attempt, kept);
  const account = await firstAccount(client, kept, attempt);
  if (account === undefined) return null;
  try {
    return await renewedFor(client, account, attempt);
  } catch (error) {
    const { trouble } = attempt.network;
    if (trouble === null && isOfLibrary(error, attempt)) throw kept.unreadable();
    if (trouble?.kind === 'unreachable' || !(error instanceof attempt.library.AuthError)) throw error;
    return null;
  }
}

/** Of what is kept, nobody is asked: where the library fails at it, it cannot read it. */
async function firstAccount(
  client: PublicClientApplication,
  kept: TokenCache,
  attempt: Attempt,
): Promise<AccountInfo | undefined> {
  try {
    return (await client.getTokenCache().getAllAccounts())[0];
  } catch (error) {
    throw error instanceof attempt.library.AuthError || isOfLibrary(error, attempt) ? kept.unreadable() : error;
  }
}

async function renewedFor(
  client: PublicClientApplication,
  account: AccountInfo,
  { token, asking }: Attempt,
): Promise<AuthenticationResult> {
  const scopes = [...token.scopes];
  const found = await client.acquireTokenSilent({ account, scopes });
  const endsMs = found.expiresOn?.getTime() ?? 0;
  if (endsMs > Date.now() + asking.neededMs) return found;
  return found.fromCache ? client.acquireTokenSilent({ account, scopes, forceRefresh: true }) : found;
}

function cacheOf({ token, asking, register }: Attempt, file: string, note = {}): TokenCache {
  const key = `${asking.persona} ${token.authority}/${token.tenant} ${token.clientId}`;
  return new TokenCache({ file, key, register }, note);
}

const publicClient = (attempt: Attempt, kept: TokenCache | null): PublicClientApplication =>
  new attempt.library.PublicClientApplication(configuration(attempt, kept, {}));

function configuration(
  { token, network, library }: Attempt,
  kept: TokenCache | null,
  proof: ProofOptions,
): Configuration {
  const { host } = new URL(token.authority);
  return {
    auth: {
      clientId: token.clientId,
      authority: `https://${host}/${token.tenant}`,
      // Nobody else is asked whether this host may be trusted.
      knownAuthorities: [host],
      ...proof,
    },
    ...(kept === null ? {} : { cache: { cachePlugin: kept } }),
    system: {
      networkClient: network,
      loggerOptions: { loggerCallback: () => undefined, piiLoggingEnabled: false, logLevel: library.LogLevel.Error },
    },
  };
}

function given(result: AuthenticationResult | null, { token }: Attempt): AuthenticationResult {
  // The library takes an answer without a token for one with an empty one.
  if (result !== null && typeof result.accessToken === 'string' && result.accessToken !== '') return result;
  throw new PrerequisiteError(`${token.where}: ${token.authority} answered without an access token`);
}

/** Why a token cannot be used; null when it can. */
const tokenProblem = (token: string): string | null =>
  token.length > bounds.token.characters
    ? `is longer than ${bounds.token.characters} characters, which no server takes in a header`
    : problemOf(token, []);

/**
 * Whether the library broke off over what it was answered or had kept, which nobody can foresee in full: by an error of the language, in
 * its own code or what that called, and by no mistake of ours.
 */
function isOfLibrary(error: unknown, { library }: Pick<Attempt, 'library'>): boolean {
  if (!(error instanceof Error) || error instanceof library.AuthError || isTold(error)) return false;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return frames.slice(0, nearestFrames).some((frame) => /node_modules[\\/]@azure[\\/]/.test(frame));
}

/** The library calls the platform itself, such as `JSON.parse`, and not much deeper. */
const nearestFrames = 3;

/** Whether an error is of the suite's own words. */
const isTold = (error: unknown): boolean => error instanceof ConfigurationError || error instanceof PrerequisiteError;

/** What went wrong, as one message for the person who reads it; the library's own words may hold secrets and are left behind. */
function explained(
  error: unknown,
  { token, library, network }: Pick<Attempt, 'token' | 'library' | 'network'>,
): unknown {
  if (isTold(error)) return error;
  const { trouble, otherName } = network;
  if (trouble?.kind === 'unreachable') return new UnreachableError(`${token.where}: ${trouble.words}`);
  if (trouble?.kind === 'refused') return errorOfRefusal(trouble.refusal, token);
  if (!(error instanceof library.AuthError)) {
    return isOfLibrary(error, { library })
      ? new UnreachableError(`${token.where}: the sign-in library cannot read what ${token.authority} answers`)
      : error;
  }
  if (otherName !== null) {
    return new ConfigurationError(
      `${token.where}: the platform at ${token.authority} says that it is ${otherName}; set authority to that, or have the platform say ${token.authority}`,
    );
  }
  // The library looks at the clock itself and may be quicker than the platform.
  if (error.errorCode === 'device_code_expired') return errorOfRefusal(codeExpired, token);
  const reason = wordOf(error.errorCode);
  return new PrerequisiteError(
    `${token.where}: no token could be had (${reason === '' ? 'no reason is given' : reason})`,
  );
}

import type { Endpoint } from '../engine/endpoint.js';
import type { Contract } from '../engine/contract/types.js';
import { ConfigurationError, PrerequisiteError } from '../engine/errors.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Credential, Credentials, MissingCredential } from '../engine/perform/provider.js';
import type { LiveTenant } from '../target/live-tenant.js';
import { shownOf } from '../target/shown.js';
import type { Target } from '../target/target.js';
import { namedInFile, type ControlSide } from './arranging.js';
import { claimHints, identityIn, userIdOf } from './claims.js';
import { platformCredential, type Asking } from './identity/platform.js';
import { problemOf, readToken } from './tokens.js';

type Fetched = Credential | MissingCredential;

/** Where tokens come from, and where they are made known before anybody uses them. */
export interface Fetching {
  readonly target: Target;
  readonly contract: Contract;
  /** Who hands out tokens on the target's side; null when the target has no control protocol. */
  readonly control: ControlSide | null;
  readonly secrets: SecretRegistry;
  /** Ends what takes too long. */
  readonly signal: AbortSignal;
}

/**
 * Fetches the token of every persona, and makes each known as a secret. One that is missing stands in the result with the
 * reason and how to supply it.
 * @throws ConfigurationError when what the target file says of the identity platform cannot be, or when a token that a user
 * keeps is too common to be kept secret
 */
export async function fetchCredentials(fetching: Fetching): Promise<Credentials> {
  const personas = Object.keys(fetching.contract.endpoint.personas);
  const fetched = await Promise.all(
    personas.map(async (persona) => [persona, await fetchCredential(persona, fetching)] as const),
  );
  const distinct = Object.fromEntries(
    fetched.map(([persona, credential], index) => {
      const twin = fetched.slice(0, index).find(([, other]) => sameToken(credential, other));
      const missing = `the persona ${persona} has the same token as ${twin?.[0] ?? ''}: a probe of one would prove nothing about the other`;
      // Its owner's name is the one that counts, also where it came from a cache that another persona read before.
      if (!twin && 'token' in credential) fetching.secrets.register(credential.token, `token:${persona}`);
      return [persona, twin ? { missing, sameAs: twin[0] } : credential];
    }),
  );
  const { requests } = fetching.target;
  return requests.provider === 'graph' ? ofTenant(requests, distinct, fetching.contract.endpoint) : distinct;
}

/**
 * Refuses tokens of another tenant than the one that may be touched: what they are for is then missing.
 * @returns the credentials, those of other tenants with the reason in their place
 */
function ofTenant({ tenant }: LiveTenant, credentials: Credentials, { personas }: Endpoint): Credentials {
  return Object.fromEntries(
    Object.entries(credentials).map(([persona, credential]) => {
      const found = 'token' in credential ? identityIn(credential.token) : null;
      const isElsewhere = personas[persona]?.elsewhere === true;
      const foreign = found?.tenant != null && found.tenant.toLowerCase() !== tenant && !isElsewhere;
      const missing = `the token of ${persona} is of the tenant ${found?.tenant ?? ''}, but only ${tenant} may be touched (requests.tenant): sign in there, or correct the file`;
      return [persona, foreign ? { missing } : credential];
    }),
  );
}

/** What looks wrong with each persona's token; personas without a doubt are left out. */
export function hintsOf(credentials: Credentials, contract: Contract): Readonly<Record<string, readonly string[]>> {
  const hints = Object.entries(credentials).map(([persona, credential]) => {
    if (!('token' in credential)) return [persona, []] as const;
    const claims = claimHints(persona, credential.token, contract);
    return [persona, [...claims, ...samePerson(persona, credentials, contract)]] as const;
  });
  return Object.fromEntries(hints.filter(([, found]) => found.length > 0));
}

/** Different people: what one of them may do to a request of another is what is judged. */
function samePerson(persona: string, credentials: Credentials, { endpoint }: Contract): readonly string[] {
  const userOf = (name: string): string | null => {
    const credential = credentials[name];
    return credential && 'token' in credential ? credential.userId : null;
  };
  if (endpoint.personas[persona]?.person !== true) return [];
  const user = userOf(persona);
  const isSame = (other: string): boolean => {
    const credential = credentials[other];
    const hasSameToken = credential !== undefined && 'sameAs' in credential && credential.sameAs === persona;
    return hasSameToken || (user !== null && userOf(other) === user);
  };
  return Object.entries(endpoint.personas)
    .filter(([other, { person }]) => person === true && other !== persona && isSame(other))
    .map(([other]) => `is the same user as ${other}`);
}

const sameToken = (a: Fetched, b: Fetched): boolean => 'token' in a && 'token' in b && a.token === b.token;

/** Fetches the token of one persona, which nobody knows as a secret yet. */
export async function fetchCredential(
  persona: string,
  { target, control, secrets, signal }: Fetching,
): Promise<Fetched> {
  const lacking = (why: string): Fetched => ({
    missing: secrets.redact(`no token for the persona ${persona}: ${why}`),
  });
  const source = target.tokens[persona];
  if (!source) return lacking('add it under identities in the target file');
  try {
    if ('platform' in source) {
      return await platformCredential(source.platform, { ...askingOf(target), persona, secrets, signal, prompt: null });
    }
    if (!('control' in source)) {
      const token = await readToken(source, { near: shownOf(target), secrets, signal });
      return { token, userId: userIdOf(token) };
    }
    if (control?.offer?.personas.includes(persona) !== true)
      return lacking(`the control protocol does not offer it; offer it there, or ${namedInFile(persona)}`);
    const credential = await control.provider.credential(persona);
    const problem = problemOf(credential.token, [...shownOf(target), credential.userId ?? '']);
    return problem === null
      ? { ...credential, handedOut: true }
      : lacking(`the token of the control protocol ${problem}`);
  } catch (error) {
    if (error instanceof PrerequisiteError) return lacking(error.message);
    if (error instanceof ConfigurationError && !('platform' in source)) {
      throw new ConfigurationError(`identities.${persona}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/** Longest that a token has to be good for, in milliseconds: the platform's live an hour at least, less a few minutes. */
const longestNeedMs = 50 * 60_000;

/** The bounds within which tokens of the identity platform are asked for. */
export const askingOf = ({ timeoutMs, totalMs }: Target): Pick<Asking, 'timeoutMs' | 'neededMs'> => ({
  timeoutMs,
  neededMs: Math.min(totalMs, longestNeedMs),
});

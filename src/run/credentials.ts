import { claimHints } from '../arrange/claims.js';
import type { ControlProvider } from '../arrange/control.js';
import type { Credential, Offer } from '../arrange/provider.js';
import { problemOf, readToken } from '../arrange/tokens.js';
import { PrerequisiteError } from '../contract/errors.js';
import { personas, type Persona } from '../contract/personas.js';
import type { Target } from '../target/target.js';
import { ofTenant } from './live.js';
import type { SessionParts, SessionState } from './session.js';

type Fetched = Credential | { readonly missing: string };

/** Who hands out tokens on the target's side. */
export interface TokenIssuer {
  readonly provider: ControlProvider;
  /** Null when it could not be asked. */
  readonly offer: Offer | null;
}

/**
 * Fetches the token of every persona. One that is missing stands in the result with the reason and how to supply it.
 * @param issuer the control protocol; null when the target has none
 */
export async function fetchCredentials(
  { target }: SessionParts,
  issuer: TokenIssuer | null,
): Promise<SessionState['credentials']> {
  const fetched = await Promise.all(
    personas.map(async (persona) => [persona, await fetchCredential(persona, target, issuer)] as const),
  );
  const distinct = Object.fromEntries(
    fetched.map(([persona, credential], index) => {
      const twin = fetched.slice(0, index).find(([, other]) => sameToken(credential, other));
      const missing = `the persona ${persona} has the same token as ${twin?.[0] ?? ''}: a probe of one would prove nothing about the other`;
      return [persona, twin ? { missing } : credential];
    }),
  );
  return target.requests.provider === 'graph' ? ofTenant(target.requests, distinct) : distinct;
}

/** What looks wrong with the claims of each persona's token; personas without a doubt are left out. */
export function hintsOf(
  credentials: SessionState['credentials'],
  { contract }: SessionParts,
): SessionState['claimHints'] {
  const hints = Object.entries(credentials).map(([persona, credential]) => {
    return [persona, 'token' in credential ? claimHints(persona, credential.token, contract.edition) : []] as const;
  });
  return Object.fromEntries(hints.filter(([, found]) => found.length > 0));
}

const sameToken = (a: Fetched, b: Fetched): boolean => 'token' in a && 'token' in b && a.token === b.token;

async function fetchCredential(persona: Persona, target: Target, issuer: TokenIssuer | null): Promise<Fetched> {
  const lacking = (why: string): Fetched => ({ missing: `no token for the persona ${persona}: ${why}` });
  const source = target.tokens[persona];
  if (!source) return lacking('add it under identities in the target file');
  try {
    if (!('control' in source)) return { token: await readToken(source), userId: null };
    if (issuer?.offer?.personas.includes(persona) !== true)
      return lacking(
        `the control protocol does not offer it; offer it there, or name a token under identities.${persona} of the target file`,
      );
    const credential = await issuer.provider.credential(persona);
    const problem = problemOf(credential.token);
    return problem === null ? credential : lacking(`the token of the control protocol ${problem}`);
  } catch (error) {
    if (error instanceof PrerequisiteError) return lacking(error.message);
    throw error;
  }
}

import type { Contract } from '../engine/contract/types.js';
import { ConfigurationError, PrerequisiteError } from '../engine/errors.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import type { Credential, Credentials } from '../engine/perform/provider.js';
import { claimHints, identityIn, tokenEndMs } from './claims.js';

type Held = Credentials[string];

/** What tokens are renewed with. */
export interface Renewing {
  /** The tokens that a run begins with. */
  readonly credentials: Credentials;
  readonly contract: Contract;
  readonly secrets: SecretRegistry;
  /** Fetches the token of a persona from where the first one came. */
  readonly fetch: (persona: string) => Promise<Held>;
  /** Milliseconds since 1970; default: the system's. */
  readonly nowMs?: () => number;
}

/** How long before its end a token is fetched anew, in milliseconds: no case lasts longer, but where a tenant lets it wait. */
const marginMs = 120_000;

/** How long after a try to fetch a token the next one is made, in milliseconds: a command may take a while, or ask a person. */
const pauseMs = 10_000;

/** A token that ends while a run may go on. */
interface Ending {
  endMs: number;
  triedMs: number;
  /** Why no other one could be fetched; null as long as nothing stood against it. */
  trouble: string | null;
  trying: Promise<void> | null;
}

/**
 * Keeps the tokens of a run good: each is fetched anew shortly before it ends. Where the new one is no other, the run goes on
 * with it; where there is none, whoever needs it is told so from the moment at which the old one has ended.
 */
export class TokenKeeper {
  readonly #renewing: Renewing;
  readonly #now: () => number;
  readonly #held: Record<string, Held>;
  readonly #endings = new Map<string, Ending>();

  constructor(renewing: Renewing) {
    this.#renewing = renewing;
    this.#now = renewing.nowMs ?? Date.now;
    this.#held = { ...renewing.credentials };
    for (const [persona, credential] of Object.entries(this.#held)) {
      const endMs = 'token' in credential ? tokenEndMs(credential.token) : null;
      // One that had ended before the run is meant to be so.
      if (endMs !== null && endMs > this.#now()) {
        this.#endings.set(persona, { endMs, triedMs: -Infinity, trouble: null, trying: null });
      }
    }
  }

  /** The tokens as they are at the moment of reading. */
  get credentials(): Credentials {
    return this.#held;
  }

  /** Fetches anew what is about to end; without that it is done at once. */
  async renew(): Promise<void> {
    const due = [...this.#endings].filter(([, { endMs }]) => this.#now() > endMs - marginMs);
    if (due.length > 0) await Promise.all(due.map(([persona, ending]) => this.#renewOne(persona, ending)));
  }

  async #renewOne(persona: string, ending: Ending): Promise<void> {
    if (ending.trying !== null || this.#now() - ending.triedMs >= pauseMs) {
      // Cases in several lanes wait for one try.
      ending.trying ??= this.#try(persona, ending).finally(() => {
        ending.triedMs = this.#now();
        ending.trying = null;
      });
      await ending.trying;
    }
    if (ending.trouble === null || this.#now() < ending.endMs) return;
    const ended = new Date(ending.endMs).toISOString();
    const missing = `the token of ${persona} ended at ${ended}, and no other came in its place: ${ending.trouble}`;
    this.#held[persona] = { missing: this.#renewing.secrets.redact(missing) };
  }

  async #try(persona: string, ending: Ending): Promise<void> {
    const fetched = await this.#fetched(persona);
    if ('missing' in fetched) {
      ending.trouble = fetched.missing;
      return;
    }
    this.#renewing.secrets.register(fetched.token, `token:${persona}`);
    const known = this.#renewing.credentials[persona];
    const trouble = known && 'token' in known ? this.#objectionTo(persona, fetched, known) : null;
    ending.trouble = trouble;
    if (trouble !== null) return;
    this.#held[persona] = fetched;
    const endMs = tokenEndMs(fetched.token);
    if (endMs === null) this.#endings.delete(persona);
    else ending.endMs = endMs;
  }

  async #fetched(persona: string): Promise<Held> {
    try {
      return await this.#renewing.fetch(persona);
    } catch (error) {
      // In the middle of a run nobody can correct it.
      if (error instanceof PrerequisiteError || error instanceof ConfigurationError) return { missing: error.message };
      throw error;
    }
  }

  /** Why a token cannot take the place of the first one of its persona; null when it can. */
  #objectionTo(persona: string, fetched: Credential, known: Credential): string | null {
    if (fetched.token === known.token) return null;
    const twin = Object.entries(this.#held).find(
      ([other, held]) => other !== persona && 'token' in held && held.token === fetched.token,
    );
    if (twin) return `what was fetched is the token of ${twin[0]}`;
    if (fetched.userId !== known.userId) return 'what was fetched is the token of another user';
    const [was, is] = [identityIn(known.token), identityIn(fetched.token)];
    if (was?.tenant !== is?.tenant) return 'what was fetched is a token of another tenant';
    const { contract } = this.#renewing;
    const before = claimHints(persona, known.token, contract);
    const doubt = claimHints(persona, fetched.token, contract).find((hint) => !before.includes(hint));
    return doubt === undefined ? null : `what was fetched would show something else (${doubt})`;
  }
}

import { PrerequisiteError, UnreachableError } from '../../engine/errors.js';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import { JsonClient, type JsonAnswer } from '../json-client.js';
import { plainReach, type Reach } from '../../engine/exchange/reach.js';
import { retry, systemClock, waitMs, type Clock } from '../../engine/patience.js';
import type { Journal, JournalledObject, NewObject, ObjectKind } from './journal.js';
import { Turns, type Pace } from './turns.js';

/** How a tenant is called. */
export interface CallSettings extends Pace {
  /** What stands before every path: the base URL with /identityGovernance/entitlementManagement. */
  readonly url: string;
  /**
   * The token of a persona.
   * @throws PrerequisiteError when there is none
   */
  readonly tokenOf: (persona: string) => string;
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
  readonly journal: Journal;
  /** What stands before the tenant asks for; default: nothing. */
  readonly reach?: Reach;
  /** Default: one that is never stopped. */
  readonly clock?: Clock | undefined;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One call, and the persona whose token it carries. */
interface Call {
  readonly as: string;
  readonly method: Method;
  readonly path: string;
  readonly body?: object | undefined;
  /** True: sent again only after a 429, which says that it was not processed. */
  readonly once?: true | undefined;
}

type Answer = JsonAnswer & { readonly retryAfter: string | undefined };

/** What came of a call that was sent once: an answer, or the reason why none came. */
type Outcome = Answer | UnreachableError;

/** A call that makes an object. */
export interface Creation {
  readonly path: string;
  readonly body: object;
  readonly object: NewObject;
  /** Looks for the object after a call of which it is not known whether it was carried out; null when it is not there. */
  readonly find: () => Promise<string | null>;
}

/** A call on an object that this run made. */
export interface Act {
  /** What is done, as a verb. */
  readonly verb: string;
  readonly kind: ObjectKind;
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly body?: object;
  /** True: sent again only after a 429, which says that it was not processed. */
  readonly once?: true;
}

/** How often one call is sent at most: a tenant that throttles for a minute or two is normal. */
const mostTries = 8;

/** Answers that come from the way to the service, or say that it cannot just now; all else is about the call. */
const passing = new Set([429, 502, 503, 504]);

/** How a call that got no answer asks to be sent again. */
const silence = { status: 0, retryAfter: undefined };

/** A list page of a tenant, in bytes. */
const answerCapBytes = 4 * 1024 * 1024;

/** The tenant refused a call. */
export class RefusedError extends PrerequisiteError {
  override readonly name = 'RefusedError';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * Calls of a tenant: one after the other, no faster and no more than allowed, patient with throttling. What changes
 * something is written to the journal when its turn has come and before it is sent, and only what the journal saw made is
 * ever changed. Once the clock is stopped all of it throws StoppedError.
 */
export class TenantCalls {
  readonly #settings: CallSettings;
  readonly #clients = new Map<string, JsonClient>();
  readonly #turns: Turns;
  /** What all that is done in the tenant waits by. */
  readonly clock: Clock;

  constructor(settings: CallSettings) {
    const { clock = systemClock } = settings;
    this.#settings = settings;
    this.#turns = new Turns(settings, clock);
    this.clock = clock;
  }

  get journal(): Journal {
    return this.#settings.journal;
  }

  /** Grants further calls, for cleaning up after a run that used its own. */
  allowMore(calls: number): void {
    this.#turns.allowMore(calls);
  }

  /** Counts a call that somebody else sends. */
  count(): void {
    this.#turns.count();
  }

  /**
   * Reads.
   * @returns the answer, whatever its status, once it is about the call
   */
  async read(as: string, path: string): Promise<JsonAnswer> {
    await this.#turns.next();
    return this.#patiently({ as, method: 'GET', path });
  }

  /** All members of a collection, page by page. */
  async list(as: string, path: string): Promise<readonly Record<string, unknown>[]> {
    const all: Record<string, unknown>[] = [];
    for (let next: string | null = path; next !== null;) {
      const answer = await this.read(as, next);
      const { value, '@odata.nextLink': link } = (answer.body ?? {}) as {
        value?: unknown;
        '@odata.nextLink'?: unknown;
      };
      if (answer.status !== 200 || !Array.isArray(value))
        throw this.unexpected(`GET ${next}`, answer, '200 with a list');
      all.push(...(value as Record<string, unknown>[]));
      next = typeof link === 'string' ? this.#pathOf(link) : null;
    }
    return all;
  }

  /**
   * Makes an object, once: when it is not known whether a call was carried out, the object is looked for before another
   * call is sent.
   * @throws RefusedError when the tenant refuses it, with 409 for one that it has already
   */
  async create(creation: Creation): Promise<JournalledObject> {
    const { journal } = this.#settings;
    const { path, body, object } = creation;
    await this.#turns.next();
    const seq = journal.intendCreate(object);
    const create = async (): Promise<string | Outcome> => {
      const outcome = await this.#attempt({ as: object.createdAs, method: 'POST', path, body });
      return idIn(outcome) ?? (isUncertain(outcome) ? await creation.find() : null) ?? outcome;
    };
    const made = await this.#insist(`POST ${path}`, create, (answer) =>
      typeof answer !== 'string' && passing.has(answer.status) ? answer : null,
    );
    if (typeof made === 'string') {
      journal.made(seq, { ...object, id: made });
      return { ...object, id: made };
    }
    journal.refused(seq);
    throw new RefusedError(this.#refusal(`POST ${path}`, made), made.status);
  }

  /**
   * Does something with an object that this run made.
   * @returns the answer, whatever its status, once it is about the call
   * @throws Error when the object is not this run's own
   */
  async act(as: string, { verb, kind, id, method, path, body, once }: Act): Promise<JsonAnswer> {
    await this.#turns.next();
    const seq = this.#settings.journal.intendCall(verb, kind, id);
    const answer = await this.#patiently({ as, method, path, body, once });
    if (method === 'DELETE' && (answer.status < 300 || answer.status === 404)) this.#settings.journal.gone(seq, id);
    return answer;
  }

  /** What to say of an answer that was not due. */
  unexpected(call: string, answer: JsonAnswer, due: string): UnreachableError {
    return new UnreachableError(`${this.#refusal(call, answer)} where ${due} is due`);
  }

  /** Ends all connections, and the journal. */
  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.journal.close();
  }

  #patiently(call: Call): Promise<Answer> {
    const isPassing = ({ status }: Answer): boolean => (call.once === true ? status === 429 : passing.has(status));
    return this.#insist(
      `${call.method} ${call.path}`,
      async () => {
        const came = await this.#attempt(call);
        // Without an answer it may have been carried out: only a 429 says that it was not.
        if (call.once === true && came instanceof UnreachableError) throw came;
        return came;
      },
      (answer) => (isPassing(answer) ? answer : null),
    );
  }

  /**
   * Sends a call whose turn has come; again, each time in its turn, as long as no answer comes or one that will pass.
   * @param passingIn the answer that will pass; null when what came of the call stands
   * @throws UnreachableError when it does not pass
   */
  async #insist<T>(
    call: string,
    send: () => Promise<T | UnreachableError>,
    passingIn: (came: T) => Answer | null,
  ): Promise<T> {
    let sent = 0;
    const sendInTurn = async (): Promise<T | UnreachableError> => {
      if (sent > 0) await this.#turns.next();
      sent += 1;
      return send();
    };
    const last = await retry(sendInTurn, {
      waitMs: (came, tries) => {
        const asking = came instanceof UnreachableError ? silence : passingIn(came);
        return asking && waitMs(asking, tries);
      },
      mostTries,
      clock: this.clock,
    });
    if (last instanceof UnreachableError) throw last;
    const answer = passingIn(last);
    if (answer === null) return last;
    throw new UnreachableError(`${call}: answered ${answer.status} ${sent} times`);
  }

  async #attempt({ as, method, path, body }: Call): Promise<Outcome> {
    const client = this.#clientOf(as);
    try {
      return await client.once(method, path, body);
    } catch (error) {
      if (error instanceof UnreachableError) return error;
      throw error;
    }
  }

  #clientOf(persona: string): JsonClient {
    const known = this.#clients.get(persona);
    if (known) return known;
    const { url, tokenOf, timeoutMs, secrets, reach = plainReach } = this.#settings;
    const { clock } = this;
    const hint = 'is the tenant reachable from here?';
    const bearer = tokenOf(persona);
    const client = new JsonClient({ url, bearer, timeoutMs, secrets, reach, hint, answerCapBytes, clock });
    this.#clients.set(persona, client);
    return client;
  }

  /** A next link as a path below the service; one that leads elsewhere is not followed, for it would carry the token there. */
  #pathOf(link: string): string {
    if (link.startsWith(this.#settings.url)) return link.slice(this.#settings.url.length);
    throw new UnreachableError(`a list goes on at ${link}, which is not below ${this.#settings.url}`);
  }

  #refusal(call: string, { status, body }: JsonAnswer): string {
    const { code = '', message = '' } =
      (body as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
    const said = [code, message].filter((text) => text !== '').join(': ');
    const words = `${call.replace(' ', ` ${this.#settings.url}`)}: answered ${status}${said === '' ? '' : ` (${said.slice(0, 300)})`}`;
    return this.#settings.secrets.redact(words);
  }
}

/** The id of what a call made; null when it made nothing. */
function idIn(outcome: Outcome): string | null {
  if (outcome instanceof UnreachableError || outcome.status >= 300) return null;
  const { id } = (outcome.body ?? {}) as { readonly id?: unknown };
  return typeof id === 'string' ? id : null;
}

/** Whether a call that makes something may have been carried out, by this answer or before it. */
const isUncertain = (outcome: Outcome): boolean =>
  outcome instanceof UnreachableError ||
  outcome.status === 409 ||
  (passing.has(outcome.status) && outcome.status !== 429);

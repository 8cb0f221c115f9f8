import { PrerequisiteError, UnreachableError } from '../../engine/errors.js';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import { JsonClient, type JsonAnswer } from '../json-client.js';
import { longestWaitMs, pause, waitMs } from '../../engine/throttling.js';
import type { Journal, JournalledObject, NewObject, ObjectKind } from './journal.js';

/** How a tenant is called. */
export interface CallSettings {
  /** What stands before every path: the base URL with /identityGovernance/entitlementManagement. */
  readonly url: string;
  /**
   * The token of a persona.
   * @throws PrerequisiteError when there is none
   */
  readonly tokenOf: (persona: string) => string;
  readonly timeoutMs: number;
  readonly callsPerSecond: number;
  /** Most calls; `allowMore` raises it. */
  readonly mostCalls: number;
  readonly secrets: SecretRegistry;
  readonly clock?: import('../../engine/patience.js').Clock;
  readonly journal: Journal;
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
 * something is written to the journal before it is sent, and only what the journal saw made is ever changed.
 */
export class TenantCalls {
  readonly #settings: CallSettings;
  readonly #clients = new Map<string, JsonClient>();
  #most: number;
  #sent = 0;
  #nextAt = 0;

  constructor(settings: CallSettings) {
    this.#settings = settings;
    this.#most = settings.mostCalls;
  }

  get journal(): Journal {
    return this.#settings.journal;
  }

  /** Grants further calls, for cleaning up after a run that used its own. */
  allowMore(calls: number): void {
    this.#most = this.#sent + calls;
  }

  /** Counts a call that somebody else sends. */
  count(): void {
    this.#sent += 1;
  }

  /**
   * Reads.
   * @returns the answer, whatever its status, once it is about the call
   */
  async read(as: string, path: string): Promise<JsonAnswer> {
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
    const seq = journal.intendCreate(object);
    const made = (id: string): JournalledObject => {
      const known = { ...object, id };
      journal.made(seq, known);
      return known;
    };
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#attempt({ as: object.createdAs, method: 'POST', path, body });
      const id = (answer?.body as { id?: unknown } | undefined)?.id;
      if (answer && answer.status < 300 && typeof id === 'string') return made(id);
      const uncertain =
        answer === null || answer.status === 409 || (passing.has(answer.status) && answer.status !== 429);
      const found = uncertain ? await creation.find() : null;
      if (found !== null) return made(found);
      if (answer && !passing.has(answer.status)) {
        journal.refused(seq);
        throw new RefusedError(this.#refusal(`POST ${path}`, answer), answer.status);
      }
      await this.#wait(answer, tries, `POST ${path}`);
    }
  }

  /**
   * Does something with an object that this run made.
   * @returns the answer, whatever its status, once it is about the call
   * @throws Error when the object is not this run's own
   */
  async act(as: string, { verb, kind, id, method, path, body, once }: Act): Promise<JsonAnswer> {
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

  async #patiently(call: Call): Promise<JsonAnswer> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.#attempt(call);
      if (answer && (!passing.has(answer.status) || (call.once === true && answer.status !== 429))) return answer;
      await this.#wait(answer, tries, `${call.method} ${call.path}`);
    }
  }

  /** One call; null when no answer came. */
  async #attempt({ as, method, path, body }: Call): Promise<Answer | null> {
    await this.#turn();
    const client = this.#clientOf(as);
    try {
      return await client.once(method, path, body);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      this.#lastTrouble = error;
      return null;
    }
  }

  #lastTrouble: UnreachableError | null = null;

  async #wait(answer: Answer | null, tries: number, call: string): Promise<void> {
    const ms = waitMs({ status: answer?.status ?? 0, retryAfter: answer?.retryAfter }, tries);
    if (tries < mostTries && ms <= longestWaitMs) return pause(ms);
    if (answer === null) throw this.#lastTrouble ?? new UnreachableError(`${call}: no answer`);
    throw new UnreachableError(`${call}: answered ${answer.status} ${tries} times`);
  }

  /** Waits until the next call may be sent, and counts it. */
  async #turn(): Promise<void> {
    if (this.#sent >= this.#most) {
      throw new PrerequisiteError(`the run has sent all ${this.#most} calls that it may: raise requests.mostCalls`);
    }
    this.#sent += 1;
    const at = Math.max(performance.now(), this.#nextAt);
    this.#nextAt = at + 1000 / this.#settings.callsPerSecond;
    const ms = at - performance.now();
    if (ms > 0) await pause(ms);
  }

  #clientOf(persona: string): JsonClient {
    const known = this.#clients.get(persona);
    if (known) return known;
    const { url, tokenOf, timeoutMs, secrets } = this.#settings;
    const hint = 'is the tenant reachable from here?';
    const client = new JsonClient({ url, bearer: tokenOf(persona), timeoutMs, secrets, hint, answerCapBytes });
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

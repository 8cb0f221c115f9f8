import { bounds } from '../../engine/bounds.js';
import { PrerequisiteError, UnreachableError } from '../../engine/errors.js';
import type { SecretRegistry } from '../../engine/evidence/secrets.js';
import { addressInWords } from '../../engine/address.js';
import { JsonClient, type JsonAnswer } from '../json-client.js';
import { claimsInWords } from '../claims.js';
import { isSegment } from '../segment.js';
import { plainReach, type Reach } from '../../engine/exchange/reach.js';
import { longestWaitMs, retry, systemClock, waitMs, type Clock } from '../../engine/patience.js';
import type { Journal, JournalledObject, NewObject, ObjectKind } from './journal.js';
import type { Turns } from './turns.js';

/** How a tenant is called. */
export interface CallSettings {
  /** Gives each call its turn; whoever works in one tenant at the same time shares them. */
  readonly turns: Turns;
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
  /** Milliseconds since 1970, by which refusals are told; default: the system's. */
  readonly nowMs?: () => number;
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

/** An object as a tenant shows it. */
export type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of what a tenant sent; none where it is no object. */
export const membersOf = (value: unknown): Members => (isObject(value) ? value : {});

/** The tenant does not take the token of a persona who arranges: nothing more is sent with it. */
class UntakenError extends PrerequisiteError {
  override readonly name = 'UntakenError';
}

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
  /** The tokens that were answered 401, by their persona, with what to say of it. */
  readonly #untaken = new Map<string, { readonly token: string; readonly error: UntakenError }>();
  /** What all that is done in the tenant waits by. */
  readonly clock: Clock;

  constructor(settings: CallSettings) {
    const { clock = systemClock } = settings;
    this.#settings = settings;
    this.clock = clock;
  }

  get journal(): Journal {
    return this.#settings.journal;
  }

  /** Grants further calls, for cleaning up after a run that used its own. */
  allowMore(calls: number): void {
    this.#settings.turns.allowMore(calls);
  }

  /** Counts a call that somebody else sends. */
  count(): void {
    this.#settings.turns.count();
  }

  /**
   * Reads.
   * @returns the answer, whatever its status, once it is about the call
   */
  async read(as: string, path: string): Promise<JsonAnswer> {
    this.#assertTaken(as);
    await this.#settings.turns.next();
    return this.#patiently({ as, method: 'GET', path });
  }

  /**
   * Members of a collection, page by page.
   * @param wanted which of them
   * @throws UnreachableError for what is no list of objects, goes on elsewhere, comes back to where it was, or has no end
   */
  async list(as: string, path: string, wanted: (member: Members) => boolean): Promise<readonly Members[]> {
    const found: Members[] = [];
    const seen = new Set<string>();
    let elements = 0;
    for (let next: string | null = path; next !== null;) {
      if (seen.has(next) || seen.size === bounds.list.pages || elements > bounds.list.elements)
        throw this.#endless(path, seen.has(next));
      seen.add(next);
      const answer = await this.read(as, next);
      const { value, '@odata.nextLink': link } = membersOf(answer.body);
      if (answer.status !== 200 || !Array.isArray(value) || !value.every(isObject))
        throw this.unexpected(`GET ${next}`, answer, '200 with a list of objects');
      elements += value.length;
      for (const member of value) if (wanted(member)) found.push(member);
      next = typeof link === 'string' ? this.#pathOf(link) : null;
    }
    return found;
  }

  /**
   * Makes an object, once: when it is not known whether a call was carried out, the object is looked for before another
   * call is sent.
   * @throws RefusedError when the tenant refuses it, with 409 for one that it has already
   */
  async create(creation: Creation): Promise<JournalledObject> {
    const { journal } = this.#settings;
    const { path, body, object } = creation;
    this.#assertTaken(object.createdAs);
    await this.#settings.turns.next();
    const seq = journal.intendCreate(object);
    const create = async (): Promise<string | Outcome> => {
      const outcome = await this.#attempt({ as: object.createdAs, method: 'POST', path, body });
      const id = this.#idIn(`POST ${path}`, outcome);
      if (id !== null) this.assertOwn(`POST ${path}`, id, object);
      return id ?? (isUncertain(outcome) ? await creation.find() : null) ?? outcome;
    };
    const made = await this.#insist(`POST ${path}`, create, (answer) =>
      typeof answer !== 'string' && passing.has(answer.status) ? answer : null,
    );
    if (typeof made === 'string') {
      journal.made(seq, { ...object, id: made });
      return { ...object, id: made };
    }
    journal.refused(seq);
    this.#assertTaken(object.createdAs);
    throw new RefusedError(this.#refusal(`POST ${path}`, made), made.status);
  }

  /**
   * Does something with an object that this run made.
   * @returns the answer, whatever its status, once it is about the call
   * @throws Error when the object is not this run's own
   */
  async act(as: string, { verb, kind, id, method, path, body, once }: Act): Promise<JsonAnswer> {
    this.#assertTaken(as);
    await this.#settings.turns.next();
    const seq = this.#settings.journal.intendCall(verb, kind, id);
    const answer = await this.#patiently({ as, method, path, body, once });
    if (method === 'DELETE' && (answer.status < 300 || answer.status === 404))
      this.#settings.journal.gone(seq, id, answer.status === 404 ? 'missing' : 'deleted');
    return answer;
  }

  /**
   * Refuses an id that the tenant gave to another object before: of the two, only one could be known, and be deleted. What came
   * into being stays announced, and is looked for by its name.
   * @param call by which the id came
   * @throws UnreachableError that names both objects
   */
  assertOwn(call: string, id: string, object: Pick<NewObject, 'kind' | 'name'>): void {
    const { url, journal, secrets } = this.#settings;
    const holder = journal.holderInWords(id, object);
    if (holder === null) return;
    const words = `${call.replace(' ', ` ${url}`)}: gave the ${object.kind} "${object.name}" the id ${id}, which is that of the ${holder}: a tenant that gives one id twice cannot be worked in`;
    throw new UnreachableError(secrets.redact(words));
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

  /**
   * @throws UntakenError when the token that the persona has was answered 401 before
   * @throws PrerequisiteError when there is none, before anything is announced
   */
  #assertTaken(as: string): void {
    const token = this.#settings.tokenOf(as);
    const untaken = this.#untaken.get(as);
    if (untaken?.token === token) throw untaken.error;
  }

  async #patiently(call: Call): Promise<Answer> {
    const isPassing = ({ status }: Answer): boolean => (call.once === true ? status === 429 : passing.has(status));
    const answer = await this.#insist(
      `${call.method} ${call.path}`,
      async () => {
        const came = await this.#attempt(call);
        // Without an answer it may have been carried out: only a 429 says that it was not.
        if (call.once === true && came instanceof UnreachableError) throw came;
        return came;
      },
      (answer) => (isPassing(answer) ? answer : null),
    );
    this.#assertTaken(call.as);
    return answer;
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
      if (sent > 0) await this.#settings.turns.next();
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
    const asked = `asks for a longer wait than the ${longestWaitMs / 1000} s that one call may take`;
    throw new UnreachableError(
      `${call}: answered ${answer.status}${sent < mostTries ? `, and ${asked}` : ` ${sent} times`}`,
    );
  }

  async #attempt({ as, method, path, body }: Call): Promise<Outcome> {
    const client = this.#clientOf(as);
    const token = this.#settings.tokenOf(as);
    try {
      const answer = await client.once(method, path, body);
      if (answer.status === 401)
        this.#untaken.set(as, { token, error: this.#untakenBy(as, `${method} ${path}`, answer) });
      return answer;
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
    // Asked for with each call: a token that ends is renewed in the middle of a run.
    const bearer = (): string => tokenOf(persona);
    const client = new JsonClient({ url, bearer, timeoutMs, secrets, reach, hint, answerBounds: bounds.page, clock });
    this.#clients.set(persona, client);
    return client;
  }

  /** A next link as a path below the service; one that leads elsewhere is not followed, for it would carry the token there. */
  #pathOf(link: string): string {
    const { url } = this.#settings;
    const base = new URL(url);
    const below = `${base.pathname.replace(/(?<!\/)\/+$/, '')}/`;
    // As whoever is called may read it: dots are resolved here, and what is a slash to some is none of a path of ours.
    const next = URL.canParse(link, url) ? new URL(link, url) : null;
    const isBelow =
      next?.origin === base.origin &&
      next.username + next.password === '' &&
      next.pathname.startsWith(below) &&
      !/%2f|%5c|%2e%2e/i.test(next.pathname);
    if (isBelow) return `/${next.pathname.slice(below.length)}${next.search}`;
    throw new UnreachableError(`a list goes on at ${addressInWords(link)}, which is not below ${url}`);
  }

  /**
   * The id of what a call made; null when it made nothing.
   * @throws UnreachableError for one that could lead elsewhere: what was made then stays announced, and is looked for by its name
   */
  #idIn(call: string, outcome: Outcome): string | null {
    if (outcome instanceof UnreachableError || outcome.status >= 300) return null;
    const { id } = membersOf(outcome.body);
    if (typeof id !== 'string') return null;
    if (isSegment(id)) return id;
    throw this.unexpected(call, outcome, 'an id that is one segment of a path');
  }

  #endless(path: string, isCircle: boolean): UnreachableError {
    const { pages, elements } = bounds.list;
    const why = isCircle
      ? 'comes back to a page that was there'
      : `has more than ${pages} pages or ${elements} members`;
    return new UnreachableError(`GET ${this.#settings.url}${path}: the list ${why}`);
  }

  /** Whose token, what it says of itself, and how and when it was refused. */
  #untakenBy(persona: string, call: string, answer: JsonAnswer): UntakenError {
    const { tokenOf, nowMs = Date.now } = this.#settings;
    const at = new Date(nowMs()).toISOString();
    const claims = claimsInWords(tokenOf(persona)) ?? 'no claims to be read';
    return new UntakenError(
      `the tenant does not take the token of ${persona}, so nothing more is arranged with it: ${this.#refusal(call, answer)} at ${at}. The token says: ${claims}. Look at it with doctor, and get another one`,
    );
  }

  #refusal(call: string, { status, body }: JsonAnswer): string {
    const { code, message } = membersOf(membersOf(body)['error']);
    const said = [code, message].filter((text) => typeof text === 'string' && text !== '').join(': ');
    const words = `${call.replace(' ', ` ${this.#settings.url}`)}: answered ${status}${said === '' ? '' : ` (${said.slice(0, 300)})`}`;
    return this.#settings.secrets.redact(words);
  }
}

/** Whether a call that makes something may have been carried out, by this answer or before it. */
const isUncertain = (outcome: Outcome): boolean =>
  outcome instanceof UnreachableError ||
  outcome.status === 409 ||
  (passing.has(outcome.status) && outcome.status !== 429);

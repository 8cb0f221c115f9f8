import { bounds } from '../engine/bounds.js';
import { PrerequisiteError, StoppedError, UnreachableError } from '../engine/errors.js';
import { schemaValidator, type SchemaName } from '../engine/contract/schemas.js';
import type { SecretRegistry } from '../engine/evidence/secrets.js';
import { plainReach, type Reach } from '../engine/exchange/reach.js';
import { systemClock, type Clock } from '../engine/patience.js';
import { isUserId } from './claims.js';
import { JsonClient, type JsonAnswer, type JsonChannel } from './json-client.js';
import type { Credential, Offer, Provider, StateReading } from '../engine/perform/provider.js';

export interface ControlSettings {
  /** Base URL of the control protocol. */
  readonly url: string;
  /** Bearer key, when one is configured. */
  readonly key: string | null;
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
  /** What stands before it asks for; default: nothing. */
  readonly reach?: Reach;
  /** Default: one that is never stopped. */
  readonly clock?: Clock | undefined;
  /** Carries the calls to a target in this process; default: HTTP. */
  readonly channel?: JsonChannel | undefined;
}

const longestName = bounds.name.characters;
const longestToken = bounds.token.characters;

/** How long the answer to a creation is waited for when the run was ended meanwhile, in milliseconds. */
const graceMs = 2000;

/** What an Authorization header can carry: the bytes of a field value that are ASCII (RFC 9110 section 5.5). */
const sendable = /^[!-~]+(?: +[!-~]+)*$/;

/**
 * The provider for targets that speak control protocol 1 (`specs/control.openapi.yaml`).
 * Answers are checked against the schemas in `schemas/wire/`; anything else is a prerequisite that is missing.
 */
export class ControlProvider implements Provider {
  readonly #settings: ControlSettings;
  readonly #clock: Clock;
  readonly #client: JsonChannel;
  /** Sends what creates: cut off by the run's end, nobody would know what there is to delete. */
  readonly #creator: JsonChannel;
  readonly #created = new Set<string>();
  /** Creations that the end of the run overtook. */
  readonly #overtaken: Promise<string>[] = [];

  constructor(settings: ControlSettings) {
    this.#settings = settings;
    const { url, key, timeoutMs, secrets, reach = plainReach, clock = systemClock, channel } = settings;
    const hint = 'is the target running, and does it offer the control protocol there?';
    const reached = { url, bearer: key, timeoutMs, secrets, reach, hint };
    this.#clock = clock;
    this.#client = channel ?? new JsonClient({ ...reached, clock });
    this.#creator =
      channel ??
      new JsonClient({
        ...reached,
        clock: { nowMs: () => clock.nowMs(), pause: (ms) => clock.pause(ms), signal: systemClock.signal },
      });
  }

  async describe(): Promise<Offer> {
    const answer = await this.#client.call('GET', '/');
    return this.#expect(answer, { call: 'GET /', status: 200, schema: 'wire/control-description' }) as Offer;
  }

  async credential(persona: string): Promise<Credential> {
    const answer = await this.#client.call('POST', '/tokens', { persona });
    if (answer.status === 404) throw new PrerequisiteError(`the target has no persona ${persona}`);
    const expected = { call: 'POST /tokens', status: 200, schema: 'wire/control-token' } as const;
    const { token, userId } = this.#expect(answer, expected) as Credential;
    if (token.length > longestToken || !sendable.test(token)) {
      throw new PrerequisiteError(
        `control protocol, POST /tokens: the token of ${persona} cannot be sent in a header: it is longer than ${longestToken} characters or holds others than visible ASCII`,
      );
    }
    if (userId !== null && !isUserId(userId)) {
      throw new PrerequisiteError(
        `control protocol, POST /tokens: the userId of ${persona} is no id: it is longer than ${bounds.segment.characters} characters, or holds white space or what cannot be printed`,
      );
    }
    return { token, userId };
  }

  create(status: string, requestor: string): Promise<string> {
    const { signal } = this.#clock;
    if (signal.aborted) return Promise.reject(new StoppedError(signal.reason));
    return new Promise((resolve, reject) => {
      const creation = this.#create(status, requestor);
      const stop = (): void => {
        this.#overtaken.push(creation);
        reject(new StoppedError(signal.reason));
      };
      signal.addEventListener('abort', stop);
      void creation.then(resolve, reject).finally(() => {
        signal.removeEventListener('abort', stop);
      });
    });
  }

  async #create(status: string, requestor: string): Promise<string> {
    const answer = await this.#creator.call('POST', '/requests', { status, requestor });
    if (answer.status === 422) {
      throw new PrerequisiteError(`the target cannot arrange a request with status ${status} of ${requestor}`);
    }
    const call = 'POST /requests';
    const { id } = this.#expect(answer, { call, status: 201, schema: 'wire/control-request' }) as { id: string };
    usableName(id, `${call}: the id`);
    // Two requests under one id could not be told apart, and so nothing could be told of either.
    if (this.#created.has(id)) throw new UnreachableError(`control protocol, ${call}: the same id was given twice`);
    this.#created.add(id);
    return id;
  }

  async read(id: string): Promise<StateReading> {
    const answer = await this.#client.call('GET', `/requests/${encodeURIComponent(id)}`);
    if (answer.status === 404) return { found: false, status: null, resource: null };
    const expected = { call: 'GET /requests/{id}', status: 200, schema: 'wire/control-state' } as const;
    const state = this.#expect(answer, expected) as { status: string; resource?: Record<string, unknown> };
    const status = usableName(state.status, `${expected.call}: the status`);
    return { found: true, status, resource: state.resource ?? null };
  }

  async intend(): Promise<void> {
    // Nothing is written down: what this target is asked for is its own.
  }

  async remove(id: string): Promise<void> {
    const answer = await this.#client.call('DELETE', `/requests/${encodeURIComponent(id)}`);
    if (answer.status !== 204 && answer.status !== 404)
      throw this.#unexpected('DELETE /requests/{id}', answer, '204 or 404');
  }

  release(id: string): Promise<void> {
    return this.remove(id);
  }

  /** Deletes what was created while the run ended, and ends all connections. */
  async close(): Promise<void> {
    const grace = setTimeout(() => {
      this.#creator.close();
    }, graceMs);
    await Promise.all(
      this.#overtaken.splice(0).map(async (creation) => {
        const id = await creation.catch(nullIfMissing);
        if (id !== null) await this.remove(id).catch(nullIfMissing);
      }),
    );
    clearTimeout(grace);
    this.#creator.close();
    this.#client.close();
  }

  /** The body of an answer that is as the protocol says; the schema that it passes vouches for its shape. */
  #expect(answer: JsonAnswer, expected: { call: string; status: number; schema: SchemaName }): unknown {
    if (answer.status !== expected.status) throw this.#unexpected(expected.call, answer, String(expected.status));
    const validate = schemaValidator(expected.schema);
    if (validate(answer.body)) return answer.body;
    const [error] = validate.errors ?? [];
    throw new UnreachableError(
      `control protocol, ${expected.call}: the answer does not match ${expected.schema}.schema.json: ${error?.instancePath ?? ''} ${error?.message ?? ''}`,
    );
  }

  #unexpected(call: string, answer: JsonAnswer, expected: string): UnreachableError {
    const hint =
      answer.status === 401
        ? '; check the key of the control protocol: requests.key in the target file, or the variable CANCEL_CONTROL_KEY'
        : [404, 405, 501].includes(answer.status)
          ? '; docs/control-protocol.md has what is to be served there'
          : '';
    return new UnreachableError(
      `control protocol at ${this.#settings.url}, ${call}: answered ${answer.status} where ${expected} is due${hint}`,
    );
  }
}

/** Cleaning up turns no verdict. */
function nullIfMissing(error: unknown): null {
  if (error instanceof PrerequisiteError) return null;
  throw error;
}

/**
 * A name that the target chose, once it is known that it can stand in an address.
 * @throws UnreachableError for one that is endless or holds half of a surrogate pair
 */
function usableName(name: string, what: string): string {
  if (name.length <= longestName && Buffer.from(name).toString() === name) return name;
  throw new UnreachableError(
    `control protocol, ${what} is longer than ${longestName} characters or not well-formed Unicode`,
  );
}

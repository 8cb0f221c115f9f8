import { Agent, request, type Dispatcher } from 'undici';
import { PrerequisiteError, UnreachableError } from '../contract/errors.js';
import { schemaValidator, type SchemaName } from '../contract/schemas.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import { certificateTrouble } from '../evidence/trouble.js';
import type { Credential, Offer, Provider, StateReading } from './provider.js';

export interface ControlSettings {
  /** Base URL of the control protocol. */
  readonly url: string;
  /** Bearer key, when one is configured. */
  readonly key: string | null;
  readonly timeoutMs: number;
  readonly secrets: SecretRegistry;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Largest answer of the control protocol that is read, in bytes: two of them are kept in the evidence of every case. */
const answerCapBytes = 32 * 1024;

/** Deepest nesting of an answer: what goes deeper could neither be compared nor written without end. */
const deepestNesting = 64;

/** Longest id or status, in characters: both become part of addresses or sentences. */
const longestName = 1024;

/** Longest token, in characters: all of them travel to the workers in one variable of the environment. */
const longestToken = 8 * 1024;

/** What an Authorization header can carry: the bytes of a field value that are ASCII (RFC 9110 section 5.5). */
const sendable = /^[!-~]+(?: +[!-~]+)*$/;

/**
 * The provider for targets that speak control protocol 1 (`specs/control.openapi.yaml`).
 * Answers are checked against the schemas in `schemas/wire/`; anything else is a prerequisite that is missing.
 */
export class ControlProvider implements Provider {
  readonly #settings: ControlSettings;
  readonly #agent: Agent;
  readonly #created = new Set<string>();

  constructor(settings: ControlSettings) {
    this.#settings = settings;
    this.#agent = new Agent({
      connectTimeout: settings.timeoutMs,
      headersTimeout: settings.timeoutMs,
      bodyTimeout: settings.timeoutMs,
      maxResponseSize: answerCapBytes,
    });
  }

  async describe(): Promise<Offer> {
    const answer = await this.#call('GET', '/');
    return this.#expect(answer, { call: 'GET /', status: 200, schema: 'wire/control-description' }) as Offer;
  }

  async credential(persona: string): Promise<Credential> {
    const answer = await this.#call('POST', '/tokens', { persona });
    if (answer.status === 404) throw new PrerequisiteError(`the target has no persona ${persona}`);
    const expected = { call: 'POST /tokens', status: 200, schema: 'wire/control-token' } as const;
    const { token, userId } = this.#expect(answer, expected) as Credential;
    if (token.length > longestToken || !sendable.test(token)) {
      throw new PrerequisiteError(
        `control protocol, POST /tokens: the token of ${persona} cannot be sent in a header: it is longer than ${longestToken} characters or holds others than visible ASCII`,
      );
    }
    return { token, userId };
  }

  async create(status: string, requestor: string): Promise<string> {
    const answer = await this.#call('POST', '/requests', { status, requestor });
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
    const answer = await this.#call('GET', `/requests/${encodeURIComponent(id)}`);
    if (answer.status === 404) return { found: false, status: null, resource: null };
    const expected = { call: 'GET /requests/{id}', status: 200, schema: 'wire/control-state' } as const;
    const state = this.#expect(answer, expected) as { status: string; resource?: Record<string, unknown> };
    const status = usableName(state.status, `${expected.call}: the status`);
    return { found: true, status, resource: state.resource ?? null };
  }

  async remove(id: string): Promise<void> {
    const answer = await this.#call('DELETE', `/requests/${encodeURIComponent(id)}`);
    if (answer.status !== 204 && answer.status !== 404)
      throw this.#unexpected('DELETE /requests/{id}', answer, '204 or 404');
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  async #call(method: Dispatcher.HttpMethod, path: string, body?: object): Promise<Answer> {
    const url = this.#settings.url.replace(/\/+$/, '') + path;
    const { key } = this.#settings;
    try {
      const response = await request(url, {
        method,
        dispatcher: this.#agent,
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        body: body ? JSON.stringify(body) : null,
        signal: AbortSignal.timeout(this.#settings.timeoutMs),
      });
      const text = await response.body.text();
      return { status: response.statusCode, body: parseJson(text) };
    } catch (cause) {
      const words = certificateTrouble(cause as Error) ?? trouble(cause as Error, this.#settings);
      throw new UnreachableError(`${method} ${url}: ${words}`, { cause });
    }
  }

  /** The body of an answer that is as the protocol says; the schema that it passes vouches for its shape. */
  #expect(answer: Answer, expected: { call: string; status: number; schema: SchemaName }): unknown {
    if (answer.status !== expected.status) throw this.#unexpected(expected.call, answer, String(expected.status));
    if (isDeeperThan(answer.body, deepestNesting)) {
      throw new UnreachableError(
        `control protocol, ${expected.call}: the answer is nested deeper than ${deepestNesting} levels`,
      );
    }
    const validate = schemaValidator(expected.schema);
    if (validate(answer.body)) return answer.body;
    const [error] = validate.errors ?? [];
    throw new UnreachableError(
      `control protocol, ${expected.call}: the answer does not match ${expected.schema}.schema.json: ${error?.instancePath ?? ''} ${error?.message ?? ''}`,
    );
  }

  #unexpected(call: string, answer: Answer, expected: string): UnreachableError {
    const hint = answer.status === 401 ? '; check the key of the control protocol' : '';
    return new UnreachableError(
      `control protocol at ${this.#settings.url}, ${call}: answered ${answer.status} where ${expected} is due${hint}`,
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Never deeper into the value than asked, so that no nesting exhausts the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
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

const isRunning = 'is the target running, and does it offer the control protocol there?';

/** The codes of the HTTP library in words. */
const troubles: Readonly<Record<string, string>> = {
  ECONNREFUSED: `connection refused; ${isRunning}`,
  ECONNRESET: `the connection was closed without an answer; ${isRunning}`,
  UND_ERR_SOCKET: `the connection was closed without an answer; ${isRunning}`,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: `the answer is larger than ${answerCapBytes / 1024} KiB`,
  UND_ERR_HEADERS_OVERFLOW: 'the head of the answer is larger than 16 KiB',
};

function trouble(error: Error, settings: ControlSettings): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (error.name === 'TimeoutError' || code.includes('TIMEOUT')) {
    return `no answer within ${settings.timeoutMs} ms; ${isRunning}`;
  }
  if (code.startsWith('HPE_')) return `the answer is not HTTP as it is defined (${code})`;
  if (Object.hasOwn(troubles, code)) return troubles[code] ?? code;
  return `${settings.secrets.redact(code === '' ? error.message : code)}; ${isRunning}`;
}

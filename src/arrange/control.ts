import { Agent, request, type Dispatcher } from 'undici';
import { PrerequisiteError, UnreachableError } from '../contract/errors.js';
import { schemaValidator, type SchemaName } from '../contract/schemas.js';
import type { SecretRegistry } from '../evidence/secrets.js';
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

/** Largest answer of the control protocol that is read, in bytes. */
const answerCapBytes = 1024 * 1024;

/**
 * The provider for targets that speak control protocol 1 (`specs/control.openapi.yaml`).
 * Answers are checked against the schemas in `schemas/wire/`; anything else is a prerequisite that is missing.
 */
export class ControlProvider implements Provider {
  readonly #settings: ControlSettings;
  readonly #agent: Agent;

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
    return this.#expect(answer, { call: 'POST /tokens', status: 200, schema: 'wire/control-token' }) as Credential;
  }

  async create(status: string, requestor: string): Promise<string> {
    const answer = await this.#call('POST', '/requests', { status, requestor });
    if (answer.status === 422) {
      throw new PrerequisiteError(`the target cannot arrange a request with status ${status} of ${requestor}`);
    }
    const call = 'POST /requests';
    return (this.#expect(answer, { call, status: 201, schema: 'wire/control-request' }) as { id: string }).id;
  }

  async read(id: string): Promise<StateReading> {
    const answer = await this.#call('GET', `/requests/${encodeURIComponent(id)}`);
    if (answer.status === 404) return { found: false, status: null, resource: null };
    const expected = { call: 'GET /requests/{id}', status: 200, schema: 'wire/control-state' } as const;
    const state = this.#expect(answer, expected) as { status: string; resource?: Record<string, unknown> };
    return { found: true, status: state.status, resource: state.resource ?? null };
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
      throw new UnreachableError(
        `${method} ${url}: ${trouble(cause as Error, this.#settings)}; is the target running, and does it offer the control protocol there?`,
        { cause },
      );
    }
  }

  /** The body of an answer that is as the protocol says; the schema that it passes vouches for its shape. */
  #expect(answer: Answer, expected: { call: string; status: number; schema: SchemaName }): unknown {
    if (answer.status !== expected.status) throw this.#unexpected(expected.call, answer, String(expected.status));
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

function trouble(error: Error, settings: ControlSettings): string {
  if (error.name === 'TimeoutError' || ((error as NodeJS.ErrnoException).code ?? '').includes('TIMEOUT')) {
    return `no answer within ${settings.timeoutMs} ms`;
  }
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ECONNREFUSED') return 'connection refused';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection was closed without an answer';
  return settings.secrets.redact(code ?? error.message);
}

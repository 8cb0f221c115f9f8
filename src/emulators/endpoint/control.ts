import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Edition } from '../../engine/contract/types.js';
import { boundedText } from './loopback.js';
import { findPersona, objectIdOf, personas } from './personas.js';
import type { Seams } from './seams.js';
import type { RequestStore, StoredRequest } from './store.js';
import type { TokenAuthority } from './tokens.js';

/** Where the control protocol is served. */
export const controlPath = '/conformance/v1';

/** What the control protocol arranges and reads. */
export interface ControlledService {
  readonly edition: Edition;
  readonly store: RequestStore;
  readonly authority: TokenAuthority;
  readonly seams: Seams;
  /** Bearer key that every call must carry; null: none is asked for. */
  readonly controlKey: string | null;
}

/** One call of the control protocol, however it came. */
export interface ControlCall {
  readonly method: string;
  /** Behind the base URL of the protocol, with its slash; no query. */
  readonly path: string;
  /** The members of the body; none when it is not a JSON object, so that the call is refused for what it lacks. */
  readonly members: () => Promise<Members>;
}

export interface ControlAnswer {
  readonly status: number;
  readonly body?: object;
}

type Members = Readonly<Record<string, unknown>>;

/**
 * Answers one call of control protocol 1: tokens for personas, requests in any status of the edition, and how they
 * stand. Trouble is told as `{ "error": { "code", "message" } }`.
 */
export async function answerControl(
  service: ControlledService,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body } = isKeyed(service, incoming)
    ? await control(service, {
        method: incoming.method ?? '',
        path: (incoming.url ?? '').slice(controlPath.length).replace(/\?.*$/s, ''),
        members: () => membersOf(incoming),
      })
    : trouble(401, 'InvalidKey', 'The key of the control protocol is missing or wrong.');
  incoming.resume();
  const content = body === undefined ? '' : JSON.stringify(body);
  const headers =
    content === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(content) };
  response.writeHead(status, { 'Cache-Control': 'no-store', ...headers });
  response.end(content);
}

const isKeyed = ({ controlKey }: ControlledService, { headers }: IncomingMessage): boolean =>
  controlKey === null || headers.authorization === `Bearer ${controlKey}`;

/** What the control protocol answers to a call whose key is right. */
export async function control(
  service: ControlledService,
  { method, path, members }: ControlCall,
): Promise<ControlAnswer> {
  const requestId = /^\/requests\/([^/]+)$/.exec(path)?.[1]?.toLowerCase();
  switch (`${method} ${requestId === undefined ? path : '/requests/{id}'}`) {
    case 'GET ':
    case 'GET /':
      return { status: 200, body: describe(service.edition) };
    case 'POST /tokens':
      return issueToken(service, await members());
    case 'POST /requests':
      return createRequest(service, await members());
    case 'GET /requests/{id}':
      return readRequest(service, service.store.get(requestId ?? ''));
    case 'DELETE /requests/{id}':
      return service.store.delete(requestId ?? '') ? { status: 204 } : noSuchRequest();
    default:
      return trouble(404, 'NotFound', 'The control protocol has no such call.');
  }
}

function describe(edition: Edition): object {
  return {
    protocol: 'cancel-conformance-control/1',
    statuses: arrangeable(edition),
    personas: personas.map(({ name }) => name),
  };
}

function arrangeable(edition: Edition): readonly string[] {
  return [...edition.cancellable, ...edition.notCancellable, 'cancelled'];
}

async function issueToken(service: ControlledService, { persona: name }: Members): Promise<ControlAnswer> {
  const persona = findPersona(name);
  if (persona === undefined) return trouble(404, 'UnknownPersona', 'There is no such persona.');
  return { status: 200, body: { token: await service.authority.issue(persona), userId: persona.userId } };
}

function createRequest(service: ControlledService, { status, requestor }: Members): ControlAnswer {
  const persona = findPersona(requestor);
  if (persona === undefined) return trouble(422, 'UnknownRequestor', 'There is no such persona.');
  const known = arrangeable(service.edition).find((name) => name === status);
  if (known === undefined) return trouble(422, 'UnknownStatus', 'No request can be arranged in this status.');
  const { id } = service.store.create(known, { userId: objectIdOf(persona), displayName: persona.displayName });
  return { status: 201, body: { id } };
}

function readRequest({ seams, edition }: ControlledService, request: StoredRequest | null): ControlAnswer {
  if (request === null) return noSuchRequest();
  const { id } = request;
  return {
    status: 200,
    body: { id, status: seams.controlStatus(request), resource: seams.represent(request, edition) },
  };
}

async function membersOf(incoming: IncomingMessage): Promise<Members> {
  const text = await boundedText(incoming);
  try {
    return { ...(JSON.parse(text) as object) };
  } catch {
    return {};
  }
}

const noSuchRequest = (): ControlAnswer => trouble(404, 'UnknownRequest', 'There is no request with this id.');

function trouble(status: number, code: string, message: string): ControlAnswer {
  return { status, body: { error: { code, message } } };
}

import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A target on plain node:http. What the contract leaves to it, it does in this way:
 * requests are numbered 1, 2, 3, …; a success is a 204; an id that is no number is a 400, an unknown or foreign one a 404;
 * statuses are in camelCase, cancelled has one l; a second cancel is refused with 409; administrators owe the same body as
 * everybody, labelled as JSON; bodies end at 64 KiB; tokens are `claims.signature`; errors have `innererror`.
 */

/** What can be broken on purpose. */
export type NodeFault = 'expired-accepted' | 'put-cancels' | 'refused-yet-cancelled' | 'scope-by-prefix';

interface Claims {
  readonly user: string | null;
  readonly scopes: string;
  readonly administrator: boolean;
  readonly personal: boolean;
  /** Seconds since 1970. */
  readonly expires: number;
}

interface AssignmentRequest {
  readonly id: string;
  readonly owner: string;
  readonly created: string;
  status: string;
}

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

const collection = '/beta/identityGovernance/entitlementManagement/accessPackageAssignmentRequests';
const cancelPath = new RegExp(`^${collection}/([^/]+)/cancel$`);
const control = '/conformance/v1';
const permission = 'EntitlementManagement.ReadWrite.All';
const cancellable = ['accepted', 'pendingApproval', 'pendingNotBefore', 'pendingApprovalEscalated'];
const final = ['delivering', 'delivered', 'deliveryFailed', 'partiallyDelivered', 'denied', 'canceled', 'expired'];
const statuses = [...cancellable, ...final, 'waitingForCallback'];
const largestBody = 64 * 1024;

const user = (name: string, scopes: string, more: Partial<Claims> = {}): Omit<Claims, 'expires'> => ({
  user: name,
  scopes,
  administrator: false,
  personal: false,
  ...more,
});
const administrator = { administrator: true };
const personas: Readonly<Record<string, Omit<Claims, 'expires'>>> = {
  administrator: user('ada', permission, administrator),
  requestor: user('rob', permission),
  otherUser: user('oda', permission),
  readOnlyAdministrator: user('ria', 'EntitlementManagement.Read.All', administrator),
  unscopedUser: user('una', 'User.Read', administrator),
  similarScopeUser: user('sam', `${permission}.Preview`, administrator),
  personalAccount: user('pia', permission, { administrator: true, personal: true }),
  // The permission is an application role here, so the token carries no scope at all.
  application: user('', '', { user: null, administrator: true }),
  expired: user('ada', permission, administrator),
};

const error = (status: number, code: string, message: string): Answer => ({
  status,
  body: { error: { code, message, innererror: { date: new Date().toISOString() } } },
});

class NodeTarget {
  readonly #key = randomBytes(32);
  readonly #requests = new Map<string, AssignmentRequest>();
  readonly #fault: NodeFault | undefined;
  #lastId = 0;

  constructor(fault: NodeFault | undefined) {
    this.#fault = fault;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const answer = this.#answer(request, body);
    const content = answer.body && request.method !== 'HEAD' ? JSON.stringify(answer.body) : '';
    const requestId = randomUUID();
    response.writeHead(answer.status, {
      'request-id': requestId,
      'client-request-id': request.headers['client-request-id'] ?? requestId,
      'X-Served-By': 'node-target',
      ...(answer.body ? { 'Content-Type': 'application/json; charset=utf-8' } : {}),
      ...(answer.status === 204 ? {} : { 'Content-Length': Buffer.byteLength(content) }),
      ...answer.headers,
    });
    response.end(content);
  }

  #answer(request: IncomingMessage, body: Buffer | null): Answer {
    const [path = ''] = (request.url ?? '').split('?');
    if (path.startsWith(control)) return this.#control(`${request.method ?? ''} ${path.slice(control.length)}`, body);
    const id = cancelPath.exec(path)?.[1];
    if (id === undefined) return error(404, 'pathNotFound', 'Nothing is served on this path.');
    const allowed = request.method === 'POST' || (request.method === 'PUT' && this.#fault === 'put-cancels');
    if (!allowed) return { ...error(405, 'methodNotAllowed', 'Send POST.'), headers: { Allow: 'POST' } };
    return this.#cancel(id, request, body);
  }

  #cancel(id: string, request: IncomingMessage, body: Buffer | null): Answer {
    const caller = this.#callerOf(request.headers.authorization ?? '');
    if (!caller) {
      const headers = { 'WWW-Authenticate': 'Bearer realm="node-target"' };
      return { ...error(401, 'InvalidAuthenticationToken', 'A valid token is needed.'), headers };
    }
    if (caller.personal || caller.user === null || !this.#maySend(caller.scopes)) {
      return error(403, 'accessDenied', 'The token does not carry the permission of a work or school user.');
    }
    if (!/^[1-9][0-9]{0,14}$/.test(id)) return error(400, 'malformedId', 'An id is a number.');
    const found = this.#requests.get(id);
    if (!found || (!caller.administrator && found.owner !== caller.user)) {
      return error(404, 'itemNotFound', 'There is no such request.');
    }
    const objection = objectionTo(request.headers['content-type'], body, id);
    if (objection) return objection;
    if (!cancellable.includes(found.status)) {
      if (this.#fault === 'refused-yet-cancelled' && found.status === 'denied') found.status = 'canceled';
      return error(409, 'notCancellable', `The request is ${found.status}.`);
    }
    found.status = 'canceled';
    return { status: 204 };
  }

  #maySend(scopes: string): boolean {
    if (this.#fault === 'scope-by-prefix') return scopes.startsWith(permission);
    return scopes.split(' ').includes(permission);
  }

  #callerOf(authorization: string): Claims | null {
    const [, claims, signature] = /^bearer +([\w-]+)\.([\w-]+)$/i.exec(authorization) ?? [];
    if (claims === undefined || signature === undefined) return null;
    const [given, due] = [Buffer.from(signature), Buffer.from(this.#sign(claims))];
    if (given.length !== due.length || !timingSafeEqual(given, due)) return null;
    const caller = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Claims;
    return caller.expires > Date.now() / 1000 || this.#fault === 'expired-accepted' ? caller : null;
  }

  #sign(claims: string): string {
    return createHmac('sha256', this.#key).update(claims).digest('base64url');
  }

  #control(call: string, body: Buffer | null): Answer {
    const asked = (jsonOf(body) ?? {}) as Readonly<Record<string, string>>;
    const id = /^(?:GET|DELETE) \/requests\/([0-9]+)$/.exec(call)?.[1];
    if (id !== undefined) return call.startsWith('GET') ? this.#read(id) : this.#remove(id);
    if (call === 'GET /') {
      const protocol = 'cancel-conformance-control/1';
      return { status: 200, body: { protocol, statuses, personas: Object.keys(personas) } };
    }
    if (call === 'POST /tokens') return this.#issue(asked['persona'] ?? '');
    if (call === 'POST /requests') return this.#create(asked['status'] ?? '', asked['requestor'] ?? '');
    return error(404, 'pathNotFound', 'No such call.');
  }

  #issue(persona: string): Answer {
    const known = personas[persona];
    if (!known) return error(404, 'personaNotFound', 'No such persona.');
    const lifetime = persona === 'expired' ? -60 : 3600;
    const expires = Math.floor(Date.now() / 1000) + lifetime;
    const claims = Buffer.from(JSON.stringify({ ...known, expires, nonce: randomUUID() })).toString('base64url');
    return { status: 200, body: { token: `${claims}.${this.#sign(claims)}`, userId: known.user } };
  }

  #create(status: string, requestor: string): Answer {
    const wanted = status === 'cancelled' ? 'canceled' : status;
    const owner = personas[requestor]?.user;
    if (!statuses.includes(wanted) || owner === undefined || owner === null) {
      return error(422, 'cannotArrange', 'Such a request cannot be arranged.');
    }
    const id = String(++this.#lastId);
    this.#requests.set(id, { id, owner, created: new Date().toISOString(), status: wanted });
    return { status: 201, body: { id } };
  }

  #read(id: string): Answer {
    const found = this.#requests.get(id);
    if (!found) return error(404, 'itemNotFound', 'There is no such request.');
    const { owner, created, status } = found;
    const resource = {
      id,
      requestType: 'userAdd',
      requestStatus: status,
      justification: 'For the audit',
      createdDateTime: created,
      requestor: { objectId: owner },
    };
    return { status: 200, body: { id, status, resource } };
  }

  #remove(id: string): Answer {
    return this.#requests.delete(id) ? { status: 204 } : error(404, 'itemNotFound', 'There is no such request.');
  }
}

/** Reads to the end, so that the connection can be used again; null when the body is too large to keep. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= largestBody) chunks.push(chunk);
  }
  return length <= largestBody ? Buffer.concat(chunks) : null;
}

function jsonOf(body: Buffer | null): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body ?? Buffer.alloc(0)));
  } catch {
    return undefined;
  }
}

/** The refusal of a body that does not say what it has to. */
function objectionTo(contentType: string | undefined, body: Buffer | null, id: string): Answer | null {
  if (body === null) return error(413, 'tooLarge', 'The body is too large.');
  if (!/^application\/json *(;|$)/i.test(contentType ?? '')) return error(415, 'notJson', 'Send application/json.');
  const said = jsonOf(body);
  if (typeof said !== 'object' || said === null || Array.isArray(said)) {
    return error(400, 'InvalidModel', 'The body is no JSON object.');
  }
  const { id: named, requestStatus } = said as Readonly<Record<string, unknown>>;
  if (named !== id) return error(400, 'InvalidModel', 'The id of the body is not that of the path.');
  if (requestStatus !== 'cancelled') return error(422, 'InvalidModel', 'requestStatus has to be cancelled.');
  return null;
}

/** A target that is running. */
interface Running {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Starts the target on a free port of this machine. */
export async function startNodeTarget(fault?: NodeFault): Promise<Running> {
  const target = new NodeTarget(fault);
  const server = createServer((request, response) => {
    target.handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  return { origin: `http://127.0.0.1:${port}`, close };
}

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { sign, verify } from 'hono/jwt';

/*
 * A target on the framework Hono. What the contract leaves to it, it does in this way:
 * requests have GUIDs; a success is a 200 whose empty body is chunked; every id that the caller may not cancel, known or not,
 * is a 403 UnAuthorized; statuses are in PascalCase; a second cancel succeeds again; an administrator's body and the
 * Content-Type are not looked at; a cancel shows only after a while (settleMs); tokens are JWTs; the control protocol lies
 * elsewhere, asks for a key and gives no resource.
 */

/** What can be broken on purpose. */
export type HonoFault = 'parse-error-as-text' | 'others-cancel' | 'owner-gets-204' | 'siblings-cancelled';

interface Options {
  /** The key of the control protocol. */
  readonly key: string;
  /** Milliseconds until a cancel shows. */
  readonly delayMs: number;
  readonly fault?: HonoFault | undefined;
}

/** The claims of a token that matter here, as the Microsoft identity platform names them. */
interface Claims {
  readonly oid?: string;
  readonly scp?: string;
  readonly roles?: readonly string[];
  readonly wids?: readonly string[];
  readonly tid: string;
}

interface Entry {
  readonly oid: string;
  status: string;
}

const permission = 'EntitlementManagement.ReadWrite.All';
const administratorRole = '62e90394-69f5-4237-9190-012177145e10';
const [organisation, consumers] = [randomUUID(), '9188040d-6c67-4c5b-b112-36a304b66dad'];
const cancellable = ['Accepted', 'PendingApproval', 'PendingNotBefore', 'PendingApprovalEscalated'];
const others = ['Delivering', 'Delivered', 'DeliveryFailed', 'PartiallyDelivered', 'Denied', 'Canceled', 'Expired'];
const statuses = [...cancellable, ...others, 'WaitingForCallback'];

const users = {
  ada: { oid: randomUUID(), wids: [administratorRole], tid: organisation },
  rob: { oid: randomUUID(), tid: organisation },
  oda: { oid: randomUUID(), tid: organisation },
};
const personas = new Map<string, Claims>([
  ['administrator', { ...users.ada, scp: permission }],
  ['requestor', { ...users.rob, scp: `User.Read ${permission}` }],
  ['otherUser', { ...users.oda, scp: `${permission} openid` }],
  ['readOnlyAdministrator', { ...users.ada, scp: 'EntitlementManagement.Read.All' }],
  ['unscopedUser', { ...users.ada, scp: 'User.Read' }],
  ['similarScopeUser', { ...users.ada, scp: `${permission}Beta` }],
  ['personalAccount', { ...users.ada, scp: permission, tid: consumers }],
  ['application', { roles: [permission], tid: organisation }],
  ['expired', { ...users.ada, scp: permission }],
]);

class Refusal extends HTTPException {
  readonly code: string;

  constructor(status: 400 | 401 | 403 | 404 | 405 | 422, code: string, message: string) {
    super(status, { message });
    this.code = code;
  }
}

/** The body of a requestor has to name the request and the status it is to get. */
function checkBody(text: string, id: string): void {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'BadRequest', 'The body could not be parsed.');
  }
  const { id: named, requestStatus } = (said ?? {}) as Readonly<Record<string, unknown>>;
  if (named !== id) throw new Refusal(400, 'InvalidModel', 'id is missing or another one.');
  if (typeof requestStatus !== 'string' || !/^cancell?ed$/i.test(requestStatus)) {
    throw new Refusal(400, 'InvalidModel', 'requestStatus is missing or another one.');
  }
}

function honoTarget({ key, delayMs, fault }: Options): Hono {
  // Not strict: the control protocol's base URL is called with a slash behind it.
  const app = new Hono({ strict: false });
  const secret = randomUUID();
  const entries = new Map<string, Entry>();

  app.use(async (context, next) => {
    await next();
    context.header('request-id', randomUUID());
    context.header('client-request-id', context.req.header('client-request-id'));
    context.header('Cache-Control', 'no-store');
    context.header('Strict-Transport-Security', 'max-age=31536000');
  });

  const explain = (context: Context, { status, code, message }: Refusal): Response => {
    const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': randomUUID() };
    if (status === 401) context.header('WWW-Authenticate', 'Bearer');
    if (status === 405) context.header('Allow', 'POST, OPTIONS');
    const text = JSON.stringify({ error: { code, message, innerError } });
    return context.body(text, status, {
      'Content-Type': fault === 'parse-error-as-text' && code === 'BadRequest' ? 'text/plain' : 'application/json',
    });
  };
  app.onError((thrown, context) =>
    thrown instanceof Refusal ? explain(context, thrown) : context.json({ error: { code: '', message: '' } }, 500),
  );
  app.notFound((context) => explain(context, new Refusal(404, 'UnknownError', 'No such resource.')));

  async function callerOf(authorization: string | undefined): Promise<Claims> {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    try {
      return (await verify(token ?? '', secret, 'HS256')) as unknown as Claims;
    } catch {
      throw new Refusal(401, 'InvalidAuthenticationToken', 'The access token is missing, broken or too old.');
    }
  }

  function cancel(entry: Entry): void {
    const all = fault === 'siblings-cancelled' && entry.status === 'Accepted';
    const wanted = [...entries.values()].filter((other) => other === entry || (all && other.oid === entry.oid));
    // The work is done behind the answer.
    const done = (): void => {
      for (const each of wanted) each.status = 'Canceled';
    };
    setTimeout(done, delayMs).unref();
  }

  const path = '/tenant/graph/beta/identityGovernance/entitlementManagement/accessPackageAssignmentRequests/:id/cancel';
  app.post(path, async (context) => {
    const caller = await callerOf(context.req.header('Authorization'));
    const delegated = caller.tid === organisation && (caller.scp ?? '').split(' ').includes(permission);
    const administrator = caller.wids?.includes(administratorRole) ?? false;
    const id = context.req.param('id');
    const entry = entries.get(id);
    const may = administrator || entry?.oid === caller.oid || fault === 'others-cancel';
    if (!delegated || !entry || !may) throw new Refusal(403, 'UnAuthorized', 'The caller may not cancel this.');
    if (!administrator) checkBody(await context.req.text(), id);
    if (entry.status !== 'Canceled') {
      if (!cancellable.includes(entry.status)) throw new Refusal(422, 'InvalidRequestStatus', 'It is too late.');
      cancel(entry);
    }
    if (fault === 'owner-gets-204' && !administrator) return context.body(null, 204);
    const nothing = new ReadableStream({
      start: (stream) => {
        stream.close();
      },
    });
    return context.body(nothing, 200, { 'Transfer-Encoding': 'chunked' });
  });
  app.all(path, () => {
    throw new Refusal(405, 'Request_BadRequest', 'Only POST cancels.');
  });

  const control = new Hono();
  control.use(async (context, next) => {
    if (context.req.header('Authorization') !== `Bearer ${key}`) throw new Refusal(401, 'KeyRefused', 'Send the key.');
    await next();
  });
  control.get('/', (context) =>
    context.json({ protocol: 'cancel-conformance-control/1', statuses, personas: [...personas.keys()], version: 7 }),
  );
  control.post('/tokens', async (context) => {
    const { persona } = await context.req.json<{ readonly persona: string }>();
    const claims = personas.get(persona);
    if (!claims) throw new Refusal(404, 'NoSuchPersona', 'There is no such persona.');
    const exp = Math.floor(Date.now() / 1000) + (persona === 'expired' ? -3600 : 3600);
    return context.json({ token: await sign({ ...claims, exp }, secret, 'HS256'), userId: claims.oid ?? null });
  });
  control.post('/requests', async (context) => {
    const asked = await context.req.json<{ readonly status: string; readonly requestor: string }>();
    const spelt = asked.status.replace(/^cancelled$/i, 'Canceled').toLowerCase();
    const status = statuses.find((known) => known.toLowerCase() === spelt);
    const oid = personas.get(asked.requestor)?.oid;
    if (status === undefined || oid === undefined) throw new Refusal(422, 'CannotArrange', 'There is no such request.');
    const id = randomUUID();
    entries.set(id, { oid, status });
    return context.json({ id, status, owner: oid }, 201);
  });
  control.get('/requests/:id', (context) => {
    const id = context.req.param('id');
    const entry = entries.get(id);
    if (!entry) throw new Refusal(404, 'NotFound', 'There is no such request.');
    return context.json({ id, status: entry.status });
  });
  control.delete('/requests/:id', (context) => context.body(null, entries.delete(context.req.param('id')) ? 204 : 404));
  control.onError((thrown, context) =>
    thrown instanceof Refusal ? explain(context, thrown) : context.json({ error: { code: '', message: '' } }, 500),
  );
  app.route('/for-tests', control);
  return app;
}

/** A target that is running. */
interface Running {
  readonly origin: string;
  readonly close: () => Promise<void>;
}

/** Starts the target on a free port of this machine. */
export async function startHonoTarget(options: Options): Promise<Running> {
  const { fetch } = honoTarget(options);
  return await new Promise((resolve) => {
    const server = serve({ fetch, hostname: '127.0.0.1', port: 0 }, ({ port }: AddressInfo) => {
      const close = (): Promise<void> =>
        new Promise((closed) => {
          server.close(() => {
            closed();
          });
          if ('closeAllConnections' in server) server.closeAllConnections();
        });
      resolve({ origin: `http://127.0.0.1:${port}`, close });
    });
  });
}

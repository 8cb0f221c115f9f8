import { randomUUID } from 'node:crypto';
import type { Probe } from '../case.js';
import type { FrameIds, HeaderPair, ReceivedResponse } from '../evidence/records.js';
import type { SecretRegistry } from '../evidence/secrets.js';
import type { ClientHeader, PreparedCredential } from '../endpoint.js';
import { AbsentError } from '../errors.js';
import type { Message } from '../exchange/message.js';
import { credentialOf, type Session } from './session.js';

/** What a declared call is made from. */
export interface Composition {
  readonly session: Pick<Session, 'contract' | 'secrets' | 'target' | 'baseUrl' | 'credentials'>;
  readonly ids: FrameIds;
  /** The persona whose request the subject is. */
  readonly owner: string;
  /** The subject as read before the call; null when the arranging side gives no resource. */
  readonly resource: Readonly<Record<string, unknown>> | null;
}

/**
 * Turns a declared call into the bytes that will be sent.
 * @throws PrerequisiteError when the persona has no token; AbsentError when the target has nothing that the call could be made of
 */
export function compose(probe: Probe, { session, ids, owner, resource }: Composition): Message {
  const { contract, secrets } = session;
  const { edition, endpoint } = contract;
  const { forms } = endpoint;
  const form = probe.credential ?? forms.usual.credential;
  const token = forms.anonymous.includes(form) ? '' : credentialOf(session, probe.persona).token;
  const credential = named(forms.credentials, form)(token, probe.persona);
  if (credential === null) throw new AbsentError(`no ${form} can be made of this target's tokens`);
  if (credential.derived) secrets.register(credential.derived.token, credential.derived.name);
  const place = probe.address ?? forms.usual.address;
  const address = named(forms.addresses, place)({ ids, collection: session.target.collection });
  if (address === null) throw new AbsentError(`this target's ids have no spelling ${place}`);
  // Path and body name the same request, so that neither gives the other a reason to be refused.
  const meant = { ...ids, subject: address.named ?? ids.subject };
  const body = named(
    forms.bodies,
    probe.body ?? forms.usual.body(edition),
  )({
    edition,
    ids: meant,
    callerId: userIdOf(session, probe.persona),
    token: knownTokenOf(session, probe.persona),
    resource,
  });
  const call = randomUUID();
  const said =
    probe.client === undefined
      ? []
      : named(forms.clients, probe.client)({ owner: userIdOf(session, owner) ?? owner, call });
  const base = new URL(session.baseUrl);
  return {
    role: 'probe',
    persona: credential.caller,
    method: probe.method ?? forms.usual.method,
    origin: base.origin,
    requestTarget: servicePath(session) + address.path + (probe.query ?? credential.query),
    headers: headersOf(probe, { version: contract.version, credential, body, said, call }),
    body,
    ...(probe.framing === undefined ? {} : { framing: probe.framing }),
  };
}

/** The call with the cookies that an answer set; null where it set none. */
export function withCookies(call: Message, before: ReceivedResponse, secrets: SecretRegistry): Message | null {
  const pairs = before.headers.flatMap(([name, value]) =>
    name.toLowerCase() === 'set-cookie' ? [value.split(';', 1)[0]?.trim() ?? ''] : [],
  );
  // One without a value is taken back by it (RFC 6265 section 3.1).
  const held = pairs.filter((pair) => /^[^=]+=./.test(pair));
  if (held.length === 0) return null;
  for (const [index, pair] of held.entries())
    secrets.register(pair.slice(pair.indexOf('=') + 1), `cookie:${index + 1}`);
  return { ...call, headers: [...call.headers, ['cookie', held.join('; ')]] };
}

function knownTokenOf({ credentials }: Pick<Session, 'credentials'>, persona: string): string | null {
  const credential = credentials[persona];
  return credential && 'token' in credential ? credential.token : null;
}

function userIdOf({ credentials }: Pick<Session, 'credentials'>, persona: string): string | null {
  const credential = credentials[persona];
  return credential && 'token' in credential ? credential.userId : null;
}

/** Path of the service on the target, below which the collections are. */
const servicePath = ({ baseUrl, contract }: Pick<Session, 'contract' | 'baseUrl'>): string =>
  new URL(baseUrl).pathname.replace(/(?<!\/)\/+$/, '') + contract.edition.servicePath;

/** Path of the collection of requests on the target. */
export const collectionPath = (session: Pick<Session, 'contract' | 'target' | 'baseUrl'>): string =>
  `${servicePath(session)}/${session.target.collection}`;

/** Path of the action on the target, of the request with an id. */
export function actionPath(session: Pick<Session, 'contract' | 'target' | 'baseUrl'>, id: string): string {
  const { forms } = session.contract.endpoint;
  const ids = { subject: id, sibling: id, stranger: id };
  const address = named(forms.addresses, forms.usual.address)({ ids, collection: session.target.collection });
  return servicePath(session) + (address?.path ?? '');
}

function named<Form>(forms: Readonly<Record<string, Form>>, name: string): Form {
  const form = forms[name];
  if (form === undefined) throw new Error(`the endpoint has no form ${name}`);
  return form;
}

const negotiationOf = ({ accepts = 'application/json' }: Probe): readonly HeaderPair[] =>
  accepts === null
    ? []
    : [
        ['accept', accepts],
        ['accept-encoding', 'identity'],
      ];

interface HeaderParts {
  readonly version: string;
  readonly credential: PreparedCredential;
  readonly body: Buffer | null;
  /** The GUID made for the call. */
  readonly call: string;
  /** What its client says in the place of the suite's own, or besides. */
  readonly said: readonly ClientHeader[];
}

function headersOf(probe: Probe, { version, credential, body, said, call }: HeaderParts): readonly HeaderPair[] {
  const { authorization, headers = [] } = credential;
  const contentType = probe.contentType === undefined ? 'application/json' : probe.contentType;
  const own: readonly HeaderPair[] = [
    ['user-agent', `cancel-conformance/${version}`],
    // As every client of Graph does: a target that negotiates would answer otherwise, and evidence is never unpacked.
    ...negotiationOf(probe),
    // A fresh GUID for every call, as the guide to good practice asks; its echo is judged.
    ['client-request-id', call],
    ...(authorization === null ? [] : [['authorization', authorization] as const]),
    ...headers,
    ...(probe.headers ?? []),
    ...(body === null || contentType === null ? [] : [['content-type', contentType] as const]),
  ];
  const pairs: readonly HeaderPair[] = [
    ...own.filter(([name]) => !said.some(([other]) => other === name)),
    ...said.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const])),
  ];
  return probe.capitals === true ? pairs.map(([name, value]) => [name.toUpperCase(), value]) : pairs;
}

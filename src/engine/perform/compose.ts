import { randomUUID } from 'node:crypto';
import type { Probe } from '../case.js';
import type { FrameIds, HeaderPair } from '../evidence/records.js';
import type { Message } from '../exchange/message.js';
import { credentialOf, type Session } from './session.js';

/** What a declared call is made from. */
export interface Composition {
  readonly session: Pick<Session, 'contract' | 'secrets' | 'target' | 'baseUrl' | 'credentials'>;
  readonly ids: FrameIds;
  /** The subject as read before the call; null when the arranging side gives no resource. */
  readonly resource: Readonly<Record<string, unknown>> | null;
}

/**
 * Turns a declared call into the bytes that will be sent.
 * @throws PrerequisiteError when the persona has no token
 */
export function compose(probe: Probe, { session, ids, resource }: Composition): Message {
  const { contract, secrets } = session;
  const { edition, endpoint } = contract;
  const { forms } = endpoint;
  const form = probe.credential ?? forms.usual.credential;
  const token = forms.anonymous.includes(form) ? '' : credentialOf(session, probe.persona).token;
  const credential = named(forms.credentials, form)(token, probe.persona);
  if (credential.derived) secrets.register(credential.derived.token, credential.derived.name);
  const body = named(forms.bodies, probe.body ?? forms.usual.body(edition))({ edition, ids, resource });
  const address = named(forms.addresses, probe.address ?? forms.usual.address)(encoded(ids));
  const base = new URL(session.baseUrl);
  return {
    role: 'probe',
    persona: credential.caller,
    method: probe.method ?? forms.usual.method,
    origin: base.origin,
    requestTarget: collectionPath(session) + address + credential.query,
    headers: headersOf(probe, { version: contract.version, authorization: credential.authorization, body }),
    body,
  };
}

/** Path of the collection of requests on the target. */
export function collectionPath({
  baseUrl,
  contract,
  target,
}: Pick<Session, 'contract' | 'target' | 'baseUrl'>): string {
  return `${new URL(baseUrl).pathname.replace(/\/+$/, '')}${contract.edition.servicePath}/${target.collection}`;
}

/** Ids are opaque: one that is not made for a path is encoded, as any client has to. */
const encoded = ({ subject, sibling, stranger }: FrameIds): FrameIds => ({
  subject: encodeURIComponent(subject),
  sibling: encodeURIComponent(sibling),
  stranger: encodeURIComponent(stranger),
});

function named<Form>(forms: Readonly<Record<string, Form>>, name: string): Form {
  const form = forms[name];
  if (form === undefined) throw new Error(`the endpoint has no form ${name}`);
  return form;
}

interface HeaderParts {
  readonly version: string;
  readonly authorization: string | null;
  readonly body: Buffer | null;
}

function headersOf(probe: Probe, { version, authorization, body }: HeaderParts): readonly HeaderPair[] {
  const contentType = probe.contentType === undefined ? 'application/json' : probe.contentType;
  return [
    ['user-agent', `cancel-conformance/${version}`],
    // A fresh GUID for every call, as the guide to good practice asks; its echo is judged.
    ['client-request-id', randomUUID()],
    ...(authorization === null ? [] : [['authorization', authorization] as const]),
    ...(body === null || contentType === null ? [] : [['content-type', contentType] as const]),
  ];
}

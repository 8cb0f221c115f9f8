import { randomUUID } from 'node:crypto';
import type { Probe } from '../case.js';
import { buildAddress } from '../../cancel/forms/addresses.js';
import { buildBody } from '../../cancel/forms/bodies.js';
import { anonymousForms, prepareCredential } from '../../cancel/forms/credentials.js';
import type { FrameIds, HeaderPair } from '../evidence/records.js';
import type { Message } from '../exchange/message.js';
import { credentialOf, type Session } from './session.js';

/** What a declared call is made from. */
export interface Composition {
  readonly session: Session;
  readonly ids: FrameIds;
  /** The subject as read before the call; null when the arranging side gives no resource. */
  readonly resource: Readonly<Record<string, unknown>> | null;
}

/**
 * Turns a declared call into the bytes that will be sent.
 * @throws PrerequisiteError when the persona has no token
 */
export function compose(probe: Probe, { session, ids, resource }: Composition): Message {
  const { edition } = session.contract;
  const form = probe.credential ?? 'bearer';
  const token = anonymousForms.includes(form) ? '' : credentialOf(session, probe.persona).token;
  const credential = prepareCredential(form, token, probe.persona);
  if (credential.derived) session.secrets.register(credential.derived.token, credential.derived.name);
  const defaultBody = edition.body.rule === 'none' ? 'absent' : 'required';
  const body = buildBody(probe.body ?? defaultBody, { edition, ids, resource });
  const base = new URL(session.state.baseUrl);
  const collection = `${base.pathname.replace(/\/+$/, '')}${edition.servicePath}/${session.target.collection}`;
  return {
    role: 'probe',
    persona: credential.caller,
    method: probe.method ?? 'POST',
    origin: base.origin,
    requestTarget: collection + buildAddress(probe.address ?? 'own', ids) + credential.query,
    headers: headersOf(probe, { version: session.contract.version, authorization: credential.authorization, body }),
    body,
  };
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

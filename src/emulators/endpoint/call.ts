import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Call } from './seams.js';

/** A call as it arrives: nothing is known but what the service is and what was sent. */
export function callOf(
  { edition, store, authority }: Pick<Call, 'edition' | 'store' | 'authority'>,
  incoming: IncomingMessage,
): Call {
  const requestId = randomUUID();
  const sentId = incoming.headers['client-request-id'];
  return {
    edition,
    store,
    authority,
    incoming,
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    headers: incoming.headers,
    requestId,
    clientRequestId: typeof sentId === 'string' && sentId !== '' ? sentId : requestId,
    address: { kind: 'unknown' },
    caller: null,
    id: null,
    request: null,
    body: { present: false },
  };
}

import type { Exchange, ReceivedResponse } from '../evidence/records.js';
import { PrerequisiteError } from '../errors.js';
import { exchange } from '../exchange/client.js';
import { KeptConnection } from '../exchange/kept-connection.js';
import type { ExchangeSettings, Message } from '../exchange/message.js';

/** Bytes of the answer to an opening that evidence keeps: it is not judged. */
const openingBytes = 16 * 1024;

/**
 * Sends what goes before a call, and then the call over the same connection.
 * @param callBehind the call, made from the answer before it; null: none can be made of that
 * @returns both, or the one that was sent; a peer may close the connection behind its answer (RFC 9112 section 9.3), and then there is none to the call
 * @throws PrerequisiteError when the opening gets no answer
 */
export async function overOneConnection(
  opening: Message,
  callBehind: (before: ReceivedResponse) => Message | null,
  settings: ExchangeSettings,
): Promise<readonly Omit<Exchange, 'id'>[]> {
  const connection = new KeptConnection();
  try {
    const sent = { ...opening, role: 'opening', keeps: true } as const;
    const first = await exchange(sent, { ...settings, connection, keptBytes: openingBytes });
    if (first.response === null) {
      throw new PrerequisiteError(
        `the call before it got no answer (${first.request.method} ${first.request.url}: ${first.noAnswer?.message ?? ''})`,
      );
    }
    // What was not read to its end stands before the next answer.
    if (first.response.body.truncated) connection.end();
    const call = callBehind(first.response);
    return call === null ? [first] : [first, await exchange(call, { ...settings, connection })];
  } finally {
    connection.end();
  }
}

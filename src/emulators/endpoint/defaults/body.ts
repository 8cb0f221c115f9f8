import { isUtf8 } from 'node:buffer';
import type { RefusalCause } from '../refusals.js';
import type { AdmittedCall, Call, ParsedBody, Seams } from '../seams.js';

type BodySeams = Pick<Seams, 'readBody' | 'acceptsMediaType' | 'parseBody' | 'checkBody'>;

/** Four times the largest body that the contract asks a server to cope with. */
const bodyCapBytes = 4 * 1024 * 1024;

/** Whether a JSON value is an object, and neither an array nor null. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON value in some bytes; undefined where they are none. */
export function jsonIn(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Reads a body once for whoever asks, however often: it comes over the connection once. */
export function readingOnce(read: Seams['readBody']): (call: Call) => Promise<Buffer | RefusalCause> {
  const bodies = new WeakMap<Call, Promise<Buffer | RefusalCause>>();
  return (call) => {
    const known = bodies.get(call) ?? Promise.resolve(read(call));
    bodies.set(call, known);
    return known;
  };
}

/** A body above the cap is read to its end and dropped, so that the client, still writing, gets to see the answer. */
async function readBody(call: Call): Promise<Buffer | RefusalCause> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of call.incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyCapBytes) chunks.push(chunk);
  }
  return bytes <= bodyCapBytes ? Buffer.concat(chunks) : 'bodyTooLarge';
}

/** In editions that forbid a body, a supplied one counts as absent. */
function parseBody(bytes: Buffer, { edition }: AdmittedCall): ParsedBody | RefusalCause {
  if (bytes.length === 0 || edition.body.rule === 'none') return { present: false };
  if (!isUtf8(bytes)) return 'malformedBody';
  try {
    return { present: true, value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return 'malformedBody';
  }
}

/** Beta page, "Request body": who is no administrator must name the request and the status to set. */
function checkBody(body: ParsedBody, call: AdmittedCall): RefusalCause | null {
  const { rule, requiredMembers, cancelledLiteral } = call.edition.body;
  if (rule === 'none' || call.caller.administrator) return null;
  if (!body.present || !isJsonObject(body.value)) return 'unacceptableBody';
  const { value } = body;
  const demanded: Readonly<Record<string, string>> = {
    id: call.id,
    [call.edition.resource.statusMember]: cancelledLiteral,
  };
  const satisfied = requiredMembers.every((member) => sameText(value[member], demanded[member]));
  return satisfied ? null : 'unacceptableBody';
}

/** Neither ids nor status values depend on case (contested clause C-4). */
function sameText(value: unknown, demanded: string | undefined): boolean {
  return typeof value === 'string' && value.toLowerCase() === demanded?.toLowerCase();
}

export const bodySeams: BodySeams = {
  readBody,
  acceptsMediaType: (contentType = 'application/json') => /^application\/([^\s;]+\+)?json\s*(;|$)/i.test(contentType),
  parseBody,
  checkBody,
};

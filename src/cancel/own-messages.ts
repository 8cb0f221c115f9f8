import { schemaValidator } from '../engine/contract/schemas.js';
import type { Edition } from '../engine/contract/types.js';
import type { Exchange } from '../engine/evidence/records.js';
import type { BodyForm } from './forms/bodies.js';
import { clients } from './forms/clients.js';
import type { Probe } from '../engine/case.js';
import { isCutShort, lookAt, probesOf, type Facts } from '../engine/judge/facts.js';
import { withoutGuid } from '../engine/judge/mutation.js';

/** Bodies that are what the edition's rule demands, whatever else they carry. */
const properBodies: readonly string[] = [
  'required',
  'full-representation',
  'extra-members',
] satisfies readonly BodyForm[];

/** A call that is to be beyond reproach: whatever is refused about it is refused for who calls, or for the status. */
const isProper = (
  { credential = 'bearer', method = 'POST', address = 'own', contentType, body }: Probe,
  edition: Edition,
): boolean =>
  credential === 'bearer' &&
  method === 'POST' &&
  address === 'own' &&
  contentType === undefined &&
  (body === undefined || (edition.body.rule === 'none' ? ['absent'] : properBodies).includes(body));

/**
 * Holds the probes that are meant to be well-formed against the contract, on the bytes that were sent: address, method,
 * headers, and the body against `schemas/wire/cancel-body.schema.json`.
 * @returns what is wrong with them, in words; empty when nothing is. A message here is a fault of the suite.
 */
export function flawsOfOwnMessages({ case: entry, record, rules }: Facts): readonly string[] {
  const id = lookAt(record, 'subject', 'before')?.requestId;
  if (id === undefined) return [];
  return probesOf(record).flatMap((exchange, index) => {
    const probe = entry.when[index];
    if (!probe || !isProper(probe, rules.edition) || isCutShort(exchange)) return [];
    return flawsOf(exchange.request, { id, edition: rules.edition, probe }).map(
      (flaw) => `${entry.id}: probe ${index + 1} is meant to be well-formed, but ${flaw}`,
    );
  });
}

type Sent = Exchange['request'];

/** What a message was to be. */
interface Meant {
  readonly id: string;
  readonly edition: Edition;
  readonly probe: Probe;
}

function flawsOf(sent: Sent, { id, edition, probe }: Meant): readonly string[] {
  // The last one: a base URL may hold the same words, and end with them.
  const begin = sent.requestTarget.lastIndexOf(`${edition.servicePath}/`);
  const segment = begin === -1 ? '' : sent.requestTarget.slice(begin + edition.servicePath.length + 1);
  const isAddressed = /^[A-Za-z]+\/$/.test(segment.slice(0, segment.indexOf('/') + 1));
  const action = segment.slice(segment.indexOf('/'));
  return [
    ...(sent.method === 'POST' ? [] : [`its method is ${sent.method}`]),
    ...(isAddressed && action === `/${encodeURIComponent(id)}/cancel`
      ? []
      : [`its target ${sent.requestTarget} is not the cancel of ${id}`]),
    ...flawsOfHeaders(sent, { edition, probe }),
    ...flawsOfBody(sent, id, edition),
  ];
}

/** What a client-request-id is to be besides the GUID of the call: nothing, unless its client says so; null where none is sent. */
function declaredRequestId({ client }: Probe): string | null {
  const said = Object.entries(clients).find(([name]) => name === client)?.[1]({ owner: '', call: '' }) ?? [];
  const [, declared = ''] = said.find(([name]) => name === 'client-request-id') ?? [];
  return declared;
}

function flawsOfHeaders({ headers }: Sent, { edition, probe }: Omit<Meant, 'id'>): readonly string[] {
  const values = (name: string): readonly string[] =>
    headers.flatMap(([known, value]) => (known.toLowerCase() === name ? [value] : []));
  const declared = declaredRequestId(probe);
  const demanded: readonly (readonly [name: string, isRight: (value: string) => boolean])[] = [
    ['authorization', (value) => /^Bearer \S/.test(value)],
    ...(declared === null
      ? []
      : [['client-request-id', (value: string) => value !== declared && withoutGuid(value) === declared] as const]),
    ...(edition.body.rule === 'none'
      ? []
      : [['content-type', (value: string) => value === 'application/json'] as const]),
  ];
  const isBeyond = declared === null && values('client-request-id').length > 0;
  return [
    ...(isBeyond ? ['it has a client-request-id'] : []),
    ...demanded.flatMap(([name, isRight]) => {
      const [value, ...others] = values(name);
      return value !== undefined && others.length === 0 && isRight(value) ? [] : [`its header ${name} is not right`];
    }),
  ];
}

function flawsOfBody({ body }: Sent, id: string, edition: Edition): readonly string[] {
  if (edition.body.rule === 'none')
    return (body?.bytes ?? 0) === 0 ? [] : ['it has a body, which this edition has not'];
  if (body === null) return ['it has no body'];
  // A representation of a target's own resource may be longer than what evidence keeps: of that nothing is known.
  if (body.truncated) return [];
  if (body.encoding !== 'utf8') return ['its body is not text'];
  let value: unknown;
  try {
    value = JSON.parse(body.text);
  } catch {
    return ['its body is not JSON'];
  }
  const validate = schemaValidator('wire/cancel-body');
  if (!validate(value)) return [`its body does not match the schema: ${validate.errors?.[0]?.message ?? ''}`];
  return (value as { readonly id: string }).id === id ? [] : ['its body names another request'];
}

import type { CapturedBody, CaseRecord, Exchange } from '../evidence/records.js';
import type { Case, Place } from '../case.js';
import { isCutShort, probesOf } from './facts.js';

/** Headers that frame a body or name the message; they follow from the body or differ by nature. */
const framing = new Set(['content-length', 'transfer-encoding']);
const differsByNature = new Set(['client-request-id']);

const guid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

/** A client-request-id without the GUID that the suite makes for each call: what is left of it is the same in all of a kind. */
export const withoutGuid = (value: string, instead = ''): string => value.replace(guid, instead);

/** What a body brings with it. */
const ofBody: ReadonlySet<string> = new Set<Place>(['body', 'header:content-type']);

/** A POST without content says so by Content-Length: 0; that is no body either. */
const hasBody = ({ request }: Exchange): boolean => request.body !== null && request.body.bytes > 0;

/** A sent request with everything taken out that differs from case to case by nature. */
interface Comparable {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: ReadonlyMap<string, string>;
  /** True: the end of the body is told by chunks. */
  readonly chunked: boolean;
  readonly body: string;
}

/** One control vouches for hundreds of cases. */
const ofControl = new WeakMap<CaseRecord, Comparable>();

/**
 * Proves from the bytes that were sent that each probe of a case differs from the control's in the declared places only.
 * @returns what differs beyond that, in words; empty when the proof holds. A message here is a fault of the suite.
 */
export function undeclaredDifferences(entry: Case, record: CaseRecord, control: CaseRecord): readonly string[] {
  // Of calls that wait for each other, some are answered before their body is whole.
  const isCut = (probe: Exchange): boolean => entry.simultaneously === true && isCutShort(probe);
  const [reference] = probesOf(control);
  if (!entry.control || !reference) return [];
  const declared = new Set<string>(entry.control.mutates);
  const expected = ofControl.get(control) ?? comparable(reference, control);
  ofControl.set(control, expected);
  const answered = probesOf(record).filter((probe) => probe.response !== null);
  const seen = answered.map((probe) => {
    const places = differences(expected, comparable(probe, record));
    // A body that one of the two has not brings its media type along.
    const isFramed = declared.has('body') && hasBody(reference) !== hasBody(probe);
    const isToBeTold = (place: Place): boolean => place !== 'body' || !isCut(probe);
    return places
      .filter((place) => place !== 'header:content-type' || declared.has(place) || !isFramed)
      .filter(isToBeTold);
  });
  const beyond = seen.flatMap((places, index) =>
    places
      .filter((place) => !declared.has(place))
      .map(
        (place) => `${entry.id}: probe ${index + 1} differs from ${control.caseId} in ${place}, which is not declared`,
      ),
  );
  // A probe that a run ended before, or that nobody answered, may have been the one that differs.
  const isWhole = answered.length >= entry.when.length && !answered.some(isCut);
  // Where no body is due, the control has none, and leaving it out is no difference.
  const isBodiless = !hasBody(reference) && !answered.some(hasBody);
  const missing = [...declared]
    .filter((place) => !(isBodiless && ofBody.has(place)))
    .filter((place) => isWhole && !seen.some((places) => (places as readonly string[]).includes(place)))
    .map((place) => `${entry.id}: no probe differs from ${control.caseId} in ${place}, though it is declared`);
  return [...beyond, ...missing];
}

function comparable(exchange: Exchange, record: CaseRecord): Comparable {
  const masked = maskIds(record);
  const { request } = exchange;
  const [path = '', ...query] = request.requestTarget.split('?');
  const headers = request.headers
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => !framing.has(name))
    .map(([name, value]) => [name, differsByNature.has(name) ? withoutGuid(value) : value] as const);
  const body = request.body && hasBody(exchange) ? comparableBody(request.body, masked) : '';
  const chunked = request.headers.some(([name]) => name.toLowerCase() === 'transfer-encoding');
  return {
    method: request.method,
    path: masked(spelled(path, record)),
    query: query.join('?'),
    headers: new Map(headers),
    chunked,
    body,
  };
}

/** Ids in another spelling than the arranging side's, by the part they play and how they are spelled. */
function spelled(path: string, { looks }: Pick<CaseRecord, 'looks'>): string {
  const segments = path.split('/').map((segment) => {
    const decoded = decodedOr(segment);
    const look = looks.find(({ requestId }) => requestId.toLowerCase() === decoded.toLowerCase());
    if (!look || segment === encodeURIComponent(look.requestId)) return segment;
    return `‹${look.role} ${decoded === segment ? 'in another case' : 'encoded otherwise'}›`;
  });
  return segments.join('/');
}

function decodedOr(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** The size says nothing beyond the text, whose ids may be of different lengths; unless the text is not whole. */
const comparableBody = ({ encoding, text, truncated, bytes }: CapturedBody, masked: (text: string) => string): string =>
  [encoding, truncated ? bytes : 'whole', masked(text)].join(':');

/**
 * Each case has requests of its own; their ids are compared by the part they play. A target may number its requests, so
 * an id counts only where it stands alone: request 1 is not meant by `v1.0`, nor by request 10.
 */
export function maskIds(record: Pick<CaseRecord, 'looks'>): (text: string) => string {
  const roles = new Map(
    record.looks.flatMap(({ requestId, role }) =>
      // As it is, as part of a path, and as part of a JSON text.
      [requestId, encodeURIComponent(requestId), JSON.stringify(requestId).slice(1, -1)].map(
        (id) => [id, `‹${role}›`] as const,
      ),
    ),
  );
  if (roles.size === 0) return (text) => text;
  const longestFirst = [...roles.keys()].sort((a, b) => b.length - a.length);
  const ids = longestFirst.map((id) => id.replaceAll(/[^\w-]/g, String.raw`\$&`)).join('|');
  const alone = new RegExp(`(?<![\\w-])(?:${ids})(?![\\w-])`, 'g');
  return (text) => text.replaceAll(alone, (id) => roles.get(id) ?? id);
}

function differences(a: Comparable, b: Comparable): readonly Place[] {
  const names = new Set([...a.headers.keys(), ...b.headers.keys()]);
  const headers = [...names].filter((name) => a.headers.get(name) !== b.headers.get(name));
  return [
    ...(a.method === b.method ? [] : (['method'] as const)),
    ...(a.path === b.path ? [] : (['path'] as const)),
    ...(a.query === b.query ? [] : (['query'] as const)),
    ...headers.map((name) => `header:${name}` as const),
    ...(a.chunked === b.chunked ? [] : (['framing'] as const)),
    ...(a.body === b.body ? [] : (['body'] as const)),
  ];
}

import type { Fault } from '../alterations.js';
import { isJsonObject, jsonIn, readingOnce } from '../defaults/body.js';
import { claimsOf, findPersona, personas } from '../personas.js';
import type { RefusalCause } from '../refusals.js';
import type { Call, Seams } from '../seams.js';
import { decodeClaims } from '../tokens.js';

/** A gate that is not looked at where one dimension has one value. Words as the suite names them. */
export interface Overlooked {
  readonly gate: string;
  readonly dimension: string;
  readonly value: string;
}

const prefix = 'derived';

/** `derived:<gate>:<dimension>:<value>`. */
export const idOfOverlooked = ({ gate, dimension, value }: Overlooked): string =>
  [prefix, gate, dimension, value].join(':');

/** The parts of an id of `idOfOverlooked`; null for any other one. */
export function overlookedOf(id: string): Overlooked | null {
  const [first, gate, dimension, value, ...more] = id.split(':');
  if (first !== prefix || gate === undefined || dimension === undefined || value === undefined || more.length > 0)
    return null;
  return gate in causes && (dimension === 'pairs' || dimension in readers) ? { gate, dimension, value } : null;
}

const causes: Readonly<Record<string, readonly RefusalCause[]>> = {
  credentials: ['missingCredentials', 'emptyCredentials', 'foreignScheme', 'invalidToken', 'expiredToken'],
  'token-kind': ['applicationToken'],
  'account-kind': ['personalAccount'],
  permission: ['missingPermission'],
  ownership: ['notOwner'],
  method: ['methodNotAllowed'],
  syntax: ['malformedBody'],
  members: ['unacceptableBody'],
  'body-id': ['unacceptableBody'],
  status: ['notCancellable'],
};

/** A call with its body, which is read once. */
interface Read {
  readonly call: Call;
  readonly bytes: Buffer;
  readonly seams: Seams;
}

const segmentsOf = ({ target }: Call): readonly string[] => target.replace(/\?.*$/s, '').split('/');

const requestOf = ({ call, seams }: Read): ReturnType<Call['store']['get']> => {
  const id = call.address.kind === 'action' ? seams.parseId(call.address.idSegment) : null;
  return id === null ? null : call.store.get(id);
};

const userIdOf = (name: string): string | null => personas.find((persona) => persona.name === name)?.userId ?? null;

function isBody(value: string, { bytes }: Read): boolean {
  if (value === 'absent') return bytes.length === 0;
  const body = jsonIn(bytes);
  if (!isJsonObject(body)) return false;
  return value === 'empty-object' ? Object.keys(body).length === 0 : 'requestType' in body;
}

const callerOf = ({ headers }: Call): string | undefined =>
  decodeClaims(headers.authorization?.replace(/^\S* /, '') ?? '')?.oid;

/** What each kind of client says and no other, or leaves out. */
const signOf: Readonly<Record<string, string>> = { 'of-a-browser': 'origin', 'of-a-gateway': 'x-forwarded-for' };

function isFrom(client: string, headers: Call['headers']): boolean {
  const sign = signOf[client];
  return sign === undefined ? headers['user-agent'] === undefined : headers[sign] !== undefined;
}

/** Whether a call has a value in a dimension, as this service reads it. */
const readers: Readonly<Record<string, (value: string, read: Read) => boolean>> = {
  status: (value, read) => requestOf(read)?.status === value,
  body: isBody,
  address: (value, { call }) => isSpelled(value, call),
  framing: (_, { call }) => call.headers['transfer-encoding'] !== undefined,
  'media-type': (value, { call }) => call.headers['content-type'] === (value === 'text' ? 'text/plain' : undefined),
  headers: (value, { call: { headers } }) => isFrom(value, headers),
  caller: (value, { call }) => callerOf(call) === userIdOf(value),
  request: (value, read) => {
    const owner = requestOf(read)?.requestor?.userId;
    if (value !== 'own') return owner === userIdOf('administrator');
    return owner === (callerOf(read.call) ?? userIdOf('requestor'));
  },
};

/** The parts of a value that is made of values of several dimensions, by dimension. */
function partsOf({ dimension, value }: Overlooked): ReadonlyMap<string, string> {
  if (dimension !== 'pairs') return new Map([[dimension, value]]);
  const dimensionOf = (part: string): string => {
    if (part === 'accepted' || /^pending[A-Z]/.test(part)) return 'status';
    if (part === 'chunked') return 'framing';
    if (part === 'text' || part === 'no-media-type') return 'media-type';
    return part === 'absent' || part === 'empty-object' || part === 'representation' ? 'body' : 'address';
  };
  return new Map(value.split('+').map((part) => [dimensionOf(part), part]));
}

/** The last two segments of an action whose key is written as OData does. */
const keyInParentheses = /\('([^']*)'\)\/cancel$/;

const uuid = /^[0-9a-f-]{36}$/;

function isSpelled(value: string, call: Call): boolean {
  const segments = segmentsOf(call);
  const id = segments.at(value === 'trailing-slash' ? -3 : -2) ?? '';
  switch (value) {
    case 'trailing-slash':
      return segments.at(-1) === '';
    case 'upper-case-action':
      return segments.at(-1) === 'CANCEL';
    case 'qualified-action':
      return segments.at(-1) === 'microsoft.graph.cancel';
    case 'id-in-capitals':
      return id !== id.toLowerCase() && uuid.test(id.toLowerCase());
    case 'id-percent-encoded':
      return id.includes('%');
    case 'action-percent-encoded':
      return segments.at(-1) === '%63ancel';
    case 'collection-in-capitals':
      return segments.at(-3) === call.edition.collections[0].toUpperCase();
    case 'key-in-parentheses':
      return keyInParentheses.test(segments.slice(-2).join('/'));
    case 'doubled-slash':
      return segments.at(-3) === '';
    case 'action-with-parameter':
      return segments.at(-1) === 'cancel;x=1';
    case 'action-with-suffix':
      return segments.at(-1) === 'cancel.json';
    case 'dot-segment':
      return segments.at(-3) === '.';
    case 'other-collection':
      return segments.at(-3) === otherCollection(call.edition.collections[0]);
    default:
      return call.target.includes('?');
  }
}

const otherCollection = (collection: string): string =>
  collection === 'assignmentRequests' ? 'accessPackageAssignmentRequests' : 'assignmentRequests';

/** Serves one spelling like the documented one, as a target may. */
export function served(value: string, path: string, collection: string): string {
  const segments = path.split('/');
  switch (value) {
    case 'trailing-slash':
      return path.replace(/\/$/, '');
    case 'upper-case-action':
      return path.replace(/CANCEL$/, 'cancel');
    case 'id-percent-encoded':
    case 'action-percent-encoded':
      return path.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    case 'key-in-parentheses':
      return path.replace(keyInParentheses, '/$1/cancel');
    case 'doubled-slash':
      return path.replace(/\/\/(?=[^/]+\/cancel$)/, '/');
    case 'action-with-suffix':
      return path.replace(/\.json$/, '');
    case 'dot-segment':
      return path.replace('/./', '/');
    case 'action-with-parameter':
      return path.replace(/;[^/]*$/, '');
    case 'collection-in-capitals':
    case 'other-collection':
      return [...segments.slice(0, -3), collection, ...segments.slice(-2)].join('/');
    default:
      return path;
  }
}

const isForeignId = ({ call, bytes }: Read): boolean => {
  const body = jsonIn(bytes);
  const id = isJsonObject(body) ? body['id'] : undefined;
  return typeof id === 'string' && id.toLowerCase() !== call.id;
};

/** A mistake that follows from a gate and a value alone. What the value needs to be served besides is served. */
export function overlooking(overlooked: Overlooked, breaks: readonly string[] = []): Fault {
  const { gate, dimension, value } = overlooked;
  const concerned = causes[gate] ?? [];
  const parts = partsOf(overlooked);
  const tests = Array.from(parts, ([name, part]) => {
    const reader = readers[name];
    if (!reader) throw new Error(`the embedded target knows no dimension ${name}`);
    return (read: Read): boolean => reader(part, read);
  });
  const [spelling, body] = [parts.get('address'), parts.get('body')];
  return {
    id: idOfOverlooked(overlooked),
    sentence: `Does not look at ${gate} where ${dimension} is ${value}.`,
    breaks,
    derived: true,
    override: (seams) => {
      const bodyOf = readingOnce(seams.readBody);
      const readOf = async (call: Call): Promise<Read> => {
        const bytes = await bodyOf(call);
        return { call, bytes: typeof bytes === 'string' ? Buffer.alloc(0) : bytes, seams };
      };
      return {
        readBody: bodyOf,
        ...(spelling !== undefined && {
          rawPath: (target) => {
            const path = seams.rawPath(target);
            return path.includes('/identityGovernance/') ? served(spelling, path, collectionIn(path)) : path;
          },
        }),
        ...(parts.has('media-type') && { acceptsMediaType: () => true }),
        ...(body !== undefined && {
          checkBody: (parsed, call) => {
            const isTaken = parsed.present ? isEmptyObject(parsed.value) : body === 'absent';
            return isTaken ? null : seams.checkBody(parsed, call);
          },
        }),
        overlooks: async (cause, call) => {
          if (!concerned.includes(cause)) return seams.overlooks(cause, call);
          const read = await readOf(call);
          if (cause === 'unacceptableBody' && isForeignId(read) !== (gate === 'body-id')) return false;
          if (!tests.every((test) => test(read))) return false;
          letPass(gate, call);
          return true;
        },
      };
    },
  };
}

const isEmptyObject = (value: unknown): boolean => isJsonObject(value) && Object.keys(value).length === 0;

/** The documented collection of a path: v1.0 has one name, beta the other. */
const collectionIn = (path: string): string =>
  path.startsWith('/v1.0/') ? 'assignmentRequests' : 'accessPackageAssignmentRequests';

/** Fills in what the gate would have learnt: nobody is taken for an administrator, a lacking permission for the right one. */
function letPass(gate: string, call: Call): void {
  const permissions = call.edition.permissions.administrator;
  const administrator = findPersona('administrator');
  if (gate === 'credentials' && administrator) {
    const claims = claimsOf(administrator, call.edition, { nowS: Math.floor(Date.now() / 1000) });
    call.caller = { claims, userId: administrator.userId, permissions, administrator: true };
  }
  if (gate === 'permission' && call.caller) call.caller = { ...call.caller, permissions };
}

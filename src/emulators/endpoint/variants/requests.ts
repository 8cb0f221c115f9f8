import type { Variant } from '../alterations.js';
import { refusingWith } from '../alterations.js';
import { isJsonObject } from '../defaults/body.js';
import { isDecided } from '../faults/authentication.js';
import { served } from '../faults/overlooked.js';
import type { AdmittedCall, ParsedBody, Seams } from '../seams.js';

/** A service that refuses bodies of one kind beyond those that it must refuse. */
function refusing(isRefused: (body: ParsedBody, call: AdmittedCall) => boolean): Variant['override'] {
  return (seams) => ({
    checkBody: (body, call) => (isRefused(body, call) ? 'unacceptableBody' : seams.checkBody(body, call)),
  });
}

/** A service that asks its gates in another order. */
const inOrder =
  (order: Seams['order']): Variant['override'] =>
  () => ({ order });

const membersOf = (body: ParsedBody): Readonly<Record<string, unknown>> =>
  body.present && isJsonObject(body.value) ? body.value : {};

/** The status that a body names. */
const statusIn = (body: ParsedBody, { edition }: AdmittedCall): unknown =>
  membersOf(body)[edition.resource.statusMember];

const half = 512 * 1024;

/** Freedoms in what is accepted beyond, and refused besides, what the rows speak of. */
export const requestVariants: readonly Variant[] = [
  {
    id: 'members-demanded-from-administrators',
    touches: ['C-2', 'CANCEL-BODY-018', 'CANCEL-BODY-019'],
    sentence: 'Demands id and status from administrators as from everybody else.',
    override: (seams) => ({
      checkBody: (body, call) => seams.checkBody(body, { ...call, caller: { ...call.caller, administrator: false } }),
    }),
  },
  {
    id: 'bodies-of-administrators-unread',
    touches: ['C-2', 'CANCEL-BODY-018', 'CANCEL-BODY-019'],
    sentence: 'Does not look at the bodies of administrators.',
    override: (seams) => ({
      parseBody: (bytes, call) => (call.caller.administrator ? { present: false } : seams.parseBody(bytes, call)),
    }),
  },
  {
    id: 'unknown-members-refused',
    touches: ['CANCEL-BODY-013'],
    sentence: 'Refuses members that the resource does not have.',
    override: (seams) => ({
      ...refusing((body, { request, edition }) =>
        Object.keys(membersOf(body)).some((name) => !(name in seams.represent(request, edition))),
      )(seams),
    }),
  },
  {
    id: 'status-value-compared-with-case',
    touches: ['C-4', 'CANCEL-BODY-014'],
    sentence: 'Refuses another casing of cancelled in the body.',
    override: refusing((body, call) => {
      const status = statusIn(body, call);
      return typeof status === 'string' && status !== status.toLowerCase();
    }),
  },
  {
    id: 'one-l-accepted',
    touches: ['C-5', 'CANCEL-BODY-015'],
    sentence: 'Accepts canceled in the body, as the resource spells it.',
    override: (seams) => ({
      checkBody: (body, call) => {
        if (statusIn(body, call) !== 'canceled') return seams.checkBody(body, call);
        const { statusMember } = call.edition.resource;
        const value = { ...membersOf(body), [statusMember]: call.edition.body.cancelledLiteral };
        return seams.checkBody({ present: true, value }, call);
      },
    }),
  },
  {
    id: 'body-without-media-type-refused',
    touches: ['C-12', 'CANCEL-BODY-016'],
    sentence: 'Refuses a body without Content-Type.',
    override: (seams) => ({
      acceptsMediaType: (contentType) => contentType !== undefined && seams.acceptsMediaType(contentType),
    }),
  },
  {
    id: 'media-type-ignored',
    touches: ['C-12', 'CANCEL-BODY-017'],
    sentence: 'Reads a body as JSON whatever its Content-Type says.',
    override: () => ({ acceptsMediaType: () => true }),
  },
  {
    id: 'both-collections-served',
    touches: ['C-7'],
    sentence: 'Serves the collection segment of later editions beside that of 2021.',
    needs: { readings: { 'C-7': 'assignmentRequests' } },
    override: (seams) => ({
      locate: (path, edition) =>
        seams.locate(path, { ...edition, collections: ['accessPackageAssignmentRequests', 'assignmentRequests'] }),
    }),
  },
  {
    id: 'body-checked-before-owner',
    touches: ['CANCEL-PERM-003', 'CANCEL-BODY-001'],
    sentence: 'Looks at the body before it asks whose request it is.',
    override: inOrder([
      'authentication',
      'accountKind',
      'permission',
      'id',
      'existence',
      'body',
      'ownership',
      'status',
    ]),
  },
  {
    id: 'status-checked-before-body',
    touches: ['CANCEL-STATE-006', 'CANCEL-BODY-001'],
    sentence: 'Looks at the status before it reads the body, and again before it writes.',
    override: inOrder([
      'authentication',
      'accountKind',
      'permission',
      'id',
      'existence',
      'ownership',
      'status',
      'body',
      'status',
    ]),
  },
  {
    id: 'status-asked-before-the-caller',
    touches: ['CANCEL-AUTH-014', 'CANCEL-PERM-012', 'CANCEL-STATE-006'],
    sentence: 'Refuses a cancel of what can be cancelled no more before it asks who calls.',
    override: (seams) => ({
      intercept: (call) =>
        call.method === 'POST' && call.address.kind === 'action' && isDecided(call, seams)
          ? 'notCancellable'
          : seams.intercept(call),
    }),
  },
  {
    id: 'request-found-before-permission',
    touches: ['CANCEL-PERM-006', 'CANCEL-ADDR-001'],
    sentence: 'Looks for the request before it asks what the caller may do.',
    override: inOrder([
      'authentication',
      'id',
      'existence',
      'accountKind',
      'permission',
      'ownership',
      'body',
      'status',
    ]),
  },
  {
    id: 'trailing-slash-and-capitals-served',
    touches: ['CANCEL-ADDR-012', 'CANCEL-ADDR-013', 'C-13'],
    sentence: 'Serves the action with a trailing slash and in any case.',
    override: (seams) => ({
      rawPath: (target) => seams.rawPath(target).replace(/(?<=\/cancel)\/$/i, ''),
      namesAction: (segment) => seams.namesAction(segment.toLowerCase()),
    }),
  },
  {
    id: 'keys-in-parentheses-and-doubled-slashes-served',
    touches: ['CANCEL-ADDR-015'],
    sentence: 'Serves the action with its key in parentheses, and with a slash too many.',
    override: (seams) => ({
      rawPath: (target) =>
        ['key-in-parentheses', 'doubled-slash'].reduce((path, value) => served(value, path, ''), seams.rawPath(target)),
    }),
  },
  {
    id: 'parameter-of-the-action-left-out',
    touches: ['CANCEL-ADDR-015'],
    sentence: 'Serves the action with a parameter behind it, as servers do that take these away.',
    override: (seams) => ({ rawPath: (target) => served('action-with-parameter', seams.rawPath(target), '') }),
  },
  {
    id: 'suffix-and-dot-segment-left-out',
    touches: ['CANCEL-ADDR-015'],
    sentence: 'Serves the action with the suffix of a format, and with a dot segment in its address.',
    override: (seams) => ({
      rawPath: (target) =>
        ['action-with-suffix', 'dot-segment'].reduce((path, value) => served(value, path, ''), seams.rawPath(target)),
    }),
  },
  {
    id: 'qualified-name-unknown',
    touches: ['CANCEL-ADDR-014'],
    sentence: 'Does not know the namespace-qualified name of the action.',
    override: () => ({ namesAction: (segment) => segment === 'cancel' }),
  },
  {
    id: 'large-body-413',
    touches: ['CANCEL-ROBUST-001'],
    sentence: 'Refuses a body above 512 KiB with 413.',
    override: (seams) => ({
      readBody: async (call) => {
        const bytes = await seams.readBody(call);
        return bytes.length > half ? 'bodyTooLarge' : bytes;
      },
    }),
  },
  {
    id: 'large-body-hung-up-on',
    touches: ['CANCEL-ROBUST-001'],
    sentence: 'Ends the connection on a body above 512 KiB.',
    override: (seams) => ({
      readBody: (call) => {
        if (Number(call.headers['content-length'] ?? 0) <= half) return seams.readBody(call);
        call.incoming.destroy();
        return 'bodyTooLarge';
      },
    }),
  },
  {
    id: 'deep-nesting-refused',
    touches: ['CANCEL-ROBUST-002'],
    sentence: 'Refuses deeply nested JSON.',
    override: (seams) => ({
      parseBody: (bytes, call) => (bytes.includes('['.repeat(100)) ? 'malformedBody' : seams.parseBody(bytes, call)),
    }),
  },
  {
    id: 'invalid-utf8-replaced',
    touches: ['CANCEL-ROBUST-003'],
    sentence: 'Reads what is not valid UTF-8 as replacement characters.',
    override: (seams) => ({ parseBody: (bytes, call) => seams.parseBody(Buffer.from(bytes.toString('utf8')), call) }),
  },
  {
    id: 'first-duplicate-counts',
    touches: ['CANCEL-ROBUST-004'],
    sentence: 'Takes the first of two members of the same name, and so accepts the body.',
    // One that stands last behind others is the second one: no client writes its id there.
    override: (seams) => ({
      parseBody: (bytes, call) =>
        seams.parseBody(
          Buffer.from(bytes.toString('latin1').replace(/(?<="id":.*),"id":"[^"]{36}"}$/s, '}'), 'latin1'),
          call,
        ),
    }),
  },
  {
    id: 'overlong-id-414',
    touches: ['CANCEL-ROBUST-005'],
    sentence: 'Answers an address of more than 2,000 characters with 414.',
    override: (seams) => ({
      parseId: (segment) => seams.parseId(segment),
      describeRefusal: (cause, call) => {
        const refusal = seams.describeRefusal(cause, call);
        return call.target.length > 2000 ? { ...refusal, status: 414, code: 'UriTooLong' } : refusal;
      },
    }),
  },
  {
    id: 'unreadable-body-unsupported',
    touches: ['CANCEL-BODY-010', 'CANCEL-ROBUST-003'],
    sentence: 'Answers a body that is not JSON with 415.',
    override: refusingWith({ status: 415 }, ['malformedBody']),
  },
];

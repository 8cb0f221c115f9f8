import { alteringAnswers, refusingWith, type Fault } from '../alterations.js';
import type { AdmittedCall, Seams } from '../seams.js';
import { withoutHeader } from '../wire.js';

/** The action served for one more method, for which no body is asked. */
function methodCancels(method: string, requirement: string): Fault {
  return {
    id: `${method.toLowerCase()}-cancels`,
    breaks: [requirement, 'CANCEL-ADDR-008'],
    sentence: `Cancels on ${method} as on POST.`,
    override: (seams) => ({
      allowedMethods: (address) =>
        address.kind === 'action' ? [...seams.allowedMethods(address), method] : seams.allowedMethods(address),
      checkBody: (body, call) => (call.method === method ? null : seams.checkBody(body, call)),
    }),
  };
}

const guidBetweenSeparators = /(?<=^|[\\/])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?=$|[\\/])/gi;

/** Percent-decoded, or as it is when it cannot be decoded. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const byOtherMethods = [
  'CANCEL-ADDR-003',
  'CANCEL-ADDR-004',
  'CANCEL-ADDR-005',
  'CANCEL-ADDR-006',
  'CANCEL-ADDR-007',
] as const;

/** What a call of another method does to the request that it names before it is refused. */
function refusedButDone(
  methods: readonly string[],
  effect: (call: AdmittedCall, seams: Seams) => void,
): Fault['override'] {
  return (seams) => ({
    intercept: (call) => {
      const id = call.address.kind === 'action' && methods.includes(call.method) ? call.address.idSegment : '';
      call.request = call.store.get(id);
      if (call.request !== null) effect(call as AdmittedCall, seams);
      return seams.intercept(call);
    },
  });
}

/** Faults about the address: ids, methods, and spellings of the path. */
export const addressFaults: readonly Fault[] = [
  {
    id: 'removed-request-remembered',
    breaks: ['CANCEL-ADDR-001'],
    sentence: 'Finds a request that was removed in a cache that nobody told of it, and says that it is cancelled.',
    override: (seams) => ({
      findRequest: (id, call) => seams.findRequest(id, call) ?? call.store.deleted(id),
      overlooks: (cause, call) => (cause === 'unknownId' && call.request !== null) || seams.overlooks(cause, call),
      applyCancel: (record, call) => (call.store.get(record.id) === null ? null : seams.applyCancel(record, call)),
    }),
  },
  {
    id: 'unknown-id-crashes',
    breaks: ['CANCEL-ADDR-001'],
    sentence: 'Fails with a server error when no request has the id.',
    override: (seams) => ({
      findRequest: (id, call) => {
        const request = seams.findRequest(id, call);
        if (request === null) throw new TypeError('cannot read the status of nothing');
        return request;
      },
    }),
  },
  {
    id: 'unknown-id-answered-with-success',
    breaks: ['CANCEL-ADDR-001'],
    sentence: 'Reports success for an id that no request has, since nothing is left to cancel.',
    override: alteringAnswers(
      ({ outcome }) => outcome === 'unknownId',
      (answer) => withoutHeader({ ...answer, status: 204, content: '' }, 'Content-Type'),
    ),
  },
  {
    id: 'malformed-id-unprocessable',
    breaks: ['CANCEL-ADDR-002'],
    sentence: 'Answers an id that cannot be one with 422.',
    override: refusingWith({ status: 422 }, ['malformedId']),
  },
  {
    id: 'malformed-id-crashes',
    breaks: ['CANCEL-ADDR-002', 'CANCEL-ROBUST-005'],
    sentence: 'Fails with a server error on an id that cannot be one.',
    override: (seams) => ({
      parseId: (segment) => {
        const id = seams.parseId(segment);
        if (id === null) throw new TypeError('the value is not a GUID');
        return id;
      },
    }),
  },
  {
    id: 'unknown-id-crashes-for-owner-check',
    breaks: ['CANCEL-ADDR-001'],
    sentence: 'Asks whose request it is before it knows that there is one, and fails for everybody but administrators.',
    override: (seams) => ({
      findRequest: (id, call) => {
        const request = seams.findRequest(id, call);
        if (request === null && call.caller?.administrator === false) throw new TypeError('no requestor of nothing');
        return request;
      },
    }),
  },
  {
    id: 'id-found-by-prefix',
    breaks: ['CANCEL-ADDR-002'],
    sentence: 'Finds a request by the beginning of its id.',
    override: () => ({
      parseId: (segment) => segment.toLowerCase(),
      findRequest: (id, call) => call.store.all().findLast((request) => request.id.startsWith(id)) ?? null,
    }),
  },
  {
    id: 'every-method-cancels',
    breaks: [...byOtherMethods, 'CANCEL-ADDR-008'],
    sentence: 'Routes by the path alone: every method cancels.',
    override: (seams) => ({
      allowedMethods: (address) =>
        address.kind === 'action' ? ['POST', 'GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'] : seams.allowedMethods(address),
    }),
  },
  {
    id: 'method-checked-after-cancel',
    breaks: byOtherMethods,
    sentence: 'Cancels first and answers 405 then.',
    override: refusedButDone(['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'], (call, seams) => {
      call.store.put(seams.cancelledRecord(call.request, call));
    }),
  },
  {
    id: 'delete-removes-the-request',
    breaks: ['CANCEL-ADDR-007'],
    sentence: 'Takes DELETE on the action for DELETE on the request, and answers 404 from then on.',
    override: refusedButDone(['DELETE'], (call) => {
      call.store.delete(call.request.id);
    }),
  },
  {
    id: 'put-writes-the-status-of-the-body',
    breaks: ['CANCEL-ADDR-005', 'CANCEL-ADDR-006'],
    sentence: 'Takes PUT and PATCH on the action for an update of the request, and answers 405 once it is made.',
    override: refusedButDone(['PUT', 'PATCH'], (call) => {
      call.store.put({ ...call.request, status: call.edition.body.cancelledLiteral });
    }),
  },
  methodCancels('GET', 'CANCEL-ADDR-003'),
  methodCancels('HEAD', 'CANCEL-ADDR-004'),
  methodCancels('PUT', 'CANCEL-ADDR-005'),
  methodCancels('PATCH', 'CANCEL-ADDR-006'),
  methodCancels('DELETE', 'CANCEL-ADDR-007'),
  {
    id: 'other-methods-bad-request',
    breaks: ['CANCEL-ADDR-008'],
    sentence: 'Answers methods other than POST with 400.',
    override: refusingWith({ status: 400 }, ['methodNotAllowed']),
  },
  {
    id: 'method-not-allowed-without-allow',
    breaks: ['CANCEL-ADDR-009'],
    sentence: 'Sends 405 without Allow.',
    override: (seams) => ({ decorate: (answer, call) => withoutHeader(seams.decorate(answer, call), 'Allow') }),
  },
  {
    id: 'allow-only-for-reading-methods',
    breaks: ['CANCEL-ADDR-009'],
    sentence: 'Sends Allow with a 405 to GET and HEAD, and leaves it out for the methods that write.',
    override: alteringAnswers(
      ({ outcome }) => outcome === 'methodNotAllowed',
      (answer, call) => (/^(GET|HEAD)$/.test(call.method) ? answer : withoutHeader(answer, 'Allow')),
    ),
  },
  {
    id: 'route-matched-at-its-beginning',
    breaks: ['CANCEL-ADDR-010'],
    sentence: 'Decodes the path before it routes, and serves what merely begins like the action.',
    override: (seams) => ({
      rawPath: (target) => decoded(seams.rawPath(target)).replace(/(\/cancel)\/[^]*$/, '$1'),
    }),
  },
  {
    id: 'path-normalised-after-decoding',
    breaks: ['CANCEL-ADDR-011'],
    sentence: 'Decodes the whole path and then resolves its dot segments, as some gateways do.',
    override: (seams) => ({
      rawPath: (target) => new URL(decoded(seams.rawPath(target)), 'http://localhost/').pathname,
    }),
  },
  {
    id: 'encoded-separator-decoded',
    breaks: ['CANCEL-ADDR-010'],
    sentence: 'Decodes the id and takes the last part between separators that looks like one.',
    override: (seams) => ({
      parseId: (segment) => {
        const text = decoded(segment);
        // Dot segments are another mistake, which this service does not make.
        return seams.parseId((text.includes('..') ? undefined : text.match(guidBetweenSeparators)?.at(-1)) ?? segment);
      },
    }),
  },
  {
    id: 'encoded-dot-segments-resolved',
    breaks: ['CANCEL-ADDR-011'],
    sentence: 'Decodes the id and resolves the dot segments that come to light.',
    override: (seams) => ({
      parseId: (segment) => {
        const text = decoded(decoded(segment));
        const resolved = text.includes('..') ? new URL(text, 'http://localhost/').pathname.slice(1) : segment;
        return seams.parseId(resolved.match(guidBetweenSeparators)?.at(-1) ?? resolved);
      },
    }),
  },
];

import { alteringAnswers, type Fault } from '../alterations.js';
import type { RefusalCause } from '../refusals.js';
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

/** Another status for one cause. */
function answeredWith(status: number, wanted: RefusalCause): Fault['override'] {
  return (seams) => ({
    describeRefusal: (cause, call) => ({
      ...seams.describeRefusal(cause, call),
      ...(cause === wanted ? { status } : {}),
    }),
  });
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

/** Faults about the address: ids, methods, and spellings of the path. */
export const addressFaults: readonly Fault[] = [
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
    override: answeredWith(422, 'malformedId'),
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
  methodCancels('GET', 'CANCEL-ADDR-003'),
  methodCancels('HEAD', 'CANCEL-ADDR-004'),
  methodCancels('PUT', 'CANCEL-ADDR-005'),
  methodCancels('PATCH', 'CANCEL-ADDR-006'),
  methodCancels('DELETE', 'CANCEL-ADDR-007'),
  {
    id: 'other-methods-bad-request',
    breaks: ['CANCEL-ADDR-008'],
    sentence: 'Answers methods other than POST with 400.',
    override: answeredWith(400, 'methodNotAllowed'),
  },
  {
    id: 'method-not-allowed-without-allow',
    breaks: ['CANCEL-ADDR-009'],
    sentence: 'Sends 405 without Allow.',
    override: (seams) => ({ decorate: (answer, call) => withoutHeader(seams.decorate(answer, call), 'Allow') }),
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

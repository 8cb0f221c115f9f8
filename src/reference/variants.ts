import { alteringError, type Members, type Variant } from './alterations.js';
import { refusalTerms, type RefusalCause } from './refusals.js';
import { camelCase, pascalCase } from './resource.js';
import type { Refusal } from './seams.js';
import { withHeader } from './wire.js';

/** Other terms for some causes of refusal. */
function refusingWith(terms: Partial<Refusal>, causes: readonly RefusalCause[]): Variant['override'] {
  return (seams) => ({
    describeRefusal: (cause, call) => ({
      ...seams.describeRefusal(cause, call),
      ...(causes.includes(cause) ? terms : {}),
    }),
  });
}

/** Other spellings of the resource's state and status. */
function spelling(change: (value: string) => string): Variant['override'] {
  return (seams) => ({
    represent: (request, edition) => {
      const resource = seams.represent(request, edition);
      const { stateMember, statusMember } = edition.resource;
      return {
        ...resource,
        [stateMember]: change(String(resource[stateMember])),
        [statusMember]: change(String(resource[statusMember])),
      };
    },
  });
}

/** Everything but `kept` null, and a member that no edition knows. */
function sparse(resource: Members, kept: readonly string[]): Members {
  const members = Object.entries(resource).map(([name, value]) => [name, kept.includes(name) ? value : null]);
  return { ...(Object.fromEntries(members) as Members), '@odata.etag': 'W/"1"', reviewOutlook: { score: 3, tags: [] } };
}

/** Behaviours that the contract leaves open. All of them conform. */
export const variants: readonly Variant[] = [
  {
    id: 'success-200',
    touches: ['C-1'],
    sentence: 'Answers a cancel with 200 and no content.',
    override: (seams) => ({ success: (call) => ({ ...seams.success(call), status: 200 }) }),
  },
  {
    id: 'success-200-chunked-empty',
    touches: ['C-1'],
    sentence: 'Answers a cancel with 200 and a chunked body of no chunks.',
    override: (seams) => ({ success: (call) => ({ ...seams.success(call), status: 200, framing: 'chunked' }) }),
  },
  {
    id: 'second-cancel-idempotent',
    touches: ['C-6'],
    sentence: 'Answers a cancel of a cancelled request with success.',
    override: (seams) => ({
      isCancellable: (request, call) => request.status === 'cancelled' || seams.isCancellable(request, call),
      // Nothing is left to write, so the time of the first cancel stays.
      applyCancel: (record, call) => (call.request.status === 'cancelled' ? null : seams.applyCancel(record, call)),
    }),
  },
  {
    id: 'camel-case-statuses',
    touches: ['C-4'],
    sentence: 'Shows state and status in the camelCase of the page.',
    override: spelling(camelCase),
  },
  {
    id: 'pascal-case-control-statuses',
    touches: ['C-4'],
    sentence: 'Reads statuses back through the control protocol in PascalCase.',
    override: (seams) => ({ controlStatus: (request) => pascalCase(seams.controlStatus(request)) }),
  },
  {
    id: 'cancelled-with-two-l',
    touches: ['C-5'],
    sentence: 'Shows the status of a cancelled request as Cancelled.',
    override: spelling((value) => value.replace(/^(c)anceled$/i, '$1ancelled')),
  },
  {
    id: 'unknown-id-403',
    touches: ['C-8'],
    sentence: 'Answers an unknown id as if it were the request of somebody else.',
    override: refusingWith(refusalTerms.notOwner, ['unknownId']),
  },
  {
    id: 'foreign-request-404',
    touches: ['C-8'],
    sentence: 'Hides requests of other users: they are answered like unknown ids.',
    override: refusingWith(refusalTerms.unknownId, ['notOwner']),
  },
  {
    id: 'state-conflict-409',
    touches: ['CANCEL-STATE-006', 'CANCEL-STATE-007', 'CANCEL-STATE-008', 'CANCEL-STATE-009', 'C-6'],
    sentence: 'Refuses a status that cannot be cancelled with 409.',
    override: refusingWith({ status: 409, code: 'Conflict' }, ['notCancellable', 'alreadyCancelled']),
  },
  {
    id: 'extra-members-and-null-members',
    touches: ['CANCEL-EFFECT-004', 'CANCEL-ERR-001'],
    sentence: 'Adds members that nobody documented to resource and error, and shows null for all that may be null.',
    override: (seams) => ({
      represent: (request, edition) => {
        const { stateMember, statusMember } = edition.resource;
        return sparse(seams.represent(request, edition), ['id', stateMember, statusMember]);
      },
      ...alteringError((error) => ({ ...error, target: null, details: [], traceMode: 'off' }))(seams),
    }),
  },
  {
    id: 'connection-close',
    touches: ['CANCEL-RESP-003'],
    sentence: 'Closes the connection after every answer.',
    override: (seams) => ({
      decorate: (answer, call) => withHeader(seams.decorate(answer, call), 'Connection', 'close'),
    }),
  },
  {
    id: 'innererror-lower-case',
    touches: ['CANCEL-ERR-005'],
    sentence: 'Spells innerError as innererror.',
    override: alteringError(({ innerError, ...error }) => ({ ...error, innererror: innerError })),
  },
];

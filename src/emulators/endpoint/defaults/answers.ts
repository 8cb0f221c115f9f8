import type { HeaderPair } from '../../../engine/evidence/records.js';
import { refusalTerms } from '../refusals.js';
import { represent } from '../resource.js';
import type { Answer, Call, Refusal, Seams } from '../seams.js';
import { withHeader } from '../wire.js';

type AnswerSeams = Pick<
  Seams,
  'success' | 'describeRefusal' | 'errorBody' | 'refusalHeaders' | 'decorate' | 'represent' | 'controlStatus'
>;

/** As recorded of the service: whatever is wrong with the credentials, the challenge is this one. */
export const challenge =
  'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"';
const diagnostic = JSON.stringify({
  ServerInfo: { DataCenter: 'Loopback', Slice: 'E', Ring: '0', ScaleUnit: '000', RoleInstance: 'REFERENCE' },
});

/** RFC 9110 sections 11.6.1 and 10.2.1. */
function refusalHeaders({ status }: Refusal, allowed: readonly string[]): readonly HeaderPair[] {
  if (status === 405) return [['Allow', allowed.join(', ')]];
  if (status !== 401) return [];
  return [['WWW-Authenticate', challenge]];
}

function errorBody({ code, message }: Refusal, call: Call): unknown {
  return {
    error: {
      code,
      message,
      innerError: {
        // Without a zone, as the service writes it.
        date: new Date().toISOString().slice(0, 19),
        'request-id': call.requestId,
        'client-request-id': call.clientRequestId,
      },
    },
  };
}

function decorate(answer: Answer, call: Call): Answer {
  const common: readonly HeaderPair[] = [
    ['Cache-Control', 'no-store'],
    ['Strict-Transport-Security', 'max-age=31536000'],
    ['request-id', call.requestId],
    ['client-request-id', call.clientRequestId],
    ['x-ms-ags-diagnostic', diagnostic],
    ['Date', new Date().toUTCString()],
  ];
  return common.reduce((decorated, [name, value]) => withHeader(decorated, name, value), answer);
}

/** What is said: for a success what the example of the edition's page shows, the error resource for a refusal. */
export const answerSeams: AnswerSeams = {
  success: ({ edition: { success } }) => ({
    outcome: 'cancelled',
    status: success.exampleStatus,
    headers: [],
    content: '',
    framing: 'length',
  }),
  describeRefusal: (cause) => ({ cause, ...refusalTerms[cause] }),
  errorBody,
  refusalHeaders,
  decorate,
  represent,
  controlStatus: (request) => request.status,
};

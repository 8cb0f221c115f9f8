import { alteringSuccess, type Fault } from '../alterations.js';
import { withHeader, withoutHeader } from '../wire.js';

/** Faults about the answer to a cancel that took place. */
export const successFaults: readonly Fault[] = [
  {
    id: 'success-202',
    breaks: ['CANCEL-RESP-001'],
    sentence: 'Answers a cancel with 202.',
    override: alteringSuccess((answer) => ({ ...answer, status: 202 })),
  },
  {
    id: 'success-205',
    breaks: ['CANCEL-RESP-001'],
    sentence: 'Answers a cancel with 205, as pages with forms do.',
    override: alteringSuccess((answer) => ({ ...answer, status: 205 })),
  },
  {
    id: 'accepted-for-later-from-requestors',
    breaks: ['CANCEL-RESP-001', 'CANCEL-RESP-002'],
    sentence: 'Answers requestors with 202 and administrators with 204.',
    override: alteringSuccess((answer, call) => ({ ...answer, status: call.caller?.administrator ? 204 : 202 })),
  },
  {
    id: 'success-status-by-state',
    breaks: ['CANCEL-RESP-002'],
    sentence: 'Answers with 200 for requests that wait for their start, and with 204 for all others.',
    override: alteringSuccess((answer, { request }) => ({
      ...answer,
      status: request?.status === 'pendingNotBefore' ? 200 : 204,
    })),
  },
  {
    id: 'content-for-requestors',
    breaks: ['CANCEL-RESP-003'],
    sentence: 'Answers requestors with an empty object, and administrators with nothing.',
    override: alteringSuccess((answer, call) => ({
      ...answer,
      status: 200,
      content: call.caller?.administrator ? '' : '{}',
    })),
  },
  {
    id: 'null-on-success',
    breaks: ['CANCEL-RESP-003'],
    sentence: 'Answers a cancel with 200 and the JSON value null.',
    override: alteringSuccess((answer) =>
      withHeader({ ...answer, status: 200, content: 'null' }, 'Content-Type', 'application/json'),
    ),
  },
  {
    id: 'content-length-for-requestors',
    breaks: ['CANCEL-RESP-004'],
    sentence: 'Sends requestors through another gateway, which adds Content-Length to a 204.',
    override: alteringSuccess((answer, call) =>
      call.caller?.administrator
        ? { ...answer, status: 204 }
        : withHeader({ ...answer, status: 204, framing: 'length' }, 'Content-Length', '0'),
    ),
  },
  {
    id: 'last-chunk-after-no-content',
    breaks: ['CANCEL-RESP-005'],
    sentence: 'Ends a 204 with the last chunk of a chunked body.',
    override: alteringSuccess((answer) => ({
      ...withHeader({ ...answer, status: 204, content: '0\r\n\r\n' }, 'Transfer-Encoding', 'chunked'),
      framing: 'raw',
    })),
  },
  {
    id: 'mixed-success-status',
    breaks: ['CANCEL-RESP-002'],
    // Where nobody but administrators is served, all answers are 200.
    harmlessOver: ['role-demanded-for-own'],
    sentence: 'Answers administrators with 200 and everybody else with 204.',
    override: alteringSuccess((answer, call) => ({ ...answer, status: call.caller?.administrator ? 200 : 204 })),
  },
  {
    id: 'request-returned-on-success',
    breaks: ['CANCEL-RESP-003'],
    sentence: 'Answers a cancel with 200 and the cancelled request.',
    override: (seams) => ({
      success: (call) => {
        const request = call.store.get(call.request.id) ?? call.request;
        return {
          ...seams.success(call),
          status: 200,
          headers: [['Content-Type', 'application/json']],
          content: JSON.stringify(seams.represent(request, call.edition)),
        };
      },
    }),
  },
  {
    id: 'no-content-with-content-length',
    breaks: ['CANCEL-RESP-004'],
    sentence: 'Sends a Content-Length header with 204.',
    // Without chunks, whatever else the target does: both at once are no HTTP, and told as that.
    override: alteringSuccess((answer) =>
      withHeader({ ...answer, status: 204, framing: 'length' }, 'Content-Length', '0'),
    ),
  },
  {
    id: 'content-after-no-content',
    breaks: ['CANCEL-RESP-005'],
    sentence: 'Lets content follow the head of a 204.',
    override: alteringSuccess((answer) => ({ ...answer, status: 204, content: '{}', framing: 'raw' })),
  },
  {
    id: 'success-without-request-id',
    breaks: ['CANCEL-RESP-006'],
    sentence: 'Leaves request-id out of a success.',
    override: alteringSuccess((answer) => withoutHeader(answer, 'request-id')),
  },
  {
    id: 'client-request-id-replaced',
    breaks: ['CANCEL-RESP-007'],
    sentence: 'Answers with a client-request-id of its own.',
    override: alteringSuccess((answer, call) => withHeader(answer, 'client-request-id', call.requestId)),
  },
];

import { alteringAnswers, alteringError, type Fault, type Members } from '../alterations.js';
import type { Answer, Call, Refusal } from '../seams.js';
import { withHeader, withoutHeader } from '../wire.js';

const isRefusal = ({ status }: Answer): boolean => status >= 400;

/** A service whose messages tell more than they should. */
function telling(addition: (call: Call) => string): Fault['override'] {
  return (seams) => ({
    describeRefusal: (cause, call): Refusal => {
      const refusal = seams.describeRefusal(cause, call);
      return { ...refusal, message: refusal.message + addition(call) };
    },
  });
}

const errorMembers = ['CANCEL-ERR-001', 'CANCEL-ERR-002', 'CANCEL-ERR-003'] as const;

/** The page of a gateway in the place of the service's answer. */
function htmlPage(answer: Answer): Answer {
  const content = `<html><head><title>${answer.status}</title></head><body><h1>Error</h1></body></html>`;
  return withHeader({ ...answer, content }, 'Content-Type', 'text/html');
}

/** Frames as Node prints them, of modules that do not exist. */
const stackTrace = `
    at CancelHandler.handle (<anonymous>:118:23)
    at Router.dispatch (<anonymous>:64:17)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`;

/** Faults about the body and the headers of refusals. */
export const errorFaults: readonly Fault[] = [
  {
    id: 'error-labelled-as-text',
    breaks: ['CANCEL-ERR-001'],
    sentence: 'Labels the error body as plain text.',
    override: alteringAnswers(isRefusal, (answer) => withHeader(answer, 'Content-Type', 'text/plain')),
  },
  {
    id: 'message-left-empty',
    breaks: ['CANCEL-ERR-010'],
    sentence: 'Leaves the message of a refusal empty.',
    override: alteringError((error) => ({ ...error, message: '' })),
  },
  {
    id: 'method-refused-by-framework',
    breaks: ['CANCEL-ERR-011'],
    sentence: 'Leaves the refusal of a method to its framework, which has a page for it.',
    override: alteringAnswers(({ status }) => status === 405, htmlPage),
  },
  {
    id: 'refusal-without-body',
    breaks: ['CANCEL-ERR-001'],
    sentence: 'Refuses with a bare status code.',
    override: alteringAnswers(isRefusal, (answer) => withoutHeader({ ...answer, content: '' }, 'Content-Type')),
  },
  {
    id: 'html-error-page',
    breaks: errorMembers,
    sentence: 'Leaves error pages to the gateway, which writes HTML.',
    override: alteringAnswers(isRefusal, htmlPage),
  },
  {
    id: 'html-page-for-unauthorized',
    breaks: errorMembers,
    sentence: 'Has a gateway in front which answers 401 itself, in HTML.',
    override: alteringAnswers(({ status }) => status === 401, htmlPage),
  },
  {
    id: 'error-as-plain-text',
    breaks: errorMembers,
    sentence: 'Answers a refusal with its message as plain text.',
    override: alteringAnswers(isRefusal, (answer) =>
      withHeader({ ...answer, content: 'The request could not be cancelled.' }, 'Content-Type', 'text/plain'),
    ),
  },
  {
    id: 'error-not-wrapped',
    breaks: errorMembers,
    sentence: 'Puts code and message at the top of the body, without the error member around them.',
    override: (seams) => ({
      errorBody: (refusal, call) => (seams.errorBody(refusal, call) as { readonly error: Members }).error,
    }),
  },
  {
    id: 'problem-details-instead-of-error',
    breaks: errorMembers,
    sentence: 'Answers with the problem details of RFC 9457, as its framework does by itself.',
    override: (seams) => ({
      errorBody: ({ status, message }) => ({ type: 'about:blank', title: message, status }),
      ...alteringAnswers(isRefusal, (answer) => withHeader(answer, 'Content-Type', 'application/problem+json'))(seams),
    }),
  },
  {
    id: 'refusal-reported-with-200',
    breaks: ['CANCEL-STATE-006', 'CANCEL-PERM-003', 'CANCEL-AUTH-001', 'CANCEL-BODY-001', 'CANCEL-ADDR-001'],
    sentence: 'Answers every refusal with 200 and the error in the body.',
    override: alteringAnswers(isRefusal, (answer) => ({ ...answer, status: 200 })),
  },
  {
    id: 'error-code-missing',
    breaks: ['CANCEL-ERR-002'],
    sentence: 'Gives a message and no code.',
    override: alteringError(({ message, innerError }) => ({ message, innerError })),
  },
  {
    id: 'error-message-null',
    breaks: ['CANCEL-ERR-003'],
    sentence: 'Gives null for error.message where it has no text.',
    override: alteringError((error) => ({ ...error, message: null })),
  },
  {
    id: 'numeric-error-code',
    breaks: ['CANCEL-ERR-002'],
    sentence: 'Gives error.code as a number.',
    override: alteringError((error) => ({ ...error, code: 4001 })),
  },
  {
    id: 'error-message-as-object',
    breaks: ['CANCEL-ERR-003'],
    sentence: 'Gives error.message as an object with language and value, as OData 3 did.',
    override: alteringError((error) => ({ ...error, message: { lang: 'en-US', value: error['message'] } })),
  },
  {
    id: 'empty-error-code',
    breaks: ['CANCEL-ERR-004'],
    sentence: 'Leaves error.code empty.',
    override: alteringError((error) => ({ ...error, code: '' })),
  },
  {
    id: 'inner-error-missing',
    breaks: ['CANCEL-ERR-005'],
    sentence: 'Leaves innerError out.',
    override: alteringError(({ code, message }) => ({ code, message })),
  },
  {
    id: 'refusal-without-request-id',
    breaks: ['CANCEL-ERR-006'],
    sentence: 'Leaves the request-id header out of refusals.',
    override: alteringAnswers(isRefusal, (answer) => withoutHeader(answer, 'request-id')),
  },
  {
    id: 'stack-trace-in-message',
    breaks: ['CANCEL-ERR-007'],
    sentence: 'Puts a stack trace into error.message.',
    override: telling(() => stackTrace),
  },
  {
    id: 'stack-trace-in-inner-error',
    breaks: ['CANCEL-ERR-007'],
    sentence: 'Shows the stack trace of the exception in innerError, as .NET services do in development.',
    override: alteringError(({ innerError, ...error }) => ({
      ...error,
      innerError: {
        ...(innerError as Members),
        stacktrace:
          '   at Entitlement.Requests.CancelHandler.Handle(CancelCommand command)\r\n   at Entitlement.Api.Dispatch(HttpContext context)',
      },
    })),
  },
  {
    id: 'stack-trace-on-malformed-json',
    readsBody: true,
    breaks: ['CANCEL-ERR-007', 'CANCEL-ERR-008'],
    sentence: "Shows the parser's exception, with trace and files, for a body that is not JSON.",
    override: (seams) => ({
      describeRefusal: (cause, call) => {
        const refusal = seams.describeRefusal(cause, call);
        if (cause !== 'malformedBody') return refusal;
        const trace = 'SyntaxError: Unexpected end\n    at parse (/srv/entitlement/dist/body.js:12:34)';
        return { ...refusal, message: trace };
      },
    }),
  },
  {
    id: 'source-path-in-header',
    breaks: ['CANCEL-ERR-008'],
    sentence: 'Names the source file that refused in a header for developers.',
    override: alteringAnswers(isRefusal, (answer) =>
      withHeader(answer, 'X-Debug-Source', 'C:\\agent\\work\\entitlement\\CancelController.cs'),
    ),
  },
  {
    id: 'token-in-challenge',
    breaks: ['CANCEL-ERR-009'],
    sentence: 'Repeats a token that is not valid in WWW-Authenticate.',
    override: alteringAnswers(
      ({ outcome }) => outcome === 'invalidToken' || outcome === 'expiredToken',
      (answer, { headers }) => {
        const token = headers.authorization?.split(' ').at(-1) ?? '';
        return withHeader(answer, 'WWW-Authenticate', `Bearer error="invalid_token", error_description="${token}"`);
      },
    ),
  },
  {
    id: 'source-path-in-message',
    breaks: ['CANCEL-ERR-008'],
    sentence: 'Names the source file in error.message.',
    override: telling(() => ' Raised in /srv/entitlement/src/requests/cancel.ts, line 118.'),
  },
  {
    id: 'token-in-message',
    breaks: ['CANCEL-ERR-009'],
    sentence: 'Repeats the token that was sent in error.message.',
    override: telling(({ headers }) => ` Token: ${headers.authorization?.split(' ').at(-1) ?? 'none'}.`),
  },
];

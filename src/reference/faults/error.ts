import { alteringAnswers, alteringError, type Fault } from '../alterations.js';
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
    id: 'refusal-without-body',
    breaks: ['CANCEL-ERR-001'],
    sentence: 'Refuses with a bare status code.',
    override: alteringAnswers(isRefusal, (answer) => withoutHeader({ ...answer, content: '' }, 'Content-Type')),
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

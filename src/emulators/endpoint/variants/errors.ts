import { alteringAnswers, alteringError, type Members, type Variant } from '../alterations.js';
import type { Answer } from '../seams.js';
import { withHeader, withoutHeader } from '../wire.js';

const isRefusal = ({ status }: Answer): boolean => status >= 400;

const withMember =
  (name: string, value: unknown): ((error: Members) => Members) =>
  (error) => ({ ...error, [name]: value });

/** Freedoms in the error body and in the headers of a refusal. */
export const errorVariants: readonly Variant[] = [
  {
    id: 'innererror-lower-case',
    touches: ['CANCEL-ERR-005'],
    sentence: 'Spells innerError as innererror.',
    override: alteringError(({ innerError, ...error }) => ({ ...error, innererror: innerError })),
  },
  {
    id: 'empty-inner-error',
    touches: ['CANCEL-ERR-005'],
    sentence: 'Has an innerError without members.',
    override: alteringError(withMember('innerError', {})),
  },
  {
    id: 'error-with-null-members',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Gives null for target and details, and a member that nobody documented.',
    override: alteringError((error) => ({ ...error, target: null, details: null, traceMode: 'off' })),
  },
  {
    id: 'error-with-details',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Names a target and further errors behind the first one.',
    override: alteringError((error) => ({
      ...error,
      target: 'requestStatus',
      details: [{ code: 'Detail', message: 'More of it.', target: null }],
    })),
  },
  {
    id: 'error-beside-other-members',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Puts other members beside error at the top of the body.',
    override: (seams) => ({
      errorBody: (refusal, call) => ({
        '@odata.context': null,
        ...(seams.errorBody(refusal, call) as Members),
        correlationId: call.requestId,
      }),
    }),
  },
  {
    id: 'empty-message',
    touches: ['CANCEL-ERR-003', 'CANCEL-ERR-010'],
    sentence: 'Has nothing to say to people: the message is an empty text.',
    override: alteringError(withMember('message', '')),
  },
  {
    id: 'message-in-another-language',
    touches: ['CANCEL-ERR-003'],
    sentence: 'Speaks to people in another language and script.',
    override: alteringError(withMember('message', 'リクエストを取り消せません。\u2028Отказано.')),
  },
  {
    id: 'codes-of-its-own',
    touches: ['CANCEL-ERR-002'],
    sentence: 'Has error codes in camelCase, as the guidelines recommend, and not those of the service.',
    override: alteringError((error) => ({ ...error, code: 'cancel.refused' })),
  },
  {
    id: 'media-type-with-parameters',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Labels the error body with the parameters that OData gives to JSON.',
    override: alteringAnswers(isRefusal, (answer) =>
      withHeader(
        answer,
        'Content-Type',
        'application/json;odata.metadata=minimal;IEEE754Compatible=false;charset=UTF-8',
      ),
    ),
  },
  {
    id: 'structured-json-suffix',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Labels the error body with a media type of its own that ends in +json.',
    override: alteringAnswers(isRefusal, (answer) => withHeader(answer, 'Content-Type', 'Application/vnd.error+JSON')),
  },
  {
    id: 'error-without-media-type',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Does not label the error body.',
    override: alteringAnswers(isRefusal, (answer) => withoutHeader(answer, 'Content-Type')),
  },
  {
    id: 'indented-errors',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Indents the JSON of its errors and ends it with a line break.',
    override: alteringAnswers(isRefusal, (answer) => ({
      ...answer,
      content: `${JSON.stringify(JSON.parse(answer.content), null, 2)}\r\n`,
    })),
  },
  {
    id: 'several-challenges',
    touches: ['CANCEL-AUTH-007'],
    sentence: 'Offers several authentication schemes, in two header lines.',
    override: alteringAnswers(
      ({ status }) => status === 401,
      (answer) => ({ ...answer, headers: [['www-authenticate', 'Negotiate, PoP realm="x"'], ...answer.headers] }),
    ),
  },
  {
    id: 'bare-challenge',
    touches: ['CANCEL-AUTH-007'],
    sentence: 'Challenges with the name of the scheme and nothing else.',
    override: alteringAnswers(
      ({ status }) => status === 401,
      (answer) => withHeader(answer, 'WWW-Authenticate', 'Bearer'),
    ),
  },
  {
    id: 'allow-with-options',
    touches: ['CANCEL-ADDR-009'],
    sentence: 'Allows OPTIONS beside POST, in lower-case header lines of their own.',
    override: alteringAnswers(
      ({ status }) => status === 405,
      (answer) => ({ ...withHeader(answer, 'allow', 'POST'), headers: [...answer.headers, ['allow', 'OPTIONS']] }),
    ),
  },
];

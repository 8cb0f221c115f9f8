import { alteringAnswers, alteringSuccess, type Variant } from '../alterations.js';
import type { Answer, Call } from '../seams.js';
import { withHeader } from '../wire.js';

/** Something that stands in front and turns calls away before anything is asked of them, with words of its own. */
const turningAway = (status: number, concerns: (call: Call) => boolean): Variant['override'] => {
  return (seams) => ({
    intercept: (call) => (concerns(call) ? pageOf(status) : seams.intercept(call)),
  });
};

const pageOf = (status: number): Answer => ({
  outcome: 'malformedBody',
  status,
  headers: [['Content-Type', 'text/html']],
  content: '<!doctype html><title>Not served</title>',
  framing: 'length',
});

const takesPages = ({ headers }: Call): boolean => headers.accept?.startsWith('text/html,') === true;

/** Freedoms towards clients of other kinds, of which no document speaks. */
export const clientVariants: readonly Variant[] = [
  {
    id: 'cookie-set-with-each-answer',
    touches: [],
    sentence: 'Sets a cookie, as balancers do, and asks for a token all the same.',
    override: alteringAnswers(
      () => true,
      (answer) => withHeader(answer, 'Set-Cookie', 'ARRAffinity=instance-7; Path=/; HttpOnly'),
    ),
  },
  {
    id: 'foreign-origins-refused',
    touches: ['CANCEL-ROBUST-008'],
    sentence: 'Turns calls of pages of other sites away with 403.',
    override: turningAway(403, ({ headers }) => headers.origin !== undefined),
  },
  {
    id: 'pages-not-acceptable',
    touches: ['CANCEL-ROBUST-008'],
    sentence: 'Has no pages, and answers 406 to whoever takes them before all else.',
    override: turningAway(406, takesPages),
  },
  {
    id: 'program-must-say-its-name',
    touches: ['CANCEL-ROBUST-008'],
    sentence: 'Turns calls without User-Agent away with 400, as the firewalls of some services do.',
    override: turningAway(400, ({ headers }) => headers['user-agent'] === undefined),
  },
  {
    id: 'client-request-id-must-be-a-guid',
    touches: ['CANCEL-ROBUST-008', 'CANCEL-RESP-007'],
    sentence: 'Turns calls away with 400 whose client-request-id is there and is no GUID.',
    override: turningAway(
      400,
      ({ headers }) => !/^(?:[0-9a-f-]{36})?$/i.test(String(headers['client-request-id'] ?? '')),
    ),
  },
  {
    id: 'people-sent-to-sign-in',
    touches: ['CANCEL-AUTH-001'],
    sentence: 'Sends whoever takes pages and is not known to where people sign in.',
    override: alteringAnswers(
      ({ status }) => status === 401,
      (answer, call) =>
        takesPages(call) ? withHeader({ ...answer, status: 302 }, 'Location', 'https://login.example/') : answer,
    ),
  },
  {
    id: 'errors-as-pages-where-asked-for',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Shows its refusals as pages to whoever takes these before all else.',
    override: alteringAnswers(
      ({ status }) => status >= 400,
      (answer, call) =>
        takesPages(call)
          ? withHeader({ ...answer, content: pageOf(answer.status).content }, 'Content-Type', 'text/html')
          : answer,
    ),
  },
  {
    id: 'success-200-unless-little-is-asked',
    touches: ['C-1'],
    sentence: 'Answers a cancel with 200, and with 204 where the least is preferred.',
    override: alteringSuccess((answer, { headers }) =>
      headers['prefer'] === 'return=minimal'
        ? { ...withHeader(answer, 'Preference-Applied', 'return=minimal'), status: 204 }
        : { ...answer, status: 200 },
    ),
  },
];

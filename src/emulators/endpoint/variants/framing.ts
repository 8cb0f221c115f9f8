import { setTimeout as pause } from 'node:timers/promises';
import { alteringAnswers, type Alteration, type Variant } from '../alterations.js';
import type { Answer } from '../seams.js';
import { withHeader } from '../wire.js';

/** An override that changes every answer. */
const alteringAll = (change: (answer: Answer) => Answer): Alteration['override'] => alteringAnswers(() => true, change);

const hasContent = ({ content }: Answer): boolean => content !== '';

/** How long a slow answer takes, in milliseconds, and which call gets one. */
const slownessMs = 40;
const everyFifth = 5;

/** Freedoms of HTTP: framing, headers, connections, time. */
export const framingVariants: readonly Variant[] = [
  {
    id: 'connection-close',
    touches: ['CANCEL-RESP-003'],
    sentence: 'Closes the connection after every answer.',
    override: alteringAll((answer) => withHeader(answer, 'Connection', 'close')),
  },
  {
    id: 'answers-ended-by-the-connection',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Sends content without a length and ends it with the connection.',
    override: alteringAnswers(hasContent, (answer, { method }) =>
      method === 'HEAD' ? answer : { ...answer, framing: 'raw' },
    ),
  },
  {
    id: 'chunked-errors',
    touches: ['CANCEL-ERR-001'],
    sentence: 'Sends its errors in chunks.',
    override: alteringAll((answer) => (hasContent(answer) ? { ...answer, framing: 'chunked' } : answer)),
  },
  {
    id: 'lower-case-header-names',
    touches: ['CANCEL-RESP-006', 'CANCEL-RESP-007', 'CANCEL-ERR-006', 'CANCEL-AUTH-007', 'CANCEL-ADDR-009'],
    sentence: 'Writes header names in lower case.',
    override: alteringAll((answer) => ({
      ...answer,
      headers: answer.headers.map(([name, value]) => [name.toLowerCase(), value] as const),
    })),
  },
  {
    id: 'capital-header-names',
    touches: ['CANCEL-RESP-006', 'CANCEL-RESP-007', 'CANCEL-ERR-006', 'CANCEL-AUTH-007', 'CANCEL-ADDR-009'],
    sentence: 'Writes header names in capitals.',
    override: alteringAll((answer) => ({
      ...answer,
      headers: answer.headers.map(([name, value]) => [name.toUpperCase(), value] as const),
    })),
  },
  {
    id: 'headers-in-reverse-order',
    touches: ['CANCEL-RESP-006', 'CANCEL-RESP-007'],
    sentence: 'Writes the headers in the reverse order.',
    override: alteringAll((answer) => ({ ...answer, headers: answer.headers.toReversed() })),
  },
  {
    id: 'extra-headers',
    touches: ['CANCEL-RESP-003'],
    sentence: 'Adds headers of proxies and frameworks, some of them twice.',
    override: alteringAll((answer) => ({
      ...answer,
      headers: [
        ['Via', '1.1 gateway'],
        ['Set-Cookie', 'a=1; Path=/'],
        ['Set-Cookie', 'b=2; Path=/'],
        ['Vary', 'Accept-Encoding'],
        ['X-Powered-By', 'something'],
        ['Deprecation', 'Sun, 01 Jan 2023 00:00:00 GMT'],
        ...answer.headers,
      ],
    })),
  },
  {
    id: 'opaque-request-ids',
    touches: ['CANCEL-RESP-006', 'CANCEL-ERR-006'],
    sentence: 'Names its calls by ids that are no GUIDs.',
    override: (seams) => ({
      decorate: (answer, call) => withHeader(seams.decorate(answer, call), 'request-id', '|4bf92f35.0_1a2b:7'),
    }),
  },
  {
    id: 'client-request-id-in-capitals',
    touches: ['CANCEL-RESP-007'],
    sentence: 'Repeats the client-request-id in capitals.',
    override: (seams) => ({
      decorate: (answer, call) =>
        withHeader(seams.decorate(answer, call), 'client-request-id', call.clientRequestId.toUpperCase()),
    }),
  },
  {
    id: 'slow-answers',
    touches: ['CANCEL-STATE-014', 'CANCEL-ROBUST-001'],
    sentence: 'Takes its time for every fifth call.',
    override: (seams) => {
      let calls = 0;
      return {
        intercept: async (call) => {
          calls += 1;
          if (calls % everyFifth === 0) await pause(slownessMs);
          return seams.intercept(call);
        },
      };
    },
  },
];

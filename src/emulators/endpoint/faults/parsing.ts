import { isUtf8 } from 'node:buffer';
import { alteringSuccess, type Fault } from '../alterations.js';
import type { Call, ParsedBody, Seams } from '../seams.js';
import { withHeader } from '../wire.js';

/** A service that fails on calls of one kind. */
const failingOn = (concerns: (call: Call, bytes: Buffer) => boolean): Fault['override'] => {
  return (seams: Seams) => ({
    parseBody: (bytes, call) => {
      if (concerns(call, bytes)) throw new TypeError('the reader cannot cope with the body');
      return seams.parseBody(bytes, call);
    },
  });
};

/** A reader that takes more than JSON. */
const lenient = (mend: (text: string) => string): Fault['override'] => {
  return (seams: Seams) => ({
    parseBody: async (bytes, call) => {
      const parsed = await seams.parseBody(bytes, call);
      if (typeof parsed !== 'string') return parsed;
      try {
        return { present: true, value: JSON.parse(mend(bytes.toString('utf8'))) as unknown } satisfies ParsedBody;
      } catch {
        return parsed;
      }
    },
  });
};

const isChunked = ({ headers }: Call): boolean => headers['transfer-encoding'] !== undefined;

/** Faults about how bodies are framed, read and labelled. */
export const parsingFaults: readonly Fault[] = [
  {
    id: 'text-beyond-ascii-crashes',
    breaks: ['CANCEL-ROBUST-009'],
    readsBody: true,
    sentence: 'Writes the body down as ASCII, and fails at whatever is not.',
    override: failingOn((_, bytes) => isUtf8(bytes) && bytes.some((byte) => byte > 0x7f)),
  },
  {
    id: 'chunked-body-unread',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-007'],
    sentence: 'Reads a body only where a Content-Length announces it.',
    override: (seams) => ({
      readBody: async (call) => (isChunked(call) ? Buffer.alloc(0) : await seams.readBody(call)),
    }),
  },
  {
    id: 'first-chunk-only',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-007'],
    sentence: 'Takes the first chunk of a body for all of it.',
    override: (seams) => ({
      readBody: async (call) => {
        const bytes = await seams.readBody(call);
        return isChunked(call) && typeof bytes !== 'string' ? bytes.subarray(0, Math.ceil(bytes.length / 2)) : bytes;
      },
    }),
  },
  {
    id: 'missing-media-type-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-008'],
    sentence: 'Takes the media type apart without asking whether there is one.',
    override: failingOn(({ headers }, bytes) => bytes.length > 0 && headers['content-type'] === undefined),
  },
  {
    id: 'query-crashes',
    breaks: ['CANCEL-ROBUST-008'],
    sentence: 'Fails with a server error on a query that it does not know.',
    override: failingOn(({ target }) => target.includes('?')),
  },
  {
    id: 'unknown-charset-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-009'],
    sentence: 'Asks its runtime for the charset that the caller names, and fails where there is none.',
    override: failingOn(({ headers }) => headers['content-type']?.includes('x-nobody-knows') === true),
  },
  {
    id: 'scalar-crashes',
    breaks: ['CANCEL-ROBUST-009'],
    sentence: 'Looks for members in a body that is a number.',
    override: failingOn((_, bytes) => /^\d+$/.test(bytes.toString('latin1'))),
  },
  {
    id: 'long-number-crashes',
    breaks: ['CANCEL-ROBUST-009'],
    sentence: 'Fails with a server error on a number that no type of its own can hold.',
    override: failingOn((_, bytes) => bytes.length < 64 * 1024 && /\d{1000}/.test(bytes.toString('latin1'))),
  },
  {
    id: 'chunks-crash',
    breaks: ['CANCEL-ROBUST-007'],
    sentence: 'Fails with a server error on a request in chunks.',
    override: failingOn(isChunked),
  },
  {
    id: 'chunks-unsupported',
    breaks: ['CANCEL-ROBUST-007'],
    sentence: 'Answers a request in chunks with 501, as a server of HTTP/1.0 would.',
    override: (seams) => ({
      intercept: (call) => (isChunked(call) ? 'bodyTooLarge' : seams.intercept(call)),
      describeRefusal: (cause, call) => {
        const refusal = seams.describeRefusal(cause, call);
        return isChunked(call) ? { ...refusal, status: 501, code: 'NotImplemented' } : refusal;
      },
    }),
  },
  {
    id: 'qualified-name-crashes',
    breaks: ['CANCEL-ROBUST-008'],
    sentence: 'Fails with a server error where the action has its full name.',
    override: failingOn(({ target }) => target.includes('microsoft.graph.cancel')),
  },
  {
    id: 'html-wanted-crashes',
    breaks: ['CANCEL-ROBUST-010'],
    sentence: 'Has no page to show where a client accepts HTML only.',
    override: failingOn(({ headers }) => headers.accept === 'text/html'),
  },
  {
    id: 'accept-missing-crashes',
    breaks: ['CANCEL-ROBUST-010'],
    sentence: 'Takes the Accept header apart without asking whether there is one.',
    override: failingOn(({ headers }) => headers.accept === undefined),
  },
  {
    id: 'charset-refused',
    readsBody: true,
    breaks: ['CANCEL-BODY-024'],
    sentence: 'Compares the media type with a text, parameters included.',
    override: () => ({ acceptsMediaType: (type = 'application/json') => type.toLowerCase() === 'application/json' }),
  },
  {
    id: 'lenient-json',
    readsBody: true,
    breaks: ['CANCEL-BODY-023'],
    sentence: 'Reads JSON as a script would, commas too many included.',
    override: lenient((text) => text.replace(/,\s*}/, '}')),
  },
  {
    id: 'text-behind-json-ignored',
    readsBody: true,
    breaks: ['CANCEL-BODY-023'],
    sentence: 'Stops reading a body where its first value ends.',
    override: lenient((text) => text.slice(0, text.indexOf('}') + 1)),
  },
  {
    id: 'no-content-in-chunks',
    breaks: ['CANCEL-RESP-008'],
    sentence: 'Announces chunks in a 204.',
    override: alteringSuccess((answer) => ({
      ...withHeader({ ...answer, status: 204 }, 'Transfer-Encoding', 'chunked'),
      framing: 'raw',
    })),
  },
  {
    id: 'no-content-in-chunks-for-requestors',
    breaks: ['CANCEL-RESP-008'],
    sentence: 'Sends requestors through a gateway that announces chunks in a 204.',
    override: alteringSuccess((answer, call) =>
      call.caller?.administrator
        ? { ...answer, status: 204 }
        : { ...withHeader({ ...answer, status: 204 }, 'Transfer-Encoding', 'identity, chunked'), framing: 'raw' },
    ),
  },
];

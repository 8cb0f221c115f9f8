import { isUtf8 } from 'node:buffer';
import type { Edition } from '../../../engine/contract/types.js';
import { isJsonObject, jsonIn } from '../defaults/body.js';
import { alteringAnswers, type Fault } from '../alterations.js';
import type { Call, ParsedBody, Seams } from '../seams.js';
import { withHeader } from '../wire.js';

/** A reader that takes a body for another one where it can. */
const readingAs = (read: (bytes: Buffer, call: Call) => unknown): Fault['override'] => {
  return (seams: Seams) => ({
    parseBody: async (bytes, call) => {
      const value = read(bytes, call);
      return value === undefined ? seams.parseBody(bytes, call) : ({ present: true, value } satisfies ParsedBody);
    },
  });
};

/** A reader that fails on bodies of one kind, whoever sends them. */
const failingOn = (concerns: (bytes: Buffer, call: Call) => boolean): Fault['override'] => {
  return (seams: Seams) => ({
    parseBody: (bytes, call) => {
      if (concerns(bytes, call)) throw new RangeError('the reader cannot cope with the body');
      return seams.parseBody(bytes, call);
    },
  });
};

/** A check that takes the status in a body for the right one where it is not. */
const takingForRight = (
  isTaken: (status: unknown, edition: Edition, value: Readonly<Record<string, unknown>>) => boolean,
): Fault['override'] => {
  return (seams: Seams) => ({
    checkBody: (body, call) => {
      const { edition } = call;
      const { statusMember } = edition.resource;
      if (!body.present || !isJsonObject(body.value) || !isTaken(body.value[statusMember], edition, body.value))
        return seams.checkBody(body, call);
      const value = { ...body.value, [statusMember]: edition.body.cancelledLiteral };
      return seams.checkBody({ present: true, value }, call);
    },
  });
};

/** The first object at any depth that has a member. */
function holding(value: unknown, member: string): unknown {
  if (!isJsonObject(value)) return undefined;
  return member in value
    ? value
    : Object.values(value)
        .map((part) => holding(part, member))
        .find(isJsonObject);
}

const guidAtTheEnd = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Takes what stands last for the id, where a segment reads so. */
const takingTheLast = (isSo: (segment: string) => boolean, read: (segment: string) => string): Fault['override'] => {
  return (seams: Seams) => ({
    parseId: (segment) => seams.parseId((isSo(segment) ? guidAtTheEnd.exec(read(segment))?.[0] : undefined) ?? segment),
  });
};

/** Mistakes that only one call in hundreds reaches. */
export const cornerFaults: readonly Fault[] = [
  {
    id: 'body-id-compared-by-its-beginning',
    readsBody: true,
    breaks: ['CANCEL-BODY-006'],
    sentence: 'Takes an id in the body that begins like that of the path for the same.',
    override: (seams) => ({
      checkBody: (body, call) => {
        const id = body.present && isJsonObject(body.value) ? body.value['id'] : undefined;
        const isLonger = typeof id === 'string' && id.length > call.id.length && id.startsWith(call.id);
        const same =
          isLonger && body.present ? { present: true, value: { ...(body.value as object), id: call.id } } : body;
        return seams.checkBody(same, call);
      },
    }),
  },
  {
    id: 'status-compared-by-its-beginning',
    readsBody: true,
    breaks: ['CANCEL-BODY-005'],
    sentence: 'Takes a status in the body that begins like the right one for it.',
    override: takingForRight((status, { body: { cancelledLiteral } }) => String(status).startsWith(cancelledLiteral)),
  },
  {
    id: 'any-status-of-the-list-taken',
    readsBody: true,
    breaks: ['CANCEL-BODY-005'],
    sentence: 'Asks of the status in the body no more than that it is one of the list.',
    override: takingForRight((status, { cancellable, notCancellable }) =>
      [...cancellable, ...notCancellable].includes(String(status)),
    ),
  },
  {
    id: 'status-read-under-another-name',
    readsBody: true,
    breaks: ['CANCEL-BODY-004'],
    sentence: 'Binds the status in the body under the name that the other version of the service has for it, too.',
    override: takingForRight((status, { body: { cancelledLiteral } }, value) =>
      status === undefined ? [value['status'], value['requestStatus']].includes(cancelledLiteral) : false,
    ),
  },
  {
    id: 'members-found-at-any-depth',
    readsBody: true,
    breaks: ['CANCEL-BODY-003'],
    sentence: 'Searches the whole body for its members, at whatever depth they stand.',
    override: readingAs((bytes) => holding(jsonIn(bytes), 'id')),
  },
  {
    id: 'members-bound-from-the-query',
    readsBody: true,
    breaks: ['CANCEL-BODY-001'],
    sentence: 'Binds members that the body lacks from the query.',
    override: readingAs((bytes, { target }) => {
      const query = new URLSearchParams(target.split('?')[1]);
      return bytes.length === 0 && query.has('id') ? Object.fromEntries(query) : undefined;
    }),
  },
  {
    id: 'blanks-taken-for-no-objection',
    readsBody: true,
    breaks: ['CANCEL-BODY-010'],
    sentence: 'Takes a body of nothing but blanks for one that was checked.',
    override: (seams) => ({
      parseBody: (bytes, call) =>
        bytes.length > 0 && bytes.toString('latin1').trim() === ''
          ? { present: true, value: { id: call.id, [call.edition.resource.statusMember]: 'cancelled' } }
          : seams.parseBody(bytes, call),
    }),
  },
  {
    id: 'utf16-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-009'],
    sentence: 'Fails on a body in UTF-16.',
    override: failingOn((bytes) => bytes[0] === 0xff && bytes[1] === 0xfe),
  },
  {
    id: 'byte-order-mark-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-009'],
    sentence: 'Lets the error through that its reader throws at a byte order mark.',
    override: failingOn((bytes) => isUtf8(bytes) && bytes[0] === 0xef && bytes[1] === 0xbb),
  },
  {
    id: 'content-coding-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-009'],
    sentence: 'Fails on a body in a content coding that it does not undo.',
    override: failingOn((_, { headers }) => headers['content-encoding'] !== undefined),
  },
  {
    id: 'infinite-number-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-009'],
    sentence: 'Fails on a number that its own kind of number cannot hold.',
    override: failingOn((bytes) => bytes.length < 65_536 && bytes.includes('e999')),
  },
  {
    id: 'scalar-from-administrator-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-009'],
    sentence: "Looks for members in an administrator's body without asking whether that is an object.",
    override: (seams) => ({
      checkBody: (body, call) => {
        if (call.caller.administrator && body.present && !isJsonObject(body.value)) throw new TypeError('no object');
        return seams.checkBody(body, call);
      },
    }),
  },
  {
    id: 'broken-escape-crashes',
    breaks: ['CANCEL-ADDR-002'],
    sentence: 'Lets the error through that decoding an address throws at a percent sign without digits.',
    override: (seams) => ({ parseId: (segment) => seams.parseId(decodeURIComponent(segment) && segment) }),
  },
  {
    id: 'id-found-by-its-first-part',
    breaks: ['CANCEL-ADDR-002'],
    sentence: 'Knows requests by the first eight characters of their ids, as they are shown to people.',
    override: (seams) => ({
      findRequest: (id, call) =>
        seams.findRequest(id, call) ?? call.store.all().find((request) => request.id.startsWith(id)) ?? null,
      parseId: (segment) => seams.parseId(segment) ?? (/^[0-9a-f]{8}$/i.test(segment) ? segment.toLowerCase() : null),
    }),
  },
  {
    id: 'id-decoded-twice',
    breaks: ['CANCEL-ADDR-010'],
    sentence: 'Decodes an id once more than its framework did, and takes what stands behind the last slash.',
    override: takingTheLast(
      (segment) => /%252f/i.test(segment),
      (segment) => segment.replaceAll(/%252f/gi, '/'),
    ),
  },
  {
    id: 'backslashes-taken-for-slashes',
    breaks: ['CANCEL-ADDR-010'],
    sentence: 'Takes encoded backslashes for slashes, and climbs where they say so.',
    override: takingTheLast(
      (segment) => /%5c\.\.%5c/i.test(segment),
      (segment) => segment,
    ),
  },
  {
    id: 'climbs-from-one-id-to-another',
    breaks: ['CANCEL-ADDR-011'],
    sentence: 'Decodes separators and climbs from a request that it knows to another one.',
    override: takingTheLast(
      (segment) => /^[0-9a-f-]{36}%2f\.\.%2f/i.test(segment) && !segment.startsWith('0badc0de'),
      (segment) => segment,
    ),
  },
  {
    id: 'large-body-refused-without-a-word',
    breaks: ['CANCEL-ERR-011'],
    sentence: 'Refuses large bodies with 413 and no content.',
    override: (seams) => ({
      readBody: async (call) => {
        const bytes = await seams.readBody(call);
        return typeof bytes !== 'string' && bytes.length > 512 * 1024 ? 'bodyTooLarge' : bytes;
      },
      ...alteringAnswers(
        ({ outcome }) => outcome === 'bodyTooLarge',
        (answer) => ({ ...answer, content: '' }),
      )(seams),
    }),
  },
  {
    id: 'length-counted-in-characters',
    breaks: ['CANCEL-ERR-001'],
    sentence: 'Answers in the language that is asked for, and counts characters where bytes are due.',
    override: alteringAnswers(
      ({ status, content }) => status >= 400 && content !== '',
      (answer, { headers }) => {
        if (headers['accept-language']?.startsWith('zh') !== true) return answer;
        const content = answer.content.replace(/"message":"[^"]*"/, '"message":"请求无效，无法取消。"');
        return withHeader({ ...answer, content, framing: 'raw' }, 'Content-Length', String(content.length));
      },
    ),
  },
];

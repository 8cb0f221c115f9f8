import { isUtf8 } from 'node:buffer';
import { refusingWith, type Fault } from '../alterations.js';
import { isJsonObject } from '../defaults/body.js';
import type { AdmittedCall, Seams } from '../seams.js';

/** A service whose JSON reader does something else with bodies of one kind. */
function choking(
  chokesOn: (bytes: Buffer) => boolean,
  consequence: (call: AdmittedCall, seams: Seams) => unknown,
): Fault['override'] {
  return (seams) => ({
    parseBody: async (bytes, call) => {
      if (chokesOn(bytes)) await consequence(call, seams);
      return seams.parseBody(bytes, call);
    },
  });
}

function crash(): never {
  throw new RangeError('the reader cannot cope with the body');
}

/** Waits for ever; the call is never answered. */
const hang = (): Promise<never> => new Promise<never>(() => undefined);

const isLarge = (bytes: Buffer): boolean => bytes.length > 512 * 1024;

/** Whether brackets are nested more than 1,000 levels deep, brackets in strings included. */
function isDeeplyNested(bytes: Buffer): boolean {
  let depth = 0;
  let deepest = 0;
  for (const bracket of bytes.toString('latin1').matchAll(/[[{\]}]/g)) {
    depth += bracket[0] === '[' || bracket[0] === '{' ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest > 1000;
}

/** Whether a member occurs twice in one object. Bodies above 64 KiB are not looked into. */
function hasDuplicateMembers(bytes: Buffer): boolean {
  if (bytes.length > 64 * 1024) return false;
  const open: Set<string>[] = [];
  for (const [token, member] of bytes.toString('utf8').matchAll(/"((?:[^"\\]|\\.)*)"\s*:|"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    const members = open.at(-1);
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (member !== undefined && members?.has(member) === true) return true;
    else if (member !== undefined) members?.add(member);
  }
  return false;
}

/** Faults about hostile input. */
export const robustnessFaults: readonly Fault[] = [
  {
    id: 'large-body-crashes',
    breaks: ['CANCEL-ROBUST-001'],
    sentence: 'Fails with a server error on a body above 512 KiB.',
    override: choking(isLarge, crash),
  },
  {
    id: 'large-body-bad-gateway',
    breaks: ['CANCEL-ROBUST-001'],
    sentence: 'Has a gateway in front which answers 502 to bodies that its buffer cannot hold.',
    override: (seams) => ({
      readBody: async (call) => {
        const bytes = await seams.readBody(call);
        return typeof bytes !== 'string' && isLarge(bytes) ? 'bodyTooLarge' : bytes;
      },
      ...refusingWith({ status: 502, code: 'BadGateway' }, ['bodyTooLarge'])(seams),
    }),
  },
  {
    id: 'unreadable-body-crashes',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-003', 'CANCEL-BODY-010'],
    sentence: 'Lets the exception of its JSON reader through as a server error.',
    override: refusingWith({ status: 500 }, ['malformedBody']),
  },
  {
    id: 'ids-asserted-equal',
    readsBody: true,
    breaks: ['CANCEL-ROBUST-004', 'CANCEL-BODY-006'],
    sentence: 'Asserts that the id of the body is that of the path, and fails with a server error when it is not.',
    override: (seams) => ({
      checkBody: (body, call) => {
        const id = body.present && isJsonObject(body.value) ? body.value['id'] : undefined;
        if (typeof id === 'string' && id !== call.id) throw new Error('assertion failed: the ids are equal');
        return seams.checkBody(body, call);
      },
    }),
  },
  {
    id: 'cancels-before-parsing',
    breaks: ['CANCEL-ROBUST-006'],
    sentence: 'Cancels before it parses the body, and fails with a server error when that is nested too deeply.',
    override: choking(isDeeplyNested, (call, seams) => {
      call.store.put(seams.cancelledRecord(call.request, call));
      crash();
    }),
  },
  {
    id: 'deep-nesting-crashes',
    breaks: ['CANCEL-ROBUST-002'],
    sentence: 'Fails with a server error on deeply nested JSON.',
    override: choking(isDeeplyNested, crash),
  },
  {
    id: 'deep-nesting-hangs',
    breaks: ['CANCEL-ROBUST-002'],
    sentence: 'Never answers a call with deeply nested JSON.',
    override: choking(isDeeplyNested, hang),
  },
  {
    id: 'invalid-utf8-crashes',
    breaks: ['CANCEL-ROBUST-003'],
    sentence: 'Fails with a server error on a body that is not valid UTF-8.',
    override: choking((bytes) => !isUtf8(bytes), crash),
  },
  {
    id: 'duplicate-members-crash',
    breaks: ['CANCEL-ROBUST-004'],
    sentence: 'Fails with a server error when a member occurs twice in an object.',
    override: choking(hasDuplicateMembers, crash),
  },
  {
    id: 'overlong-id-crashes',
    breaks: ['CANCEL-ROBUST-005'],
    sentence: 'Fails with a server error on an id of more than 1,000 characters.',
    override: (seams) => ({ parseId: (segment) => (segment.length > 1000 ? crash() : seams.parseId(segment)) }),
  },
  {
    id: 'refused-hostile-body-cancels',
    breaks: ['CANCEL-ROBUST-006'],
    sentence: 'Refuses a body that is not valid UTF-8 and cancels the request all the same.',
    override: choking(
      (bytes) => !isUtf8(bytes),
      (call, seams) => {
        call.store.put(seams.cancelledRecord(call.request, call));
      },
    ),
  },
  {
    id: 'request-log-decodes-strictly',
    breaks: ['CANCEL-ROBUST-003'],
    sentence: 'Writes every body into a log of text, and fails on bytes that are none.',
    override: (seams) => ({
      readBody: async (call) => {
        const bytes = await seams.readBody(call);
        if (typeof bytes !== 'string') new TextDecoder('utf-8', { fatal: true }).decode(bytes);
        return bytes;
      },
    }),
  },
  {
    id: 'request-log-indexes-members',
    breaks: ['CANCEL-ROBUST-004'],
    sentence: 'Indexes every body by its members for a log, and fails on a member that is there already.',
    override: (seams) => ({
      readBody: async (call) => {
        const bytes = await seams.readBody(call);
        const ids = typeof bytes === 'string' ? [] : (bytes.toString('latin1').match(/"id":/g) ?? []);
        if (ids.length > 1) throw new RangeError('there is an id already');
        return bytes;
      },
    }),
  },
];

import { gzipSync } from 'node:zlib';
import { isNumber, truncated } from './addresses.js';
import type { BodyContext } from '../../engine/endpoint.js';

const mebibyte = 1024 * 1024;
/** Far deeper than any real message, and enough to overflow the stack of a recursive parser. */
const nestingDepth = 10_000;
const longNumberDigits = 5000;

const required = ({ edition, ids }: BodyContext): Record<string, unknown> => ({
  id: ids.subject,
  [edition.resource.statusMember]: edition.body.cancelledLiteral,
});

const withStatus = (context: BodyContext, status: string): Record<string, unknown> => ({
  ...required(context),
  [context.edition.resource.statusMember]: status,
});

const without = (context: BodyContext, member: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(required(context)).filter(([name]) => name !== member));

/** The required members with another value for one of them. */
const having = (context: BodyContext, member: 'id' | 'status', value: unknown): Buffer => {
  const name = member === 'id' ? 'id' : context.edition.resource.statusMember;
  return json({ ...required(context), [name]: value });
};

/** A text that stands behind the last member, where a lenient parser overlooks it. */
const loosely = (context: BodyContext, tail: string): Buffer =>
  Buffer.from(`${JSON.stringify(required(context)).slice(0, -1)}${tail}`, 'utf8');

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value), 'utf8');

/** Members of the resource as a client would send them back, for targets whose arranging side does not show the resource. */
const representation = {
  requestType: 'UserAdd',
  requestState: 'PendingApproval',
  isValidationOnly: false,
  createdDateTime: '2021-05-10T08:00:00Z',
  completedDate: null,
  expirationDateTime: null,
  justification: 'needed for the project',
  answers: [],
};

/** Every body that a probe may carry, by name. */
export const bodies = {
  /** The members that a non-administrator must send. */
  required: (context) => json(required(context)),
  absent: () => null,
  'empty-object': () => json({}),
  'without-id': (context) => json(without(context, 'id')),
  'without-status': (context) => json(without(context, context.edition.resource.statusMember)),
  'status-approved': (context) => json(withStatus(context, 'approved')),
  'status-longer': (context) => json(withStatus(context, `${context.edition.body.cancelledLiteral}Again`)),
  /** Another value of the same list. */
  'status-denied': (context) => json(withStatus(context, 'denied')),
  /** As the member is called in the other version of the service. */
  'status-under-another-name': (context) => {
    const { statusMember } = context.edition.resource;
    const other = statusMember === 'status' ? 'requestStatus' : 'status';
    return json({ ...without(context, statusMember), [other]: context.edition.body.cancelledLiteral });
  },
  'status-pending-approval': (context) => json(withStatus(context, 'pendingApproval')),
  'id-of-sibling': (context) => json({ ...required(context), id: context.ids.sibling }),
  'id-of-stranger': (context) => json({ ...required(context), id: context.ids.stranger }),
  array: (context) => json([required(context)]),
  string: (context) => json(JSON.stringify(required(context))),
  null: () => json(null),
  /** Cut off in the middle: what a broken client sends. */
  malformed: (context) => json(required(context)).subarray(0, -2),
  'full-representation': (context) => json({ ...representation, ...context.resource, ...required(context) }),
  /** The caller is named as the requestor, whoever that is. */
  'owner-named': (context) =>
    context.callerId === null
      ? null
      : json({ ...required(context), requestor: { id: context.callerId, objectId: context.callerId } }),
  reordered: (context) => json(Object.fromEntries(Object.entries(required(context)).reverse())),
  spaced: (context) => Buffer.from(` \r\n${JSON.stringify(required(context), null, '\t')}\n`, 'utf8'),
  escaped: (context) =>
    Buffer.from(
      JSON.stringify(required(context)).replaceAll(/[a-f]/g, (letter) => `\\u00${letter.charCodeAt(0).toString(16)}`),
      'utf8',
    ),
  'form-encoded': (context) =>
    Buffer.from(new URLSearchParams(Object.entries(required(context)).map(([k, v]) => [k, String(v)])).toString()),
  /** The same for every request, so that two of them can be held against each other. */
  representation: (context) => json({ ...representation, ...required(context) }),
  'extra-members': (context) => json({ ...required(context), conformanceNote: 'unknown to the resource', priority: 1 }),
  'status-upper-case': (context) => json(withStatus(context, context.edition.body.cancelledLiteral.toUpperCase())),
  'status-one-l': (context) => json(withStatus(context, 'canceled')),
  'id-as-object': (context) => json({ ...required(context), id: { value: context.ids.subject } }),
  'id-null': (context) => having(context, 'id', null),
  'id-empty': (context) => having(context, 'id', ''),
  'id-number': (context) => having(context, 'id', 1),
  'id-true': (context) => having(context, 'id', true),
  'id-list': (context) => having(context, 'id', [context.ids.subject]),
  'id-prefix': (context) => having(context, 'id', truncated(context.ids.subject)),
  'id-longer': (context) => having(context, 'id', `${context.ids.subject}${isNumber(context.ids.subject) ? '-' : ''}0`),
  'status-null': (context) => having(context, 'status', null),
  'status-empty': (context) => having(context, 'status', ''),
  'status-true': (context) => having(context, 'status', true),
  'status-zero': (context) => having(context, 'status', 0),
  'status-number': (context) => having(context, 'status', 1),
  'status-list': (context) => {
    const { cancelledLiteral } = context.edition.body;
    return having(context, 'status', [cancelledLiteral, cancelledLiteral]);
  },
  /** What scripts turn into the text itself when they compare it with one. */
  'status-list-of-one': (context) => having(context, 'status', [context.edition.body.cancelledLiteral]),
  'status-as-object': (context) => having(context, 'status', { value: context.edition.body.cancelledLiteral }),
  'status-phrase': (context) => having(context, 'status', `not ${context.edition.body.cancelledLiteral} yet`),
  'state-in-its-place': (context) =>
    json({
      ...without(context, context.edition.resource.statusMember),
      [context.edition.resource.stateMember]: context.edition.body.cancelledLiteral,
    }),
  /** Values of another request: what a target stores of them it must not. */
  'other-values': (context) =>
    json({
      ...representation,
      ...context.resource,
      requestType: 'AdminRemove',
      justification: 'changed by a cancel',
      createdDateTime: '1999-12-31T23:59:59Z',
      requestor: { id: '00000000-0000-4000-8000-000000000bad', displayName: 'Somebody Else' },
      ...required(context),
    }),
  'trailing-comma': (context) => loosely(context, ',}'),
  'text-behind': (context) => loosely(context, '} and more'),
  'not-a-number': (context) => loosely(context, ',"priority":NaN}'),
  'single-quotes': (context) => Buffer.from(JSON.stringify(required(context)).replaceAll('"', "'"), 'utf8'),
  blank: () => Buffer.from('  ', 'utf8'),
  'members-nested': (context) => json({ request: required(context) }),
  utf16: (context) => Buffer.from(`\ufeff${JSON.stringify(required(context))}`, 'utf16le'),
  'byte-order-mark': (context) => Buffer.from(`\ufeff${JSON.stringify(required(context))}`, 'utf8'),
  gzip: (context) => gzipSync(json(required(context))),
  'infinite-number': (context) => loosely(context, ',"priority":1e999}'),
  text: () => json('cancelled'),
  number: () => json(17),
  true: () => json(true),
  /** As clients send one in a form (RFC 6750 section 2.2), among the members. */
  'token-among-members': (context) => json({ ...required(context), access_token: context.token }),
  /** Characters of two, three and four bytes, as they are. */
  'beyond-ascii': (context) => json({ ...required(context), justification: 'für die Prüfung — 承認 🗝' }),
  'lone-surrogate': (context) => loosely(context, ',"justification":"\\ud800"}'),
  'nul-character': (context) => loosely(context, ',"justification":"\\u0000"}'),
  'long-number': (context) => loosely(context, `,"priority":${'9'.repeat(longNumberDigits)}}`),
  'one-mebibyte': (context) => {
    const padding = mebibyte - json({ ...required(context), justification: '' }).length;
    return json({ ...required(context), justification: 'x'.repeat(padding) });
  },
  'deep-nesting': (context) => {
    const nested = `${'['.repeat(nestingDepth)}${']'.repeat(nestingDepth)}`;
    return Buffer.from(JSON.stringify({ ...required(context), answers: 0 }).replace(/0}$/, `${nested}}`), 'utf8');
  },
  'invalid-utf8': (context) => {
    const [head = '', tail = ''] = JSON.stringify({ ...required(context), justification: '?' }).split('?');
    return Buffer.concat([Buffer.from(head), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(tail)]);
  },
  'duplicate-keys': (context) => {
    const second = JSON.stringify({ id: context.ids.sibling }).slice(1);
    return Buffer.from(`${JSON.stringify(required(context)).slice(0, -1)},${second}`, 'utf8');
  },
} satisfies Record<string, (context: BodyContext) => Buffer | null>;

export type BodyForm = keyof typeof bodies;

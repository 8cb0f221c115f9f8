import type { BodyContext } from '../../engine/endpoint.js';

const mebibyte = 1024 * 1024;
/** Far deeper than any real message, and enough to overflow the stack of a recursive parser. */
const nestingDepth = 10_000;

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
  'status-pending-approval': (context) => json(withStatus(context, 'pendingApproval')),
  'id-of-sibling': (context) => json({ ...required(context), id: context.ids.sibling }),
  'id-of-stranger': (context) => json({ ...required(context), id: context.ids.stranger }),
  array: (context) => json([required(context)]),
  string: (context) => json(JSON.stringify(required(context))),
  null: () => json(null),
  /** Cut off in the middle: what a broken client sends. */
  malformed: (context) => json(required(context)).subarray(0, -2),
  'full-representation': (context) => json({ ...representation, ...context.resource, ...required(context) }),
  'extra-members': (context) => json({ ...required(context), conformanceNote: 'unknown to the resource', priority: 1 }),
  'status-upper-case': (context) => json(withStatus(context, context.edition.body.cancelledLiteral.toUpperCase())),
  'status-one-l': (context) => json(withStatus(context, 'canceled')),
  'id-as-object': (context) => json({ ...required(context), id: { value: context.ids.subject } }),
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

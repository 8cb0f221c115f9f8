import type { AddressContext, NamedPath } from '../../engine/endpoint.js';

/** A well-formed id that no target has given to a request. */
export const unknownId = '0badc0de-0000-4000-8000-00000badc0de';

/** The same for a target that numbers its requests: to it a GUID is malformed, which is another matter (CANCEL-ADDR-002). */
const unknownNumber = '9'.repeat(15);

const isNumber = (id: string): boolean => /^[0-9]+$/.test(id);

const overlongIdLength = 8000;

const bothCollections = ['accessPackageAssignmentRequests', 'assignmentRequests'] as const;

/** The action of whatever stands where the id belongs. */
const actionOf = ({ collection }: AddressContext, segment: string): string => `/${collection}/${segment}/cancel`;

/** The action of another id than the subject's, which a body then has to name as well. */
const naming = (context: AddressContext, id: string): NamedPath => ({ path: actionOf(context, id), named: id });

/** A number cut short is another number, which may well be somebody's request: a dash makes sure that it is none. */
const truncated = (id: string): string => `${id.slice(0, -1)}${isNumber(id) ? '-' : ''}`;

const percentEncoded = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** What follows the path of the service, by name. */
export const addresses = {
  /** The action of the case's own request. */
  own: (context) => ({ path: actionOf(context, context.ids.subject) }),
  /** The request itself, to be read. */
  resource: ({ ids, collection }) => ({ path: `/${collection}/${ids.subject}` }),
  /** Another request of the same owner. */
  sibling: (context) => naming(context, context.ids.sibling),
  'another-action': ({ ids, collection }) => ({ path: `/${collection}/${ids.subject}/cancelAll` }),
  'deeper-path': ({ ids, collection }) => ({ path: `/${collection}/${ids.subject}/cancel/again` }),
  'unknown-id': (context) => naming(context, isNumber(context.ids.subject) ? unknownNumber : unknownId),
  'malformed-id': (context) => naming(context, 'not-an-id'),
  'truncated-id': (context) => naming(context, truncated(context.ids.subject)),
  'id-with-blank': (context) => ({ path: actionOf(context, `${context.ids.subject}%20`) }),
  'id-with-parameter': (context) => ({ path: actionOf(context, `${context.ids.subject};x=y`) }),
  'id-with-percent': (context) => ({ path: actionOf(context, `${context.ids.subject}%25`) }),
  'id-with-nul': (context) => ({ path: actionOf(context, `${context.ids.subject}%00`) }),
  'id-with-stray-byte': (context) => ({ path: actionOf(context, `${context.ids.subject}%FF`) }),
  'overlong-id': (context) => naming(context, 'a'.repeat(overlongIdLength)),
  // The separators are encoded: one segment, which is no id of a request (RFC 3986 section 2.2).
  'encoded-separator': (context) => ({ path: actionOf(context, `${unknownId}%2F${context.ids.sibling}`) }),
  'encoded-action': (context) => ({
    path: actionOf(context, `${context.ids.sibling}%2Fcancel%2F${context.ids.subject}`),
  }),
  'encoded-dot-segments': (context) => ({ path: actionOf(context, `${unknownId}%2F..%2F${context.ids.sibling}`) }),
  'encoded-dots': (context) => ({ path: actionOf(context, `%2E%2E%2F${context.ids.sibling}`) }),
  'trailing-slash': (context) => ({ path: `${actionOf(context, context.ids.subject)}/` }),
  'upper-case-action': ({ ids, collection }) => ({ path: `/${collection}/${ids.subject}/CANCEL` }),
  'qualified-action': ({ ids, collection }) => ({ path: `/${collection}/${ids.subject}/microsoft.graph.cancel` }),
  'id-in-capitals': (context) => {
    const { subject } = context.ids;
    const capitals = subject.replaceAll(/%[0-9a-f]{2}|[a-z]/gi, (found) => found.toUpperCase());
    return capitals === subject ? null : { path: actionOf(context, capitals) };
  },
  'id-percent-encoded': (context) => ({
    path: actionOf(context, context.ids.subject.replace(/[A-Za-z0-9]/, percentEncoded)),
  }),
  'action-percent-encoded': ({ ids, collection }) => ({ path: `/${collection}/${ids.subject}/%63ancel` }),
  'other-collection': ({ ids, collection }) => {
    const other = bothCollections.find((name) => name !== collection);
    return { path: actionOf({ ids, collection: other ?? collection }, ids.subject) };
  },
  'collection-in-capitals': ({ ids, collection }) => ({
    path: actionOf({ ids, collection: collection.toUpperCase() }, ids.subject),
  }),
  'with-query': (context) => ({ path: `${actionOf(context, context.ids.subject)}?api-version=1` }),
} satisfies Record<string, (context: AddressContext) => NamedPath | null>;

export type AddressForm = keyof typeof addresses;

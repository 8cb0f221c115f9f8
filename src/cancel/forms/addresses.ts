import type { AddressContext, NamedPath } from '../../engine/endpoint.js';

/** A well-formed id that no target has given to a request. */
export const unknownId = '0badc0de-0000-4000-8000-00000badc0de';

/** The same for a target that numbers its requests: to it a GUID is malformed, which is another matter (CANCEL-ADDR-002). */
const unknownNumber = '9'.repeat(15);

/** Whether a target numbers its requests: then another number may well be one of somebody's. */
export const isNumber = (id: string): boolean => /^[0-9]+$/.test(id);

const beginningLength = 8;

const overlongIdLength = 8000;

const bothCollections = ['accessPackageAssignmentRequests', 'assignmentRequests'] as const;

/** An id as part of a path: opaque, so one that is not made for a path is encoded, as any client has to. */
const segmentOf = (id: string): string => encodeURIComponent(id);

/** The action of whatever stands where the id belongs. */
const actionOf = ({ collection }: AddressContext, segment: string): string => `/${collection}/${segment}/cancel`;

/** The action of the case's own request, with something in the place of its id or behind it. */
const ofSubject = (context: AddressContext, behind = ''): NamedPath => ({
  path: actionOf(context, segmentOf(context.ids.subject) + behind),
});

/** Something else than the action, below the case's own request. */
const belowSubject = ({ ids, collection }: AddressContext, action: string): NamedPath => ({
  path: `/${collection}/${segmentOf(ids.subject)}/${action}`,
});

/** The action of another id than the subject's, which a body then has to name as well. */
const naming = (context: AddressContext, id: string): NamedPath => ({
  path: actionOf(context, segmentOf(id)),
  named: id,
});

/** The action of a segment in which a careless reader finds the id of the requestor's other request; the body names that, too. */
const reaching = (context: AddressContext, segment: (sibling: string) => string): NamedPath => ({
  path: actionOf(context, segment(segmentOf(context.ids.sibling))),
  named: context.ids.sibling,
});

/** A number cut short is another number, which may well be somebody's request: a dash makes sure that it is none. */
export const truncated = (id: string): string => `${id.slice(0, -1)}${isNumber(id) ? '-' : ''}`;

/** What a search by the beginning would find; null where an id is hardly longer than that, or a number: that may be somebody's. */
const shortened = ({ ids: { subject } }: AddressContext, address: (id: string) => NamedPath): NamedPath | null =>
  subject.length > 2 * beginningLength && !isNumber(subject) ? address(subject.slice(0, beginningLength)) : null;

const percentEncoded = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

/** What follows the path of the service, by name. */
export const addresses = {
  /** The action of the case's own request. */
  own: (context) => ofSubject(context),
  /** The request itself, to be read. */
  resource: ({ ids, collection }) => ({ path: `/${collection}/${segmentOf(ids.subject)}` }),
  /** Another request of the same owner. */
  sibling: (context) => naming(context, context.ids.sibling),
  'another-action': (context) => belowSubject(context, 'cancelAll'),
  'deeper-path': (context) => belowSubject(context, 'cancel/again'),
  'unknown-id': (context) => naming(context, isNumber(context.ids.subject) ? unknownNumber : unknownId),
  'malformed-id': (context) => naming(context, 'not-an-id'),
  'truncated-id': (context) => naming(context, truncated(context.ids.subject)),
  'id-with-blank': (context) => ofSubject(context, '%20'),
  'id-with-parameter': (context) => ofSubject(context, ';x=y'),
  'id-with-percent': (context) => ofSubject(context, '%25'),
  'id-with-nul': (context) => ofSubject(context, '%00'),
  'id-with-stray-byte': (context) => ofSubject(context, '%FF'),
  'id-with-broken-escape': (context) => ofSubject(context, '%zz'),
  'id-beginning': (context) => shortened(context, (id) => naming(context, id)),
  // Whoever finds the request by that holds the body against the whole id.
  'id-beginning-in-path': (context) => shortened(context, (id) => ({ path: actionOf(context, segmentOf(id)) })),
  'truncated-id-in-path': (context) => ({ path: actionOf(context, segmentOf(truncated(context.ids.subject))) }),
  'overlong-id': (context) => naming(context, 'a'.repeat(overlongIdLength)),
  // The separators are encoded: one segment, which is no id of a request (RFC 3986 section 2.2). Whoever takes it for two finds the
  // request that the body names.
  'encoded-separator': (context) => reaching(context, (sibling) => `${unknownId}%2F${sibling}`),
  'encoded-action': (context) =>
    reaching(context, (sibling) => `${sibling}%2Fcancel%2F${segmentOf(context.ids.subject)}`),
  'encoded-dot-segments': (context) => reaching(context, (sibling) => `${unknownId}%2F..%2F${sibling}`),
  'encoded-dots': (context) => reaching(context, (sibling) => `%2E%2E%2F${sibling}`),
  'encoded-climb': (context) => reaching(context, (sibling) => `${segmentOf(context.ids.subject)}%2F..%2F${sibling}`),
  'double-encoded-separator': (context) => reaching(context, (sibling) => `${unknownId}%252F${sibling}`),
  'encoded-backslashes': (context) =>
    reaching(context, (sibling) => `${segmentOf(context.ids.subject)}%5C..%5C${sibling}`),
  'members-in-the-query': (context) =>
    belowSubject(context, `cancel?id=${segmentOf(context.ids.subject)}&requestStatus=cancelled`),
  'trailing-slash': (context) => belowSubject(context, 'cancel/'),
  'upper-case-action': (context) => belowSubject(context, 'CANCEL'),
  'qualified-action': (context) => belowSubject(context, 'microsoft.graph.cancel'),
  'action-percent-encoded': (context) => belowSubject(context, '%63ancel'),
  'id-in-capitals': (context) => {
    const capitals = context.ids.subject.toUpperCase();
    return capitals === context.ids.subject ? null : { path: actionOf(context, segmentOf(capitals)) };
  },
  'id-percent-encoded': (context) => {
    const { subject } = context.ids;
    const at = subject.search(/[A-Za-z0-9]/);
    if (at === -1) return null;
    const encoded = segmentOf(subject.slice(0, at)) + percentEncoded(subject.charAt(at));
    return { path: actionOf(context, encoded + segmentOf(subject.slice(at + 1))) };
  },
  'other-collection': (context) => {
    const other = bothCollections.find((name) => name !== context.collection);
    return ofSubject({ ...context, collection: other ?? context.collection });
  },
  'collection-in-capitals': (context) => ofSubject({ ...context, collection: context.collection.toUpperCase() }),
  'with-query': (context) => belowSubject(context, 'cancel?api-version=1'),
  /** The key as OData writes it: within it, a quote is written twice. */
  'key-in-parentheses': ({ ids, collection }) => ({
    path: `/${collection}('${segmentOf(ids.subject).replaceAll("'", "''")}')/cancel`,
  }),
  'doubled-slash': ({ ids, collection }) => ({ path: `/${collection}//${segmentOf(ids.subject)}/cancel` }),
  /** What frameworks take for the wish for a format. */
  'action-with-suffix': (context) => belowSubject(context, 'cancel.json'),
  /** Which a client should have taken away, and many a server does (RFC 3986 section 5.2.4). */
  'dot-segment': ({ ids, collection }) => ({ path: `/${collection}/./${segmentOf(ids.subject)}/cancel` }),
  /** A parameter of the last segment (RFC 3986 section 3.3), which some servers take away after they looked who may call. */
  'action-with-parameter': (context) => belowSubject(context, 'cancel;x=1'),
} satisfies Record<string, (context: AddressContext) => NamedPath | null>;

export type AddressForm = keyof typeof addresses;

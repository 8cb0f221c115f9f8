import type { Edition } from '../../../engine/contract/types.js';
import type { Address, Seams } from '../seams.js';

type AddressSeams = Pick<
  Seams,
  | 'rawPath'
  | 'locate'
  | 'namesAction'
  | 'allowedMethods'
  | 'intercept'
  | 'overlooks'
  | 'order'
  | 'parseId'
  | 'findRequest'
>;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The path in front of the collections: `/beta/identityGovernance/entitlementManagement`. */
function serviceRoot(edition: Edition): string {
  return `/${edition.api}${edition.servicePath}`;
}

function locate(path: string, edition: Edition): Address {
  const root = `${serviceRoot(edition)}/`;
  if (!path.startsWith(root)) return { kind: 'unknown' };
  const [collection = '', idSegment, actionSegment, ...more] = path.slice(root.length).split('/');
  if (!edition.collections.includes(collection) || idSegment === undefined || more.length > 0)
    return { kind: 'unknown' };
  return actionSegment === undefined ? { kind: 'request', idSegment } : { kind: 'action', idSegment, actionSegment };
}

/** Addresses are taken as sent: nothing is decoded or resolved, so no spelling of an id reaches another request. */
export const addressSeams: AddressSeams = {
  // A target in absolute form (RFC 9112 section 3.2.2) is served like its path.
  rawPath: (target) => target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, ''),
  locate,
  // OData 4.01 part 1 section 11.5.5.1: an action may be called by its namespace-qualified name.
  namesAction: (segment) => segment === 'cancel' || segment === 'microsoft.graph.cancel',
  allowedMethods: (address) => (address.kind === 'action' ? ['POST'] : ['GET', 'HEAD']),
  intercept: () => null,
  overlooks: () => false,
  order: ['authentication', 'accountKind', 'permission', 'id', 'existence', 'ownership', 'body', 'status'],
  parseId: (segment) => (guid.test(segment) ? segment.toLowerCase() : null),
  findRequest: (id, call) => call.store.get(id),
};

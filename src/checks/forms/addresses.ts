import type { FrameIds } from '../../evidence/records.js';

/** A well-formed id that no target has given to a request. */
export const unknownId = '0badc0de-0000-4000-8000-00000badc0de';

const overlongIdLength = 8000;

/** What follows the collection segment, by name. */
const forms = {
  /** The action of the case's own request. */
  own: (ids) => `/${ids.subject}/cancel`,
  'unknown-id': () => `/${unknownId}/cancel`,
  'malformed-id': () => '/not-an-id/cancel',
  'truncated-id': (ids) => `/${ids.subject.slice(0, -1)}/cancel`,
  'overlong-id': () => `/${'a'.repeat(overlongIdLength)}/cancel`,
  // The separators are encoded: one segment, which is no id of a request (RFC 3986 section 2.2).
  'encoded-separator': (ids) => `/${unknownId}%2F${ids.sibling}/cancel`,
  'encoded-action': (ids) => `/${ids.sibling}%2Fcancel%2F${ids.subject}/cancel`,
  'encoded-dot-segments': (ids) => `/${unknownId}%2F..%2F${ids.sibling}/cancel`,
  'encoded-dots': (ids) => `/%2E%2E%2F${ids.sibling}/cancel`,
  'trailing-slash': (ids) => `/${ids.subject}/cancel/`,
  'upper-case-action': (ids) => `/${ids.subject}/CANCEL`,
  'qualified-action': (ids) => `/${ids.subject}/microsoft.graph.cancel`,
} satisfies Record<string, (ids: FrameIds) => string>;

export type AddressForm = keyof typeof forms;

/** Path behind the collection segment, exactly as it goes on the wire. */
export function buildAddress(form: AddressForm, ids: FrameIds): string {
  // Ids are opaque: one that is not made for a path is encoded, as any client has to.
  const encoded = {
    subject: encodeURIComponent(ids.subject),
    sibling: encodeURIComponent(ids.sibling),
    stranger: encodeURIComponent(ids.stranger),
  };
  return forms[form](encoded);
}

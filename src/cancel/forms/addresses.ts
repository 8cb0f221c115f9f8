import type { FrameIds } from '../../engine/evidence/records.js';

/** A well-formed id that no target has given to a request. */
export const unknownId = '0badc0de-0000-4000-8000-00000badc0de';

/** The same for a target that numbers its requests: to it a GUID is malformed, which is another matter (CANCEL-ADDR-002). */
const unknownNumber = '9'.repeat(15);

const isNumber = (id: string): boolean => /^[0-9]+$/.test(id);

const overlongIdLength = 8000;

/** What follows the collection segment, by name. */
export const addresses = {
  /** The action of the case's own request. */
  own: (ids) => `/${ids.subject}/cancel`,
  'unknown-id': ({ subject }) => `/${isNumber(subject) ? unknownNumber : unknownId}/cancel`,
  'malformed-id': () => '/not-an-id/cancel',
  // A number cut short is another number, which may well be somebody's request: a dash makes sure that it is none.
  'truncated-id': ({ subject }) => `/${subject.slice(0, -1)}${isNumber(subject) ? '-' : ''}/cancel`,
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

export type AddressForm = keyof typeof addresses;

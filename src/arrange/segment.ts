import { bounds } from '../engine/bounds.js';

/** What is never encoded in a path (RFC 3986 section 2.3). */
const unreserved = /^[\w.~-]+$/;

/** Whether a text can be one segment of a path, and is none that leads elsewhere: as ids of tenants are, whatever they name. */
export const isSegment = (text: string): boolean =>
  text.length <= bounds.segment.characters && unreserved.test(text) && text !== '.' && text !== '..';

/** A text as one segment of a path: whatever stands in it, it leads to no other place. */
export const segment = (text: string): string =>
  encodeURIComponent(text).replace(/^\.{1,2}$/, (dots) => dots.replaceAll('.', '%2E'));

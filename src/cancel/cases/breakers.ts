import type { Expectation } from '../words.js';

/** What every cell owes: the call is refused, and the request left as it was. */
export const refused = (row: string): readonly Expectation[] => [{ verb: 'refused-untouched', requirementIds: [row] }];

/** A method other than POST may be refused in any way: it must not cancel. */
export const notCarriedOut = (row: string): readonly Expectation[] => [
  { verb: 'subject-unchanged', requirementIds: [row] },
];

/** Methods are in small letters in ids; personas and statuses keep their own spelling. */
export const kebab = (text: string): string =>
  (/^[A-Z]+$/.test(text) ? text.toLowerCase() : text).replaceAll(/[^A-Za-z0-9]+/g, '-');

/** Bodies that break a gate, each with its row. */
export const bodyRows = [
  ['members', 'absent', 'CANCEL-BODY-001'],
  ['members', 'empty-object', 'CANCEL-BODY-002'],
  ['members', 'without-id', 'CANCEL-BODY-003'],
  ['members', 'without-status', 'CANCEL-BODY-004'],
  ['members', 'status-approved', 'CANCEL-BODY-005'],
  ['body-id', 'id-of-sibling', 'CANCEL-BODY-006'],
  ['body-id', 'id-of-stranger', 'CANCEL-BODY-006'],
  ['syntax', 'malformed', 'CANCEL-BODY-010'],
] as const;

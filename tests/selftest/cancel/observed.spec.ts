import { test } from '../support/finished-runs.js';
import { expect } from '../support/cli.js';

/** What is observed of each clause on the embedded target, word for word; N for what differs from run to run. */
const observed = {
  'C-1': '204 in N of N successes',
  'C-2': 'answered 204',
  'C-3': 'the resource has requestState and requestStatus',
  'C-4': 'statuses read in PascalCase and camelCase',
  'C-5': 'a cancelled request reads Canceled',
  'C-6': 'answered 400 RequestCannotBeCancelled',
  'C-7': 'accessPackageAssignmentRequests',
  'C-8': 'answered 404 ResourceNotFound and 403 UnAuthorized',
  'C-9': null,
  'C-10': 'visible within N ms',
  'C-11': 'answered 400 RequestCannotBeCancelled',
  'C-12': 'answered 204 and 415 UnsupportedMediaType',
  'C-13': 'answered 404 ResourceNotFound',
  'C-14': 'answered 403 UnAuthorized',
  'C-15': 'answered 403 UnAuthorized',
  'C-16': 'answered 204',
};

test('every contested clause is observed as the embedded target reads it, and where', ({ runs }) => {
  const { contested } = runs.conformant;
  const steady = contested.map(({ id, observed: seen }) => [
    id,
    seen?.replace(/ in (\d+) of \1 /, ' in N of N ').replace(/ \d+ ms$/, ' N ms') ?? null,
  ]);
  expect(steady).toEqual(Object.entries(observed));
  expect(contested.filter(({ seenIn }) => seenIn.length === 0).map(({ id }) => id)).toEqual(['C-9']);
});

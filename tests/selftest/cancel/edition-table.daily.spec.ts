import { expect, test } from '@playwright/test';
import { editionPairs, expectedOf, seenOf } from '../support/edition-pairs.js';

for (const pair of editionPairs) {
  test(`a target of ${pair.served} judged by ${pair.judging} fails in the rows in which they differ, and in no other`, async () => {
    expect(await seenOf(pair)).toEqual(expectedOf(pair));
  });
}

import { expect, test } from '@playwright/test';
import { doubtedOf } from '../support/doubted-variants.js';

// A share by turns; all of them are daily.
test('no target that follows the documents looks to doctor as if it were at another address', async () => {
  const { ids, doubted } = await doubtedOf(4);
  expect(ids.length).toBeGreaterThan(80);
  expect(doubted).toEqual([]);
});

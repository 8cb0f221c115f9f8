import { expect, test } from '@playwright/test';
import { doubtedOf } from '../support/doubted-variants.js';

test('no target that follows the documents looks to doctor as if it were at another address', async () => {
  const { ids, doubted } = await doubtedOf(1);
  expect(ids.length).toBeGreaterThan(80);
  expect(doubted).toEqual([]);
});

import { test } from '@playwright/test';
import { alterations, expectSameAnew } from '../support/other-readings.js';

for (const altered of alterations) {
  test(`what other readings would change of ${JSON.stringify(altered)} is what judging all of it anew gives`, async () => {
    await expectSameAnew(altered, true);
  });
}

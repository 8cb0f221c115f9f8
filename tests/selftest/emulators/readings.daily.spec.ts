import { test } from '@playwright/test';
import { expectJudged, judged, titleOf } from '../support/judged-readings.js';

for (const entry of judged) {
  test(`${titleOf(entry)} in any cell`, async () => {
    await expectJudged(entry, false);
  });
}

import { test } from '@playwright/test';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { expectSmallPage } from '../support/page-size.js';

test('the page of a whole faulty run stays below 2 MiB without its judge, and below 2.5 MiB with it', async () => {
  expectSmallPage(await runOn(embeddedWith({ fault: 'scope-compared-by-prefix' })), 2);
});

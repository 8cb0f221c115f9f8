import { existsSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { launchOptions } from './support/chromium.js';

/** What starts browsers or many processes, or takes its time. Nearly all else answers in this process. */
const whole = [
  'arrange/foreign-platform',
  'arrange/live-ended',
  'arrange/live-kill',
  'arrange/live-proxied',
  'arrange/live-run',
  'arrange/msal-sign-in',
  'arrange/nightly',
  'cli/compile-cache',
  'cli/exit-codes',
  'cli/run-usage',
  'cli/surroundings',
  'cli/watch',
  'emulators/control-example',
  'emulators/foreign',
  'emulators/search',
  'hosts/hostile-cancel',
  'hosts/hostile-certificate',
  'hosts/hostile-control',
  'hosts/playwright-host',
  'hosts/run-behind',
  'hosts/run-embedded',
  'hosts/run-endings',
  'hosts/run-throttled',
  'hosts/run-troubled',
  'hosts/surroundings-of-a-run',
  'house/doc-commands',
  'house/house',
  'house/package',
  'house/pipelines',
  'house/supply',
  'report/browser',
  'report/judge-in-page',
  'report/report-answers',
  'report/report-files',
  'report/report-in-browser',
  'report/reproducers',
  'wings/compare/compare-many',
  'wings/compare/compare-page',
  'wings/doc/doc-suggest',
  'wings/doc/doc-view',
  'wings/history/history-page',
  'wings/prove/across',
  'wings/prove/prove',
].map((name) => {
  if (!existsSync(path.join(import.meta.dirname, `${name}.spec.ts`))) throw new Error(`there is no ${name}.spec.ts`);
  return `**/${name}.spec.ts`;
});
const daily = '**/*.daily.spec.ts';

// What is looked at by turns is chosen by the day: once for all workers, which may begin on either side of midnight.
process.env['CANCEL_DAILY_SEED'] ??= String(Math.floor(Date.now() / 86_400_000));

// The suite, tested. `npm test` builds first: the tests run the built command as its users do. The longest begin.
export default defineConfig({
  testDir: import.meta.dirname,
  globalSetup: path.join(import.meta.dirname, 'support', 'global-setup.ts'),
  outputDir: path.join(import.meta.dirname, '..', '..', 'test-results'),
  // What is built is run as it is: translating the validators once more costs each worker seconds.
  build: { external: ['**/dist/**'] },
  fullyParallel: true,
  // Most tests wait for processes that they started, some for a target that takes its time.
  workers: '150%',
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  // Here and by no file: a file with options or fixtures of its workers gets workers of its own, and each starts a browser.
  use: { launchOptions },
  reporter: process.env['CI'] === 'true' ? 'dot' : 'list',
  projects: [
    { name: 'whole', testMatch: whole },
    { name: 'quick', fullyParallel: false, testMatch: '**/*.spec.ts', testIgnore: [...whole, daily] },
    { name: 'daily', testMatch: daily },
  ],
});

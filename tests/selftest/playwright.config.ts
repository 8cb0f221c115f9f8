import path from 'node:path';
import { defineConfig } from '@playwright/test';

// The suite, tested. `npm test` builds first: the tests run the built command as its users do.
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
  reporter: process.env['CI'] === 'true' ? 'dot' : 'list',
});

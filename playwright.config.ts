import { defineConfig } from '@playwright/test';

// The suite in its native form: `npx playwright test`, with every filter, reporter and view that Playwright has.
export default defineConfig({
  testDir: 'tests/conformance',
  fullyParallel: true,
  // A target is one: what runs beside a case must not be blamed on it. More is a choice: --workers.
  workers: 1,
  // A verdict is the first answer; a second try would hide that the first one differed.
  retries: 0,
  forbidOnly: true,
  reporter: [['list'], ['./src/hosts/playwright/reporter.ts']],
  // In a pipeline the runner would put the difference to the main branch into its reports.
  captureGitInfo: { commit: false, diff: false },
  // Nothing of the runner's own may record traffic: its traces and logs would hold tokens.
  use: { trace: 'off', screenshot: 'off', video: 'off' },
});

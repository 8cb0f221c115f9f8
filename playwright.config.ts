import path from 'node:path';
import { defineConfig } from '@playwright/test';
import { readOptions, readParts, runnerFolder } from './src/hosts/options.js';

// The same file serves a checkout (TypeScript) and the built package (JavaScript beside it).
const here = import.meta.dirname;
const extension = path.extname(import.meta.filename);

/** The runner's own way to end a preparation that takes too long is an error; ours, which is none, must come first. */
const graceMs = 2000;

export default defineConfig({
  testDir: path.join(here, 'tests', 'conformance'),
  testMatch: `*.spec${extension}`,
  outputDir: runnerFolder(),
  fullyParallel: true,
  // A verdict is the first answer; a second try would hide that the first one differed.
  retries: 0,
  forbidOnly: true,
  globalSetup: path.join(here, 'src', 'hosts', 'playwright', `global-setup${extension}`),
  // A run that takes longer is ended and told as incomplete. Its preparation keeps the bound by itself; this comes after it.
  globalTimeout: readParts().target.totalMs + graceMs,
  // Where requests are shared, one case follows the other.
  ...(readParts().target.expensive ? { workers: 1 } : {}),
  // Ours comes first: what it leaves for merge goes into the blob report.
  reporter: [
    [path.join(here, 'src', 'hosts', 'playwright', `reporter${extension}`)],
    ...(readOptions().blob === undefined ? [] : [['blob'] as const]),
  ],
  // In a pipeline the runner would put the difference to the main branch into its reports.
  captureGitInfo: { commit: false, diff: false },
  // Nothing of the runner's own may record traffic: its traces and logs would hold tokens.
  use: { trace: 'off', screenshot: 'off', video: 'off' },
});

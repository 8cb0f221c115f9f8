import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

// The same file serves a checkout (TypeScript) and the built package (JavaScript beside it).
const here = import.meta.dirname;
const extension = path.extname(import.meta.filename);

/** A run that takes longer than this is ended and told as incomplete. */
const totalBoundMs = 10 * 60_000;

export default defineConfig({
  testDir: path.join(here, 'tests', 'conformance'),
  testMatch: `*.spec${extension}`,
  // The runner empties this folder; nothing of value is ever in it.
  outputDir: path.join(tmpdir(), 'cancel-conformance-runner'),
  fullyParallel: true,
  // A verdict is the first answer; a second try would hide that the first one differed.
  retries: 0,
  forbidOnly: true,
  globalSetup: path.join(here, 'src', 'run', `global-setup${extension}`),
  globalTimeout: totalBoundMs,
  reporter: [[path.join(here, 'src', 'run', `reporter${extension}`)]],
  // Nothing of the runner's own may record traffic: its traces and logs would hold tokens.
  use: { trace: 'off', screenshot: 'off', video: 'off' },
});

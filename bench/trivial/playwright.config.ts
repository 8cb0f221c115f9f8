import { tmpdir } from 'node:os';
import path from 'node:path';
import { defineConfig } from '@playwright/test';

// What anybody would write first: the yardstick of `npm run bench`.
export default defineConfig({
  testDir: import.meta.dirname,
  outputDir: path.join(tmpdir(), 'cancel-conformance-bench'),
  fullyParallel: true,
  reporter: 'list',
});

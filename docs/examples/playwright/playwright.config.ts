import { defineConfig } from '@playwright/test';

export default defineConfig({
  testMatch: '*.spec.ts',
  fullyParallel: true,
  // A target is one: what runs beside a case must not be blamed on it.
  workers: 1,
  retries: 0,
  reporter: [['list'], ['cancel-conformance/reporter', { out: 'conformance-report' }]],
});

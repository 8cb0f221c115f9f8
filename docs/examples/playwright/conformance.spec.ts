import { test as base } from '@playwright/test';
import { conformance } from 'cancel-conformance/playwright';

// One test for each case. Several targets: once for each, in a describe of its own.
const { test, cases } = conformance(base, { target: 'target.yaml' });
for (const { title, details, body } of cases) test(title, details, body);

import { test as base } from '@playwright/test';
import { conformance } from '../../src/hosts/playwright/index.js';

// One test for each case. Who is tested is chosen by the environment (CANCEL_TARGET and its like); without it, the embedded target.
const { test, cases } = conformance(base);
for (const { title, details, body } of cases) test(title, details, body);

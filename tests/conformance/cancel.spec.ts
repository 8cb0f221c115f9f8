import { test } from '@playwright/test';
import { conformance } from '../../src/hosts/playwright/index.js';

// One test for each case. Who is tested is chosen by the environment (CANCEL_TARGET and its like); without it, the embedded target.
conformance(test);

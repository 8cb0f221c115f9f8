import { test } from '@playwright/test';
import { conformance } from 'cancel-conformance/playwright';

// One test for each case. Call it once for each target; a describe around it keeps several apart.
conformance(test, { target: 'target.yaml' });

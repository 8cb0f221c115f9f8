import { createdInNight } from '../support/live-night.js';
import { expect, test } from '../support/live-tenant.js';

test('a run on a live tenant with everything in its way tells what the embedded run tells, and leaves nothing', async ({
  serveTenant,
  run,
  embeddedRun,
  folder,
}) => {
  // Most of it is waiting for a tenant that throttles; the run's own bound is shorter.
  test.setTimeout(1_200_000);
  // Accepted lasts long enough to be met by a caller who is throttled now and then.
  const args = ['--nuisances', 'all', '--others', '1000', '--delays', 'accepting=2000'];
  expect(await createdInNight({ serveTenant, run, embeddedRun, folder }, args)).toBeLessThanOrEqual(14);
});

import { killAndRecover, moments, tenantOptions } from '../support/killed-runs.js';
import { expect, test } from '../support/live-tenant.js';

for (const { what, at } of moments) {
  test(`a run killed ${what} leaves nothing once it is recovered`, async ({ serveTenant, folder }) => {
    const tenant = await serveTenant(tenantOptions);
    expect(await killAndRecover({ tenant, folder, at })).not.toBeNull();
  });
}

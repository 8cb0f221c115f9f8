import { test, expect } from '@playwright/test';
import { contractUnder } from '../../../src/engine/contract/under.js';
import { dailySeed } from '../support/daily-seed.js';
import { embeddedWith } from '../support/engine-runs.js';
import { alterations, expectSameAnew } from '../support/other-readings.js';

// The target as it is in a few cells, and a share of the altered ones by turns; all of them are daily.
const shares = 3;
for (const altered of alterations.filter((_, at) => at === 0 || at % shares === dailySeed % shares)) {
  test(`what other readings would change of ${JSON.stringify(altered)} is what judging all of it anew gives`, async () => {
    await expectSameAnew(altered, false);
  });
}

test('a contract is under the readings that were chosen last, whatever it was under before', () => {
  const { contract } = embeddedWith();
  const chosen = contractUnder(contract, { 'C-8': '404', 'C-14': 'role-suffices' });
  expect(chosen.requirements).not.toEqual(contract.requirements);
  expect(contractUnder(chosen, contract.readings).requirements).toEqual(contract.requirements);
  expect(contractUnder(chosen, { 'C-8': '403' }).readings).toMatchObject({ 'C-8': '403', 'C-14': 'role-suffices' });
});

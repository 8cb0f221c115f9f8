import { assertUntold, embedded, test } from '../support/left-out-personas.js';

// Each persona by turns; all of them are daily.
const shares = 4;

test('on a target with the control protocol what needs a persona that is left out is untold, and nothing else', async ({
  folder,
}) => {
  await assertUntold(folder, embedded, shares);
});

test('on an inventory what needs a persona that is left out is untold, and nothing else', async ({
  folder,
  inventory,
}) => {
  await assertUntold(folder, inventory, shares);
});

test('on a live tenant what needs a persona that is left out is untold, and nothing else', async ({ folder, live }) => {
  await assertUntold(folder, live, shares);
});

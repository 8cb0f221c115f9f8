import { assertUntold, embedded, test } from '../support/left-out-personas.js';

test('on a target with the control protocol what needs a persona that is left out is untold, and nothing else', async ({
  folder,
}) => {
  await assertUntold(folder, embedded, 1);
});

test('on an inventory what needs a persona that is left out is untold, and nothing else', async ({
  folder,
  inventory,
}) => {
  await assertUntold(folder, inventory, 1);
});

test('on a live tenant what needs a persona that is left out is untold, and nothing else', async ({ folder, live }) => {
  await assertUntold(folder, live, 1);
});

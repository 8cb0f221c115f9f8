import { expect, test } from '@playwright/test';
import { loadContract } from '../../../src/cancel/contract.js';
import { startEmbedded } from '../../../src/emulators/endpoint/server.js';
import { failedRows } from '../support/cli.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';

/** A variable that nothing else reads. */
const variable = 'CANCEL_TOKEN_OF_ONE_CALLER';

test('one token under the names of two people accuses nobody: what needs both is not told', async () => {
  const { edition } = loadContract();
  const embedded = await startEmbedded({ edition, faults: [] });
  const answer = await fetch(`${embedded.controlUrl}/tokens`, {
    method: 'POST',
    body: JSON.stringify({ persona: 'requestor' }),
  });
  process.env[variable] = ((await answer.json()) as { readonly token: string }).token;
  const { target, contract } = embeddedWith();
  const same = { env: variable };
  const report = await runOn(
    {
      target: {
        ...target,
        embedded: null,
        baseUrl: embedded.baseUrl,
        requests: { provider: 'control', url: embedded.controlUrl, key: null },
        tokens: { ...target.tokens, requestor: same, otherUser: same },
      },
      contract,
    },
    { areas: ['PERM'], fewCells: true },
  );
  Reflect.deleteProperty(process.env, variable);
  await embedded.close();
  expect(failedRows(report)).toEqual([]);
  const [row] = report.requirements.filter(({ id }) => id === 'CANCEL-PERM-003');
  expect(row?.verdict).toBe('inconclusive');
  expect(row?.reason).toMatch(/same token as requestor|is the same user as otherUser/);
});

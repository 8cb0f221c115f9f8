import { credentialOf } from '../../../src/engine/perform/session.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { WorkerSession } from '../../../src/hosts/playwright/worker-session.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { expect, test } from '../support/cli.js';

test('what a fault of the suite throws holds no token, wherever a reporter of the runner looks', async ({ folder }) => {
  const { target, contract } = resolveTarget({});
  const plan = planRun(contract, target);
  const worker = await WorkerSession.open({ target, contract, plan }, { folder, workers: 1 });
  const { session } = worker;
  const { token } = credentialOf(session, 'requestor');
  session.arranging.provider.create = () =>
    Promise.reject(new Error(`made up: ${token}`, { cause: new Error(`below: ${token}`) }));
  const thrown: unknown = await worker.perform([...plan.cases.values()].slice(0, 1)).catch((error: unknown) => error);
  await worker.close();
  expect(token).toMatch(/^eyJ/);
  expect(thrown).toBeInstanceOf(Error);
  const { message, stack, cause } = thrown as Error;
  expect(message).toBe('made up: ‹token:requestor›');
  expect(stack).toContain('made up: ‹token:requestor›\n');
  expect(stack).not.toContain(token);
  expect(cause).toBeUndefined();
});

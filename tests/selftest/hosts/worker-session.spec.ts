import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { credentialOf } from '../../../src/engine/perform/session.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { WorkerSession } from '../../../src/hosts/playwright/worker-session.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { expect, test } from '../support/cli.js';
import { inventoryTarget, post } from '../support/inventory-target.js';

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

test('what one worker has used up of an inventory the next one leaves alone', async ({ serve, folder }) => {
  const served = await serve();
  const make = { status: 'pendingApproval', requestor: 'requestor' };
  const [{ id: first = '' }, { id: second = '' }] = [
    await post(`${served.controlUrl}/requests`, make),
    await post(`${served.controlUrl}/requests`, make),
  ];
  const { file, environment } = await inventoryTarget(folder, served, {
    pendingApproval: { requestor: [first, second] },
  });
  Object.assign(process.env, environment);
  const { target, contract } = resolveTarget({ target: file });
  const parts = { target, contract, plan: planRun(contract, target) };
  const left = path.join(folder, 'left', 'behind');
  const note = path.join(left, 'used-requests.txt');
  // Somebody's file, to which a link leads from the place of the note.
  const others = path.join(folder, 'others.txt');
  writeFileSync(others, `"${second}"\n`);
  mkdirSync(left, { recursive: true });
  symlinkSync(others, note);
  const given = async (): Promise<string> => {
    const worker = await WorkerSession.open(parts, { folder: left, workers: 1 });
    const giving = worker.session.arranging.provider.create('pendingApproval', 'requestor');
    const id = await giving.catch((error: unknown) => String(error));
    await worker.close();
    return id;
  };
  try {
    expect(await given()).toBe(first);
    expect(await given()).toBe(second);
    expect(readFileSync(note, 'utf8')).toBe(`"${first}"\n"${second}"\n`);
    expect(await given()).toContain('has no further request (of 2 listed');
    expect(readFileSync(others, 'utf8')).toBe(`"${second}"\n`);
    writeFileSync(note, 'nonsense\n');
    await expect(given()).rejects.toThrow(
      /used-requests\.txt: holds something else than ids of used requests; remove it$/,
    );
  } finally {
    for (const name of Object.keys(environment)) Reflect.deleteProperty(process.env, name);
  }
});

import path from 'node:path';
import { preparedFile, prepareAhead } from '../../../src/arrange/graph/ahead.js';
import { onlyCases } from '../../../src/engine/plan/plan.js';
import { carryOut } from '../../../src/hosts/in-process.js';
import { ask, expect, longMs, setUp, test, type Members, type TenantClient } from '../support/tenant-client.js';
import { liveIn, tenantTarget } from '../support/tenant-target.js';

const mailsOf = async (client: TenantClient): Promise<readonly Members[]> =>
  (await client.control('GET /mails')).body['mails'] as readonly Members[];

test('the emulated service writes to those who decide and those who ask, unless the policy says otherwise', async ({
  start,
}) => {
  const client = await start();
  const setting = await setUp(client);
  const id = await ask(client, setting, { policy: 'approval' });
  client.running.advanceClock(longMs);
  const [requestor, approver] = [await client.idOf('requestor'), await client.idOf('otherUser')];
  expect((await mailsOf(client)).map(({ to, requestId }) => [to, requestId])).toEqual([
    [requestor, id],
    [approver, id],
  ]);
  await ask(client, setting, { policy: 'direct', requestType: 'AdminAdd' });
  client.running.advanceClock(longMs);
  expect((await mailsOf(client)).at(-1)).toMatchObject({ to: requestor, subject: 'You now have access' });
});

test('a night writes to nobody: not by what it makes, denies, delivers, removes, prepares and escalates', async ({
  start,
  folder,
}) => {
  const client = await start({ now: Date.now, delays: { accepting: 20, delivering: 20, notifying: 20 } });
  const { target, contract, plan } = await tenantTarget(client, folder);
  const live = liveIn(target);
  await prepareAhead({ target, contract }, live, { file: preparedFile(live), count: 1 });
  client.running.advanceClock(25 * 3_600_000);
  const statuses = ['denied', 'delivered', 'pendingApproval', 'pendingApprovalEscalated', 'pendingNotBefore'];
  const some = statuses.flatMap((status) => {
    const found = [...plan.cases.values()].find(({ given }) => given.status === status);
    return found?.id ?? [];
  });
  const { remarks, report } = await carryOut(
    { target, contract, plan: onlyCases(plan, some) },
    { journal: path.join(folder, 'run-1.jsonl') },
  );
  expect(report.checks.filter(({ verdict }) => verdict === 'passed').length).toBeGreaterThan(10);
  expect(Number(remarks?.['requests created'])).toBeGreaterThan(5);
  expect(await mailsOf(client)).toEqual([]);
});

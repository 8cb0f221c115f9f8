import {
  ask,
  codeOf,
  expect,
  idOf,
  longMs,
  requests,
  setUp,
  test,
  valueOf,
  type Members,
  type TenantClient,
} from '../support/tenant-client.js';

const dayMs = 24 * 60 * 60 * 1000;

const readBack = (client: TenantClient, id: string): Promise<Members> =>
  client.done('administrator', `GET ${requests}/${id}`);

async function pairOf(client: TenantClient, id: string): Promise<readonly unknown[]> {
  const { requestState, requestStatus } = await readBack(client, id);
  return [requestState, requestStatus];
}

async function stepOf(client: TenantClient, id: string): Promise<string> {
  const { value } = await client.done('otherUser', `GET accessPackageAssignmentApprovals/${id}/steps`);
  return `accessPackageAssignmentApprovals/${id}/steps/${idOf((value as readonly Members[])[0] ?? {})}`;
}

const future = {
  requestType: 'AdminAdd',
  schedule: { startDateTime: new Date(Date.now() + 30 * dayMs).toISOString() },
};

test.describe('the way of a request', () => {
  test('leads through every status that can be reached', async ({ start }) => {
    const client = await start();
    const setting = await setUp(client);
    const pending = await ask(client, setting, { policy: 'approval' });
    expect(await pairOf(client, pending)).toEqual(['Submitted', 'Accepted']);
    const delivered = await ask(client, setting, { policy: 'direct', requestType: 'AdminAdd' });
    const scheduled = await ask(client, setting, { policy: 'direct', ...future });
    const escalated = await ask(client, setting, { policy: 'escalation' });

    client.running.advanceClock(1000);
    expect(await pairOf(client, pending)).toEqual(['PendingApproval', 'PendingApproval']);
    expect(await pairOf(client, delivered)).toEqual(['Delivering', 'Delivering']);
    expect(await pairOf(client, scheduled)).toEqual(['Scheduled', 'PendingNotBefore']);
    client.running.advanceClock(1000);
    expect(await pairOf(client, delivered)).toEqual(['Delivered', 'Fulfilled']);
    client.running.advanceClock(1000);
    expect(await pairOf(client, delivered)).toEqual(['Delivered', 'FulfilledNotificationTriggered']);
    expect(await pairOf(client, escalated)).toEqual(['PendingApproval', 'PendingApproval']);
    client.running.advanceClock(dayMs);
    expect(await pairOf(client, escalated)).toEqual(['PendingApproval', 'PendingApprovalEscalated']);
    expect(await pairOf(client, pending)).toEqual(['PendingApproval', 'PendingApproval']);
    client.running.advanceClock(14 * dayMs);
    expect(await pairOf(client, pending)).toEqual(['Denied', 'Expired']);
    expect(await pairOf(client, escalated)).toEqual(['Denied', 'Expired']);
    client.running.advanceClock(30 * dayMs);
    expect((await readBack(client, scheduled))['requestState']).toBe('Delivered');
  });

  test('ends with a cancel by its requestor, and leaves nothing to approve', async ({ start }) => {
    const client = await start();
    const setting = await setUp(client);
    const id = await ask(client, setting, { policy: 'approval' });
    client.running.advanceClock(longMs);
    const step = await stepOf(client, id);
    const body = { id, requestStatus: 'cancelled' };
    expect((await client.as('requestor', `POST ${requests}/${id}/cancel`, { body })).status).toBe(204);
    expect(await pairOf(client, id)).toEqual(['Canceled', 'Canceled']);
    const second = await client.as('requestor', `POST ${requests}/${id}/cancel`, { body });
    expect([second.status, codeOf(second)]).toEqual([400, 'RequestCannotBeCancelled']);
    const late = await client.as('otherUser', `PATCH ${step}`, { body: { reviewResult: 'Approve' } });
    expect(late.status).toBe(409);
  });

  test('is decided once, by an approver who is not the requestor', async ({ start }) => {
    const client = await start();
    const setting = await setUp(client);
    const [denied, approved] = [
      await ask(client, setting, { policy: 'approval' }),
      await ask(client, setting, { policy: 'approval' }),
    ];
    expect((await client.as('otherUser', `GET accessPackageAssignmentApprovals/${denied}`)).status).toBe(404);
    client.running.advanceClock(longMs);
    const step = await stepOf(client, denied);
    const deny = { body: { reviewResult: 'Deny', justification: 'Not now' } };
    for (const persona of ['requestor', 'administrator', 'subjectUser', 'application'] as const) {
      expect((await client.as(persona, `PATCH ${step}`, deny)).status, persona).toBe(403);
    }
    expect(codeOf(await client.as('otherUser', `PATCH ${step}`, { body: { reviewResult: 'Maybe' } }))).toBe(
      'InvalidModel',
    );
    expect((await client.as('otherUser', `PATCH ${step}`, deny)).status).toBe(204);
    expect(await pairOf(client, denied)).toEqual(['Denied', 'Denied']);
    expect((await client.as('otherUser', `PATCH ${step}`, deny)).status).toBe(409);
    expect(await client.done('otherUser', `GET ${step}`)).toMatchObject({ status: 'Completed', reviewResult: 'Deny' });

    await client.done('otherUser', `PATCH ${await stepOf(client, approved)}`, { body: { reviewResult: 'Approve' } });
    expect(await pairOf(client, approved)).toEqual(['Delivering', 'Delivering']);
  });

  test('lets the other approver decide once it is escalated', async ({ start }) => {
    const client = await start();
    const id = await ask(client, await setUp(client), { policy: 'escalation' });
    client.running.advanceClock(longMs);
    const [step, body] = [await stepOf(client, id), { reviewResult: 'Deny' }];
    expect((await client.as('administrator', `PATCH ${step}`, { body })).status).toBe(403);
    client.running.advanceClock(dayMs);
    expect((await client.as('administrator', `PATCH ${step}`, { body })).status).toBe(204);
  });
});

test('removes an assignment, and then everything, in the one order that works', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const id = await ask(client, setting, { policy: 'direct', requestType: 'AdminAdd' });
  const deletes = (path: string) => client.as('application', `DELETE ${path}`);
  const policies = [setting.direct, setting.approval, setting.escalation, setting.open];

  expect(codeOf(await deletes(`${requests}/${id}`))).toBe('InvalidModel');
  expect((await deletes(`accessPackageAssignmentPolicies/${setting.direct}`)).status).toBe(400);
  client.running.advanceClock(longMs);
  const assignments = `accessPackageAssignments?$filter=accessPackageId eq '${setting.packageId}'`.replaceAll(
    ' ',
    '%20',
  );
  const [assignment] = valueOf(await client.done('application', `GET ${assignments}`));
  expect(assignment).toMatchObject({ assignmentState: 'Delivered', targetId: await client.idOf('requestor') });
  for (const path of [
    `${requests}/${id}`,
    `accessPackageAssignmentPolicies/${setting.direct}`,
    `accessPackages/${setting.packageId}`,
    `accessPackageCatalogs/${setting.catalogId}`,
  ]) {
    expect((await deletes(path)).status, path).toBe(400);
  }

  const removal = { requestType: 'AdminRemove', accessPackageAssignment: { id: assignment?.['id'] } };
  const removing = idOf(await client.done('application', `POST ${requests}`, { body: removal }));
  expect((await client.as('application', `POST ${requests}`, { body: removal })).status).toBe(400);
  client.running.advanceClock(longMs);
  expect(valueOf(await client.done('application', `GET ${assignments}`))).toEqual([]);
  for (const path of [
    `${requests}/${id}`,
    `${requests}/${removing}`,
    ...policies.map((policy) => `accessPackageAssignmentPolicies/${policy}`),
    `accessPackages/${setting.packageId}`,
    `accessPackageCatalogs/${setting.catalogId}`,
  ]) {
    expect((await deletes(path)).status, path).toBe(204);
    expect((await deletes(path)).status, path).toBe(404);
  }
  expect((await client.control('GET /objects')).body).toEqual({ counts: {}, objects: [] });
});

import type { Access } from '../../../src/emulators/tenant/accesses.js';
import { faults } from '../../../src/emulators/endpoint/faults/index.js';
import type { TenantExtension, TenantHost } from '../../../src/emulators/tenant/server.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { expect as expectCli, runCli, test as cliTest } from '../support/cli.js';
import {
  ask,
  expect,
  idOf,
  longMs,
  requests,
  setUp,
  test,
  valueOf,
  type TenantClient,
} from '../support/tenant-client.js';

async function accessesOf(client: TenantClient, after = 0): Promise<readonly Access[]> {
  const { body } = await client.control(`GET /accesses?after=${after}`);
  return body['accesses'] as readonly Access[];
}

test.describe('the record of accesses', () => {
  test('tells who called what, what it named, and what came of it', async ({ start }) => {
    const client = await start();
    const setting = await setUp(client);
    const before = (await accessesOf(client)).length;
    const id = await ask(client, setting, { policy: 'approval' });
    await client.as('otherUser', `POST ${requests}/${id}/cancel`, { body: {} });
    await client.as('otherUser', `GET ${requests}/${id}`, { token: null });
    const accesses = await accessesOf(client, before);
    expect(accesses.map(({ number }) => number)).toEqual([before + 1, before + 2, before + 3]);
    const own = { kind: 'accessPackageAssignmentRequests', id, foreign: false };
    expect(accesses).toMatchObject([
      {
        method: 'POST',
        caller: await client.idOf('requestor'),
        status: 201,
        foreign: false,
        touched: [
          { kind: 'accessPackages', id: setting.packageId, foreign: false },
          { kind: 'accessPackageAssignmentPolicies', id: setting.approval, foreign: false },
        ],
      },
      { method: 'POST', caller: await client.idOf('otherUser'), status: 403, touched: [own] },
      { method: 'GET', caller: null, status: 401, touched: [own] },
    ]);
    expect(accesses[1]?.target).toMatch(new RegExp(`/${requests}/${id}/cancel$`));
  });

  test('marks every call that names what belongs to others', async ({ start }) => {
    const client = await start({ others: 100 });
    const { body } = await client.control('GET /objects?foreign=true');
    const objects = body['objects'] as readonly { readonly kind: string; readonly id: string }[];
    expect(body['counts']).toMatchObject({
      accessPackageAssignmentRequests: { own: 0, foreign: 100 },
      accessPackages: { own: 0, foreign: 2 },
    });
    const idIn = (kind: string): string => objects.find((object) => object.kind === kind)?.id ?? '';
    await client.as('administrator', `GET ${requests}`);
    expect((await accessesOf(client)).filter(({ foreign }) => foreign)).toEqual([]);
    for (const call of [
      `GET ${requests}/${idIn('accessPackageAssignmentRequests')}`,
      `POST ${requests}/${idIn('accessPackageAssignmentRequests').toUpperCase()}/cancel`,
      `GET accessPackageAssignmentApprovals/${idIn('accessPackageAssignmentRequests')}/steps`,
      `DELETE accessPackages/${idIn('accessPackages')}`,
      `GET accessPackageAssignments/${idIn('accessPackageAssignments')}`,
    ]) {
      await client.as('unscopedUser', call);
      expect((await accessesOf(client)).at(-1), call).toMatchObject({ foreign: true, status: 403 });
    }
    const policy = { accessPackageId: idIn('accessPackages'), displayName: 'x', requestorSettings: {} };
    await client.as('administrator', 'POST accessPackages', {
      body: { displayName: 'x', catalogId: idIn('accessPackageCatalogs') },
    });
    expect((await accessesOf(client)).at(-1)).toMatchObject({ foreign: true, status: 201 });
    expect((await client.as('administrator', 'POST accessPackageAssignmentPolicies', { body: policy })).status).toBe(
      400,
    );
  });

  test('keeps calls that a nuisance turned away apart', async ({ start }) => {
    const client = await start({ nuisances: new Set(['throttling'] as const), seed: 3 });
    for (let number = 0; number < 60; number += 1) await client.as('administrator', 'GET accessPackages');
    const turnedAway = (await accessesOf(client)).filter((access) => access.turnedAway !== null);
    expect(turnedAway.length).toBeGreaterThan(0);
    for (const access of turnedAway) expect(access).toMatchObject({ turnedAway: 'throttling', status: 429 });
  });
});

/** An extension that answers at one address, and notes every call that it is asked about. */
const extension =
  (name: string, asked: string[]) =>
  ({ tenantId }: TenantHost): TenantExtension =>
  (incoming, response) => {
    asked.push(`${name} ${incoming.url ?? ''}`);
    const isOwn = incoming.url === `/${tenantId}/${name}`;
    if (isOwn) response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    return Promise.resolve(isOwn);
  };

test('extensions are asked in their order for what is neither the service nor the control side', async ({ start }) => {
  const asked: string[] = [];
  const client = await start({ extensions: [extension('first', asked), extension('second', asked)] });
  const { originUrl, tenantId } = client.running;
  await client.as('administrator', 'GET accessPackages');
  await client.control('GET /objects');
  expect((await client.as('administrator', `GET ${originUrl}/${tenantId}/second`)).status).toBe(200);
  expect((await client.as('administrator', `GET ${originUrl}/elsewhere`)).status).toBe(404);
  const second = `/${tenantId}/second`;
  expect(asked).toEqual([`first ${second}`, `second ${second}`, 'first /elsewhere', 'second /elsewhere']);
});

test('the control side asks for its key', async ({ start }) => {
  const client = await start({ controlKey: 'a-key-of-the-tenant' });
  for (const call of ['GET /objects', 'GET /accesses', 'POST /tokens', 'POST /clock', 'PATCH /settings']) {
    expect((await client.control(call)).status, call).toBe(401);
    expect((await client.control(call, undefined, 'another-key')).status, call).toBe(401);
  }
  expect((await client.control('GET /objects', undefined, 'a-key-of-the-tenant')).status).toBe(200);
});

test('the clock goes forward only', async ({ start }) => {
  const client = await start();
  const now = async (advanceMs: number): Promise<number> =>
    Date.parse(String((await client.control('POST /clock', { advanceMs })).body['now']));
  const before = await now(0);
  expect((await now(5000)) - before).toBe(5000);
  expect((await client.control('POST /clock', { advanceMs: -1 })).status).toBe(422);
});

test('a fault of the embedded target is a fault of the tenant', async ({ start }) => {
  const fault = faults.find(({ id }) => id === 'success-without-effect');
  const client = await start({ faults: fault === undefined ? [] : [fault] });
  const id = await ask(client, await setUp(client), { policy: 'approval' });
  client.running.advanceClock(longMs);
  expect((await client.as('administrator', `POST ${requests}/${id}/cancel`, { body: {} })).status).toBe(204);
  expect(await client.done('administrator', `GET ${requests}/${id}`)).toMatchObject({
    requestState: 'PendingApproval',
  });
});

test('where v1.0 is judged, requests are v1.0 there and the rest is set up through beta', async ({ start }) => {
  const client = await start({ edition: loadContract('v1.0-2023').edition });
  expect(client.running.baseUrl).toMatch(/\/v1\.0$/);
  const id = await ask(client, await setUp(client), { policy: 'approval' });
  client.running.advanceClock(longMs);
  const collection = `${client.running.baseUrl}/identityGovernance/entitlementManagement/assignmentRequests`;
  expect(await client.done('administrator', `GET ${collection}/${id}`)).toMatchObject({
    state: 'pendingApproval',
    status: 'PendingApproval',
    requestType: 'userAdd',
  });
  expect((await client.as('requestor', `POST ${collection}/${id}/cancel`)).status).toBe(200);
  expect(valueOf(await client.done('requestor', `GET ${collection}`)).map(idOf)).toEqual([id]);
  expect(await client.done('administrator', `GET ${requests}/${id}`)).toMatchObject({ requestState: 'Canceled' });
});

cliTest('serve --tenant says where it is and who is there, and has no control protocol', async ({ serve }) => {
  const { origin, baseUrl } = await serve(['--tenant', '--others', '12', '--nuisances', 'create-200', '--delays', '5']);
  expectCli(baseUrl).toBe(`${origin}/beta`);
  const objects = (await (await fetch(`${origin}/tenant/v1/objects`)).json()) as { readonly counts: object };
  expectCli(objects.counts).toMatchObject({ accessPackageAssignmentRequests: { own: 0, foreign: 12 } });
  for (const path of ['', '/', '/tokens', '/requests']) {
    expectCli((await fetch(`${origin}/conformance/v1${path}`, { method: 'POST', body: '{}' })).status).toBe(404);
  }
});

for (const [args, says] of [
  [['--others', '5'], '--others: only a tenant has this; add --tenant'],
  [['--tenant', '--nuisances', 'throtling'], 'no nuisance throtling; did you mean throttling?'],
  [['--tenant', '--delays', 'acepting=5'], 'no delay acepting; did you mean accepting?'],
  [['--tenant', '--delays', 'accepting=soon'], '--delays accepting soon: give a whole number'],
  [['--tenant', '--others', '-1'], '--others -1: give a whole number'],
] as const) {
  cliTest(`serve ${args.join(' ')} is refused: ${says}`, async ({ folder }) => {
    const { exitCode, stderr } = await runCli(['serve', ...args], { cwd: folder });
    expectCli(exitCode).toBe(2);
    expectCli(stderr).toContain(says);
  });
}

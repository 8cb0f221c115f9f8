import { PageIterator, type Client, type PageCollection } from '@microsoft/microsoft-graph-client';
import type { Persona } from '../../../src/cancel/personas.js';
import { graphClientOf } from '../support/graph-client.js';
import {
  ask,
  expect,
  longMs,
  requestBody,
  requests,
  setUp,
  test,
  type Members,
  type TenantClient,
} from '../support/tenant-client.js';

const graphClient = (client: TenantClient, persona: Persona): Client =>
  graphClientOf(client, () => client.tokenOf(persona));

const collection = `/identityGovernance/entitlementManagement/${requests}`;

test.describe("Microsoft's own client", () => {
  test('lists all requests, page by page', async ({ start }) => {
    const graph = graphClient(await start({ others: 230 }), 'administrator');
    const first = (await graph.api(collection).top(50).expand('requestor').get()) as PageCollection;
    expect(first.value).toHaveLength(50);
    const seen: string[] = [];
    const iterator = new PageIterator(graph, first, (request: { readonly id: string }) => seen.push(request.id) > 0);
    await iterator.iterate();
    expect(iterator.isComplete()).toBe(true);
    expect(seen).toHaveLength(230);
    expect(new Set(seen).size).toBe(230);
  });

  test('creates, reads and cancels a request', async ({ start }) => {
    const client = await start({ others: 20 });
    const setting = await setUp(client);
    const graph = graphClient(client, 'requestor');
    const body = requestBody(setting, { policy: 'approval', targetId: await client.idOf('requestor') });
    const created = (await graph.api(collection).post(body)) as Members;
    expect(created).toMatchObject({ requestStatus: 'Accepted', createdDateTime: null, justification: 'A reason' });
    const one = `${collection}/${String(created['id'])}`;
    client.running.advanceClock(longMs);
    expect(await graph.api(one).get()).toMatchObject({ requestStatus: 'PendingApproval' });
    await graph.api(`${one}/cancel`).post({ id: created['id'], requestStatus: 'cancelled' });
    expect(await graph.api(one).get()).toMatchObject({ requestState: 'Canceled' });
    const pending = (await graph.api(collection).filter("requestState eq 'Canceled'").get()) as PageCollection;
    expect(pending.value.map(({ id }: Members) => id)).toEqual([created['id']]);
  });

  test('understands how a refusal is told', async ({ start }) => {
    const client = await start();
    const id = await ask(client, await setUp(client), { policy: 'approval' });
    const cancelling = graphClient(client, 'otherUser').api(`${collection}/${id}/cancel`).post({});
    await expect(cancelling).rejects.toMatchObject({ statusCode: 403, code: 'UnAuthorized' });
  });

  test('gets through to a tenant that throttles', async ({ start }) => {
    const client = await start({ others: 100, nuisances: new Set(['throttling']), retryAfterS: 0 });
    const graph = graphClient(client, 'administrator');
    const listed = (await graph.api(collection).top(10).get()) as PageCollection;
    const seen: unknown[] = [];
    await new PageIterator(graph, listed, (request: Members) => seen.push(request) > 0).iterate();
    expect(seen).toHaveLength(100);
  });
});

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
} from '../support/tenant-client.js';

const query = (options: Readonly<Record<string, string>>): string => new URLSearchParams(options).toString();

test.describe('lists', () => {
  test('are filtered by comparisons for equality and beginnings, joined by and', async ({ start }) => {
    const client = await start({ others: 200 });
    const setting = await setUp(client);
    const first = await ask(client, setting, { policy: 'approval', justification: "it's mine" });
    const second = await ask(client, setting, { policy: 'escalation' });
    await client.done('administrator', `POST ${requests}/${second}/cancel`, { body: {} });
    client.running.advanceClock(longMs);
    const found = async (filter: string): Promise<readonly string[]> =>
      valueOf(await client.done('administrator', `GET ${requests}?${query({ $filter: filter })}`)).map(idOf);
    const requestor = await client.idOf('requestor');

    expect(await found(`id eq '${first.toUpperCase()}'`)).toEqual([first]);
    expect(await found("justification eq 'it''s mine'")).toEqual([first]);
    expect(await found(`requestor/objectId eq '${requestor}'`)).toEqual([first, second]);
    expect(await found(`accessPackage/id eq '${setting.packageId}' and (requestState eq 'Canceled')`)).toEqual([
      second,
    ]);
    expect(await found(`(requestStatus eq 'PendingApproval' and requestor/objectId eq '${requestor}')`)).toEqual([
      first,
    ]);
    expect(await found("startswith(justification,'it''s')")).toEqual([first]);
    expect(await found(`startswith(justification, 'A r') and requestState eq 'Canceled'`)).toEqual([second]);
    expect(await found("requestState eq 'Nothing'")).toEqual([]);
    expect((await found("requestState eq 'PendingApproval'")).length).toBeGreaterThan(5);
  });

  for (const [name, value] of [
    ['$filter', "requestState ne 'Canceled'"],
    ['$filter', "requestState eq 'Canceled' or requestState eq 'Denied'"],
    ['$filter', "startswith(justification,'x'"],
    ['$filter', "startswith(secret,'x')"],
    ['$filter', "endswith(justification,'x')"],
    ['$filter', 'requestState eq'],
    ['$filter', "(requestState eq 'Canceled'"],
    ['$filter', "secret eq 'x'"],
    ['$orderby', 'createdDateTime'],
    ['$expand', 'everything'],
    ['$top', '0'],
    ['$skiptoken', 'made-up'],
  ] as const) {
    test(`refuse ${name}=${value}, rather than overlook it`, async ({ start }) => {
      const client = await start();
      const answer = await client.as('administrator', `GET ${requests}?${query({ [name]: value })}`);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'InvalidModel']);
    });
  }

  test('come in pages that neither repeat nor skip when requests come and go in between', async ({ start }) => {
    const client = await start({ others: 25 });
    const setting = await setUp(client);
    const own = await ask(client, setting, { policy: 'approval' });
    await client.done('administrator', `POST ${requests}/${own}/cancel`, { body: {} });
    const options = query({ $top: '25', $count: 'true' });
    const page = await client.done('administrator', `GET ${requests}?${options}`);
    expect(page['@odata.count']).toBe(26);
    const seen = valueOf(page).map(idOf);
    await client.done('administrator', `DELETE ${requests}/${own}`);
    const later = await ask(client, setting, { policy: 'approval' });
    const last = await client.done('administrator', `GET ${String(page['@odata.nextLink'])}`);
    expect(last['@odata.nextLink']).toBeUndefined();
    expect([...seen, ...valueOf(last).map(idOf)]).toHaveLength(26);
    expect(valueOf(last).map(idOf)).toEqual([later]);
  });
});

test('navigation properties are shown to who asks for them', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const id = await ask(client, setting, { policy: 'approval' });
  const read = (options: Readonly<Record<string, string>>): Promise<Members> =>
    client.done('administrator', `GET ${requests}/${id}?${query(options)}`);
  const navigation = ['accessPackage', 'accessPackageAssignment', 'requestor'];
  const known = await read({});
  expect(navigation.filter((name) => name in known)).toEqual([]);
  const expanded = await read({ $expand: 'requestor($select=id),accessPackage' });
  expect(expanded).toMatchObject({
    requestor: { objectId: await client.idOf('requestor') },
    accessPackage: { id: setting.packageId, displayName: 'Package' },
  });
  expect(expanded).not.toHaveProperty('accessPackageAssignment');
  const selected = Object.keys(await read({ $select: 'id,requestState' })).sort();
  expect(selected).toEqual(['@odata.context', 'id', 'requestState']);
  expect((await client.as('administrator', `GET ${requests}/${id}?$expand=everything`)).status).toBe(400);
});

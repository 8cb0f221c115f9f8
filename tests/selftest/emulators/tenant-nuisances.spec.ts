import { nuisanceNames, type Nuisance } from '../../../src/emulators/tenant/choices.js';
import {
  ask,
  codeOf,
  expect,
  idOf,
  longMs,
  requestBody,
  requests,
  setUp,
  test,
  valueOf,
  type Members,
  type TenantAnswer,
  type TenantClient,
} from '../support/tenant-client.js';

/** Switches one nuisance on, and all others off. */
const only = (client: TenantClient, nuisance: Nuisance): Promise<TenantAnswer> =>
  client.control('PATCH /settings', { nuisances: [nuisance] });

/** Answers to as many calls, one after the other. */
async function answersTo(
  count: number,
  call: (number: number) => Promise<TenantAnswer>,
): Promise<readonly TenantAnswer[]> {
  const answers: TenantAnswer[] = [];
  for (let number = 0; number < count; number += 1) answers.push(await call(number));
  return answers;
}

const statusesOf = (answers: readonly TenantAnswer[]): readonly number[] => [
  ...new Set(answers.map(({ status }) => status)),
];

const catalog = (client: TenantClient, displayName: string): Promise<TenantAnswer> =>
  client.as('administrator', 'POST accessPackageCatalogs', { body: { displayName } });

test('create-200: some creates answer 200, some 201', async ({ start }) => {
  const client = await start({ nuisances: new Set(['create-200'] as const) });
  const answers = await answersTo(20, (number) => catalog(client, `Catalog ${number}`));
  expect([...statusesOf(answers)].sort()).toEqual([200, 201]);
});

test('late-visibility: a new request is not found for a while, but can be cancelled', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  await only(client, 'late-visibility');
  const id = await ask(client, setting, { policy: 'approval' });
  const read = (): Promise<TenantAnswer> => client.as('administrator', `GET ${requests}/${id}`);
  expect((await read()).status).toBe(404);
  expect(valueOf(await client.done('administrator', `GET ${requests}`))).toEqual([]);
  expect((await client.as('administrator', `POST ${requests}/${id}/cancel`, { body: {} })).status).toBe(204);
  client.running.advanceClock(300);
  expect((await read()).body).toMatchObject({ requestState: 'Canceled' });
});

for (const [nuisance, status] of [
  ['throttling', 429],
  ['unavailable', 503],
] as const) {
  test(`${nuisance}: some calls answer ${status}, with every form of Retry-After, and nothing is processed`, async ({
    start,
  }) => {
    const client = await start({ nuisances: new Set([nuisance]) });
    const answers = await answersTo(150, (number) => catalog(client, `Catalog ${number}`));
    expect([...statusesOf(answers)].sort()).toEqual([201, status]);
    const turnedAway = answers.filter((answer) => answer.status === status);
    const forms = turnedAway.map(({ headers }) => headers.get('retry-after'));
    expect(forms).toContain('1');
    expect(forms).toContain(null);
    const dates = forms.filter((form) => form !== null && form !== '1').map((form) => Date.parse(form ?? ''));
    expect(dates.length).toBeGreaterThan(0);
    for (const date of dates) expect(Math.abs(date - Date.now())).toBeLessThan(60_000);
    const { counts } = (await client.control('GET /objects')).body;
    expect(counts).toEqual({ accessPackageCatalogs: { own: 150 - turnedAway.length, foreign: 0 } });
  });
}

test('throttling: how many calls are turned away is a setting, but never the same one for ever', async ({ start }) => {
  const client = await start({ nuisances: new Set(['throttling'] as const) });
  const shareOf = async (turnedAwayPercent: number): Promise<readonly number[]> => {
    await client.control('PATCH /settings', { turnedAwayPercent });
    const answers = await answersTo(3, (number) => catalog(client, `${turnedAwayPercent} ${number}`));
    return answers.map(({ status }) => status);
  };
  expect(await shareOf(100)).toEqual([429, 429, 201]);
  expect(await shareOf(0)).toEqual([201, 201, 201]);
});

test('unavailable: no cancel answers 503, and no call is turned away more than twice in a row', async ({ start }) => {
  const client = await start();
  const id = await ask(client, await setUp(client), { policy: 'approval' });
  await only(client, 'unavailable');
  const cancels = await answersTo(100, () => client.as('administrator', `POST ${requests}/${id}/cancel`, { body: {} }));
  expect(cancels.map(({ status }) => status)).toEqual([204, ...Array.from({ length: 99 }, () => 400)]);
  const reads = await answersTo(300, () => client.as('administrator', `GET ${requests}/${id}`));
  const codes = reads.map(({ status }) => status).join(' ');
  expect(codes).toContain('503');
  expect(codes).not.toContain('503 503 503');
});

test('duplicate-key: a repeated create answers 409 until the first one is over', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  await only(client, 'duplicate-key');
  const body = requestBody(setting, { policy: 'approval', targetId: await client.idOf('requestor') });
  const create = (): Promise<TenantAnswer> => client.as('requestor', `POST ${requests}`, { body });
  const id = idOf((await create()).body);
  const repeated = await create();
  expect([repeated.status, codeOf(repeated)]).toEqual([409, 'DuplicateKey']);
  const other = { ...body, justification: 'Another reason' };
  expect((await client.as('requestor', `POST ${requests}`, { body: other })).status).toBe(201);
  await client.done('administrator', `POST ${requests}/${id}/cancel`, { body: {} });
  expect((await create()).status).toBe(201);
  expect((await catalog(client, 'The same')).status).toBe(201);
  expect((await catalog(client, 'The same')).status).toBe(409);
});

test('stuck-delivering: some requests like an earlier one hang, and fail in the end', async ({ start }) => {
  const client = await start({ nuisances: new Set(['stuck-delivering'] as const) });
  const setting = await setUp(client);
  for (let number = 0; number < 12; number += 1) {
    await ask(client, setting, { policy: 'direct', requestType: 'AdminAdd', justification: `Reason ${number}` });
  }
  const states = async (): Promise<readonly unknown[]> => {
    const listed = valueOf(await client.done('administrator', `GET ${requests}`));
    return listed.map(({ requestState }) => requestState);
  };
  client.running.advanceClock(5000);
  const hanging = await states();
  expect(hanging[0]).toBe('Delivered');
  expect(new Set(hanging)).toEqual(new Set(['Delivered', 'Delivering']));
  client.running.advanceClock(longMs);
  expect(await states()).toEqual(hanging.map((state) => (state === 'Delivering' ? 'DeliveryFailed' : state)));
});

test('late-admission: a new policy knows nobody for a while', async ({ start }) => {
  const client = await start({ nuisances: new Set(['late-admission'] as const) });
  const setting = await setUp(client);
  const targetId = await client.idOf('requestor');
  const answers = await answersTo(12, (number) =>
    client.as('requestor', `POST ${requests}`, {
      body: requestBody(setting, { policy: 'approval', targetId, justification: `Try ${number}` }),
    }),
  );
  expect([...statusesOf(answers)].sort()).toEqual([400, 403]);
  client.running.advanceClock(1500);
  await ask(client, setting, { policy: 'approval' });
});

test('slow-cancel: a cancel takes effect a while after its answer, and nothing else happens before', async ({
  start,
}) => {
  const client = await start();
  const id = await ask(client, await setUp(client), { policy: 'approval' });
  await only(client, 'slow-cancel');
  await client.done('administrator', `POST ${requests}/${id}/cancel`, { body: {} });
  const status = async (): Promise<unknown> =>
    (await client.done('administrator', `GET ${requests}/${id}`))['requestStatus'];
  expect(await status()).toBe('Accepted');
  client.running.advanceClock(longMs);
  expect(await status()).toBe('Canceled');
});

test('error-spelling: innererror, dates with zone, and no code where nothing is routed', async ({ start }) => {
  const client = await start();
  const refusals = (): Promise<readonly TenantAnswer[]> =>
    answersTo(20, (number) =>
      client.as('administrator', `GET ${number % 2 === 0 ? 'nothing/here' : 'accessPackages/none'}`),
    );
  const errors = (answers: readonly TenantAnswer[]): readonly Members[] =>
    answers.map(({ body }) => body['error'] as Members);
  const dateOf = (error: Members): unknown => ((error['innerError'] ?? error['innererror']) as Members)['date'];
  for (const error of errors((await refusals()).filter((_, index) => index % 2 === 1))) {
    expect(error['innererror']).toBeUndefined();
    expect(dateOf(error)).toMatch(/T\d\d:\d\d:\d\d$/);
  }
  await only(client, 'error-spelling');
  const odd = errors(await refusals());
  expect(odd.some((error) => 'innererror' in error)).toBe(true);
  expect(odd.some((error) => 'innerError' in error)).toBe(true);
  expect(odd.some(({ code }) => code === '')).toBe(true);
  expect(new Set(odd.map((error) => String(dateOf(error)).endsWith('Z')))).toEqual(new Set([true, false]));
});

test('late-release: a policy whose assignment was removed cannot be deleted for a while', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const id = await ask(client, setting, { policy: 'direct', requestType: 'AdminAdd' });
  client.running.advanceClock(longMs);
  const shown = await client.done('administrator', `GET ${requests}/${id}?$expand=accessPackageAssignment`);
  const assignment = idOf(shown['accessPackageAssignment'] as Members);
  const body = { requestType: 'AdminRemove', accessPackageAssignment: { id: assignment } };
  await client.done('administrator', `POST ${requests}`, { body });
  await only(client, 'late-release');
  client.running.advanceClock(2000);
  const remove = (): Promise<TenantAnswer> =>
    client.as('administrator', `DELETE accessPackageAssignmentPolicies/${setting.direct}`);
  const early = await remove();
  expect([early.status, codeOf(early)]).toEqual([400, 'InvalidDeleteEntitlementHasGrants']);
  client.running.advanceClock(1000);
  expect((await remove()).status).toBe(204);
});

test('approval-bypassed: an administrator need not ask for it', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const stateAfter = async (more: Members): Promise<unknown> => {
    const wanted = { policy: 'approval', requestType: 'AdminAdd', ...more } as const;
    const id = await ask(client, setting, wanted);
    client.running.advanceClock(1000);
    return (await client.done('administrator', `GET ${requests}/${id}`))['requestState'];
  };
  expect(await stateAfter({})).toBe('PendingApproval');
  expect(await stateAfter({ parameters: { bypassApproval: true } })).toBe('Delivering');
  await only(client, 'approval-bypassed');
  expect(await stateAfter({})).toBe('Delivering');
});

test('the same seed puts the same in the way', async ({ start }) => {
  const course = async (seed: number): Promise<string> => {
    const client = await start({ seed, nuisances: new Set(nuisanceNames) });
    const answers = await answersTo(60, (number) => catalog(client, `Catalog ${number}`));
    return answers.map(({ status, headers }) => `${status} ${headers.has('retry-after')}`).join();
  };
  const first = await course(7);
  expect(await course(7)).toBe(first);
  expect(await course(8)).not.toBe(first);
});

test('the control side refuses settings that there are not', async ({ start }) => {
  const client = await start();
  for (const [settings, says] of [
    [{ nuisances: ['throtling'] }, 'did you mean throttling?'],
    [{ delays: { acepting: 1 } }, 'did you mean accepting?'],
    [{ delays: { accepting: -1 } }, 'is no number of milliseconds'],
  ] as const) {
    const { status, body } = await client.control('PATCH /settings', settings);
    expect(status).toBe(422);
    expect((body['error'] as Members)['message']).toContain(says);
  }
});

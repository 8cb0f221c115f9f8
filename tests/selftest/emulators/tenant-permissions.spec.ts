import { personaNames as personas, type Persona } from '../../../src/cancel/personas.js';
import { loadContract } from '../../../src/cancel/contract.js';
import {
  ask,
  codeOf,
  expect,
  idOf,
  longMs,
  policyBody,
  requestBody,
  requests,
  setUp,
  test,
  valueOf,
  type Members,
} from '../support/tenant-client.js';

/** Who gets past the permissions; everybody else is refused with 403, and `expired` with 401. */
const allowed: readonly (readonly [call: string, body: Members | undefined, personas: readonly Persona[]])[] = [
  ['POST accessPackageCatalogs', {}, ['administrator', 'application']],
  ['POST accessPackages', {}, ['administrator', 'application']],
  ['POST accessPackageAssignmentPolicies', {}, ['administrator', 'application']],
  ['GET accessPackageCatalogs', undefined, ['administrator', 'application', 'readOnlyAdministrator']],
  ['GET accessPackages', undefined, ['administrator', 'application', 'readOnlyAdministrator']],
  ['GET accessPackageAssignmentPolicies', undefined, ['administrator', 'application', 'readOnlyAdministrator']],
  ['GET accessPackageAssignments', undefined, ['administrator', 'application', 'readOnlyAdministrator']],
  [`POST ${requests}`, {}, ['administrator', 'application', 'requestor', 'otherUser', 'subjectUser']],
  [`GET ${requests}`, undefined, ['administrator', 'application', 'readOnlyAdministrator', 'requestor', 'otherUser']],
  [
    `GET ${requests}/filterByCurrentUser(on='target')`,
    undefined,
    ['administrator', 'readOnlyAdministrator', 'requestor', 'otherUser', 'subjectUser'],
  ],
  ['DELETE accessPackages/none', undefined, ['administrator', 'application']],
  [`DELETE ${requests}/none`, undefined, ['administrator', 'application']],
  [
    'GET accessPackageAssignmentApprovals/none',
    undefined,
    ['administrator', 'readOnlyAdministrator', 'requestor', 'otherUser'],
  ],
  ['PATCH accessPackageAssignmentApprovals/none/steps/none', {}, ['administrator', 'requestor', 'otherUser']],
];

/** What a call answers to a persona. An empty body and an id of nothing come to light behind the permissions only. */
function due(persona: Persona, call: string, permitted: readonly Persona[]): number {
  if (['expired', 'wrongAudience', 'notYetValid', 'foreignTenant'].includes(persona)) return 401;
  if (!permitted.includes(persona === 'manyScopesUser' ? 'administrator' : persona)) return 403;
  if (call.startsWith('POST')) return 400;
  return call.includes('none') ? 404 : 200;
}

for (const [call, body, permitted] of allowed) {
  test(`${call} is for ${permitted.join(', ')}`, async ({ start }) => {
    const client = await start();
    const statuses: Record<string, number> = {};
    for (const persona of personas) statuses[persona] = (await client.as(persona, call, { body })).status;
    expect(statuses).toEqual(Object.fromEntries(personas.map((persona) => [persona, due(persona, call, permitted)])));
  });
}

test('nobody gets in without a valid token', async ({ start }) => {
  const client = await start();
  for (const token of [null, '', 'garbage', `${await client.tokenOf('administrator')}x`]) {
    for (const path of ['accessPackages', `${requests}/5d0a38cd-7a35-4f0a-9a0c-0f4e8b6dd001`]) {
      const answer = await client.as('administrator', `GET ${path}`, { token });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'InvalidAuthenticationToken']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    }
  }
});

test('who holds SubjectAccess alone asks for themselves, and reads through filterByCurrentUser only', async ({
  start,
}) => {
  const client = await start({ edition: loadContract('beta-2026-06').edition });
  const setting = await setUp(client);
  const theirs = await ask(client, setting, { policy: 'open' });
  const body = requestBody(setting, { policy: 'open', targetId: await client.idOf('subjectUser') });
  const id = idOf(await client.done('subjectUser', `POST ${requests}`, { body }));
  expect((await client.as('subjectUser', `GET ${requests}/${id}`)).status).toBe(403);
  expect((await client.as('subjectUser', `GET ${requests}`)).status).toBe(403);
  const own = `GET assignmentRequests/filterByCurrentUser(on='target')`;
  expect(valueOf(await client.done('subjectUser', own)).map(idOf)).toEqual([id]);
  const cancel = (of: string) => ({ body: { id: of, requestStatus: 'cancelled' } });
  expect((await client.as('subjectUser', `POST ${requests}/${theirs}/cancel`, cancel(theirs))).status).toBe(403);
  expect((await client.as('subjectUser', `POST ${requests}/${id}/cancel`, cancel(id))).status).toBe(200);
});

test('a user asks for themselves only, where the policy lets them, and assigns nobody', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const [own, other] = [await client.idOf('requestor'), await client.idOf('otherUser')];
  const answers = async (persona: Persona, wanted: Parameters<typeof requestBody>[1]): Promise<readonly unknown[]> => {
    const answer = await client.as(persona, `POST ${requests}`, { body: requestBody(setting, wanted) });
    return [answer.status, codeOf(answer)];
  };
  expect(await answers('requestor', { policy: 'open', targetId: other })).toEqual([400, 'CallerNotResourceOwner']);
  expect(await answers('requestor', { policy: 'direct', targetId: own })).toEqual([403, 'UnAuthorized']);
  expect(await answers('otherUser', { policy: 'open', targetId: other })).toEqual([403, 'UnAuthorized']);
  expect(await answers('application', { policy: 'open', targetId: own })).toEqual([403, 'UnAuthorized']);
  const assigned = { policy: 'direct', targetId: own, requestType: 'AdminAdd' } as const;
  expect(await answers('requestor', assigned)).toEqual([403, 'UnAuthorized']);
  expect(await answers('application', assigned)).toEqual([201, undefined]);
});

test('lists of those who are no administrators hold their own requests', async ({ start }) => {
  const client = await start({ others: 30 });
  const id = await ask(client, await setUp(client), { policy: 'approval' });
  const listed = async (persona: Persona, path: string): Promise<readonly string[]> =>
    valueOf(await client.done(persona, `GET ${requests}${path}`)).map(idOf);
  expect(await listed('administrator', '')).toHaveLength(31);
  expect(await listed('requestor', '')).toEqual([id]);
  expect(await listed('otherUser', '')).toEqual([]);
  expect(await listed('requestor', `/filterByCurrentUser(on='createdBy')`)).toEqual([id]);
  expect(await listed('otherUser', `/filterByCurrentUser(on='approver')`)).toEqual([id]);
  expect(await listed('administrator', `/filterByCurrentUser(on='target')`)).toEqual([]);
  const unknown = await client.as('requestor', `GET ${requests}/filterByCurrentUser(on='friend')`);
  expect(unknown.status).toBe(400);
});

test('without the licence every call is refused, whoever calls', async ({ start }) => {
  const client = await start();
  const setting = await setUp(client);
  const id = await ask(client, setting, { policy: 'approval' });
  client.running.advanceClock(longMs);
  await client.control('PATCH /settings', { licensed: false });
  for (const call of ['GET accessPackages', `GET ${requests}/${id}`, `POST ${requests}/${id}/cancel`]) {
    const answer = await client.as('administrator', call, call.startsWith('POST') ? { body: {} } : {});
    expect([answer.status, codeOf(answer)]).toEqual([403, 'UnAuthorized']);
  }
  await client.control('PATCH /settings', { licensed: true });
  expect((await client.as('administrator', `GET ${requests}/${id}`)).body).toMatchObject({
    requestState: 'PendingApproval',
  });
});

test('bodies that are not what they have to be are refused as InvalidModel', async ({ start }) => {
  const client = await start();
  const { packageId, catalogId } = await setUp(client);
  const terms = { requestors: [await client.idOf('requestor')] };
  const good = policyBody(packageId, 'A policy', terms);
  const stage = (more: Members): Members => ({
    ...good,
    requestApprovalSettings: {
      isApprovalRequired: true,
      approvalMode: 'SingleStage',
      approvalStages: [
        {
          approvalStageTimeOutInDays: 14,
          isEscalationEnabled: true,
          escalationTimeInMinutes: 1440,
          primaryApprovers: [{ '@odata.type': '#microsoft.graph.singleUser', id: 'x' }],
          escalationApprovers: [{ '@odata.type': '#microsoft.graph.singleUser', id: 'y' }],
          ...more,
        },
      ],
    },
  });
  for (const [collection, body] of [
    ['accessPackageCatalogs', { displayName: '' }],
    ['accessPackageCatalogs', '{"displayName":'],
    ['accessPackageCatalogs', []],
    ['accessPackages', { displayName: 'x', catalogId: packageId }],
    ['accessPackages', { catalogId }],
    ['accessPackageAssignmentPolicies', { ...good, accessPackageId: catalogId }],
    ['accessPackageAssignmentPolicies', { ...good, requestorSettings: { scopeType: 'Everybody' } }],
    ['accessPackageAssignmentPolicies', stage({ escalationTimeInMinutes: 60 })],
    ['accessPackageAssignmentPolicies', stage({ approvalStageTimeOutInDays: 3 })],
    ['accessPackageAssignmentPolicies', stage({ escalationApprovers: [] })],
    ['accessPackageAssignmentPolicies', stage({ primaryApprovers: [] })],
    [requests, { requestType: 'UserRemove', accessPackageAssignment: {} }],
    [requests, { requestType: 'UserAdd' }],
    [requests, { requestType: 'AdminRemove', accessPackageAssignment: { id: packageId } }],
  ] as const) {
    const answer = await client.as('administrator', `POST ${collection}`, { body });
    expect([answer.status, codeOf(answer)], JSON.stringify(body)).toEqual([400, 'InvalidModel']);
  }
  expect((await client.as('administrator', 'POST accessPackageAssignmentPolicies', { body: stage({}) })).status).toBe(
    201,
  );
});

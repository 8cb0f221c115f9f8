import path from 'node:path';
import { assertApproved } from '../../../src/arrange/graph/approval.js';
import { gatewaySymptoms } from '../../../src/hosts/live-symptoms.js';
import { existsSync } from 'node:fs';
import { preparedFile, prepareAhead } from '../../../src/arrange/graph/ahead.js';
import { journalsAt, prune, recover } from '../../../src/arrange/graph/recover.js';
import { requestsFor } from '../../../src/arrange/graph/provider.js';
import { within } from '../../../src/engine/plan/within.js';
import { homeTenantId } from '../../../src/emulators/endpoint/personas.js';
import { onlyCases } from '../../../src/engine/plan/plan.js';
import { examine, type Examination } from '../../../src/hosts/examine.js';
import { carryOut } from '../../../src/hosts/in-process.js';
import { openWay } from '../../../src/hosts/reaching.js';
import { expect, test, type TenantClient } from '../support/tenant-client.js';
import { liveIn, tenantTarget } from '../support/tenant-target.js';

/** What nobody can bring about at will. */
const outOfReach = ['delivering', 'partiallyDelivered', 'deliveryFailed', 'waitingForCallback', 'expired'];

const declared = Object.fromEntries(
  [...outOfReach, 'pendingApprovalEscalated'].map((status) => [status, 'a live tenant']),
);

async function examined(
  client: TenantClient,
  folder: string,
  said: Parameters<typeof tenantTarget>[2] = {},
): Promise<Examination> {
  const { target, contract, plan } = await tenantTarget(client, folder, said);
  return examine({ target, contract, plan }, await openWay(target));
}

const reasonsOf = ({ foretold }: Examination): string => foretold.untold.map(({ reason }) => reason).join('\n');

test('with nine people and its gaps declared, a night can tell every requirement that applies', async ({
  start,
  folder,
}) => {
  const client = await start({ now: Date.now });
  const { foretold } = await examined(client, folder, { cannotArrange: declared });
  expect(foretold.untold).toEqual([]);
  expect(foretold.provable.percent).toBe(100);
});

test('a gap that is not declared, or that a live tenant need not have, leaves untold what it is about', async ({
  start,
  folder,
}) => {
  const client = await start({ now: Date.now });
  const undeclared = reasonsOf(await examined(client, folder));
  expect(undeclared).toContain('a live tenant cannot be brought into delivering on demand');
  expect(undeclared).not.toContain('similarScopeUser');
  const needless = { ...declared, delivered: 'a whim' };
  expect(reasonsOf(await examined(client, folder, { cannotArrange: needless }))).toBe(
    'the target cannot arrange delivered: a whim',
  );
});

test('what is declared is told as not applicable, with the reason', async ({ start, folder }) => {
  const client = await start({ now: Date.now });
  const { target, contract, plan } = await tenantTarget(client, folder, { cannotArrange: declared });
  const about = [...plan.cases.values()].filter(({ given }) => given.status === 'delivering').map(({ id }) => id);
  const { report } = await carryOut(
    { target, contract, plan: onlyCases(plan, about) },
    { journal: path.join(folder, 'run-1.jsonl') },
  );
  expect(report.cases.filter(({ excluded }) => excluded).map(({ id }) => id)).toEqual(about);
  const told = report.checks.filter(({ caseId }) => about.includes(caseId));
  expect(new Set(told.map(({ verdict }) => verdict))).toEqual(new Set(['not-applicable']));
  expect(new Set(told.map(({ reason }) => reason))).toEqual(
    new Set(['the target cannot arrange delivering: a live tenant']),
  );
});

interface Access {
  readonly method: string;
  readonly target: string;
  readonly status: number;
}

const accessesOf = async (client: TenantClient): Promise<readonly Access[]> =>
  (await client.control('GET /accesses')).body['accesses'] as readonly Access[];

test('the first 401 to the one who arranges ends all that is arranged, and says whose token, how and when', async ({
  start,
  folder,
}) => {
  const client = await start({ now: Date.now });
  const { target, contract, plan } = await tenantTarget(client, folder);
  await client.control('POST /revocations', { persona: 'administrator' });
  const { report, remarks } = await carryOut({ target, contract, plan }, { journal: path.join(folder, 'run-1.jsonl') });
  expect(report.run.outcome).toBe('incomplete');
  expect(report.run.explanation).toMatch(
    /the tenant does not take the token of administrator, so nothing more is arranged with it: GET \S+: answered 401 \(InvalidAuthenticationToken: .*TokenIssuedBeforeRevocationTimestamp\) at 20\d\d-\S+Z\. The token says: delegated, .* good for 5\d min\./,
  );
  expect((await accessesOf(client)).filter(({ status }) => status === 401)).toHaveLength(1);
  expect(remarks).toBeNull();
});

test('what was refused is not counted as made', async ({ start, folder }) => {
  const client = await start({ now: Date.now, delays: { accepting: 0 } });
  const { target, contract, plan } = await tenantTarget(client, folder, { requests: { mostCreated: 2 } });
  await client.control('POST /revocations', { persona: 'requestor' });
  const few = [...plan.cases.keys()].slice(0, 12);
  const { report, remarks } = await carryOut(
    { target, contract, plan: onlyCases(plan, few) },
    { journal: path.join(folder, 'run-1.jsonl') },
  );
  const reasons = report.checks.map(({ reason }) => reason ?? '').join('\n');
  expect(reasons).toContain('the tenant does not take the token of requestor');
  expect(reasons).not.toContain('mostCreated');
  const creates = (await accessesOf(client)).filter(
    ({ method, target: at }) => method === 'POST' && at.endsWith('Requests'),
  );
  expect(creates.filter(({ status }) => status === 401)).toHaveLength(1);
  const made = creates.filter(({ status }) => status < 300).length;
  expect(remarks).toMatchObject({ 'requests created': String(made), 'left in the tenant': 'nothing' });
});

const badIn = (symptoms: Examination['identities']): string =>
  symptoms.flatMap(({ health, words }) => (health === 'good' ? [] : [words])).join('\n');

test('doctor reads once for each persona who arranges, and says of whom something is missing what', async ({
  start,
  folder,
}) => {
  const client = await start({ now: Date.now });
  const healthy = await examined(client, folder, { cannotArrange: declared });
  expect(badIn(healthy.identities)).toBe('');
  const words = healthy.identities.map((one) => one.words);
  for (const name of ['wrongAudience', 'notYetValid', 'foreignTenant'])
    expect(words).toContain(`${name}: not there, and not needed; what only it could tell is left out`);
  expect(healthy.isRefused).toBe(false);
  const looks = (await accessesOf(client)).filter(({ target }) => target.endsWith('$top=1'));
  expect(looks.map(({ method, status }) => `${method} ${status}`)).toEqual(Array.from({ length: 4 }, () => 'GET 200'));

  await client.control('PATCH /settings', { licensed: false });
  const unlicensed = await examined(client, folder, { cannotArrange: declared });
  expect(unlicensed.isRefused).toBe(true);
  expect(badIn(unlicensed.identities)).toMatch(
    /administrator from the file .*: GET \/accessPackageCatalogs\?\$top=1 is answered 403 \(UnAuthorized: .* licence .*\); it needs EntitlementManagement\.ReadWrite\.All with consent, a role/,
  );
  expect(badIn(unlicensed.identities)).toMatch(/requestor from the file .*filterByCurrentUser.* is answered 403/);
});

const dayMs = 24 * 3_600_000;

test('what was prepared is looked at: it waits, can be used, and is over; then recover deletes it', async ({
  start,
  folder,
}) => {
  const client = await start({ now: Date.now });
  const { target, contract, plan } = await tenantTarget(client, folder);
  const live = liveIn(target);
  const file = preparedFile(live);
  await prepareAhead({ target, contract }, live, { file, count: 1 });
  const saysOf = async (): Promise<{ readonly told: string; readonly offers: boolean }> => {
    const { arranging } = await examine({ target, contract, plan }, await openWay(target));
    const told = arranging.map(({ words }) => words).find((words) => words.startsWith('prepared')) ?? '';
    return { told, offers: /statuses: .*pendingApprovalEscalated/.test(arranging[0]?.words ?? '') };
  };
  const recovered = (): Promise<unknown> => recover({ target, contract }, live, { file, spares: true });
  client.running.advanceClock(2000);
  expect(await saysOf()).toEqual({ told: expect.stringContaining('PendingApproval and is to be'), offers: false });
  client.running.advanceClock(dayMs);
  expect(await saysOf()).toEqual({ told: expect.stringContaining('Escalated and can be used'), offers: true });
  expect(await recovered()).toMatchObject({ ended: { deleted: 0, missing: 0 }, leftovers: [] });
  client.running.advanceClock(20 * dayMs);
  expect(await saysOf()).toEqual({ told: expect.stringContaining('Expired and can no longer be used'), offers: false });
  // The request, its policy, its package and the catalog.
  expect(await recovered()).toMatchObject({ ended: { deleted: 4, missing: 0 }, leftovers: [], obstacle: null });
  const { objects } = (await client.control('GET /objects?foreign=false')).body as { readonly objects: unknown[] };
  expect(objects).toEqual([]);

  expect(journalsAt(live.state, live)).toEqual([file]);
  expect(prune(live.state, Date.now() + 29 * dayMs)).toBe(0);
  expect(prune(live.state, Date.now() + 31 * dayMs)).toBe(1);
  expect(existsSync(file)).toBe(false);
});

test('a journal of which something is left is never pruned', async ({ start, folder }) => {
  const client = await start({ now: Date.now });
  const { target, contract } = await tenantTarget(client, folder);
  const live = liveIn(target);
  await prepareAhead({ target, contract }, live, { file: preparedFile(live), count: 1 });
  expect(prune(live.state, Date.now() + 1000 * dayMs)).toBe(0);
});

test('a plan tells what stays untold with fewer requests than it takes', async ({ start, folder }) => {
  const client = await start();
  const { contract, plan } = await tenantTarget(client, folder);
  const told = (most: number): ReturnType<typeof within> => within(plan, contract, { most, costOf: requestsFor });
  expect(told(14)).toMatchObject({ takes: 20, beyond: expect.arrayContaining(['CANCEL-BODY-012']) });
  expect(told(20).beyond).toEqual([]);
  expect(told(19).beyond.length).toBeLessThan(told(14).beyond.length);
});

test('a rehearsal asks for approval as well; emulated approves one on this machine, with tokens of this machine', async ({
  start,
  folder,
}) => {
  const client = await start();
  const { target, plan } = await tenantTarget(client, folder);
  const approving =
    (how: string | undefined, of = target): (() => void) =>
    () => {
      assertApproved(of, plan, how);
    };
  expect(approving(undefined)).toThrow(`add --approve ${plan.hash}, or --approve emulated where it is an emulated one`);
  expect(approving('emulated')).not.toThrow();
  expect(approving(plan.hash)).not.toThrow();
  expect(approving('0123456789ab')).toThrow('differ from what was approved');
  const faraway = { ...target, baseUrl: 'https://graph.microsoft.com/beta' };
  expect(approving('emulated', faraway)).toThrow('is not on this machine');
  expect(approving(undefined, faraway)).toThrow(/add --approve \w+$/);

  const platform = { identityPlatform: { tenant: homeTenantId, clientId: homeTenantId, cache: 'tokens.json' } };
  const identities = { administrator: { token: { deviceCode: {} } } };
  const gateway = await tenantTarget(client, folder, { more: { ...platform, identities } });
  expect(approving('emulated', gateway.target)).toThrow('a live tenant may be behind it');
  expect(gatewaySymptoms(gateway.target)).toMatchObject([{ health: 'doubtful' }]);
  expect(gatewaySymptoms(target)).toEqual([]);
});

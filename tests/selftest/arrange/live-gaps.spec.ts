import path from 'node:path';
import { onlyCases } from '../../../src/engine/plan/plan.js';
import { examine, type Examination } from '../../../src/hosts/examine.js';
import { carryOut } from '../../../src/hosts/in-process.js';
import { openWay } from '../../../src/hosts/reaching.js';
import { expect, test, type TenantClient } from '../support/tenant-client.js';
import { tenantTarget } from '../support/tenant-target.js';

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

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Area } from '../../../src/engine/contract/types.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import type { Report } from '../../../src/report/model.js';
import { expect, failedRows, runCli, test, verdictsOf, writeTarget, type ServedTarget } from '../support/cli.js';
import { embeddedWith, runOn } from '../support/engine-runs.js';
import { inventoryTarget, post, stock } from '../support/inventory-target.js';

/** Where requests are dear, gates are tried in no cell, and no control is tried once more. */
const dear = /^state-still-/;

/** Nor is anything removed where requests are listed. */
const listed = /^state-still-|-removed-request-/;

function without(left: RegExp, { cases, ...report }: Report): Report {
  const ids = new Set(cases.filter(({ cell, id }) => cell !== undefined || left.test(id)).map(({ id }) => id));
  return { ...report, cases, checks: report.checks.filter(({ caseId }) => !ids.has(caseId)) };
}

const statusOf = async ({ controlUrl }: ServedTarget, id: string): Promise<string> =>
  ((await (await fetch(`${controlUrl}/requests/${id}`)).json()) as { status: string }).status;

test('reaches the verdicts of the control protocol, and touches nothing that is not listed', async ({
  run,
  serve,
  folder,
  embeddedRun,
}) => {
  const served = await serve();
  const { id: unlisted = '' } = await post(`${served.controlUrl}/requests`, {
    status: 'pendingApproval',
    requestor: 'requestor',
  });
  const requests = await stock(served, { spare: 1 });
  const { file, environment } = await inventoryTarget(folder, served, requests);
  const { exitCode, report } = await run(['--target', file], environment);

  expect(exitCode).toBe(0);
  expect(verdictsOf(without(listed, report))).toEqual(verdictsOf(without(listed, embeddedRun.report)));
  expect(await statusOf(served, unlisted)).toMatch(/^pendingApproval$/i);
  const stocked = Object.values(requests).flatMap((owners) => Object.values(owners).flat());
  const { configuration } = report.target;
  const [used, left] = ['inventory, used', 'inventory, left'].map((key) =>
    Number.parseInt(configuration[key] ?? '', 10),
  );
  expect((used ?? 0) + (left ?? 0)).toBe(stocked.length);
  expect(left).toBeGreaterThanOrEqual(Object.keys(requests).length);
});

test('finds the same fault through either provider', async ({ run, serve, folder }) => {
  const served = await serve(['--fault', 'scope-compared-by-prefix']);
  const requests = await stock(served, { areas: ['PERM'] });
  const { file, environment } = await inventoryTarget(folder, served, requests);
  const { exitCode, report } = await run(['--target', file, '--area', 'PERM'], environment);
  expect(exitCode).toBe(1);
  expect(failedRows(report)).toEqual(['CANCEL-PERM-008']);
});

test('leaves untold exactly what it has no requests for, and says what to add', async ({ run, serve, folder }) => {
  const served = await serve();
  const stocked = Object.entries(await stock(served, { areas: ['STATE'] })).filter(([status]) => status !== 'denied');
  const { id: misfiled = '' } = await post(`${served.controlUrl}/requests`, {
    status: 'delivered',
    requestor: 'requestor',
  });
  const { file, environment } = await inventoryTarget(folder, served, {
    ...Object.fromEntries(stocked),
    delivering: { requestor: [misfiled] },
  });
  const { exitCode, report } = await run(['--target', file, '--area', 'STATE'], environment);

  expect(exitCode).toBe(3);
  const untold = report.requirements.filter(
    ({ verdict, level, area }) => verdict === 'inconclusive' && level === 'MUST' && area === 'STATE',
  );
  expect(untold.map(({ id }) => id)).toEqual(expect.arrayContaining(['CANCEL-STATE-006', 'CANCEL-STATE-009']));
  const reasons = new Set(report.checks.flatMap(({ verdict, reason }) => (verdict === 'inconclusive' ? [reason] : [])));
  expect([...reasons].sort().reverse()).toEqual([
    expect.stringMatching(/has no further request .*1 did not read delivering.*requests\.delivering\.requestor in /),
    expect.stringMatching(/inventory\.yaml does not offer the status denied/),
  ]);
  expect(report.target.configuration['inventory, not in the status listed']).toBe(`1: ${misfiled}`);
  expect(await statusOf(served, misfiled)).toMatch(/^delivered$/i);

  const examined = await runCli(['doctor', '--target', file], { cwd: folder, environment });
  expect(examined.exitCode).toBe(3);
  expect(examined.stdout).toMatch(/denied is not offered/);
});

for (const [what, requests, says] of [
  ['an unknown status', { pending: { requestor: ['1'] } }, /inventory\.yaml:1: requests\.pending: unknown key/],
  ['an unknown owner', { delivered: { requester: ['1'] } }, /requester: unknown key; did you mean requestor\?/],
  ['an id twice', { delivered: { requestor: ['7'] }, denied: { requestor: ['7'] } }, /7 is listed before/],
] as const) {
  test(`refuses an inventory with ${what}`, async ({ folder }) => {
    writeFileSync(path.join(folder, 'inventory.yaml'), JSON.stringify({ requests }));
    const file = writeTarget(folder, {
      baseUrl: 'http://127.0.0.1:9/beta',
      requests: { provider: 'inventory', file: 'inventory.yaml' },
      identities: { administrator: { token: { env: 'A' } } },
    });
    const { exitCode, stderr } = await runCli(['plan', '--target', file], { cwd: folder });
    expect(stderr).toMatch(says);
    expect(exitCode).toBe(2);
  });
}

test.describe('where requests are expensive', () => {
  const requestsOf = (report: Report): number =>
    new Set(report.cases.flatMap(({ looks }) => looks.map(({ requestId }) => requestId))).size;

  test('the same verdicts take less than a third of the requests, and no more than planned', async ({
    embeddedRun,
  }) => {
    const economical = embeddedWith({ expensive: true });
    const plan = planRun(economical.contract, economical.target);
    const spared = await runOn(economical);
    expect(verdictsOf(spared)).toEqual(verdictsOf(without(dear, embeddedRun.report)));
    expect(requestsOf(spared) * 3).toBeLessThan(requestsOf(embeddedRun.report));
    const planned = Object.values(plan.counts.arranged).reduce((sum, count) => sum + count, 0);
    expect(requestsOf(spared)).toBeLessThanOrEqual(planned);
  });

  for (const [fault, area] of [
    ['patch-cancels', 'ADDR'],
    ['scope-compared-by-prefix', 'PERM'],
    ['body-id-wins-over-path', 'BODY'],
    ['mixed-success-status', 'RESP'],
  ] as const) {
    test(`a request that the fault ${fault} touched is not shared on`, async () => {
      // Beside the area that fails, one whose requests have to be as they were.
      const areas: readonly Area[] = [area, 'STATE'];
      const reports = [true, false].map((expensive) => runOn(embeddedWith({ fault, expensive }), { areas }));
      const [spared, lavish] = await Promise.all(reports);
      expect(spared && failedRows(spared)).toEqual(lavish && failedRows(lavish));
      expect(spared?.run.outcome).toBe('nonconformant');
    });
  }
});

import { performGroup } from '../../../src/engine/perform/group.js';
import type { CaseRecord } from '../../../src/engine/evidence/records.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import { openSession } from '../../../src/hosts/open-session.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { expect, test, writeTarget } from '../support/cli.js';
import { startFakeClock } from '../support/fake-clock.js';
import { startMiddleman, type Passing } from '../support/middleman.js';

const row = ['trailing-slash', 'upper-case-action', 'with-query', 'doubled-slash'].map(
  (value) => `auth-cell-none-address-${value}`,
);

/**
 * Carries out a row of cells on a target on which calls have an effect although they are refused.
 * @param isDoing whether a call has it; the request that it names reads cancelled from then on
 */
async function carriedOut(
  folder: string,
  isDoing: (passing: Passing) => boolean,
): Promise<{ readonly records: readonly CaseRecord[]; readonly reads: number }> {
  const touched = new Set<string>();
  let reads = 0;
  const idIn = (target: string): string => /[0-9a-f-]{36}/.exec(target)?.[0] ?? '';
  const middleman = await startMiddleman((passing) => {
    const { isControl, method, target } = passing;
    if (!isControl && isDoing(passing)) touched.add(idIn(target));
    if (!isControl || method !== 'GET' || !target.includes('/requests/')) return 'pass';
    reads += 1;
    return touched.has(idIn(target))
      ? { status: 200, body: JSON.stringify({ id: idIn(target), status: 'cancelled' }) }
      : 'pass';
  });
  const { target, contract } = resolveTarget({ target: writeTarget(folder, middleman.target) });
  const plan = planRun(contract, target);
  const { clock } = startFakeClock();
  const { session, close } = await openSession({ target, contract, plan, clock, secrets: new SecretRegistry() });
  const cases = row.map((id) => {
    const entry = plan.cases.get(id);
    if (!entry) throw new Error(`no case ${id}`);
    return entry;
  });
  const records = await performGroup(session, { cases }, { known: [] });
  await close();
  await middleman.close();
  return { records, reads };
}

const statusesIn = (records: readonly CaseRecord[]): readonly (string | null | undefined)[] =>
  records.map(({ looks }) => looks.find(({ when }) => when === 'after')?.status?.toLowerCase());

const untouched = row.map(() => 'pendingapproval');

test('a row of cells whose request stays as it was is read once behind them all', async ({ folder }) => {
  const { records, reads } = await carriedOut(folder, () => false);
  expect(records.map(({ caseId }) => caseId)).toEqual(row);
  expect(statusesIn(records)).toEqual(untouched);
  // The request and its two bystanders when they were made, and the request behind the row.
  expect(reads).toBe(4);
});

test('where a request was touched behind a row, the cell that does it alone is told of it, and no other', async ({
  folder,
}) => {
  const { records } = await carriedOut(folder, ({ target }) => target.includes('?'));
  expect(statusesIn(records)).toEqual(row.map((id) => (id.endsWith('with-query') ? 'cancelled' : 'pendingapproval')));
  const ids = records.map(({ looks }) => looks.find(({ role }) => role === 'subject')?.requestId);
  expect(new Set(ids).size).toBe(2);
});

test('what none of a row does alone is told of each: nobody passes for want of a culprit', async ({ folder }) => {
  let calls = 0;
  const { records } = await carriedOut(folder, () => {
    calls += 1;
    return calls === 2;
  });
  expect(statusesIn(records)).toEqual(row.map(() => 'cancelled'));
});

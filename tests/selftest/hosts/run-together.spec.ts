import { callsAtOnce } from '../../../src/hosts/lanes.js';
import { schemaValidator } from '../../../src/engine/contract/schemas.js';
import type { CaseReport, Report } from '../../../src/report/model.js';
import type { Target } from '../../../src/target/target.js';
import { expect, test, verdictsOf } from '../support/cli.js';
import { differencesOf, endedRun, startCounted } from '../support/ended-runs.js';
import { startMiddleman } from '../support/middleman.js';

/** Refused calls on one request, many of them, and what vouches for them. */
const only = /^(?:perm-refuses|auth-a|body-refuses)-/;

const failedChecks = ({ checks }: Report): readonly string[] =>
  checks
    .filter(({ verdict }) => verdict === 'failed')
    .map(({ id }) => id)
    .sort();

/** Ids of the cases that were carried out at one moment, by moment; what was told from the record of another one is no other case. */
function together({ cases, exchanges }: Report): readonly (readonly string[])[] {
  const sent = new Set(exchanges.map(({ id }) => id.replace(/\.\d+$/, '')));
  const moments = new Map<string, string[]>();
  for (const { id, startedAt, durationMs } of cases.filter((entry) => sent.has(entry.id) && entry.startedAt !== '')) {
    const key = `${startedAt} ${durationMs}`;
    moments.set(key, [...(moments.get(key) ?? []), id]);
  }
  return [...moments.values()].filter((ids) => ids.length > 1);
}

const besideIn = ({ cases }: Report): readonly CaseReport[] => cases.filter(({ beside }) => beside !== undefined);

test('refused calls are sent at one moment where requests are shared and each answer takes its time: as many as asked for, and 10 at most', () => {
  const dear = (requests: object): Target => ({ expensive: true, requests }) as unknown as Target;
  const live = (callsPerSecond: number): Target => dear({ provider: 'graph', callsPerSecond });
  const control = dear({ provider: 'control' });
  expect(callsAtOnce({ ...control, expensive: false }, 4, [])).toBe(1);
  expect([undefined, 1, 4, 64].map((asked) => callsAtOnce(control, asked, []))).toEqual([1, 1, 4, 10]);
  expect([undefined, 1, 4, 64].map((asked) => callsAtOnce(live(10), asked, []))).toEqual([10, 1, 4, 10]);
  expect([0.5, 3, 500].map((rate) => callsAtOnce(live(rate), undefined, []))).toEqual([1, 3, 10]);
});

test('a request that is shared is read once for several refused calls, with the same verdicts', async ({ folder }) => {
  const counted = async (lanes: number): Promise<{ readonly report: Report; readonly reads: number }> => {
    let reads = 0;
    const middleman = await startMiddleman(({ isControl, method }) => {
      if (isControl && method === 'GET') reads += 1;
      return 'pass';
    });
    const report = await endedRun(folder, { ...middleman.target, expensive: true }, { lanes, only });
    await middleman.close();
    return { report, reads };
  };
  const alone = await counted(1);
  const beside = await counted(8);
  expect(together(alone.report)).toEqual([]);
  const sizes = together(beside.report).map(({ length }) => length);
  expect(Math.max(...sizes)).toBe(8);
  expect(sizes.length).toBeGreaterThan(4);
  expect(verdictsOf(beside.report)).toEqual(verdictsOf(alone.report));
  expect(besideIn(beside.report)).toEqual([]);
  expect(beside.reads).toBeLessThan(alone.reads / 2);
  expect(schemaValidator('suite/report')(JSON.parse(JSON.stringify(beside.report)))).toBe(true);
  expect(await differencesOf(beside.report, folder)).toEqual([]);
});

for (const fault of ['any-other-scope-suffices', 'personal-account-accepted', 'body-checked-after-cancel']) {
  test(`${fault} is blamed on the same checks whether or not other calls are sent beside, and what was seen then is told`, async ({
    folder,
  }) => {
    const members = { embedded: { fault }, expensive: true };
    const alone = await endedRun(folder, members, { lanes: 1, only });
    const beside = await endedRun(folder, members, { lanes: 8, only });
    expect(failedChecks(alone)).not.toEqual([]);
    expect(failedChecks(beside)).toEqual(failedChecks(alone));
    expect(verdictsOf(beside)).toEqual(verdictsOf(alone));
    expect(besideIn(beside).length).toBeGreaterThan(1);
    const told = beside.observations.filter(({ key }) => key.startsWith('beside:'));
    expect(told.map(({ key }) => key).sort()).toEqual(
      besideIn(beside)
        .map(({ id }) => `beside:${id}`)
        .sort(),
    );
    expect(await differencesOf(beside, folder)).toEqual([]);
  });
}

test('what was seen beside others and cannot be seen alone, for want of a request, stands and says so', async ({
  folder,
}) => {
  let underWay = 0;
  let isSpent = false;
  const counted = await startCounted(
    ({ isControl, method }) => {
      if (isControl) return isSpent && method === 'POST' ? { status: 409, body: '{"error":"no more"}' } : 'pass';
      underWay += 1;
      isSpent ||= underWay > 2;
      return (answer) => {
        underWay -= 1;
        return answer;
      };
    },
    ['any-other-scope-suffices'],
  );
  const report = await endedRun(folder, { ...counted.target, expensive: true }, { lanes: 8, only: /^perm-refuses-/ });
  await counted.close();
  expect(report.run.exitCode).toBe(1);
  const spent = besideIn(report).filter(({ beside = [] }) =>
    beside.some((said) => said.startsWith('it could not be carried out again alone: ')),
  );
  expect(spent.map(({ id }) => id)).toContain('perm-refuses-unscopedUser');
  const failed = report.checks.filter(({ verdict }) => verdict === 'failed').map(({ caseId }) => caseId);
  for (const { id } of spent) expect(failed).toContain(id);
});

test('a call that was throttled behind another one on its connection uses no request up', async ({ folder }) => {
  const only = /^(?:auth-no-credentials-on-a-connection-that-had-some|auth-accepts-lower-case-scheme)$/;
  const createdBy = async (throttled: number): Promise<number> => {
    let left = throttled;
    const counted = await startCounted(({ isControl, authorization }) => {
      if (isControl || authorization !== '' || left === 0) return 'pass';
      left -= 1;
      return { status: 429, body: '{}', retryAfter: '0' };
    });
    const members = { ...counted.target, expensive: true };
    const report = await endedRun(folder, members, { lanes: 1, only });
    await counted.close();
    expect(left).toBe(0);
    expect(report.totals.checks).toMatchObject({ failed: 0, inconclusive: 0 });
    expect(report.exchanges.filter(({ role }) => role === 'throttled')).toHaveLength(throttled * 2);
    return counted.created();
  };
  expect(await createdBy(1)).toBe(await createdBy(0));
});

test('what came back of a call before it and cannot be sent is told as that beside others, too', async ({ folder }) => {
  const cookies = 'auth-no-credentials-but-the-cookies-of-the-target';
  const report = await endedRun(
    folder,
    { embedded: {}, expensive: true },
    { lanes: 8, only: new RegExp(`^(?:${cookies}|auth-an?-.*)$`) },
  );
  expect(together(report).flat()).toContain(cookies);
  const verdicts = new Set(
    report.checks.flatMap(({ caseId, verdict, reason }) => (caseId === cookies ? [`${verdict}: ${reason ?? ''}`] : [])),
  );
  expect([...verdicts]).toEqual(['not-applicable: the target set no cookie']);
  expect(report.exchanges.filter(({ id }) => id.startsWith(cookies)).map(({ role }) => role)).toEqual(['opening']);
  expect(await differencesOf(report, folder)).toEqual([]);
});

test('a case that cannot be carried out keeps no others from being sent together', async ({ folder }) => {
  const missing = ['unscopedUser'];
  const middleman = await startMiddleman(({ isControl, method, target }) => {
    if (!isControl || method !== 'GET' || target.includes('/requests/')) return 'pass';
    return (answer) => {
      const offer = JSON.parse(answer.body) as { readonly personas: readonly string[] };
      const personas = offer.personas.filter((persona) => !missing.includes(persona));
      return { ...answer, headers: ['Content-Type', 'application/json'], body: JSON.stringify({ ...offer, personas }) };
    };
  });
  const report = await endedRun(folder, { ...middleman.target, expensive: true }, { lanes: 8, only });
  await middleman.close();
  const blocked = report.cases.filter((entry) => entry.blocked !== null).map(({ id }) => id);
  expect(blocked).toEqual(expect.arrayContaining(['perm-refuses-unscopedUser']));
  const groups = together(report);
  expect(Math.max(...groups.map(({ length }) => length))).toBe(8);
  expect(groups.flat()).toEqual(expect.arrayContaining(['perm-refuses-application', 'auth-a-garbage-token']));
  expect(report.totals.checks).toMatchObject({ failed: 0 });
});

import { expect, test, type TestInfo } from '@playwright/test';
import type { Suite } from '@playwright/test/reporter';
import type { JudgedCheck } from '../../../src/engine/judge/facts.js';
import { SecretRegistry } from '../../../src/engine/evidence/secrets.js';
import { rowOf } from '../../../src/engine/contract/rows.js';
import { planRun } from '../../../src/engine/plan/plan.js';
import type { RunVerdict } from '../../../src/engine/verdict/judge-run.js';
import { byRun, inRanges, reportOfGathered, toldBy } from '../../../src/hosts/playwright/gathered.js';
import { conformance } from '../../../src/hosts/playwright/index.js';
import { toldAttachment, toldOf, type Told } from '../../../src/hosts/playwright/told.js';
import type { WorkerSession } from '../../../src/hosts/playwright/worker-session.js';
import { resolveTarget } from '../../../src/hosts/target.js';

const { cases } = conformance(test, {});
const { target, contract } = resolveTarget({});

/** A session of which nothing is asked but what a run is told by, and this verdict. */
const workerWith = (verdict: Partial<RunVerdict> = {}): WorkerSession =>
  ({
    session: {
      ...{ runId: 'a-run', startedAt: '2026-11-29T12:00:00.000Z', baseUrl: 'http://127.0.0.1:1/beta', claimHints: {} },
      secrets: new SecretRegistry(),
    },
    remarks: null,
    judge: () =>
      Promise.resolve({
        records: [],
        verdict: { requirements: [], checks: [], waivers: [], suiteFaults: [], ...verdict },
      }),
  }) as unknown as WorkerSession;

test.describe('tags', () => {
  const tagged = cases.flatMap(({ title, details: { tag = [] } }) =>
    [tag].flat().map((one) => ({ id: one.slice(1), area: title.split(':')[0] ?? '' })),
  );
  const isAtHome = ({ id, area }: (typeof tagged)[number]): boolean => rowOf(contract, id)?.area === area;

  test('a requirement is found by cases of its area, or by the first that judges it where its area has none', () => {
    const lodging = tagged.filter((one) => !isAtHome(one)).map(({ id }) => id);
    expect(lodging).not.toEqual([]);
    expect(new Set(lodging).size).toBe(lodging.length);
    const atHome = new Set(tagged.filter(isAtHome).map(({ id }) => id));
    expect(lodging.filter((id) => atHome.has(id))).toEqual([]);
  });
});

test.describe('a test of a case', () => {
  const [first] = cases;
  const caseId = [first?.details.annotation ?? []].flat().find(({ type }) => type === 'case')?.description ?? '';
  const checkOf = (verdict: JudgedCheck['verdict'], rest: Partial<JudgedCheck> = {}): JudgedCheck => ({
    ...{ id: `${caseId}/cancels`, caseId, requirementIds: ['CANCEL-X'], verb: 'cancels', verdict },
    reason: verdict === 'passed' || verdict === 'failed' ? null : `because ${verdict}`,
    findings: verdict === 'failed' ? [{ message: 'it broke', expected: '', actual: '', exchangeId: null }] : [],
    ...rest,
  });

  interface Ended {
    readonly red: string | null;
    readonly notes: readonly string[];
    readonly skipped: string | null;
  }

  /** What becomes of the test when its checks come to this. */
  async function ended(
    checks: readonly JudgedCheck[],
    { level = 'MUST', waiver }: { readonly level?: 'MUST' | 'SHOULD'; readonly waiver?: object } = {},
  ): Promise<Ended> {
    const annotations: { type: string; description?: string }[] = [];
    let skipped: string | null = null;
    const info = {
      ...{ annotations, config: { shard: null }, setTimeout: () => undefined, attach: () => Promise.resolve() },
      skip: (isSkipped: boolean, why: string) => {
        if (isSkipped) skipped = why;
      },
    } as unknown as TestInfo;
    const requirements = [{ requirement: { id: 'CANCEL-X' }, level, checks, verdict: 'failed', reason: null }];
    const waivers = waiver === undefined ? [] : [waiver];
    const verdict = { requirements, checks, waivers } as unknown as Partial<RunVerdict>;
    const red = await first?.body({ conformanceSession: workerWith(verdict) }, info).then(
      () => null,
      (error: unknown) => String(error),
    );
    return { red: red ?? null, notes: annotations.map((one) => `${one.type}: ${one.description ?? ''}`), skipped };
  }

  const fine = { red: null, notes: [], skipped: null };

  test('is red for a MUST that its case breaks, and for no other case', async () => {
    const red = await ended([checkOf('failed')]);
    expect(red.red).toContain('CANCEL-X (MUST): it broke');
    const ofAnother = checkOf('failed', { id: 'another/cancels', caseId: 'another' });
    expect(await ended([checkOf('passed'), ofAnother])).toEqual(fine);
  });

  test('has a note for a SHOULD', async () => {
    expect(await ended([checkOf('failed'), checkOf('passed')], { level: 'SHOULD' })).toEqual({
      ...fine,
      notes: ['warning: CANCEL-X (SHOULD): it broke'],
    });
  });

  test('has a note for what is waived, by the waiver of that requirement and check alone, and while it applies', async () => {
    const waiver = { state: 'applied', requirement: 'CANCEL-X', check: `${caseId}/cancels` };
    const checks = [checkOf('failed'), checkOf('passed')];
    expect(await ended(checks, { waiver })).toEqual({ ...fine, notes: ['waived: CANCEL-X (MUST): it broke'] });
    for (const other of [{ state: 'expired' }, { requirement: 'CANCEL-Y' }, { check: 'another/cancels' }]) {
      expect((await ended(checks, { waiver: { ...waiver, ...other } })).red).toContain('it broke');
    }
  });

  test('is skipped for what could not be told, and where nothing was told', async () => {
    expect(await ended([checkOf('passed'), checkOf('not-applicable')])).toEqual(fine);
    expect(await ended([checkOf('passed'), checkOf('inconclusive')])).toEqual({
      ...fine,
      skipped: 'because inconclusive',
    });
    expect(await ended([checkOf('not-applicable')])).toEqual({ ...fine, skipped: 'because not-applicable' });
  });
});

test.describe('the reporter', () => {
  const plan = planRun(contract, target);
  const told = (runKey: string, current = 1, total = 1): Told => ({
    ...toldOf({ target, contract, plan }, workerWith(), { shard: { current, total }, records: [] }),
    runKey,
  });

  test('takes what was told from the attachment of that name', () => {
    const attachment = (name: string, value: unknown) => ({
      ...{ name, contentType: 'application/json', body: Buffer.from(JSON.stringify(value)) },
    });
    const attachments = [attachment('screenshot', 'another'), attachment(toldAttachment, told('one'))];
    expect(toldBy({ attachments })).toEqual(JSON.parse(JSON.stringify(told('one'))));
    expect(toldBy({ attachments: attachments.slice(0, 1) })).toBeNull();
  });

  test('puts together what belongs together, in the order of the first', () => {
    const [a1, b, a2] = [told('a'), told('b'), told('a')];
    expect(byRun([a1, b, a2])).toEqual([[a1, a2], [b]]);
    expect(byRun([])).toEqual([]);
  });

  test('knows which parts of a divided run are missing', () => {
    const gathered = {
      ...{ told: [told('a', 2, 3)] as const, suite: { allTests: () => [] } as unknown as Suite, suiteFaults: [] },
      ...{ unfinished: 'it was not carried out', status: 'passed' as const, durationMs: 1 },
    };
    const { missing, total, report } = reportOfGathered(gathered);
    expect({ missing, total }).toEqual({ missing: [1, 3], total: 3 });
    expect(report.run.outcome).toBe('incomplete');
    expect(report.run.explanation).toContain('shard 1, 3 of 3 is missing');
    expect(inRanges([1, 2, 3, 5, 7, 8])).toBe('1 to 3, 5, 7 to 8');
  });
});

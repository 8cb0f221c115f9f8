import type { Report } from '../../../src/report/model.js';
import { expect, test, verdictsOf } from '../support/cli.js';
import { endedRun } from '../support/ended-runs.js';
import { startMiddleman, type Fate, type Passing } from '../support/middleman.js';

/**
 * Answers 429 to the first two calls of a kind with one method and address; the calls sent again go through. A count over
 * all of them would depend on which of the calls at the same time comes first, and could refuse one of them for ever.
 */
function throttling(retryAfter: string | undefined, kind: (passing: Passing) => boolean): (passing: Passing) => Fate {
  const refused = new Map<string, number>();
  const body = JSON.stringify({ error: { code: 'TooManyRequests', message: 'Slow down.' } });
  return (passing) => {
    const call = `${passing.method} ${passing.target}`;
    const times = refused.get(call) ?? 0;
    if (!kind(passing) || times === 2) return 'pass';
    refused.set(call, times + 1);
    return { status: 429, body, ...(retryAfter === undefined ? {} : { retryAfter }) };
  };
}

/** Some cases, of these some with calls at the same moment: each call is sent three times. */
const only = /^(?:resp|state)-(?!cell)/;

/** Carries them out. */
const runOn = (folder: string, target: object): Promise<Report> =>
  endedRun(folder, { ...target, timeoutMs: 5000 }, { only });

const cancels = ({ isControl }: Passing): boolean => !isControl;
const arranging = ({ isControl }: Passing): boolean => isControl;
const aSecondAgo = (): string => new Date(Date.now() - 1000).toUTCString();

for (const [what, retryAfter, kind] of [
  ['the cancel endpoint, with Retry-After in seconds', '0', cancels],
  ['the cancel endpoint, with Retry-After as a date', aSecondAgo(), cancels],
  ['the control protocol, with Retry-After in seconds', '0', arranging],
] as const) {
  test(`reaches the same verdicts where ${what} throttles`, async ({ folder, embeddedRun }) => {
    const middleman = await startMiddleman(throttling(retryAfter, kind));
    const report = await runOn(folder, middleman.target);
    await middleman.close();

    // Calls at the same moment cannot be sent again one by one, so they may stay untold.
    const untold = report.checks.filter(({ verdict }) => verdict === 'inconclusive').map(({ caseId }) => caseId);
    expect(untold.filter((caseId) => !caseId.startsWith('state-two-cancels-at-once'))).toEqual([]);
    // A run of some cases makes no claim.
    expect(report.run.exitCode).toBe(3);
    expect(report.totals.checks.passed).toBeGreaterThan(100);
    const told = Object.entries(verdictsOf(report)).filter(([, verdict]) => verdict !== 'inconclusive');
    expect(verdictsOf(embeddedRun.report)).toMatchObject(Object.fromEntries(told));
    const throttled = report.exchanges.filter(({ role }) => role === 'throttled');
    expect(throttled.length > 0).toBe(kind === cancels);
    expect(throttled.every(({ response }) => response?.status === 429)).toBe(true);
  });
}

test('backs off where a target throttles without saying for how long', async ({ folder }) => {
  let first = true;
  const middleman = await startMiddleman(({ isControl }) => {
    if (isControl || !first) return 'pass';
    first = false;
    return { status: 429, body: '' };
  });
  const report = await runOn(folder, middleman.target);
  await middleman.close();
  expect(report.totals.checks).toMatchObject({ failed: 0, inconclusive: 0 });
  expect(report.exchanges.filter(({ role }) => role === 'throttled')).toHaveLength(1);
});

test('does not wait an hour for a target that asks for it', async ({ folder }) => {
  const middleman = await startMiddleman(({ isControl }) =>
    isControl ? 'pass' : { status: 429, body: '', retryAfter: '3600' },
  );
  const report = await runOn(folder, middleman.target);
  await middleman.close();
  expect(report.run.exitCode).toBe(3);
  expect(report.run.explanation).toContain('throttled');
  expect(report.totals.must.failed).toBe(0);
});

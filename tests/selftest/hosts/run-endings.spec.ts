import { mergeTests } from '@playwright/test';
import type { StopSignal } from '../../../src/engine/verdict/outcome.js';
import { RunEnding } from '../../../src/hosts/ending.js';
import type { Report } from '../../../src/report/model.js';
import { callsInTurn, expectNothingLeft, manners, only, timeoutMs } from '../support/calls-under-way.js';
import { expect, failedRows, test as commandTest, verdictsOf } from '../support/cli.js';
import { dailySeed } from '../support/daily-seed.js';
import { differencesOf, endedRun, startCounted, type CountedTarget } from '../support/ended-runs.js';
import { test as runsTest } from '../support/finished-runs.js';
import { inventoryTarget, stock } from '../support/inventory-target.js';
import type { Passing } from '../support/middleman.js';

type Start = (...given: Parameters<typeof startCounted>) => Promise<CountedTarget>;

const test = mergeTests(commandTest, runsTest).extend<{ counted: Start }>({
  counted: async ({}, use) => {
    const started: CountedTarget[] = [];
    await use(async (...given) => {
      const one = await startCounted(...given);
      started.push(one);
      return one;
    });
    await Promise.all(started.map((one) => one.close()));
  },
});

type How = 'bound' | StopSignal;

const codes: Readonly<Record<How, number>> = { bound: 3, SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const endingBy =
  (how: How) =>
  (ending: RunEnding): void => {
    if (how === 'bound') ending.reachBound();
    else ending.interrupt(how);
  };

/** What is owed by every run that was ended before its time on a target without any fault. */
async function expectEnded(report: Report, how: How, folder: string): Promise<void> {
  expect(report.suiteFaults).toEqual([]);
  expect(report.run).toMatchObject({
    exitCode: codes[how],
    outcome: how === 'bound' ? 'incomplete' : 'interrupted',
    partial: true,
  });
  // A run of some cases is partial anyhow; an interruption by SIGINT is not named.
  expect(report.basis?.ending).toBe(how === 'SIGINT' ? undefined : how);
  expect(report.totals.checks.failed).toBe(0);
  expect(report.totals.must.inconclusive).toBeGreaterThan(0);
  expect(await differencesOf(report, folder)).toEqual([]);
}

/** What was told before the end is what a whole run tells; one that shares requests, by other ids of cases. */
function expectKept(report: Report, whole: Report, shares: boolean): void {
  if (shares) return;
  const verdicts = verdictsOf(whole);
  const told = report.checks.filter(({ verdict }) => verdict !== 'inconclusive');
  expect(told.length).toBeGreaterThan(0);
  expect(told.filter(({ id, verdict }) => verdicts[id] !== verdict)).toEqual([]);
}

for (const [at, { lanes, expensive }] of manners.entries()) {
  test.describe(`in ${lanes} lanes, with requests that are ${expensive ? 'shared' : 'made for each case'}`, () => {
    for (const place of ['controls', 'cases'] as const) {
      // One of the two: which, differs by place, by manner and by day.
      for (const how of [
        (['bound', 'SIGINT'] as const)[(at + (place === 'cases' ? 1 : 0) + dailySeed) % 2] ?? 'bound',
      ]) {
        test(`a run is ended by ${how} in the ${place}`, async ({ folder, counted, runs }) => {
          const served = await counted();
          for (const where of [{ embedded: {} }, served.target]) {
            const options = { lanes, only, at: { [place]: endingBy(how) } };
            const report = await endedRun(folder, { ...where, expensive, timeoutMs }, options);
            await expectEnded(report, how, folder);
            expectKept(report, runs.conformant, expensive);
          }
          expect(served.created()).toBeGreaterThan(0);
          expect(served.left()).toEqual([]);
        });
      }
    }

    test('whichever call is on its way when the run ends, nothing is left', async ({ folder }) => {
      await expectNothingLeft(folder, callsInTurn(dailySeed + at), { lanes, expensive });
    });

    test('a bound after the last case takes nothing away', async ({ folder, counted }) => {
      const { target, left } = await counted();
      const members = { ...target, expensive, timeoutMs };
      // Where requests are shared, there are no cells to leave out.
      const withoutCells = !expensive;
      const report = await endedRun(folder, members, { lanes, withoutCells, at: { last: endingBy('bound') } });
      expect(report.run).toMatchObject({ exitCode: 0, outcome: 'conformant', partial: false });
      expect(left()).toEqual([]);
      if (expensive) expect(await differencesOf(report, folder)).toEqual([]);
    });

    test('a target that is wrong and slow is nonconformant', async ({ folder, counted }) => {
      const served = await counted(undefined, ['success-205']);
      const members = { ...served.target, expensive, timeoutMs };
      const report = await endedRun(folder, members, { lanes, only, at: { cases: endingBy('bound') } });
      expect(report.run).toMatchObject({ exitCode: 1, outcome: 'nonconformant', partial: true });
      expect(failedRows(report)).toContain('CANCEL-RESP-001');
      expect(served.left()).toEqual([]);
      expect(await differencesOf(report, folder)).toEqual([]);
    });
  });
}

for (const lanes of [1, 4]) {
  test(`a run on an inventory is ended in ${lanes} lanes`, async ({ folder, serve }) => {
    const served = await serve();
    for (const [place, how] of [
      ['controls', 'bound'],
      ['cases', 'bound'],
      ['cases', 'SIGTERM'],
    ] as const) {
      const { members, environment } = await inventoryTarget(folder, served, await stock(served));
      const report = await endedRun(
        folder,
        { ...members, timeoutMs },
        { lanes, only, environment, at: { [place]: endingBy(how) } },
      );
      await expectEnded(report, how, folder);
      expect(report.totals.checks.passed).toBeGreaterThan(0);
    }
  });
}

for (const how of ['bound', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  test(`a run is ended by ${how} while the target is met`, async ({ folder, counted }) => {
    for (const met of ['/conformance/v1/', '/conformance/v1/tokens']) {
      const ending = new RunEnding(timeoutMs);
      const { target } = await counted(({ target: called }) => {
        if (called !== met) return 'pass';
        endingBy(how)(ending);
        return 'hang';
      });
      const report = await endedRun(folder, { ...target, timeoutMs }, { only, ending });
      await expectEnded(report, how, folder);
      expect(report.exchanges).toEqual([]);
    }
  });
}

const isCancel = ({ isControl }: Passing): boolean => !isControl;
const isCreation = ({ isControl, method, target }: Passing): boolean =>
  isControl && method === 'POST' && target.endsWith('/requests');

test('the bound ends a call that is never answered, and a creation that is not, either', async ({
  folder,
  counted,
}) => {
  for (const isHung of [isCancel, isCreation]) {
    let hung = 0;
    const ending = new RunEnding(timeoutMs);
    const { target, left } = await counted((passing) => {
      if (passing.number <= 100 || !isHung(passing)) return 'pass';
      hung += 1;
      ending.reachBound();
      return 'hang';
    });
    // Nothing but the bound ends the call: its own time is longer than that of the test.
    const report = await endedRun(folder, { ...target, timeoutMs: 120_000 }, { only, ending });
    await expectEnded(report, 'bound', folder);
    expect(hung).toBeGreaterThan(0);
    expect(left()).toEqual([]);
  }
});

test('a second signal ends the clean-up, too', async ({ folder, counted }) => {
  const ending = new RunEnding(timeoutMs);
  const { target, left } = await counted(({ method }) => {
    if (method !== 'DELETE') return 'pass';
    ending.interrupt('SIGINT');
    return 'hang';
  });
  const cleanUps: AbortSignal[] = [];
  const beginCleanUp = ending.beginCleanUp.bind(ending);
  ending.beginCleanUp = (patient) => {
    const cleaning = beginCleanUp(patient);
    cleanUps.push(cleaning);
    return cleaning;
  };
  const options = { only, ending, at: { controls: endingBy('SIGTERM') } };
  const report = await endedRun(folder, { ...target, timeoutMs: 120_000 }, options);
  // The signal, and not the allowance.
  expect(cleanUps.map(({ reason }) => String(reason))).toEqual([expect.stringContaining('was ended by SIGINT')]);
  await expectEnded(report, 'SIGTERM', folder);
  expect(left()).not.toEqual([]);
});

test('a signal after the bound has the last word, and the clean-up goes on until another one', () => {
  for (const patient of [false, true]) {
    const ending = new RunEnding(timeoutMs);
    ending.reachBound();
    const cleaning = ending.beginCleanUp(patient);
    ending.interrupt('SIGINT');
    expect({ ending: ending.ending, isGivenUp: cleaning.aborted }).toEqual({ ending: 'SIGINT', isGivenUp: false });
    ending.interrupt('SIGTERM');
    expect({ ending: ending.ending, isGivenUp: cleaning.aborted }).toEqual({ ending: 'SIGINT', isGivenUp: true });
  }
});

test('a bound before what failed beside others was carried out again alone makes the run partial', async ({
  folder,
}) => {
  const members = { embedded: { fault: 'whole-queue-cancelled' }, timeoutMs };
  const options = { lanes: 4, at: { lastBeside: endingBy('bound') } };
  const whole = await endedRun(folder, members, { ...options, withoutCells: true });
  expect(whole.run).toMatchObject({ exitCode: 1, outcome: 'nonconformant', partial: true });
  // A run of some cases is partial anyhow, but its report can be judged again.
  const some = await endedRun(folder, members, { ...options, only: /^(?:effect|resp|state-still)-/ });
  expect(some.basis?.ending).toBe('bound');
  expect(await differencesOf(some, folder)).toEqual([]);
});

import { expect, test } from '@playwright/test';
import { PrerequisiteError, StoppedError } from '../../../src/engine/errors.js';
import { longestWaitMs, mostTries, poll, retry, RunClock, systemClock, waitMs } from '../../../src/engine/patience.js';
import { startFakeClock } from '../support/fake-clock.js';

const never = (): boolean => false;

test.describe('polling', () => {
  test('waits ever longer, and no longer than its longest wait', async () => {
    const { clock, waits } = startFakeClock();
    const values = [1, 2, 3, 4, 5, 6];
    const settled = (value: number | undefined): boolean => value === 6;
    const last = await poll(() => Promise.resolve(values.shift()), {
      settled,
      patienceMs: 60_000,
      longestMs: 500,
      clock,
    });
    expect(last).toBe(6);
    expect(waits.map(Math.round)).toEqual([100, 160, 256, 410, 500]);
  });

  test('begins and grows as it is told', async () => {
    const { clock, waits } = startFakeClock();
    let tries = 0;
    const attempt = (): Promise<number> => Promise.resolve((tries += 1));
    await poll(attempt, { settled: (value) => value === 4, patienceMs: 60_000, firstMs: 25, factor: 2, clock });
    expect(waits).toEqual([25, 50, 100]);
  });

  test('ends with its patience to the millisecond, with the last value', async () => {
    const { clock, waits } = startFakeClock();
    let tries = 0;
    expect(await poll(() => Promise.resolve((tries += 1)), { settled: never, patienceMs: 300, clock })).toBe(4);
    expect(waits).toEqual([100, 160, 40]);
  });

  test('counts the time that attempts take', async () => {
    const { clock, waits, advance } = startFakeClock();
    const attempt = (): Promise<string> => {
      advance(250);
      return Promise.resolve('x');
    };
    await poll(attempt, { settled: never, patienceMs: 400, clock });
    expect(waits).toEqual([100]);
  });

  for (const patienceMs of [0, -1, Number.NEGATIVE_INFINITY, Number.NaN]) {
    test(`tries once with a patience of ${patienceMs}`, async () => {
      const { clock, waits } = startFakeClock();
      let tries = 0;
      await poll(() => Promise.resolve((tries += 1)), { settled: never, patienceMs, clock });
      expect({ tries, waits }).toEqual({ tries: 1, waits: [] });
    });
  }

  test('is ended by what an attempt throws', async () => {
    const { clock } = startFakeClock();
    const attempt = (): Promise<never> => Promise.reject(new Error('broken'));
    await expect(poll(attempt, { settled: never, patienceMs: 100, clock })).rejects.toThrow('broken');
  });

  test('is ended by the signal of its clock', async () => {
    const { clock, stop } = startFakeClock();
    const attempt = (): Promise<void> => {
      stop('the deadline has passed');
      return Promise.resolve();
    };
    const polling = poll(attempt, { settled: never, patienceMs: 60_000, clock });
    await expect(polling).rejects.toThrow(new StoppedError(new Error('the deadline has passed')));
  });
});

test.describe('sending again', () => {
  test('waits as long as each answer asks, until one stands', async () => {
    const { clock, waits } = startFakeClock();
    const answers = [1000, 0, 250, null, 9];
    const asked: number[] = [];
    const last = await retry(() => Promise.resolve(answers.shift() ?? null), {
      waitMs: (answer, tries) => {
        asked.push(tries);
        return answer;
      },
      clock,
    });
    expect({ last, waits, asked }).toEqual({ last: null, waits: [1000, 0, 250], asked: [1, 2, 3, 4] });
  });

  for (const [most, given] of [
    [mostTries, {}],
    [8, { mostTries: 8 }],
    [1, { mostTries: 1 }],
  ] as const) {
    test(`sends ${most} times at most, and returns the last answer`, async () => {
      const { clock, waits } = startFakeClock();
      let sent = 0;
      const last = await retry(() => Promise.resolve((sent += 1)), { waitMs: () => 10, clock, ...given });
      expect({ last, sent, waits: waits.length }).toEqual({ last: most, sent: most, waits: most - 1 });
    });
  }

  test('takes the answer as it is when it asks for too long a wait', async () => {
    const { clock, waits } = startFakeClock();
    const asks = [longestWaitMs, longestWaitMs + 1];
    const last = await retry(() => Promise.resolve(asks.shift() ?? 0), { waitMs: (ms) => ms, clock });
    expect({ last, waits }).toEqual({ last: longestWaitMs + 1, waits: [longestWaitMs] });
  });

  test('is ended by the signal of its clock', async () => {
    const { clock, stop } = startFakeClock();
    stop('enough');
    await expect(retry(() => Promise.resolve(1), { waitMs: () => 10, clock })).rejects.toThrow('enough');
  });
});

test.describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  for (const [retryAfter, ms] of [
    ['0', 0],
    [' 7 ', 7000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
  ] as const) {
    test(`"${retryAfter}" asks for ${ms} ms`, () => {
      expect(waitMs({ status: 429, retryAfter }, 3, now)).toBe(ms);
    });
  }

  for (const retryAfter of [undefined, '', '-1', '1.5', 'soon', '2026-01-01']) {
    test(`"${retryAfter ?? 'none'}" leaves it to a back-off that doubles`, () => {
      for (const [tries, base] of [500, 1000, 2000, 4000].entries()) {
        const ms = waitMs({ status: 429, retryAfter }, tries + 1, now);
        expect(ms).toBeGreaterThanOrEqual(base);
        expect(ms).toBeLessThanOrEqual(1.5 * base);
      }
    });
  }
});

test.describe('a run that is stopped', () => {
  const long = 3_600_000;

  test('ends every pause at once, and says why', async () => {
    const run = new AbortController();
    const clock = new RunClock(run.signal);
    const pauses = Promise.allSettled(Array.from({ length: 30 }, () => clock.pause(long)));
    run.abort(new Error('interrupted by SIGINT'));
    const told = (await pauses).map((ended) => (ended.status === 'rejected' ? String(ended.reason) : 'waited'));
    expect(new Set(told)).toEqual(new Set(['StoppedError: interrupted by SIGINT']));
  });

  test('begins no pause', async () => {
    await expect(new RunClock(AbortSignal.abort(new Error('over'))).pause(0)).rejects.toThrow(StoppedError);
  });

  for (const reason of [undefined, 'a word', new DOMException('This operation was aborted', 'AbortError')]) {
    test(`says what became of it when nobody says why: ${String(reason)}`, async () => {
      const ended = new RunClock(AbortSignal.abort(reason)).pause(long);
      await expect(ended).rejects.toThrow('the run was ended before this could be done');
      await expect(ended).rejects.toThrow(PrerequisiteError);
    });
  }

  test('may wait again to clean up, within an allowance of its own', async () => {
    const [run, cleanUp] = [new AbortController(), new AbortController()];
    const clock = new RunClock(run.signal);
    const before = clock.pause(long);
    clock.cleanUpWithin(cleanUp.signal);
    run.abort(new Error('the run is over'));
    await expect(before).rejects.toThrow('the run is over');
    await clock.pause(0);
    expect(clock.signal).toBe(cleanUp.signal);
    const last = clock.pause(long);
    cleanUp.abort(new Error('the allowance is over'));
    await expect(last).rejects.toThrow('the allowance is over');
  });

  test('is told from time that goes by: the clock never runs backwards', async () => {
    const begin = systemClock.nowMs();
    await systemClock.pause(1);
    expect(systemClock.nowMs()).toBeGreaterThanOrEqual(begin);
    expect(systemClock.signal.aborted).toBe(false);
  });

  test('does not overtake what was due before it, where all is late', async () => {
    const order: string[] = [];
    const waited = systemClock.pause(1).then(() => order.push('pause'));
    setTimeout(() => order.push('due'), 2);
    const begin = performance.now();
    while (performance.now() < begin + 5) order.length = 0;
    await waited;
    expect(order).toEqual(['due', 'pause']);
  });
});

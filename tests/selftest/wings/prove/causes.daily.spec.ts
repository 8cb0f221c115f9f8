import { expect, test } from '@playwright/test';
import { knownToCatch } from '../../../../src/engine/contract/kill-matrix.js';
import { carryOut } from '../../../../src/hosts/in-process.js';
import { planRun } from '../../../../src/engine/plan/plan.js';
import { subjectsOf } from '../../../../src/wings/prove/subject.js';
import { dailySeed } from '../../support/daily-seed.js';
import { embeddedWith } from '../../support/engine-runs.js';

// Every named mistake, and pairs by the day's seed, each by a whole run of the suite: what the report names as likely causes.

const { contract, faults } = subjectsOf();
const named = faults.filter(({ derived }) => derived !== true);
const known = knownToCatch(contract.edition.id);
const checksOf = new Map(known.proof?.mistakes.map(({ id, checks }) => [id, new Set(checks)]));
const least = 0.95;

/** Of the mistakes that were made and could be seen: how many of them are among the first three of a cause. */
async function tried(made: readonly string[]): Promise<{ readonly seen: number; readonly found: number }> {
  const { target } = embeddedWith({ fault: made });
  const { report } = await carryOut({ target, contract, plan: planRun(contract, target), waivers: [] }, { known });
  const failed = report.checks.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id);
  const seen = made.filter((id) =>
    failed.some(
      (check) => checksOf.get(id)?.has(check) && !made.some((other) => other !== id && checksOf.get(other)?.has(check)),
    ),
  );
  const first = new Set(
    (report.causes?.found ?? []).flatMap(({ mistakes }) => mistakes.slice(0, 3).map(({ id }) => id)),
  );
  return { seen: seen.length, found: seen.filter((id) => first.has(id)).length };
}

async function shareOf(all: readonly (readonly string[])[]): Promise<number> {
  let [seen, found] = [0, 0];
  for (const made of all) {
    const one = await tried(made);
    seen += one.seen;
    found += one.found;
  }
  process.stdout.write(`likely causes: ${found} of ${seen} mistakes are among the first three\n`);
  return found / seen;
}

test('each named mistake is among the first three that its report names, in 95 of 100', async () => {
  test.setTimeout(3_600_000);
  expect(await shareOf(named.map(({ id }) => [id]))).toBeGreaterThanOrEqual(least);
});

test('so is each of two mistakes that shows beside the other', async () => {
  test.setTimeout(3_600_000);
  const at = (step: number): string => named[Math.abs(step) % named.length]?.id ?? '';
  const pairs = Array.from({ length: 60 }, (_, index) => [
    at(dailySeed * 7 + index * 37),
    at(dailySeed * 11 + index * 53 + 11),
  ]);
  expect(await shareOf(pairs.filter(([a, b]) => a !== b))).toBeGreaterThanOrEqual(least);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KillMatrix } from '../../../../src/engine/contract/kill-matrix.js';
import { expect, spawnCli, test } from '../../support/cli.js';
import { dailySeed } from '../../support/daily-seed.js';

/** Where the personas stand is for the target to choose: every fault has to show under each layout. */
const layouts = ['defective-personas-without-a-role', 'defective-personas-owners'];

/** There are some 20,000 faults over variants: each day another share of them, chosen by the day's seed. */
const shares = 20;

/** Longest that it may take on a busy machine of two cores, in milliseconds. */
const boundMs = 1_200_000;

test('no freedom of a target hides a mistake: each layout of the personas, and the share of the day of all variants', async ({
  folder,
}) => {
  test.setTimeout(boundMs);
  const share = `${(dailySeed % shares) + 1}/${shares}`;
  const { exitCode, stdout } = await spawnCli(['prove', '--across', ...layouts, share], { cwd: folder, boundMs });
  const matrix = JSON.parse(readFileSync(path.join(folder, 'reports', 'kill-matrix.json'), 'utf8')) as KillMatrix;
  const across = matrix.across ?? [];
  expect(across.filter(({ state }) => state !== 'killed' && state !== 'hidden')).toEqual([]);
  expect(stdout).toMatch(/^ {2}Across /m);
  expect(exitCode).toBe(0);
  const named = matrix.faults.filter(({ id }) => !id.startsWith('derived:'));
  for (const layout of layouts) {
    const results = across.filter(({ variant }) => variant === layout);
    expect(results).toHaveLength(named.length);
    expect(results.filter(({ state }) => state === 'hidden').length).toBeLessThan(3);
  }
  expect(across.length).toBeGreaterThan(20_000 / shares);
});

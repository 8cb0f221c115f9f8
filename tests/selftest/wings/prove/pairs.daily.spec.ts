import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { KillMatrix } from '../../../../src/engine/contract/kill-matrix.js';
import { expect, spawnCli, test } from '../../support/cli.js';
import { dailySeed } from '../../support/daily-seed.js';

/** There are thousands of pairs: each day another share of them, chosen by the day's seed. `prove --pairs` proves them all. */
const shares = 10;

/** Longest that it may take on a busy machine of two cores, in milliseconds. */
const boundMs = 900_000;

test('one mistake hides no other: the share of the day of all pairs of faults within an area', async ({ folder }) => {
  test.setTimeout(boundMs);
  const share = `${(dailySeed % shares) + 1}/${shares}`;
  const { exitCode, stdout } = await spawnCli(['prove', '--pairs', share], { cwd: folder, boundMs });
  expect(stdout).toMatch(/Pairs +(\d+) of \1 \(100 %\)/);
  expect(exitCode).toBe(0);
  const matrix = JSON.parse(readFileSync(path.join(folder, 'reports', 'kill-matrix.json'), 'utf8')) as KillMatrix;
  expect(matrix.pairs?.length).toBeGreaterThan(2000 / shares);
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { shippedMatrixFile, type KillMatrix } from '../../../../src/engine/contract/kill-matrix.js';
import { problemsOf } from '../../../../src/wings/prove/matrix.js';
import { expect, spawnCli, test } from '../../support/cli.js';

const readMatrix = (file: string): KillMatrix => JSON.parse(readFileSync(file, 'utf8')) as KillMatrix;

/** Longest that a proof may take on a busy machine of two cores, in milliseconds. */
const boundMs = 480_000;

test('kills every fault and accuses no variant, as the shipped matrix says', async ({ folder }) => {
  test.setTimeout(boundMs);
  const { exitCode, stdout, stderr } = await spawnCli(['prove'], { cwd: folder, boundMs });
  const matrix = readMatrix(path.join(folder, 'reports', 'kill-matrix.json'));
  expect(problemsOf(matrix)).toEqual([]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(matrix.partial).toBe(false);
  expect(stdout).toContain(`Faults    ${matrix.faults.length} of ${matrix.faults.length} (100 %)`);
  const rows = ({ id, killedBy }: KillMatrix['faults'][number]): object => [id, killedBy.map((row) => row.requirement)];
  const shipped = readMatrix(shippedMatrixFile);
  expect(matrix.faults.map(rows)).toEqual(shipped.faults.map(rows));
  expect(matrix.variants.map(({ id }) => id)).toEqual(shipped.variants.map(({ id }) => id));
});

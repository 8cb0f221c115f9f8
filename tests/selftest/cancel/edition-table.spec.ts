import { readFileSync } from 'node:fs';
import path from 'node:path';
import { differenceOf } from '../../../scripts/edition-differences.js';
import { editionsPage, renderEditions } from '../../../scripts/editions-page.js';
import { packageRoot } from '../../../src/engine/package.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { knownEditions } from '../../../src/engine/contract/load.js';
import { expect, failedRows, test } from '../support/cli.js';
import { dailySeed } from '../support/daily-seed.js';
import { editionPairsOf, expectedOf, readingsFor, seenOf } from '../support/edition-pairs.js';

const editions = knownEditions();

for (const pair of editionPairsOf(dailySeed)) {
  test(`a target of ${pair.served} judged by ${pair.judging} fails in the rows in which they differ, and in no other`, async () => {
    expect(await seenOf(pair)).toEqual(expectedOf(pair));
  });
}

test('each edition differs from itself in nothing, and the table holds differences in both directions', () => {
  const rows = (served: string, judging: string): readonly string[] =>
    differenceOf(loadContract(served), loadContract(judging)).rows;
  expect(editions.flatMap((edition) => rows(edition, edition))).toEqual([]);
  expect(rows('beta-2024', 'beta-2026-06')).toEqual(['CANCEL-PERM-009']);
  expect(rows('v1.0-2023', 'beta-2024')).not.toEqual([]);
  expect(rows('beta-2024', 'v1.0-2023')).not.toEqual([]);
});

test('the commands that the page names come to the same', async ({ serve, run }) => {
  const { baseUrl } = await serve(['--edition', 'v1.0-2023']);
  const reading = `C-7=${readingsFor({ served: 'v1.0-2023', judging: 'beta-2021-05' })['C-7'] ?? ''}`;
  const judged = ['--target', baseUrl, '--edition', 'beta-2021-05', '--reading', reading];
  const { exitCode, report } = await run([...judged, '--area', 'BODY']);
  expect(exitCode).toBe(1);
  const { rows } = differenceOf(loadContract('v1.0-2023'), loadContract('beta-2021-05'));
  expect(failedRows(report)).toEqual(rows.filter((id) => id.startsWith('CANCEL-BODY-')));
  expect(failedRows(report)).not.toEqual([]);
});

test('the page of the docs is made from the data as they are', () => {
  const page = readFileSync(path.join(packageRoot, editionsPage), 'utf8');
  expect(page, 'npm run pages makes it anew').toBe(renderEditions());
});

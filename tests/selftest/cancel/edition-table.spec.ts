import { readFileSync } from 'node:fs';
import path from 'node:path';
import { collectionFor, differenceOf } from '../../../scripts/edition-differences.js';
import { editionsPage, renderEditions } from '../../../scripts/editions-page.js';
import { packageRoot } from '../../../src/engine/package.js';
import { loadContract } from '../../../src/cancel/contract.js';
import { endpoint } from '../../../src/cancel/endpoint.js';
import { defaultEdition, knownEditions } from '../../../src/engine/contract/load.js';
import { startEmbedded } from '../../../src/emulators/endpoint/server.js';
import type { Report } from '../../../src/report/model.js';
import { resolveTarget } from '../../../src/hosts/target.js';
import { expect, failedRows, test } from '../support/cli.js';
import { dailySeed } from '../support/daily-seed.js';
import { runOn } from '../support/engine-runs.js';

const editions = knownEditions();

/** The readings that a user gives for the target's own address. */
const readingsFor = (served: string, judging: string): Readonly<Record<string, string>> => ({
  'C-7': collectionFor(loadContract(served).edition, loadContract(judging).edition),
});

/** Runs the suite by one edition on the embedded target of another, as a server of its own. */
async function judgedBy(served: string, judging: string): Promise<Report> {
  const server = await startEmbedded({ edition: loadContract(served).edition });
  try {
    const choice = { target: server.baseUrl, edition: judging, readings: readingsFor(served, judging) };
    // Cells try the gates of these cases once more; each edition's are carried out on its own target by its own tests.
    return await runOn(resolveTarget(choice, {}), { cases: 'but cells' });
  } finally {
    await server.close();
  }
}

/** An edition against itself and the default one; of all other pairs a third, each day another one. */
const isOfToday = (served: string, judging: string): boolean =>
  served === judging ||
  [served, judging].includes(defaultEdition) ||
  (editions.indexOf(served) + editions.indexOf(judging) + dailySeed) % 3 === 0;

for (const served of editions) {
  for (const judging of editions.filter((edition) => isOfToday(served, edition))) {
    test(`a target of ${served} judged by ${judging} fails in the rows in which they differ, and in no other`, async () => {
      const expected = differenceOf(loadContract(served), loadContract(judging));
      const report = await judgedBy(served, judging);
      const levels = new Map(report.requirements.map(({ id, level }) => [id, level]));
      expect(failedRows(report).filter((id) => levels.get(id) !== 'MAY')).toEqual(expected.rows);
      expect(report.suiteFaults).toEqual([]);
      expect(report.run.exitCode).toBe(expected.rows.length === 0 ? 3 : 1);
      const untold = report.requirements.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id);
      // What is told of all successes together is told of whole runs alone.
      expect(untold.some((id) => id !== endpoint.wholeRun.requirementId)).toBe(expected.leavesUntold);
    });
  }
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
  const reading = `C-7=${readingsFor('v1.0-2023', 'beta-2021-05')['C-7'] ?? ''}`;
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

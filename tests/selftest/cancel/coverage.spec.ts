import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { coveragePage, renderCoverage } from '../../../scripts/coverage-page.js';
import { shipMatrix } from '../../../scripts/make.js';
import { packageRoot } from '../../../src/engine/package.js';
import { shippedMatrixFile, type KillMatrix } from '../../../src/engine/contract/kill-matrix.js';
import { expect, test } from '../support/cli.js';

const matrix = JSON.parse(readFileSync(shippedMatrixFile, 'utf8')) as KillMatrix;

test('the page of the docs is made from the data as they are', () => {
  const page = readFileSync(path.join(packageRoot, coveragePage), 'utf8');
  expect(page, 'npm run prove makes it anew').toBe(renderCoverage(matrix));
});

test('what prove has written is shipped with its page, unless it is no proof of this suite', ({ folder }) => {
  expect(shipMatrix(folder, shippedMatrixFile)).toEqual(['proof/kill-matrix.json', coveragePage]);
  for (const file of [shippedMatrixFile, path.join(packageRoot, coveragePage)]) {
    const shipped = path.join(folder, path.relative(packageRoot, file));
    expect(readFileSync(shipped, 'utf8'), file).toBe(readFileSync(file, 'utf8'));
  }
  for (const change of [{ partial: true }, { faults: [] }, { stamp: 'of another suite' }]) {
    const file = path.join(folder, 'no-proof.json');
    writeFileSync(file, JSON.stringify({ ...matrix, ...change }));
    expect(shipMatrix(path.join(folder, 'nowhere'), file), JSON.stringify(change)).toBeNull();
  }
  expect(readdirSync(folder)).not.toContain('nowhere');
});

test('a real run carries out a check for every row, and each MUST and SHOULD row catches its faults', ({
  embeddedRun,
}) => {
  const { checks, ...report } = embeddedRun.report;
  const requirements = report.requirements.filter(({ verdict }) => verdict !== 'not-applicable');
  const told = new Set(checks.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id));
  const untold = requirements.filter((row) => !row.checks.some((check) => told.has(check)));
  expect(untold.map(({ id }) => id)).toEqual([]);
  const ofMatrix = new Set(matrix.faults.flatMap(({ killedBy }) => killedBy.flatMap((row) => row.checks)));
  const known = new Set(checks.map(({ id }) => id));
  expect([...ofMatrix].filter((check) => !known.has(check))).toEqual([]);
  const least = { MUST: 2, SHOULD: 1, MAY: 0 };
  const lacking = requirements.filter(({ id, level }) => {
    const killers = matrix.faults.filter(({ killedBy }) => killedBy.some(({ requirement }) => requirement === id));
    return killers.length < least[level];
  });
  const owed = 'The shipped matrix knows too few faults that these rows catch: npm run prove makes it anew';
  expect(
    lacking.map(({ id }) => id),
    owed,
  ).toEqual([]);
});

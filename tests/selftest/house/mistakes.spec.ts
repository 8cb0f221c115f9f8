import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { packageRoot } from '../../../src/engine/package.js';
import { sections } from '../support/mistakes/index.js';
import { saying } from '../support/mistakes/mistake.js';

test('only what is judged ends in 1, and only what is thrown by the suite in 4', () => {
  const rows = sections.flatMap(({ title, rows: own }) => own.map((row) => ({ title, ...row })));
  expect(rows.length).toBeGreaterThan(100);
  const endingIn = (code: number): ReadonlySet<string> =>
    new Set(rows.filter((row) => row.code === code).map(({ title }) => title));
  expect(endingIn(1)).toEqual(new Set(['What is judged']));
  expect(endingIn(4)).toEqual(new Set(['What nobody caught']));
  expect(rows.filter(({ says, code }) => says === '' && code !== 0)).toEqual([]);
  // Each is a row of its own, so that none is counted twice.
  const known = rows.map(({ title, what }) => `${title}: ${what}`);
  expect(known.filter((one, at) => known.indexOf(one) !== at)).toEqual([]);
});

test('every table is that of tests which exist and take it from there', () => {
  for (const { tests } of sections) {
    for (const name of tests) {
      const file = path.join(packageRoot, 'tests', 'selftest', `${name}.spec.ts`);
      expect(existsSync(file), name).toBe(true);
      expect(readFileSync(file, 'utf8'), name).toContain('../support/mistakes/');
    }
  }
});

test('a line of the table stands for a whole line, with gaps where it says so', () => {
  expect('a.b: c').toMatch(saying('a.b: c'));
  expect('axb: c').not.toMatch(saying('a.b: c'));
  expect('a.b: c, and more').not.toMatch(saying('a.b: c'));
  expect('a.b: 5 s').toMatch(saying('a.b: … s'));
});

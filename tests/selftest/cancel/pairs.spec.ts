import { expect, test } from '@playwright/test';
import { casesById } from '../../../src/cancel/cases/index.js';
import { allPairs, coveringRows, pairsBesideStatus } from '../../../src/cancel/cases/pairs.js';
import {
  isWithoutMembers,
  bodies,
  chunked,
  mediaTypes,
  spellings,
  statusColumns,
  type Column,
} from '../../../src/cancel/cases/columns.js';
import { controlsOf } from '../../../src/engine/case.js';
import { judgeCase, unservedBeside } from '../../../src/engine/judge/judge-case.js';
import { caseOf, goodControl, madeUpRecord, rules } from '../support/made-up-evidence.js';

const wholeBodies = bodies.filter(({ probe }) => !isWithoutMembers(probe?.body));
const besideStatus = [wholeBodies, spellings, mediaTypes, [chunked]];

/** Pairs of values of two dimensions. */
function pairsOf(dimensions: readonly (readonly Column[])[]): readonly (readonly [string, string])[] {
  return dimensions.flatMap((columns, at) =>
    dimensions
      .slice(at + 1)
      .flatMap((others) => columns.flatMap((a) => others.map((b) => [a.value, b.value] as const))),
  );
}

for (const [what, rows, dimensions] of [
  ['status, body, spelling, media type and framing', allPairs, [statusColumns, ...besideStatus]],
  ['all of these but the status', pairsBesideStatus, besideStatus],
] as const) {
  test(`every pair of ${what} stands in a row`, () => {
    const values = rows.map(({ value }) => value.split('+'));
    const told = ([a, b]: readonly [string, string]): boolean =>
      values.some((row) => row.includes(a) && row.includes(b));
    const pairs = pairsOf(dimensions);
    expect(pairs.filter((pair) => !told(pair))).toEqual([]);
    expect(pairs.length).toBeGreaterThan(30);
    expect(rows.length).toBeLessThan(pairs.length * 0.6);
    expect(new Set(rows.map(({ value }) => value)).size).toBe(rows.length);
  });
}

test('the same dimensions give the same rows, and none gives none', () => {
  const values = (): readonly string[][] => coveringRows(besideStatus).map((row) => row.map(({ value }) => value));
  expect(values()).toEqual(values());
  expect(coveringRows([bodies])).toEqual([]);
});

const id = 'perm-cell-otherUser-on-requestor-pairs-accepted-representation-with-query-no-media-type-chunked';

test('what is several things at once is told only where each is served by itself', () => {
  const entry = caseOf(id);
  const controls = controlsOf(entry);
  expect(controls.toSorted()).toEqual([
    'addr-serves-with-query-requestor',
    'body-serves-no-media-type-requestor',
    'body-serves-representation-requestor',
    'robust-serves-chunked-requestor',
  ]);
  expect(controls.filter((control) => !casesById.has(control))).toEqual([]);
  const refused = madeUpRecord(entry, { answers: [{ status: 403 }] });
  const served = { answers: [{ status: 204 }], after: { subject: 'cancelled' } } as const;
  for (const missing of [null, ...(entry.control?.alsoServed ?? [])]) {
    const recordOf = (control: string): ReturnType<typeof madeUpRecord> | undefined =>
      madeUpRecord(caseOf(control), control === missing ? { answers: [{ status: 400 }] } : served);
    const unserved = unservedBeside(entry, recordOf, rules);
    const [check] = judgeCase({ case: entry, record: refused, rules }, goodControl(entry), { unserved });
    expect(check, String(missing)).toMatchObject(
      missing === null ? { verdict: 'passed' } : { verdict: 'not-applicable', moot: true },
    );
  }
});

test('whatever else a target answers there is no failure, and a change is one, served or not', () => {
  const entry = caseOf(id);
  const judged = (status: number, subject: string): string | undefined => {
    const record = madeUpRecord(entry, { answers: [{ status }], after: { subject } });
    const unserved = unservedBeside(entry, () => undefined, rules);
    return judgeCase({ case: entry, record, rules }, goodControl(entry), { unserved })[0]?.verdict;
  };
  for (const status of [308, 400, 404, 415, 501]) expect(judged(status, 'accepted')).toBe('not-applicable');
  expect(judged(204, 'cancelled')).toBe('failed');
});

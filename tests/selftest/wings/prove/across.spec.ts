import type { KillMatrix } from '../../../../src/engine/contract/kill-matrix.js';
import { defaultEdition } from '../../../../src/engine/contract/load.js';
import { crossingsOf, judgeCrossing, problemsOf, whollyDemanded } from '../../../../src/wings/prove/matrix.js';
import {
  demandedOver,
  judgeSubject,
  subjectsOf,
  type Subject,
  type SubjectResult,
} from '../../../../src/wings/prove/subject.js';
import { expect, test } from '../../support/cli.js';
import { madeOnce } from '../../support/made-once.js';
import { started, variantOf } from '../../support/subjects.js';

const { faults } = subjectsOf();

/** A proof of nothing. */
const nothingElse = {
  schemaVersion: 1,
  suite: { name: 'x', version: '1' },
  edition: defaultEdition,
  stamp: 'x',
  partial: false,
  faults: [],
  variants: [],
} as const;

const layout = 'defective-personas-without-a-role';
const crossing = (fault: string, variant = layout): Parameters<typeof judgeCrossing>[0] => {
  const [found] = crossingsOf(
    faults.filter(({ id }) => id === fault),
    [variantOf(variant)],
    (one) => demandedOver(one, defaultEdition),
  );
  if (!found) throw new Error(`${fault} is no fault over ${variant}`);
  return found;
};
const alone: Subject = { kind: 'variant', ids: [layout], areas: ['PERM'] };
const over = (fault: string): Subject => ({ ...alone, kind: 'fault', ids: [fault], over: layout });

/** The variant alone, for all tests that hold a fault over it against it. */
const aloneOnce = () => madeOnce('a layout of the personas alone', () => judgeSubject(alone, defaultEdition));

test('a fault has to show over a variant, by what does not fail without it', async () => {
  const unfaulted = started(await aloneOnce());
  const result = started(await judgeSubject(over('scope-unchecked'), defaultEdition));
  const judged = (seen: SubjectResult, without: SubjectResult = unfaulted) =>
    judgeCrossing(crossing('scope-unchecked'), seen, without);

  expect(judged(result)).toEqual({ fault: 'scope-unchecked', variant: layout, state: 'killed', missed: [] });
  expect(judged(result, { ...unfaulted, failed: result.failed }).state).toBe('survived');
  expect(judged({ ...result, suiteFaults: ['x'] }).state).toBe('survived');
  expect(judged({ cannotStart: 'no port' })).toMatchObject({ state: 'cannot-start', reason: 'no port' });
  expect(judged(result, { cannotStart: 'no port' })).toMatchObject({
    state: 'cannot-start',
    reason: 'the variant alone: no port',
  });
  // Who has no role is refused for want of one on the request of somebody else: their own requests alone show the mistake.
  const withoutOwn = await judgeSubject({ ...over('scope-unchecked'), withoutCells: true }, defaultEdition);
  expect(judged(withoutOwn).state).toBe('survived');
});

test('a fault is hidden only where every answer is as with the variant alone', async () => {
  const unfaulted = started(await aloneOnce());
  const hidden = started(await judgeSubject(over('role-read-for-scope'), defaultEdition));
  const judged = (seen: SubjectResult) => judgeCrossing(crossing('role-read-for-scope'), seen, unfaulted);
  expect(hidden.behaviour).toMatch(/^[0-9a-f]{64}$/);
  expect(judged(hidden).state).toBe('hidden');
  expect(judged({ ...hidden, behaviour: 'x' }).state).toBe('survived');
  expect(judged({ ...hidden, behaviour: null }).state).toBe('survived');
});

test('a fault in what the readings of a variant leave open is none', () => {
  const demanded = (id: string) => demandedOver(variantOf(id), defaultEdition);
  expect(demanded('permission-suffices-for-all').has('CANCEL-PERM-003')).toBe(false);
  expect(demanded(layout).has('CANCEL-PERM-003')).toBe(true);
  const open = [variantOf('permission-suffices-for-all'), variantOf(layout)];
  const all = crossingsOf(faults, open, (variant) => demandedOver(variant, defaultEdition));
  const of = (id: string) =>
    all.filter(({ fault }) => fault.id === id).map(({ variant, fault }) => [variant.id, fault.breaks]);
  expect(of('ownership-unchecked')).toEqual([[layout, ['CANCEL-PERM-003']]]);
  expect(of('foreign-request-refused-after-cancel')).toEqual([
    ['permission-suffices-for-all', ['CANCEL-STATE-013']],
    [layout, ['CANCEL-PERM-003', 'CANCEL-STATE-013']],
  ]);
});

test('a reading that leaves callers to the target takes what rests on them from a fault, and no other variant does', async () => {
  const unaltered = started(await judgeSubject({ kind: 'unaltered', ids: [], areas: ['PERM'] }, defaultEdition));
  const without = await judgeSubject(
    { kind: 'variant', ids: ['role-demanded-for-own'], areas: ['PERM'] },
    defaultEdition,
  );
  const left = (fault: string, variant: string): readonly string[] =>
    whollyDemanded(crossing(fault, variant), without, unaltered).fault.breaks;
  expect(left('caller-kept-in-a-field', 'role-demanded-for-own')).toEqual([]);
  expect(left('scope-unchecked', 'role-demanded-for-own')).toEqual([
    'CANCEL-PERM-006',
    'CANCEL-PERM-007',
    'CANCEL-PERM-008',
  ]);
  expect(left('caller-kept-in-a-field', layout)).toEqual(['CANCEL-PERM-003']);
});

test('whoever survives over a variant is a problem, and so is a proof of nothing', () => {
  const result = { fault: 'x', variant: layout, missed: ['CANCEL-PERM-003'] };
  const told = (across: NonNullable<KillMatrix['across']>): readonly string[] =>
    problemsOf({ ...nothingElse, across }).slice(1);
  expect(told([])).toEqual(['no fault was laid over a variant: nothing was proved across variants']);
  expect(
    told([
      { ...result, state: 'killed' },
      { ...result, state: 'hidden' },
    ]),
  ).toEqual([]);
  expect(told([{ ...result, state: 'survived' }])).toEqual([
    `fault x over the variant ${layout} survived: CANCEL-PERM-003 did not fail`,
  ]);
});

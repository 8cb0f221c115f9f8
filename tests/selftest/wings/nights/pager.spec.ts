import { expect, test } from '@playwright/test';
import { lineOf, type OpenMovement } from '../../../../src/wings/nights/words.js';

const check = (name: string, more: Partial<OpenMovement> = {}): OpenMovement => ({
  words: `${name.toLowerCase()}/some-verb: passed -> failed, answered 500`,
  name,
  turned: 'passed -> failed',
  why: 'answered 500',
  rank: 1,
  since: null,
  ...more,
});

const seen = (words: string): OpenMovement => ({ words, name: words, rank: 3, since: null });

const line = (moved: readonly OpenMovement[], more: Partial<Parameters<typeof lineOf>[0]> = {}): string =>
  lineOf({
    state: 'moved',
    told: 300,
    of: 300,
    outcome: 'nonconformant',
    leastPercent: 96,
    base: '2031-01-01',
    reason: null,
    isEnough: true,
    moved,
    ...more,
  });

for (const [what, moved, expected] of [
  ['one thing is said in full', [check('STATE-013')], '1 new: state-013/some-verb: passed -> failed, answered 500'],
  [
    'some are named, with what they have in common',
    [check('STATE-013'), check('PERM-008'), check('RESP-002')],
    '3 new: STATE-013, PERM-008, RESP-002 (3 checks passed -> failed, each: answered 500)',
  ],
  [
    'of reasons that differ the first stands for all',
    [check('STATE-013'), check('STATE-013', { why: 'answered 502' }), seen('status: 403 -> 500')],
    '3 new: STATE-013 ×2, status: 403 -> 500 (2 checks passed -> failed, the first: answered 500)',
  ],
  [
    'what fails is counted where it failed before in another way',
    [check('STATE-013'), check('PERM-008', { turned: 'failed -> failed' })],
    '2 new: STATE-013, PERM-008 (2 checks fail)',
  ],
  [
    'one that fails among others says why',
    [check('PERM-008'), check('ERR-001', { turned: 'passed -> not-applicable', why: 'status 403 -> 204', rank: 2 })],
    '2 new: PERM-008, ERR-001 (1 check passed -> failed, answered 500)',
  ],
  [
    'what does not fail is told alike',
    [check('RESP-003', { turned: 'failed -> passed' }), check('RESP-004', { turned: 'failed -> passed', why: 'x' })],
    '2 new: RESP-003, RESP-004 (2 checks failed -> passed, the first: answered 500)',
  ],
  [
    'what was only seen has no verdict',
    [seen('status: 403 -> 404'), seen('C-15: a -> b')],
    '2 new: status: 403 -> 404, C-15: a -> b',
  ],
  [
    'the new stand before those known since the earliest night',
    [check('PERM-008'), check('STATE-001', { since: '2030-12-30' }), check('STATE-002', { since: '2030-12-24' })],
    '1 new: perm-008/some-verb: passed -> failed, answered 500; 2 not accepted yet, since 24 December 2030: STATE-001, STATE-002 (2 checks passed -> failed, each: answered 500)',
  ],
] as const satisfies readonly (readonly [string, readonly OpenMovement[], string])[]) {
  test(`the line of a night in which something moved: ${what}`, () => {
    expect(line(moved)).toBe(`${expected}; nonconformant`);
  });
}

test('however much moved, the line is bounded and counts what it does not name', () => {
  const many = Array.from({ length: 900 }, (_, at) => check(`STATE-${String(at).padStart(3, '0')}`, { why: `${at}` }));
  const known = many.map((one) => ({ ...one, since: '2030-12-24' }));
  const told = line([...many, ...known]);
  expect(told).toMatch(
    /^900 new: STATE-000, STATE-001, .* and 886 more \(900 checks passed -> failed, the first: 0\); 900 not accepted/,
  );
  expect(told.length).toBeLessThan(600);
  const long = seen(`body: ${'x'.repeat(5000)}`);
  expect(line([long]).length).toBeLessThan(200);
  expect(line([long, seen(`headers: ${'y'.repeat(5000)}`), check('A')])).toMatch(
    /^3 new: body: x+…, headers: y+…, A \(1 check/,
  );
});

test('a night that told too little says so behind what moved in it', () => {
  expect(line([check('STATE-013')], { isEnough: false, told: 3, outcome: 'incomplete', reason: 'throttled' })).toBe(
    '1 new: state-013/some-verb: passed -> failed, answered 500; could not tell: 3 of 300 checks told, and at least 96 % have to be: throttled',
  );
});

import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { shippedMatrixFile, type KillMatrix } from '../../../src/engine/contract/kill-matrix.js';
import { likelyCauses, type KnownMistake, type ToldCheck } from '../../../src/engine/verdict/likely-causes.js';

const mistake = (id: string, checks: readonly string[], rows: readonly string[] = [id]): KnownMistake => ({
  id,
  sentence: `${id}.`,
  rows,
  checks,
});

const told = (failed: readonly string[], passed: readonly string[] = []): readonly ToldCheck[] => [
  ...failed.map((id) => ({ id, requirementIds: ['row'], isFailed: true, isCell: id.startsWith('cell') })),
  ...passed.map((id) => ({ id, requirementIds: ['row'], isFailed: false, isCell: id.startsWith('cell') })),
];

const namesOf = (mistakes: readonly KnownMistake[], checks: readonly ToldCheck[]): readonly (readonly string[])[] =>
  likelyCauses(mistakes, checks).causes.map((cause) => cause.mistakes.map(({ id }) => id));

const one = mistake('one', ['a', 'b']);
const two = mistake('two', ['c']);
const both = mistake('both', ['a', 'b', 'c']);

test('the fewest mistakes that explain everything are named', () => {
  expect(namesOf([one, two, both], told(['a', 'b', 'c']))).toEqual([['both']]);
  expect(namesOf([one, two], told(['a', 'b', 'c']))).toEqual([['one'], ['two']]);
});

test('a mistake that would fail a check that passed is none of them', () => {
  expect(namesOf([one, two, both], told(['a', 'b'], ['c']))).toEqual([['one']]);
  const { causes, unexplained } = likelyCauses([one], told(['a'], ['b']));
  expect([causes, unexplained]).toEqual([[], ['a']]);
});

test('what could not be told speaks neither for nor against a mistake, but it is named behind one that was told whole', () => {
  expect(namesOf([both], told(['a', 'b']))).toEqual([['both']]);
  expect(namesOf([both, one], told(['a', 'b']))).toEqual([['one', 'both']]);
});

test('mistakes that leave one trace are named together, and counted', () => {
  const { causes } = likelyCauses([one, mistake('same', ['b', 'a']), two], told(['a', 'b']));
  expect(causes).toMatchObject([{ alike: 2, checks: ['a', 'b'], mistakes: [{ id: 'one' }, { id: 'same' }] }]);
});

test('a cell of a requirement that a mistake breaks may fail; one of another requirement is not explained by it', () => {
  const ofRow = mistake('of-row', ['a'], ['row']);
  expect(likelyCauses([ofRow], told(['a', 'cell-1'])).unexplained).toEqual([]);
  expect(likelyCauses([mistake('else', ['a'], ['else'])], told(['a', 'cell-1'])).unexplained).toEqual(['cell-1']);
});

test('where no set explains everything, one that comes near is named as such', () => {
  const wide = mistake('wide', ['a', 'b', 'c', 'd']);
  expect(likelyCauses([wide], told(['a', 'b', 'c'], ['d']))).toMatchObject({ isNear: true, unexplained: [] });
  expect(likelyCauses([wide], told(['a', 'b'], ['c', 'd']))).toMatchObject({ isNear: false, causes: [] });
});

test('a run that fails everything in a thousand ways is given up soon', () => {
  const many = Array.from({ length: 400 }, (_, at) => mistake(`m${at}`, [`c${at}`, `c${(at * 7) % 400}`]));
  const begin = process.cpuUsage();
  const { causes } = likelyCauses(many, told(Array.from({ length: 400 }, (_, at) => `c${at}`)));
  expect(causes).toEqual([]);
  expect(process.cpuUsage(begin).user / 1000).toBeLessThan(2000);
});

const { faults } = JSON.parse(readFileSync(shippedMatrixFile, 'utf8')) as KillMatrix;
const known = faults.map(({ id, sentence, killedBy, collateral }): KnownMistake => {
  const failed = [...killedBy, ...collateral];
  const rows = failed.map(({ requirement }) => requirement);
  return { id, sentence, rows, checks: [...new Set(failed.flatMap(({ checks }) => checks))] };
});
const named = known.filter(({ id }) => !id.startsWith('derived:'));
const rowsOf = new Map<string, Set<string>>();
for (const { killedBy, collateral } of faults)
  for (const { requirement, checks } of [...killedBy, ...collateral])
    for (const id of checks) rowsOf.set(id, (rowsOf.get(id) ?? new Set()).add(requirement));

/** What a target that makes these mistakes would fail, if none hid another. */
const failingAll = (made: readonly KnownMistake[]): readonly ToldCheck[] => {
  const failed = new Set(made.flatMap(({ checks }) => checks));
  return Array.from(rowsOf, ([id, rows]) => ({
    id,
    requirementIds: [...rows],
    isFailed: failed.has(id),
    isCell: id.includes('-cell-'),
  }));
};

const isAmongFirst = (id: string, told: readonly ToldCheck[]): boolean =>
  likelyCauses(known, told).causes.some(({ mistakes }) => mistakes.slice(0, 3).some((first) => first.id === id));

const least = 0.95;

test('each known mistake is among the first three that its own trace names, in 95 of 100', () => {
  const found = named.filter((made) => isAmongFirst(made.id, failingAll([made])));
  expect(named.length).toBeGreaterThan(150);
  expect(found.length / named.length).toBeGreaterThanOrEqual(least);
});

test('each of two mistakes that shows beside the other is among the first three, in 95 of 100', () => {
  const pairs = Array.from({ length: 60 }, (_, at) => [
    named[(at * 37) % named.length],
    named[(at * 53 + 11) % named.length],
  ]);
  const shown = pairs.flatMap(([a, b]) => {
    if (a === undefined || b === undefined || a === b) return [];
    const checks = failingAll([a, b]);
    const isHidden = (it: KnownMistake, by: KnownMistake): boolean => it.checks.every((id) => by.checks.includes(id));
    return [...(isHidden(a, b) ? [] : [{ id: a.id, checks }]), ...(isHidden(b, a) ? [] : [{ id: b.id, checks }])];
  });
  const found = shown.filter(({ id, checks }) => isAmongFirst(id, checks));
  expect(shown.length).toBeGreaterThan(80);
  expect(found.length / shown.length).toBeGreaterThanOrEqual(least);
});

test('where a first version has eight mistakes at once, most that show are named all the same', () => {
  const groups = Array.from({ length: 30 }, (_, at) =>
    Array.from({ length: 8 }, (__, place) => named[(at * 37 + place * 53 + 11) % named.length]).flatMap(
      (one) => one ?? [],
    ),
  );
  const shown = groups.flatMap((made) => {
    const checks = failingAll(made);
    const isSeen = (it: KnownMistake): boolean =>
      it.checks.some((id) => !made.some((other) => other !== it && other.checks.includes(id)));
    return made.filter(isSeen).map(({ id }) => ({ id, checks }));
  });
  const found = shown.filter(({ id, checks }) => isAmongFirst(id, checks));
  expect(shown.length).toBeGreaterThan(100);
  expect(found.length / shown.length).toBeGreaterThanOrEqual(least);
});

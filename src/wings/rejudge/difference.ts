import { isDeepStrictEqual } from 'node:util';
import type { HeaderPair } from '../../engine/evidence/records.js';
import { cut } from '../../report/excerpt.js';
import { visible } from '../../report/visible.js';

/** What a report can differ in. */
export type Subject =
  | 'exchange'
  | 'check'
  | 'requirement'
  | 'case'
  | 'reproducer'
  | 'observation'
  | 'contested clause'
  | 'waiver'
  | 'suite fault'
  | 'totals'
  | 'provable'
  | 'proven'
  | 'causes'
  | 'run'
  | 'file';

/** Where the value stands that the report is held against. */
type Against = 'evidence.jsonl' | 'recomputed';

/** One place in which a report is not what its evidence gives. */
export interface Difference {
  readonly about: Subject;
  /** Which one; null where there is only one, or where it is about their order. */
  readonly id: string | null;
  /** The member that differs, such as `response.status`; null for the whole. */
  readonly member: string | null;
  readonly against: Against;
  /** What the report says; missing when it says nothing. */
  readonly reported?: unknown;
  /** What stands on the other side; missing when nothing does. */
  readonly found?: unknown;
  /** All of it in one line. */
  readonly message: string;
}

/** Two things that should be the same. */
interface Pair {
  readonly about: Subject;
  readonly id: string | null;
  readonly against: Against;
  readonly reported: unknown;
  readonly found: unknown;
}

/** Two lists that should be the same. */
export interface Lists<Item> {
  readonly about: Subject;
  readonly against: Against;
  readonly reported: readonly Item[];
  readonly found: readonly Item[];
  readonly idOf: (item: Item) => string;
}

const longest = 60;
const lead = 20;

/** A difference that is told by its message alone. */
export const remark = (about: Subject, id: string | null, says: string): Difference => ({
  about,
  id,
  member: null,
  against: 'evidence.jsonl',
  message: named(about, id, says),
});

/** Every member in which two things differ, the deepest that can be named. */
export function differencesOf({ about, id, against, reported, found }: Pair): readonly Difference[] {
  return differingMembers(reported, found, []).map(({ keys, left, right }) => {
    const member = keys.join('.');
    const [says, is] = excerpts(left, right);
    const message = named(about, id, `${member}: report.json says ${says}, ${sideOf(against)} ${is}`);
    return { about, id, member, against, reported: left, found: right, message };
  });
}

/** How two lists differ: what is missing, what is there twice, what is in another place, and each member that differs. */
export function differencesOfLists<Item>(lists: Lists<Item>): readonly Difference[] {
  const { about, against, reported, found, idOf } = lists;
  const left = new Map(reported.map((item) => [idOf(item), item]));
  const right = new Map(found.map((item) => [idOf(item), item]));
  const pairs = [...left].filter(([id]) => right.has(id));
  return [
    ...twice(lists),
    ...onlyIn('report.json', lists, [reported, right]),
    ...onlyIn(against, lists, [found, left]),
    ...misplaced(
      lists,
      [...left.keys()].filter((id) => right.has(id)),
      [...right.keys()].filter((id) => left.has(id)),
    ),
    ...pairs.flatMap(([id, item]) => differencesOf({ about, id, against, reported: item, found: right.get(id) })),
  ];
}

function twice<Item>({ about, against, reported, found, idOf }: Lists<Item>): readonly Difference[] {
  const sides = [
    ['report.json', placesOf(reported, idOf)],
    [against, placesOf(found, idOf)],
  ] as const;
  return sides.flatMap(([side, places]) =>
    [...places]
      .filter(([, { length }]) => length > 1)
      .map(([id, own]) => {
        const word = side === 'evidence.jsonl' ? 'lines' : 'as numbers';
        const more = own.length > mostPlaces ? ` and ${own.length - mostPlaces} more` : '';
        const message = named(
          about,
          id,
          `stands more than once in ${side}, ${word} ${own.slice(0, mostPlaces).join(' and ')}${more}`,
        );
        return { about, id, member: null, against, message };
      }),
  );
}

/** So many places of something that stands more than once are told. */
const mostPlaces = 3;

/** At which places of a list each id stands, from 1. */
function placesOf<Item>(items: readonly Item[], idOf: (item: Item) => string): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const id = idOf(item);
    const own = places.get(id);
    if (own === undefined) places.set(id, [index + 1]);
    else own.push(index + 1);
  }
  return places;
}

/** What stands in one list and not in the other, each the first time. */
function onlyIn<Item>(
  only: string,
  lists: Lists<Item>,
  [items, other]: readonly [items: readonly Item[], other: ReadonlyMap<string, Item>],
): readonly Difference[] {
  const places = placesOf(items, lists.idOf);
  return [...places]
    .filter(([id]) => !other.has(id))
    .map(([id, [place = 1]]) => oneSided(lists, { id, value: items[place - 1], place, only }));
}

function oneSided(
  { about, against }: Pick<Lists<unknown>, 'about' | 'against'>,
  {
    id,
    value,
    place,
    only,
  }: { readonly id: string; readonly value: unknown; readonly place: number; readonly only: string },
): Difference {
  const isReported = only === 'report.json';
  const says = isReported
    ? `stands in report.json, ${against === 'recomputed' ? 'but judging gives no such one' : `is missing in ${against}`}`
    : `is missing in report.json, ${against === 'recomputed' ? 'but judging gives it' : `stands in line ${place} of ${against}`}`;
  return {
    about,
    id,
    member: null,
    against,
    ...(isReported ? { reported: value } : { found: value }),
    message: named(about, id, says),
  };
}

/** Where the order begins to differ: all that follows may only have been moved by it. */
function misplaced<Item>(
  { about, against }: Lists<Item>,
  left: readonly string[],
  right: readonly string[],
): readonly Difference[] {
  const at = left.findIndex((id, index) => right[index] !== id);
  const [reported, found] = [left[at], right[at]];
  if (reported === undefined || found === undefined) return [];
  const says = `the order differs: where report.json has ${reported}, ${against === 'recomputed' ? 'judging gives' : `${against} has`} ${found}`;
  return [{ about, id: found, member: null, against, reported, found, message: named(about, found, says) }];
}

interface Differing {
  readonly keys: readonly string[];
  readonly left: unknown;
  readonly right: unknown;
}

function differingMembers(left: unknown, right: unknown, keys: readonly string[]): readonly Differing[] {
  if (isDeepStrictEqual(left, right)) return [];
  if (isHeaders(keys, left) && isHeaders(keys, right)) return differingHeaders(left, right, keys);
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) {
    return [{ keys, left, right }];
  }
  // Not by index access: a member of a foreign resource may be called `__proto__`.
  const [lefts, rights] = [new Map(Object.entries(left)), new Map(Object.entries(right))];
  const names = [...new Set([...lefts.keys(), ...rights.keys()])];
  return names.flatMap((name) => differingMembers(lefts.get(name), rights.get(name), [...keys, name]));
}

const isHeaders = (keys: readonly string[], value: unknown): value is readonly HeaderPair[] =>
  keys.at(-1) === 'headers' && Array.isArray(value);

/** By name: one header less would otherwise shift all that follow. */
function differingHeaders(
  left: readonly HeaderPair[],
  right: readonly HeaderPair[],
  keys: readonly string[],
): readonly Differing[] {
  const [lefts, rights] = [valuesByName(left), valuesByName(right)];
  const names = [...new Set([...lefts.keys(), ...rights.keys()])].filter(
    (name) => lefts.get(name) !== rights.get(name),
  );
  // The same lines in another order.
  if (names.length === 0) return [{ keys, left, right }];
  return names.map((name) => ({ keys: [...keys, name], left: lefts.get(name), right: rights.get(name) }));
}

function valuesByName(headers: readonly HeaderPair[]): ReadonlyMap<string, string> {
  const names = [...new Set(headers.map(([name]) => name))];
  const valueOf = (name: string): string =>
    headers.flatMap(([candidate, value]) => (candidate === name ? [value] : [])).join(', ');
  return new Map(names.map((name) => [name, valueOf(name)]));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const sideOf = (against: Against): string => (against === 'recomputed' ? 'recomputed:' : `${against} says`);

export function named(about: Subject, id: string | null, says: string): string {
  return visible([about, ...(id === null ? [] : [id])].join(' ') + `: ${says}`);
}

/** Both values in a few words, from shortly before the place in which they begin to differ. */
export function excerpts(left: unknown, right: unknown): readonly [string, string] {
  const [a, b] = narrowed(left, right).map(inWords) as [string, string];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared += 1;
  const from = Math.max(a.length, b.length) > longest && shared > lead ? shared - lead : 0;
  const excerpt = (text: string): string => `${from > 0 ? '…' : ''}${cut(text.slice(from), longest)}`;
  return [excerpt(a), excerpt(b)];
}

/** Characters around the place of a difference that may be told of it. */
export const told = 1000;

/** Of two long texts what stands around the place in which they begin to differ. */
function narrowed(left: unknown, right: unknown): readonly [unknown, unknown] {
  if (typeof left !== 'string' || typeof right !== 'string' || left.length + right.length < 4 * told)
    return [left, right];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  const from = Math.max(0, at - told);
  return [left.slice(from, at + told), right.slice(from, at + told)];
}

const inWords = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));

import { ConfigurationError } from '../../src/engine/errors.js';
import type { DataFile } from '../../src/engine/data-file.js';
import type { Site } from './sites.js';

/** A mutant that no test can kill, because it does the same. */
interface Equivalent {
  readonly file: string;
  /** The source text of the line, without white space around it: line numbers would not outlast an edit above. */
  readonly line: string;
  readonly mutation: string;
  readonly reason: string;
  /** Which one, from 1, where a file has several such places. */
  readonly nth?: number;
}

/** The sites of each room, in the order in which the rooms were named. */
export type SitesByRoom = ReadonlyMap<string, readonly Site[]>;

/** A site that was picked, and the room that it counts for. */
export interface Picked {
  readonly room: string;
  readonly site: Site;
}

/** Numbers from 0 to below 1 that a seed decides, and nothing else: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const cards = [...all];
  for (let last = cards.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [cards[last], cards[other]] = [cards[other] as T, cards[last] as T];
  }
  return cards;
}

/** A sample that the seed decides: one of each room in turn, so that a large room does not take the places of a small one. */
export function pick(rooms: SitesByRoom, { seed, count }: { readonly seed: number; readonly count: number }): Picked[] {
  const random = randomFrom(seed);
  const waiting = [...rooms].map(([room, sites]) => ({ room, sites: shuffled(sites, random) }));
  const picked: Picked[] = [];
  while (picked.length < count && waiting.some(({ sites }) => sites.length > 0)) {
    const round = waiting.flatMap(({ room, sites }) => {
      const site = sites.pop();
      return site ? [{ room, site }] : [];
    });
    picked.push(...round.slice(0, count - picked.length));
  }
  return picked;
}

/**
 * Leaves out what is listed as equivalent.
 * @param all every site there is, of rooms that are not asked for, too
 * @throws ConfigurationError that names each entry that matches no site, or several: nobody would notice that it has gone stale
 */
export function withoutEquivalents(all: readonly Site[], list: DataFile): ReadonlySet<Site> {
  const rest = new Set(all);
  const problems = entriesOf(list).flatMap((entry, index) => {
    const { file, line, mutation, nth } = entry;
    const same = all.filter((site) => site.file === file && site.text === line && site.mutation === mutation);
    const meant = nth === undefined ? same : same.slice(nth - 1, nth);
    const [only, ...more] = meant;
    if (only && more.length === 0) {
      rest.delete(only);
      return [];
    }
    const why = only
      ? `there are ${meant.length} such places: say which one with nth`
      : 'there is no such place any more';
    return [`${list.locate(['equivalent', index])}: ${why}`];
  });
  if (problems.length > 0) throw new ConfigurationError(problems.join('\n'));
  return rest;
}

/** @throws ConfigurationError with the place of what is no entry */
function entriesOf(file: DataFile): readonly Equivalent[] {
  const list = (file.value as { readonly equivalent?: unknown } | null)?.equivalent;
  if (!Array.isArray(list)) throw new ConfigurationError(`${file.locate([])}: needs a list called equivalent`);
  return list.map((entry: unknown, index) => {
    if (isEntry(entry)) return entry;
    throw new ConfigurationError(
      `${file.locate(['equivalent', index])}: needs file, line, mutation and reason as texts, and nth, if any, from 1`,
    );
  });
}

function isEntry(entry: unknown): entry is Equivalent {
  if (typeof entry !== 'object' || entry === null) return false;
  const { nth, ...texts } = entry as Readonly<Record<string, unknown>>;
  const isText = (name: string): boolean => typeof texts[name] === 'string' && texts[name] !== '';
  const isNth = nth === undefined || (Number.isInteger(nth) && (nth as number) >= 1);
  return isNth && ['file', 'line', 'mutation', 'reason'].every(isText);
}

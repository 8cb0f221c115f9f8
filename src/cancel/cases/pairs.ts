import {
  bodies,
  chunked,
  isWithoutMembers,
  mediaTypes,
  spellings,
  statusColumns,
  type Base,
  type Column,
} from './columns.js';

/** Columns of one dimension each, tried in one call; a dimension that is not among them is as documented. */
type Row = readonly Column[];

const key = (a: Column, b: Column): string => [a.value, b.value].sort().join('+');

const pairsIn = (row: Row): readonly string[] => row.flatMap((a, at) => row.slice(at + 1).map((b) => key(a, b)));

/**
 * Rows in which each pair of columns of two dimensions stands at least once: a covering array of strength two, by the
 * greedy way. What adds no pair is as documented, so that a column that a target does not serve takes the fewest pairs with it.
 * The same dimensions give the same rows.
 * @param begun rows that are there already
 */
export function coveringRows(dimensions: readonly (readonly Column[])[], begun: readonly Row[] = []): readonly Row[] {
  const all = dimensions.flatMap((columns, at) =>
    columns.flatMap((a) => dimensions.slice(at + 1).flatMap((others) => others.map((b): Row => [a, b]))),
  );
  const left = new Set(all.flatMap(pairsIn));
  const take = (row: Row): Row => {
    for (const pair of pairsIn(row)) left.delete(pair);
    return row;
  };
  const gainOf = (row: Row): number => pairsIn(row).filter((pair) => left.has(pair)).length;
  const rows = begun.map(take);
  for (const seed of all) {
    if (gainOf(seed) === 0) continue;
    const widened = dimensions.reduce<Row>((row, columns) => {
      if (columns.some((column) => row.includes(column))) return row;
      const wider = columns.map((column): Row => [...row, column]);
      return wider.reduce((best, next) => (gainOf(next) > gainOf(best) ? next : best), row);
    }, seed);
    rows.push(take(dimensions.flatMap((columns) => columns.filter((column) => widened.includes(column)))));
  }
  return rows;
}

/** Whose control stands behind a row: a body decides what else there is to differ, and what it lacks may be a second reason. */
const rank: Readonly<Record<string, number>> = { body: 0, address: 1 };

const rankOf = ({ dimension }: Column): number => rank[dimension] ?? 2;

/** One call for several columns: the control of one of them stands behind it, and the others' have to succeed as well. */
function together(row: Row): Column {
  const open = row.filter(({ isOpen }) => isOpen === true);
  const [first = row[0], ...others] = open.toSorted((a, b) => rankOf(a) - rankOf(b));
  const status = row.find((column) => column.status !== undefined)?.status;
  if (!first) throw new Error('a row without columns');
  return {
    dimension: 'pairs',
    value: row.map(({ value }) => value).join('+'),
    ...(status !== undefined && { status }),
    probe: Object.assign({}, ...row.map(({ probe }) => probe)) as NonNullable<Column['probe']>,
    mutates: [...new Set(others.flatMap(({ mutates }) => mutates))],
    control: first.control,
    alsoServed: (base: Base) => others.map(({ control }) => control(base)),
    ...(open.length > 0 && { isOpen: true }),
  };
}

/** A status and a body at once: the two that a target most often looks at in one condition. */
const statusAndBody = statusColumns.flatMap((status) => bodies.map((body): Row => [status, body]));

export const pairsOfStatusAndBody: readonly Column[] = statusAndBody.map(together);

/**
 * A body that lacks what it must have may be refused whatever else the call is like, so that it would tell least and cost as much:
 * it is paired with statuses alone.
 */
const besideStatus = [bodies.filter(({ probe }) => !isWithoutMembers(probe?.body)), spellings, mediaTypes, [chunked]];

/** Every pair of columns, in as few calls as that takes; those of status and body apart, so that nothing else can be in their way. */
export const allPairs: readonly Column[] = coveringRows([statusColumns, ...besideStatus], statusAndBody).map(together);

/** The same for a request whose status is what is judged. */
export const pairsBesideStatus: readonly Column[] = coveringRows(besideStatus).map(together);

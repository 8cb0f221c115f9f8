import type { Case } from '../case.js';
import { groupBy } from './group-by.js';

/** Where one gate is tried: what breaks it, against the values of each dimension. */
export interface GateMatrix {
  readonly gate: string;
  readonly cells: number;
  /** Values of each dimension, in the order of the declarations. */
  readonly dimensions: ReadonlyMap<string, readonly string[]>;
  /** What breaks it in the same values of each dimension, and how many these are. */
  readonly rows: readonly { readonly by: readonly string[]; readonly counts: ReadonlyMap<string, number> }[];
}

type Cell = NonNullable<Case['cell']>;

/** The cells of cases as one matrix for each gate. Pure. */
export function gateMatrices(cases: Iterable<Pick<Case, 'cell'>>): readonly GateMatrix[] {
  const cells = [...cases].flatMap(({ cell }) => cell ?? []);
  return Array.from(
    groupBy(cells, ({ gate }) => gate),
    ([gate, own]): GateMatrix => {
      const dimensions = valuesOf(own);
      const rows = Array.from(
        groupBy(own, ({ by }) => by),
        ([by, tried]) => ({ by, values: valuesOf(tried) }),
      );
      const alike = groupBy(rows, ({ values }) => JSON.stringify([...values]));
      return {
        gate,
        cells: own.length,
        dimensions,
        rows: Array.from(alike.values(), (same) => ({
          by: same.map(({ by }) => by),
          counts: new Map(Array.from(same[0]?.values ?? [], ([name, values]) => [name, values.length])),
        })),
      };
    },
  );
}

const valuesOf = (cells: readonly Cell[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    Array.from(
      groupBy(cells, ({ dimension }) => dimension),
      ([name, own]) => [name, [...new Set(own.map(({ value }) => value))]],
    ),
  );

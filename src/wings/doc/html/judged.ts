import type { Contract } from '../../../engine/contract/types.js';
import type { Report, RequirementReport } from '../../../report/model.js';
import { markOf } from '../../../report/words.js';
import { ownerOf, type Owner, type Ownership } from '../ownership/load.js';
import { unitsIn } from '../page/blocks.js';
import type { Page } from '../page/page.js';
import type { Unit } from '../page/units.js';

/** How a unit is to be felt. */
type UnitTone = 'bad' | 'unknown' | 'warning' | 'good' | 'neutral' | 'excluded' | 'informative' | 'unowned';

/** A unit with what the run says about its owners. */
export interface Judged {
  /** Where it stands in the view. */
  readonly anchor: string;
  readonly line: number;
  readonly owner: Owner | null;
  readonly tone: UnitTone;
  /** The owning requirements that the report knows. */
  readonly rows: readonly RequirementReport[];
  /** What the run saw of the contested clauses of its owners. */
  readonly clauses: Report['contested'];
}

interface Basis {
  readonly report: Report;
  readonly contract: Contract;
  readonly ownership: Ownership;
}

/** Gravest first; the words of a mark are the report's own. */
const gravity = ['bad', 'unknown', 'warning', 'good', 'neutral'] as const;

/** Where a unit stands is what tells it from others with the same text. */
export const placeKey = ({ line, column }: Pick<Unit, 'line' | 'column'>): string => `${line}:${column}`;

/**
 * Every unit of a page by its place, judged by the run.
 * @param at which of the pages in the view it is
 */
export function judgedUnits(page: Page, basis: Basis, at: number): ReadonlyMap<string, Judged> {
  const rows = new Map(basis.report.requirements.map((row) => [row.id, row]));
  const clauses = new Map(basis.contract.requirements.map(({ id, contested }) => [id, contested ?? []]));
  return new Map(
    unitsIn(page).map((unit) => {
      const owner = ownerOf(unit, basis.ownership);
      const ids = owner && 'requirements' in owner ? owner.requirements : [];
      const owning = ids.flatMap((id) => rows.get(id) ?? []);
      const contested = new Set(ids.flatMap((id) => clauses.get(id) ?? []));
      const seen = basis.report.contested.filter(({ id, observed }) => contested.has(id) && observed !== null);
      const { line, column } = unit;
      const anchor = `at-${at}-${line}-${column}`;
      return [
        placeKey(unit),
        { anchor, line, owner, tone: toneOf(owner, owning), rows: owning, clauses: seen },
      ] as const;
    }),
  );
}

function toneOf(owner: Owner | null, rows: readonly RequirementReport[]): UnitTone {
  if (!owner) return 'unowned';
  if ('exclusion' in owner) return 'excluded';
  if ('informative' in owner) return 'informative';
  const tones = rows.map(({ verdict, level, waived }) => markOf(verdict, level, waived === true).tone);
  return gravity.find((tone) => tones.includes(tone)) ?? 'neutral';
}

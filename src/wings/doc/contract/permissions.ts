import type { Table } from 'mdast';
import { normative, textOf, type Inline, type Place } from '../page/inline.js';
import { blocksOf, factPlace, includesIn, type Page } from '../page/page.js';
import { cellsOf, permissionName, tablesIn, wordsOf } from '../page/sections.js';
import type { AccountKind, PermissionRow, Permissions } from './model.js';

/** An include that was given as a file of its own. */
export interface GivenInclude {
  readonly name: string;
  readonly page: Page;
}

/** The order of the rows in every table of the documentation, whatever the language. */
const accounts: readonly AccountKind[] = ['delegated-work', 'delegated-personal', 'application'];

/** The permissions of a page: from its table, or from the include that stands in its place. */
export function permissionsOf(page: Page, given: readonly GivenInclude[]): Permissions | null {
  const blocks = blocksOf(page, 'permissions');
  const [table] = tablesIn(blocks);
  if (table) return { ...readTable(table), from: page.file.name };
  const include = includesIn(blocks).find(({ path }) => path.includes('permissions'));
  if (!include) return null;
  const found = given.find(({ name }) => isSameFile(include.path, name));
  const [included] = found ? tablesIn(found.page.root.children) : [];
  if (!found || !included) return { layout: 'include', include: include.path, from: null, rows: [] };
  return { ...readTable(included), include: include.path, from: found.name };
}

/** An include is named relative to the page; the file at hand may lie anywhere. */
export const isSameFile = (include: string, file: string): boolean =>
  include.split('/').at(-1) === file.split('/').at(-1);

function readTable(table: Table): Pick<Permissions, 'layout' | 'rows'> {
  const [heading = [], ...rows] = cellsOf(table);
  const layout = heading.length > 2 ? 'three-columns' : 'two-columns';
  return { layout, rows: rows.flatMap((cells, index) => rowOf(cells, index)) };
}

function rowOf(cells: readonly (Inline & Place)[], index: number): readonly PermissionRow[] {
  const [first, ...others] = cells;
  const label = textOf(normative(first?.pieces ?? []));
  const account = accountIn(label) ?? accounts[index];
  if (!first || account === undefined) return [];
  const pieces = normative(others.flatMap((cell) => cell.pieces));
  const [least = null, ...higher] = others.flatMap((cell) => permissionsIn(cell));
  const place = pieces[0] ? factPlace(pieces[0]) : { line: first.line, column: first.column };
  return [{ account, label, supported: least !== null, least, higher, ...place }];
}

/** English tables are read by their words; others by the order of the rows. */
function accountIn(label: string): AccountKind | null {
  if (/^application\b/i.test(label)) return 'application';
  if (/^delegated\b.*\bpersonal\b/i.test(label)) return 'delegated-personal';
  return /^delegated\b/i.test(label) ? 'delegated-work' : null;
}

const permissionsIn = ({ pieces }: Inline): readonly string[] =>
  wordsOf(normative(pieces)).filter((word) => permissionName.test(word));

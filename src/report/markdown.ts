import { cut } from './excerpt.js';
import { visible } from './visible.js';

/** Text that is Markdown already. Nothing else is ever put into a file of Markdown, and only `line` makes it. */
export class Markdown {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Part = string | number | Markdown;

const cellWidth = 240;

/** Markdown as it is written here; what is put into it is data and stays data, unless it is Markdown itself. */
export function line(parts: TemplateStringsArray, ...values: readonly Part[]): Markdown {
  const texts = values.map((value) => (value instanceof Markdown ? value.source : inert(String(value))));
  return new Markdown(parts.map((part, at) => part + (texts[at] ?? '')).join(''));
}

export const blank = line``;

/** A file of Markdown, line by line. */
export const markdownFile = (lines: readonly Markdown[]): string => `${joined(lines, '\n').source}\n`;

const joined = (parts: readonly Markdown[], between: string): Markdown =>
  new Markdown(parts.map(({ source }) => source).join(between));

/** Data for one cell of a table or one item of a list, cut where it is long. */
export const cell = (text: string): Markdown => line`${cut(visible(text), cellWidth)}`;

/** Data as code, to be copied; not for tables, where a vertical bar would end it. */
export function code(text: string): Markdown {
  const shown = visible(text);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  // A blank at both ends is taken away by whoever reads, and parts the fence from a backtick of the text.
  return new Markdown(
    /^[`\s]|[`\s]$/.test(shown) || shown === '' ? `${fence} ${shown} ${fence}` : fence + shown + fence,
  );
}

/** How many rows a list may have; what is left out is counted. */
export interface Bounds {
  readonly most: number;
  /** Of all rows together; left out, none. */
  readonly mostBytes?: number;
  /** Where all of them stand. */
  readonly file: string;
}

/** A table with a heading; nothing where there are no rows. Columns named in `right` are aligned there. */
export function table(
  heading: string,
  {
    head,
    rows,
    right = [],
  }: {
    readonly head: readonly string[];
    readonly rows: readonly (readonly (string | Markdown)[])[];
    readonly right?: readonly string[];
  },
  bounds: Bounds,
): readonly Markdown[] {
  if (rows.length === 0) return [];
  const lines = rows.map((cells) => rowOf(cells.map((one) => (typeof one === 'string' ? cell(one) : one))));
  return [
    line`## ${cell(heading)}`,
    blank,
    rowOf(head.map(cell)),
    new Markdown(`|${head.map((name) => (right.includes(name) ? '--:' : '---')).join('|')}|`),
    ...atMost(lines, bounds, '| '),
    blank,
  ];
}

const rowOf = (cells: readonly Markdown[]): Markdown => line`| ${joined(cells, ' | ')} |`;

/** A list; nothing where there are no items. */
export function list(heading: string, items: readonly Markdown[], bounds: Bounds): readonly Markdown[] {
  if (items.length === 0) return [];
  const lines = items.map((item) => line`- ${item}`);
  return [line`## ${heading}`, blank, ...atMost(lines, bounds, '- '), blank];
}

function atMost(
  lines: readonly Markdown[],
  { most, mostBytes = Infinity, file }: Bounds,
  before: '| ' | '- ',
): readonly Markdown[] {
  let bytes = 0;
  const fitting = lines.findIndex(({ source }) => (bytes += Buffer.byteLength(source)) > mostBytes);
  const count = Math.min(most, fitting === -1 ? lines.length : fitting);
  if (count === lines.length) return lines;
  return [...lines.slice(0, count), line`${new Markdown(before)}and ${lines.length - count} more in ${file}`];
}

/**
 * Data as text of Markdown. What Markdown or HTML could take for markup becomes a character reference, which by CommonMark never
 * has a structural meaning, in tables neither. Services look for mentions (`@name`), references (`#12`) and bare addresses in the
 * text that comes out; an empty comment, which is shown nowhere, divides them.
 */
function inert(text: string): string {
  return visible(text)
    .replace(/[\\`*_~{}[\]<>#|&$^]/g, reference)
    .replace(/@|&#35;(?=\w)|:(?=\/\/)|(?<![A-Za-z0-9])www(?=\.)|\b(?:mailto|xmpp):/gi, '$&<!-- -->');
}

const reference = (character: string): string => `&#${character.charCodeAt(0)};`;

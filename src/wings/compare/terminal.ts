import picocolors from 'picocolors';
import { groupBy } from '../../report/digest.js';
import { cut } from '../../report/excerpt.js';
import { visible, visibleModel } from '../../report/visible.js';
import { startedWords } from '../../report/words.js';
import { rowsIn } from './groups.js';
import type { ComparedRequirement, Comparison } from './model.js';
import {
  causeMeanings,
  comparedMark,
  driftTitle,
  headline,
  newWords,
  notes,
  placesInWords,
  valueWords,
  valuesInWords,
} from './words.js';

type Colours = ReturnType<typeof picocolors.createColors>;

/** How the comparison is to be written. */
export interface ComparisonTerminalOptions {
  readonly colour: boolean;
  /** Where the page stands, as the user should open it. */
  readonly pagePath: string;
  /** Columns; longer lines are cut. Default 120. */
  readonly width?: number;
}

const defaultWidth = 120;
const mostRows = 5;
const mostReasons = 8;
const mostBelow = 4;
const mostDrift = 15;

/** The comparison as text; colour only underlines what the words say. */
export function renderComparisonTerminal(model: Comparison, options: ComparisonTerminalOptions): string {
  const comparison = visibleModel(model);
  const colours = picocolors.createColors(options.colour);
  const width = options.width ?? defaultWidth;
  const lines = [
    ...runLines(comparison),
    ...circumstanceLines(comparison),
    ...rowLines(comparison),
    ...driftLines(comparison),
  ].map((line) => cut(line, width));
  const paint = comparison.same ? colours.green : colours.yellow;
  const title = `${comparison.same ? '= THE SAME' : '≠ DIFFERENT'} (exit code ${comparison.same ? 0 : 1})`;
  const fresh = newWords(comparison);
  const head = [
    colours.bold(paint(title)),
    ...(fresh === null ? [] : [colours.bold(`  ${fresh}`)]),
    colours.bold(`  ${headline(comparison)}`),
    ...notes(comparison).map((note) => paintedNote(note, colours)),
  ];
  return `${[...head, ...lines, '', `  Page      ${visible(options.pagePath)}`].join('\n')}\n`;
}

const paintedNote = (note: string, colours: Colours): string => colours.yellow(`  ${note}`);

function runLines({ runs }: Comparison): readonly string[] {
  return runs.map((run, index) => {
    const partial = run.partial ? ', partial' : '';
    const base = index === 0 ? ', the base' : '';
    return `  ${run.letter}  ${run.target.name}, ${startedWords(run)}, ${run.edition}: ${run.outcome}${partial}${base}`;
  });
}

function circumstanceLines({ circumstances, runs }: Comparison): readonly string[] {
  const lines = circumstances.map(
    ({ name, values, counts }) => `  ${counts ? '!' : 'i'} ${name}: ${valuesInWords(values, runs)}`,
  );
  return section('Not judged alike', lines);
}

function rowLines(comparison: Comparison): readonly string[] {
  const differing = rowsIn(comparison, 'differs');
  const below = rowsIn(comparison, 'differs-below');
  // Rows that differ for one reason stand together, and the reason is told once.
  const groups = groupBy(differing, (row) => reasonOf(row, comparison));
  return [
    ...section(
      'Verdicts that differ',
      Array.from(groups, ([reason, rows]) => groupInLines(reason, rows, comparison))
        .slice(0, mostReasons)
        .flat(),
    ),
    ...(groups.size > mostReasons ? [`    and ${groups.size - mostReasons} more reasons`] : []),
    ...section(
      'The same verdict, and something else below it',
      below.length === 0 ? [] : [`    ${belowWords(below)}`, `      ${causesInWords(below)}`],
    ),
  ];
}

function reasonOf(row: ComparedRequirement, { changes }: Comparison): string {
  const first = row.own[0] ?? changes.find(({ id }) => id === row.changes[0])?.causes[0];
  return first ? `${causeMeanings[first.kind]}: ${first.detail}` : '';
}

function groupInLines(reason: string, rows: readonly ComparedRequirement[], { runs }: Comparison): readonly string[] {
  const shown = rows.slice(0, mostRows).map((row) => {
    const words = row.runs.map((inRun) => {
      const { symbol, word } = comparedMark(inRun, row.level);
      return `${symbol} ${word}`;
    });
    return `  ≠ ${row.id}  ${valuesInWords(words, runs)}  ${row.title}`;
  });
  const more = rows.length - mostRows;
  return [...shown, ...(more > 0 ? [`    and ${more} more`] : []), `      ${reason}`];
}

function belowWords(rows: readonly ComparedRequirement[]): string {
  const ids = rows.slice(0, mostBelow).map(({ id }) => id);
  const more = rows.length - mostBelow;
  return [...ids, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

const causesInWords = (rows: readonly ComparedRequirement[]): string => {
  const kinds = [...new Set(rows.flatMap(({ causes }) => causes))];
  return `Why: ${kinds.map((kind) => causeMeanings[kind]).join('; ')}`;
};

function driftLines({ drift }: Comparison): readonly string[] {
  const shown = drift.slice(0, mostDrift).map((one) => {
    const values = one.values.map(valueWords).join(' → ');
    return `  ${one.silentPlaces > 0 ? '~' : ' '} ${driftTitle(one)}: ${values}, in ${placesInWords(one)}`;
  });
  const more = drift.length - mostDrift;
  return section('Drift (~ beneath verdicts that stayed, in part at least)', [
    ...shown,
    ...(more > 0 ? [`    and ${more} more`] : []),
  ]);
}

const section = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', `  ${heading}`, ...lines];

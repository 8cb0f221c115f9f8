import { cell, markdown } from '../../report/summary.js';
import { visibleModel } from '../../report/visible.js';
import { areaTitle, counted, shareWords } from '../../report/words.js';
import { changeGroups, rowsIn } from './groups.js';
import type { ComparedRequirement, ComparedRun, Comparison } from './model.js';
import {
  causeMeanings,
  comparedMark,
  driftTitle,
  headline,
  notes,
  placesInWords,
  startedWords,
  valueWords,
  valuesInWords,
} from './words.js';

/** Rows per list, so that the whole stays below 1000 lines and 1 MiB whatever the runs found. */
const mostRows = 100;
const mostChanges = 150;
/** Bytes per list: many runs make long lines. */
const mostBytes = 150_000;

/** `comparison.md`: the comparison in Markdown; data is escaped and stays data. */
export function renderComparisonMarkdown(model: Comparison): string {
  const comparison = visibleModel(model);
  const lines = [
    ...headLines(comparison),
    ...runLines(comparison),
    ...circumstanceLines(comparison),
    ...matrixLines(comparison),
    ...changeLines(comparison),
    ...driftLines(comparison),
    ...sameLines(comparison),
    'Everything, with each place, is in `comparison.html` and `comparison.json` beside this file.',
  ];
  return `${lines.join('\n')}\n`;
}

function headLines(comparison: Comparison): readonly string[] {
  const { same, totals } = comparison;
  const { requirements, checks, drift } = totals;
  return [
    `# Comparison: ${same ? 'the same' : 'different'}`,
    '',
    `**${markdown(headline(comparison))}**`,
    '',
    ...notes(comparison).flatMap((note) => [markdown(note), '']),
    `- Exit code: ${same ? 0 : 1}`,
    `- Requirements: ${requirements.same} the same, ${requirements.differing} differ, ${requirements.differingBelow} differ below the verdict, ${requirements.leftOut} left out`,
    `- Checks: ${checks.changed} of ${checks.all} changed`,
    `- Drift: ${drift.all}, ${drift.silent} of it beneath verdicts that stayed`,
    '',
  ];
}

function runLines({ runs }: Comparison): readonly string[] {
  const rows = runs.map((run, index) =>
    row([
      index === 0 ? `${run.letter} (base)` : run.letter,
      run.target.name,
      startedWords(run),
      run.edition,
      run.suiteVersion,
      `${run.outcome}${run.partial ? ', partial' : ''}`,
      shareWords(run.proven),
    ]),
  );
  return table('The runs', ['Run', 'Target', 'Started', 'Edition', 'Suite', 'Outcome', 'Proven'], rows);
}

function circumstanceLines({ circumstances, runs }: Comparison): readonly string[] {
  const rows = circumstances.map(({ name, values, counts }) =>
    row([counts ? name : `${name} (no difference by itself)`, ...values.map(valueWords)]),
  );
  return table('Not judged alike', ['What', ...letters(runs)], rows);
}

function matrixLines(comparison: Comparison): readonly string[] {
  const { runs } = comparison;
  const rows = rowsIn(comparison, 'differs', 'differs-below').map((item) =>
    row([item.id, item.title, ...verdicts(item), item.causes.map((kind) => causeMeanings[kind]).join('; ')]),
  );
  return table('What differs', ['Requirement', 'Title', ...letters(runs), 'Why'], rows);
}

function changeLines(comparison: Comparison): readonly string[] {
  const { runs } = comparison;
  const items = rowsIn(comparison, 'differs', 'differs-below').flatMap((item) => [
    ...item.own.map(({ detail }) => `- ${cell(item.id)}: ${cell(detail)}`),
    ...changeGroups(item, comparison).map(({ example, checks }) => {
      const seen = valuesInWords(
        example.runs.map((inRun) =>
          [comparedMark(inRun, item.level).word, inRun.finding ?? inRun.reason].filter(Boolean).join(', '),
        ),
        runs,
      );
      const why = example.causes.map(({ kind, detail }) => `${causeMeanings[kind]} (${detail})`).join('; ');
      const which = checks.length === 1 ? example.id : `${counted(checks.length, 'check')}, such as ${example.id}`;
      return `- ${cell(item.id)}, ${cell(which)}: ${cell(seen)}. Why: ${cell(why)}`;
    }),
  ]);
  return items.length === 0 ? [] : ['## Why it differs', '', ...atMost(items, mostChanges, '- '), ''];
}

function driftLines({ drift, runs }: Comparison): readonly string[] {
  const rows = drift.map((one) =>
    row([
      driftTitle(one),
      ...one.values.map(valueWords),
      placesInWords(one),
      one.silentPlaces > 0 ? 'beneath verdicts that stayed' : 'a verdict changed with it',
    ]),
  );
  return table('Drift: what was seen differently', ['What', ...letters(runs), 'Where', 'Verdicts'], rows);
}

/** Counted, not listed: the page and the model have each row. */
function sameLines(comparison: Comparison): readonly string[] {
  const same = rowsIn(comparison, 'same');
  const areas = [...new Set(same.map(({ area }) => area))];
  const rows = areas.map((area) => row([areaTitle(area), String(same.filter((item) => item.area === area).length)]));
  return table('The same in all runs', ['Area', 'Requirements'], rows);
}

const letters = (runs: readonly ComparedRun[]): readonly string[] => runs.map(({ letter }) => letter);

const verdicts = ({ runs, level }: ComparedRequirement): readonly string[] =>
  runs.map((inRun) => {
    const { symbol, word } = comparedMark(inRun, level);
    return `${symbol} ${word}`;
  });

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;

function table(heading: string, head: readonly string[], rows: readonly string[]): readonly string[] {
  if (rows.length === 0) return [];
  return [
    `## ${heading}`,
    '',
    `| ${head.join(' | ')} |`,
    `|${'---|'.repeat(head.length)}`,
    ...atMost(rows, mostRows, '| '),
    '',
  ];
}

function atMost(rows: readonly string[], most: number, prefix: string): readonly string[] {
  let bytes = 0;
  const fitting = rows.findIndex((text) => (bytes += Buffer.byteLength(text)) > mostBytes);
  const count = Math.min(most, fitting === -1 ? rows.length : fitting);
  return count === rows.length
    ? rows
    : [...rows.slice(0, count), `${prefix}and ${rows.length - count} more in comparison.html`];
}

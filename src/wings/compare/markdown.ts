import { blank, cell, list, type Markdown, markdownFile, line, table } from '../../report/markdown.js';
import { visibleModel } from '../../report/visible.js';
import { areaTitle, counted, shareWords, startedWords } from '../../report/words.js';
import { changeGroups, rowsIn } from './groups.js';
import type { ComparedRequirement, ComparedRun, Comparison } from './model.js';
import {
  causeMeanings,
  comparedMark,
  driftTitle,
  headline,
  newWords,
  notes,
  placesInWords,
  silenceWords,
  valueWords,
  valuesInWords,
} from './words.js';

/** So that the whole stays below 1000 lines and 1 MiB whatever the runs found: many runs make long lines. */
const bounds = { most: 100, mostBytes: 150_000, file: 'comparison.html' };
const changeBounds = { ...bounds, most: 150 };

/** `comparison.line`: the comparison in Markdown. */
export function renderComparisonMarkdown(model: Comparison): string {
  const comparison = visibleModel(model);
  return markdownFile([
    ...headLines(comparison),
    ...runLines(comparison),
    ...circumstanceLines(comparison),
    ...matrixLines(comparison),
    ...changeLines(comparison),
    ...driftLines(comparison),
    ...sameLines(comparison),
    line`Everything, with each place, is in \`comparison.html\` and \`comparison.json\` beside this file.`,
  ]);
}

function headLines(comparison: Comparison): readonly Markdown[] {
  const { same, totals } = comparison;
  const fresh = newWords(comparison);
  const { requirements, checks, drift } = totals;
  return [
    line`# Comparison: ${same ? 'the same' : 'different'}`,
    blank,
    ...(fresh === null ? [] : [line`**${fresh}**`, blank]),
    line`**${headline(comparison)}**`,
    blank,
    ...notes(comparison).flatMap((note) => [line`${note}`, blank]),
    line`- Exit code: ${same ? 0 : 1}`,
    line`- Requirements: ${requirements.same} the same, ${requirements.differing} differ, ${requirements.differingBelow} differ below the verdict, ${requirements.leftOut} left out`,
    line`- Checks: ${checks.changed} of ${checks.all} changed`,
    line`- Drift: ${drift.all}, ${drift.silent} of it beneath verdicts that stayed, in part at least`,
    blank,
  ];
}

function runLines({ runs }: Comparison): readonly Markdown[] {
  const rows = runs.map((run, index) => [
    index === 0 ? `${run.letter} (base)` : run.letter,
    run.target.name,
    startedWords(run),
    run.edition,
    run.suiteVersion,
    `${run.outcome}${run.partial ? ', partial' : ''}`,
    shareWords(run.proven),
  ]);
  const head = ['Run', 'Target', 'Started', 'Edition', 'Suite', 'Outcome', 'Proven'];
  return table('The runs', { head, rows }, bounds);
}

function circumstanceLines({ circumstances, runs }: Comparison): readonly Markdown[] {
  const rows = circumstances.map(({ name, values, counts }) => [
    counts ? name : `${name} (no difference by itself)`,
    ...values.map(valueWords),
  ]);
  return table('Not judged alike', { head: ['What', ...letters(runs)], rows }, bounds);
}

function matrixLines(comparison: Comparison): readonly Markdown[] {
  const rows = rowsIn(comparison, 'differs', 'differs-below').map((item) => [
    item.id,
    item.title,
    ...verdicts(item),
    item.causes.map((kind) => causeMeanings[kind]).join('; '),
  ]);
  return table('What differs', { head: ['Requirement', 'Title', ...letters(comparison.runs), 'Why'], rows }, bounds);
}

function changeLines(comparison: Comparison): readonly Markdown[] {
  const { runs } = comparison;
  const items = rowsIn(comparison, 'differs', 'differs-below').flatMap((item) => [
    ...item.own.map(({ detail }) => line`${cell(item.id)}: ${cell(detail)}`),
    ...changeGroups(item, comparison).map(({ example, checks }) => {
      const seen = valuesInWords(
        example.runs.map((inRun) =>
          [comparedMark(inRun, item.level).word, inRun.finding ?? inRun.reason].filter(Boolean).join(', '),
        ),
        runs,
      );
      const why = example.causes.map(({ kind, detail }) => `${causeMeanings[kind]} (${detail})`).join('; ');
      const which = checks.length === 1 ? example.id : `${counted(checks.length, 'check')}, such as ${example.id}`;
      return line`${cell(item.id)}, ${cell(which)}: ${cell(seen)}. Why: ${cell(why)}`;
    }),
  ]);
  return list('Why it differs', items, changeBounds);
}

function driftLines({ drift, runs }: Comparison): readonly Markdown[] {
  const rows = drift.map((one) => [
    driftTitle(one),
    ...one.values.map(valueWords),
    placesInWords(one),
    silenceWords(one),
  ]);
  const head = ['What', ...letters(runs), 'Where', 'Verdicts'];
  return table('Drift: what was seen differently', { head, rows }, bounds);
}

/** Counted, not listed: the page and the model have each row. */
function sameLines(comparison: Comparison): readonly Markdown[] {
  const same = rowsIn(comparison, 'same');
  const areas = [...new Set(same.map(({ area }) => area))];
  const rows = areas.map((area) => [areaTitle(area), String(same.filter((item) => item.area === area).length)]);
  return table('The same in all runs', { head: ['Area', 'Requirements'], rows }, bounds);
}

const letters = (runs: readonly ComparedRun[]): readonly string[] => runs.map(({ letter }) => letter);

const verdicts = ({ runs, level }: ComparedRequirement): readonly string[] =>
  runs.map((inRun) => {
    const { symbol, word } = comparedMark(inRun, level);
    return `${symbol} ${word}`;
  });

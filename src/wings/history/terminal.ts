import picocolors from 'picocolors';
import { cut } from '../../report/excerpt.js';
import { visible, visibleModel } from '../../report/visible.js';
import { outcomeMark } from '../../report/words.js';
import type { Row, Timeline } from './timeline.js';
import { columnWords, headlineOf, leftOutWords, rowWords } from './words.js';

/** How the runs are to be written. */
export interface TimelineTerminalOptions {
  readonly colour: boolean;
  /** Where the page stands, as the user should open it. */
  readonly pagePath: string;
}

const width = 120;
const mostRows = 20;

/** What a reader of the terminal wants to know of many runs: what is new, repaired and flaky, and since when. */
export function renderTimelineTerminal(model: Timeline, { colour, pagePath }: TimelineTerminalOptions): string {
  const timeline = visibleModel(model);
  const colours = picocolors.createColors(colour);
  const { columns, rows } = timeline;
  const last = columns.at(-1);
  const shown = rows.slice(0, mostRows).map((row) => {
    const text = cut(`  ${symbolOf(row)} ${row.id}  ${rowWords(row, columns)}  ${row.title ?? ''}`.trimEnd(), width);
    return row.fails && row.level !== 'MAY' ? colours.red(text) : text;
  });
  const lines = [
    colours.bold(cut(headlineOf(timeline), width)),
    ...(last === undefined ? [] : [cut(`  The last  ${outcomeMark(last.outcome).symbol} ${columnWords(last)}`, width)]),
    `  ${timeline.sentence}`,
    ...shown,
    ...(rows.length > mostRows ? [`    and ${rows.length - mostRows} more`] : []),
    ...leftOutWords(timeline).map((words) => `  ${words}`),
    `  Page      ${visible(pagePath)}`,
  ];
  return `${lines.join('\n')}\n`;
}

const symbolOf = ({ fails, level, untold }: Row): string => {
  if (level === 'MAY') return '•';
  if (fails) return '✗';
  return untold > 0 ? '?' : '✓';
};

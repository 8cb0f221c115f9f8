import type { HistoryVerdict } from '../../report/history/states.js';
import { stateWords } from '../../report/history/words.js';
import { counted, markOf, outcomeMark, startedWords, type Mark } from '../../report/words.js';
import type { Column, Row, Timeline } from './timeline.js';

/** What a run said of a requirement, as a mark. */
export function cellMark(verdict: HistoryVerdict, { id, level }: Pick<Row, 'id' | 'level'>, { waived }: Column): Mark {
  if (verdict === 'absent') return { symbol: '·', word: 'not in this run', tone: 'neutral' };
  return markOf(verdict, level, waived.includes(id));
}

/** Where a requirement stands, and since when. */
export function rowWords(row: Row, columns: readonly Column[]): string {
  if (row.level === 'MAY') return 'recorded, never a failure';
  const since = (column: Column | undefined): string => (column === undefined ? '' : `, since ${startedWords(column)}`);
  const words = `${stateWords(row)}${since(columns[row.since ?? -1])}`;
  if (row.untold === 0) return words;
  const untold = `untold for ${counted(row.untold, 'run')}${since(columns[columns.length - row.untold])}`;
  return `${untold}; before: ${words}`;
}

/** What is left out of the matrix, in sentences. */
export function leftOutWords({ alwaysFailed, neverFailed, neverTold, earlier }: Timeline): readonly string[] {
  return [
    ...(alwaysFailed.length === 0 ? [] : [`Failed whenever told: ${alwaysFailed.map(({ id }) => id).join(', ')}.`]),
    `${counted(neverFailed, 'requirement')} never failed${neverTold === 0 ? '' : `, ${neverTold} could never be told or never applied`}.`,
    ...(earlier === 0 ? [] : [`${counted(earlier, 'earlier run')} left out.`]),
  ];
}

/** How many runs, and what came of them. */
export function headlineOf({ target, columns, rows }: Timeline): string {
  const changed = rows.filter(({ changes }) => changes > 0).length;
  const untold = rows.filter((row) => row.untold > 0).length;
  const words = [
    ...(changed === 0 ? [] : [`${counted(changed, 'requirement')} changed`]),
    ...(untold === 0 ? [] : [`${untold} untold now that ${untold === 1 ? 'was' : 'were'} told before`]),
  ];
  return `${target}: ${[counted(columns.length, 'run'), ...(words.length === 0 ? ['no requirement changed'] : words)].join(', ')}.`;
}

/** A run in words. */
export function columnWords(column: Column): string {
  const { word } = outcomeMark(column.outcome, column.waived.length > 0);
  const facts = [word, ...(column.partial ? ['partial'] : []), `suite ${column.suiteVersion}`, column.edition];
  return `${startedWords(column)}: ${facts.join(', ')}${column.isGone ? '; its page no longer lies there' : ''}`;
}

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
  const begun = columns[row.since ?? -1];
  return `${stateWords(row)}${begun === undefined ? '' : `, since ${startedWords(begun)}`}`;
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
  const changed = rows.length === 0 ? 'no requirement changed' : `${counted(rows.length, 'requirement')} changed`;
  return `${target}: ${counted(columns.length, 'run')}, ${changed}.`;
}

/** A run in words. */
export function columnWords(column: Column): string {
  const { word } = outcomeMark(column.outcome, column.waived.length > 0);
  const facts = [word, ...(column.partial ? ['partial'] : []), `suite ${column.suiteVersion}`, column.edition];
  return `${startedWords(column)}: ${facts.join(', ')}${column.isGone ? '; its page no longer lies there' : ''}`;
}

import path from 'node:path';
import { loadContract } from '../../cancel/contract.js';
import { wordInWords } from '../../engine/address.js';
import { knownEditions } from '../../engine/contract/load.js';
import type { Level } from '../../engine/contract/types.js';
import { ConfigurationError, suggestion } from '../../engine/errors.js';
import { shownPath } from '../../engine/files.js';
import type { HistoryLine } from '../../engine/models/history-line.js';
import type { PastRun } from '../../engine/models/report.js';
import { linesOf, withPage } from '../../report/history/file.js';
import { rowHistories, type RowHistory, type RowState } from '../../report/history/states.js';
import { judgingChanges, sentenceOf } from '../../report/history/words.js';

/** More columns nobody could read. */
export const mostColumns = 90;

/** A run as a column. */
export interface Column extends PastRun {
  /** True where its page lay somewhere once and no longer does. */
  readonly isGone: boolean;
  /** By what else it was judged than the run before it. */
  readonly changes: readonly string[];
}

/** A requirement as a row. */
export interface Row extends RowHistory {
  /** Null where this version of the suite does not know it. */
  readonly title: string | null;
  readonly level: Level;
}

/** The runs of a target side by side. */
export interface Timeline {
  readonly target: string;
  /** The latest last. */
  readonly columns: readonly Column[];
  /** How many runs before the first column are left out. */
  readonly earlier: number;
  /** The requirements that ever changed, or can be told no longer, the most urgent first. */
  readonly rows: readonly Row[];
  /** Those that failed whenever they were told, and MUST or SHOULD be met. */
  readonly alwaysFailed: readonly Row[];
  /** How many never failed. */
  readonly neverFailed: number;
  /** How many were never told. */
  readonly neverTold: number;
  /** The last run in a sentence. */
  readonly sentence: string;
}

/**
 * Reads a history.
 * @param folder from which pages are linked
 * @param target its name; left out where the file has one
 * @throws ConfigurationError when the file is no history, or has not exactly one such target
 */
export function readTimeline(file: string, folder: string, target?: string): Timeline {
  const lines = linesOf(file);
  const name = targetIn(lines, file, target);
  const runs = lines.filter((line) => line.target === name).map(({ run }) => run);
  return timelineOf(name, runs, (run) => withPage(run, path.dirname(file), folder).page);
}

function targetIn(lines: readonly HistoryLine[], file: string, asked: string | undefined): string {
  const names = [...new Set(lines.map(({ target }) => target))];
  const [first] = names;
  if (first === undefined) throw new ConfigurationError(`${shownPath(file)}: no run stands in it`);
  if (asked === undefined) {
    if (names.length === 1) return first;
    throw new ConfigurationError(
      `${shownPath(file)}: runs of ${names.length} targets; give --target${suggestion('', names)}`,
    );
  }
  if (names.includes(asked)) return asked;
  throw new ConfigurationError(
    `--target ${wordInWords(asked)}: no run of it in ${shownPath(file)}${suggestion(asked, names)}`,
  );
}

/**
 * What runs of a target make of its requirements.
 * @param all its runs, the latest last, one at least
 * @param pageOf the way to the page of a run, where it lies there
 */
export function timelineOf(
  target: string,
  all: readonly PastRun[],
  pageOf: (run: PastRun) => string | undefined,
): Timeline {
  const runs = all.slice(-mostColumns);
  const known = rowsOfContract(runs.at(-1)?.edition);
  const levelOf = (id: string): Level => known.get(id)?.level ?? 'MUST';
  const rows = rowHistories(runs).map((row) => ({
    ...row,
    title: known.get(row.id)?.title ?? null,
    level: levelOf(row.id),
    // What was not asked for is untold by intent, and what never was told can be told no less.
    untold: runs.at(-1)?.partial === true || row.state === 'untold' ? 0 : row.untold,
  }));
  const isStill = ({ changes, untold }: Row): boolean => changes === 0 && untold === 0;
  const still = rows.filter(isStill);
  return {
    target,
    columns: runs.map((run, at) => columnOf(run, runs[at - 1], pageOf(run))),
    earlier: all.length - runs.length,
    rows: rows.filter((row) => !isStill(row)).toSorted((a, b) => urgencyOf(a) - urgencyOf(b)),
    alwaysFailed: still.filter(({ fails, level }) => fails && level !== 'MAY'),
    neverFailed: still.filter(({ state }) => state === 'passing').length,
    neverTold: still.filter(({ state }) => state === 'untold').length,
    sentence: sentenceOf(runs, levelOf),
  };
}

function columnOf({ page, ...run }: PastRun, before: PastRun | undefined, there: string | undefined): Column {
  return {
    ...run,
    ...(there === undefined ? {} : { page: there }),
    isGone: page !== undefined && there === undefined,
    changes: before === undefined ? [] : judgingChanges(before, run),
  };
}

/** Titles and levels, by the edition of the last run where this version has it. */
function rowsOfContract(
  edition: string | undefined,
): ReadonlyMap<string, { readonly title: string; readonly level: Level }> {
  const known = edition !== undefined && knownEditions().includes(edition) ? edition : undefined;
  return new Map(loadContract(known).requirements.map(({ id, title, level }) => [id, { title, level }]));
}

const byUrgency: readonly RowState[] = ['new', 'back', 'failing', 'flaky', 'repaired', 'passing', 'untold'];

/** What fails comes first; what nobody has to do comes last. */
const urgencyOf = ({ state, fails, level, untold }: Row): number =>
  // What can be told no longer comes behind what fails.
  (untold > 0 && !fails ? byUrgency.length - 1 : byUrgency.indexOf(state) + (fails ? 0 : byUrgency.length)) +
  (level === 'MAY' ? 2 * byUrgency.length : 0);

import { existsSync } from 'node:fs';
import path from 'node:path';
import { alone } from '../../engine/alone.js';
import { bounds, excessOf } from '../../engine/bounds.js';
import { assertMatches, readSchema } from '../../engine/contract/schemas.js';
import { quoted } from '../../engine/data-file.js';
import { ConfigurationError } from '../../engine/errors.js';
import { isFolder, makeFolder, readHead, readText, refusal, shownPath, writeWhole } from '../../engine/files.js';
import type { HistoryLine } from '../../engine/models/history-line.js';
import type { PastRun } from '../../engine/models/report.js';
import type { Report } from '../model.js';
import { visible } from '../visible.js';
import { asPastRun } from './past-run.js';

/** Runs that the first screen of a report shows beside its own. */
const mostBefore = 29;

/** How long others who write into the same file are waited for, in milliseconds: each takes a few. */
const patienceMs = 5000;

const advice = 'give the file that run --history writes';
const expected = { what: 'a history', advice: `keep its latest lines: tail -n 1000, into a new file` };

/**
 * The lines of a history, the latest last; none where the file is not there yet.
 * @throws ConfigurationError that names file and line: not JSON, of another version, no line of a history, or too much
 */
export const readHistory = (file: string): readonly HistoryLine[] => (existsSync(file) ? linesOf(file) : []);

/** As `readHistory`, of a file that has to be there. */
export function linesOf(file: string): readonly HistoryLine[] {
  const texts = readText(file, { ...expected, capBytes: bounds.history.bytes }).split('\n');
  if (texts.length > bounds.history.lines + 1) {
    throw refusal(file, `has more than ${bounds.history.lines} lines`, expected);
  }
  return texts.flatMap((text, at) => (text.trim() === '' ? [] : [lineIn(text, `${shownPath(file)}:${at + 1}`)]));
}

function lineIn(text: string, where: string): HistoryLine {
  const excess = excessOf(text, bounds.history);
  if (excess !== null) throw new ConfigurationError(`${where}: ${excess}; ${advice}`);
  const value = parsed(text, where);
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== undefined && version !== 1) {
    throw new ConfigurationError(
      `${where}: a line of schema version ${quoted(version)}, and this suite reads version 1; use the suite that wrote it, or another file`,
    );
  }
  const locate = (keys: readonly (string | number)[]): string => [where, ...keys].join(': ');
  assertMatches({ name: where, value, locate }, 'suite/history-line');
  return value as HistoryLine;
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${where}: not JSON; each line holds one run; ${advice}`, { cause });
  }
}

/**
 * What a report keeps of a history: the last runs of its target, each with the way to its page where that still lies there.
 * @param folder of the report
 */
export const historyFor = (
  lines: readonly HistoryLine[],
  { file, target, folder }: { readonly file: string; readonly target: string; readonly folder: string },
): readonly PastRun[] =>
  lines
    .filter((line) => line.target === target)
    .slice(-mostBefore)
    .map(({ run }) => withPage(run, path.dirname(file), folder));

/** A run whose page is told from another folder, and only where it lies there. */
export function withPage({ page, ...run }: PastRun, from: string, to: string): PastRun {
  if (page === undefined) return run;
  const file = path.resolve(from, page);
  return liesThere(file, run.id) ? toldFrom(run, file, to) : run;
}

/** A run whose page is told from a folder, whether or not it lies there; as it is where that cannot be told. */
function toldFrom(run: PastRun, file: string, folder: string): PastRun {
  const page = path.relative(folder, file).split(path.sep).join('/');
  return pagePattern().test(page) ? { ...run, page } : run;
}

/** Begins each report: its id stands among the first lines. */
const headBytes = 4096;

/** Runs whose pages were told from one folder, told from another. Those that lay in the first one are gone with it. */
export const movedPages = (runs: readonly PastRun[], from: string, to: string): readonly PastRun[] =>
  runs.map((run) => (run.page === undefined ? run : withPage(run, from, to)));

/** Whether a page is that of a run: a folder may hold another run by now. Its report, which lies beside it, says so. */
const liesThere = (page: string, id: string): boolean =>
  readHead(path.join(path.dirname(page), 'report.json'), headBytes)?.includes(`"id": ${JSON.stringify(id)}`) === true &&
  readHead(page, 1) !== null;

let pattern: RegExp | undefined;

/** Which paths of pages may stand in a history: the schema says it. */
function pagePattern(): RegExp {
  const { $defs } = JSON.parse(readSchema('suite/report')) as {
    readonly $defs: { readonly pastRun: { readonly properties: { readonly page: { readonly pattern: string } } } };
  };
  return (pattern ??= new RegExp($defs.pastRun.properties.page.pattern, 'u'));
}

const named = (file: string): string => `--history ${shownPath(file)}`;

const locked = <Result>(file: string, work: () => Result): Promise<Result> =>
  alone({ file: `${file}.lock`, named: named(file), patienceMs }, work);

/**
 * Holds that a line can be added to a history later; makes its folder where that is missing.
 * @throws ConfigurationError when it cannot be written
 */
export async function assertAppendable(file: string): Promise<void> {
  if (isFolder(file)) throw new ConfigurationError(`${named(file)}: a folder, no file; ${advice}`);
  try {
    makeFolder(path.dirname(file));
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException;
    throw new ConfigurationError(`${named(file)}: its folder cannot be made (${code})`, { cause });
  }
  await locked(file, () => undefined);
}

/**
 * Adds a finished run to a history; all other lines stay as they are.
 * @param folder of its reports
 * @throws ConfigurationError or the platform's error when it cannot be written
 */
export function appendRun(file: string, report: Report, folder: string): Promise<void> {
  const run = toldFrom(asPastRun(report), path.join(folder, 'index.html'), path.dirname(file));
  return locked(file, () => {
    const before = existsSync(file) ? readText(file, { ...expected, capBytes: bounds.history.bytes }) : '';
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    const line: HistoryLine = { schemaVersion: 1, target: report.target.name, run };
    writeWhole(file, [before, gap, `${visible(JSON.stringify(line))}\n`], { flush: true });
  });
}

/**
 * Notes in a history that the page of a run lies elsewhere by now; all other lines stay as they are.
 * @param folder of its reports
 * @returns false where the history has no such run
 */
export function moveRun(file: string, id: string, folder: string): Promise<boolean> {
  return locked(file, () => {
    const texts = readText(file, { ...expected, capBytes: bounds.history.bytes }).split('\n');
    const isOf = (text: string): boolean =>
      text.includes(JSON.stringify(id)) && lineIn(text, shownPath(file)).run.id === id;
    if (!texts.some(isOf)) return false;
    const moved = texts.map((text) => {
      if (!isOf(text)) return text;
      const line = JSON.parse(text) as HistoryLine;
      const run = toldFrom(line.run, path.join(folder, 'index.html'), path.dirname(file));
      return visible(JSON.stringify({ ...line, run }));
    });
    writeWhole(file, moved.join('\n'), { flush: true });
    return true;
  });
}
